"""P3: a page on a slow line, never seen before, against a bare one without style or script: until it can be used."""

from collections.abc import AsyncIterator
from statistics import median

from playwright.async_api import Browser

from bench.against import raw
from bench.browser import chromium, look, phone
from bench.figure import Figure, ratio
from bench.line import SPEEDS, Speed, line_to
from bench.site import served

MOST, ROUNDS = 1.3, 3
PAGES = ("service", "me")


async def measure() -> AsyncIterator[Figure]:
    async with served() as site, raw("/") as bare, chromium() as browser:
        for name, speed in SPEEDS.items():
            times: dict[str, list[float]] = {}
            for _ in range(ROUNDS):
                times.setdefault("", []).append(await usable(browser, bare.url, speed))
                for page in PAGES:
                    url = site.url(page, slug="aiuto-compiti") if page == "service" else site.url(page)
                    times.setdefault(page, []).append(await usable(browser, url, speed, site.owner))
            for page in PAGES:
                note = f"usable after {median(times[page]):,.0f} ms, the bare page after {median(times['']):,.0f}"
                yield Figure(f"P3 {page} on {name}", ratio(times[page], times[""]), "x", most=MOST, note=note)


async def usable(browser: Browser, url: str, speed: Speed, cookie: str = "") -> float:
    """Milliseconds from the tap."""
    origin, _, path = url.removeprefix("http://").partition("/")
    async with line_to(f"http://{origin}", speed) as (slow, _), phone(browser, slow, cookie) as (_, page):
        await page.goto(f"{slow}/{path}", wait_until="domcontentloaded", timeout=120_000)
        return (await look(page)).usable
