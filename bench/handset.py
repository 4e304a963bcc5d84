"""P9: every citizen page on a processor six times slower: how long it blocks, whether it jumps, how much it holds."""

from collections.abc import AsyncIterator

from playwright.async_api import Browser

from bench.browser import Seen, chromium, look, phone, still
from bench.figure import Figure
from bench.line import Line, line_to
from bench.site import Site, served
from bench.weight import citizen_pages

SLOWER, TRIES = 6, 3
MOST_BLOCKING, MOST_SHIFT, MOST_NODES = 50.0, 0.0, 250.0
LANGUAGE = ("it",)


async def measure() -> AsyncIterator[Figure]:
    async with served() as site, line_to(site.origin) as (origin, line), chromium() as browser:
        seen = {path: await _open(browser, origin + path, site, line) for path in await citizen_pages(site, LANGUAGE)}
        for path, one in seen.items():
            for _ in range(TRIES - 1):
                if one.blocking <= MOST_BLOCKING:
                    break  # a page that did not block once does not block: the rest was the machine
                one = min(one, await _open(browser, origin + path, site, line), key=lambda each: each.blocking)
            seen[path] = one
    for figure in figures(seen):
        yield figure


def figures(seen: dict[str, Seen]) -> list[Figure]:
    """The worst page of each kind."""
    found = []
    for name, field, unit, most in (
        ("P9 blocking", "blocking", "ms", MOST_BLOCKING),
        ("P9 layout shift", "shift", "", MOST_SHIFT),
        ("P9 nodes", "nodes", "", MOST_NODES),
    ):
        value, path = max((getattr(one, field), path) for path, one in seen.items())
        over = sum(getattr(one, field) > most for one in seen.values())
        note = f"worst of {len(seen)} pages is {path}, {over} over, processor {SLOWER} x slower"
        found.append(Figure(name, round(value, 3), unit, most=most, note=note))
    return found


async def _open(browser: Browser, url: str, site: Site, line: Line) -> Seen:
    line.exchanges.clear()
    async with phone(browser, url, site.owner) as (context, page):
        tools = await context.new_cdp_session(page)
        await tools.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
        await page.goto(url, wait_until="load")
        await still(line.exchanges)
        return await look(page)
