"""P8: what still opens when the line is gone, after one visit to each page; and what keeping it cost."""

from collections.abc import AsyncIterator

from playwright.async_api import Error, Page

from bench.browser import chromium, phone, still
from bench.figure import Figure
from bench.line import Line, line_to
from bench.site import Site, served

MOST_PRECACHE = 20 * 1024
VISITED = ("catalogue", "service", "me", "booking")


async def measure() -> AsyncIterator[Figure]:
    async with (
        served() as site,
        line_to(site.origin) as (origin, line),
        chromium() as browser,
        phone(browser, origin, site.owner) as (_, page),
    ):
        titles = {name: await _visit(page, origin + _path(site, name), line) for name in VISITED}
        asked = [one.path for one in line.exchanges if one.status == 200]
        yield Figure("P8 kept by the worker", _precached(line), "B", most=MOST_PRECACHE)
        twice = sorted({path for path in asked if asked.count(path) > 1})
        yield Figure("P8 fetched twice", len(twice), most=0, note=", ".join(twice))
        line.cut()
        for name in VISITED:
            shown = await _title(page, origin + _path(site, name))
            note = "" if shown == titles[name] else f"shows {shown!r}"
            yield Figure(f"P8 {name} without a line", int(shown == titles[name]), least=1, note=note)


def _path(site: Site, name: str) -> str:
    return site.path(name, **{**site.world.parts, "slug": "aiuto-compiti"})


async def _visit(page: Page, url: str, line: Line) -> str:
    await page.goto(url, wait_until="load")
    await still(line.exchanges)
    return await page.title()


async def _title(page: Page, url: str) -> str:
    """Of what opens; '' for the browser's own error page."""
    try:
        await page.goto(url, wait_until="load")
        return await page.title()
    except Error:
        return ""


def _precached(line: Line) -> int:
    """The worker's script, and what it alone asked for."""
    return sum(one.sent for one in line.exchanges if one.path == "/sw.js" or "senza-rete" in one.path)
