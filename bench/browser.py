"""Chromium as a cheap phone: 360 by 640, clean for every visit, told nothing but what a person's would know."""

import asyncio
import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from playwright.async_api import Browser, BrowserContext, Page, async_playwright

QUIET = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
NO_DICTIONARIES = "--disable-features=CompressionDictionaryTransport,CompressionDictionaryTransportBackend"
# The flag only stops their use: what a page asks is answered by this, as by a browser that knows none.
KNOWS_NONE = "DOMTokenList.prototype.supports = (name) => name !== 'compression-dictionary'"
STILL = 0.5  # seconds without a request after which nothing more is coming
PROBE = """(() => { const seen = window.seen = {shift: 0, blocking: 0, busy_until: 0};
const watch = (type, note) => { try { new PerformanceObserver((list) => list.getEntries().forEach(note))
  .observe({type, buffered: true}); } catch (unknown) {} };
watch('layout-shift', (e) => { if (!e.hadRecentInput) seen.shift += e.value; });
watch('longtask', (e) => { seen.blocking += Math.max(0, e.duration - 50);
  seen.busy_until = Math.max(seen.busy_until, e.startTime + e.duration); }); })()"""
LOOK = """(() => { const nav = performance.getEntriesByType('navigation')[0];
const paint = performance.getEntriesByName('first-contentful-paint')[0];
return {...window.seen, ready: nav.domContentLoadedEventEnd, paint: paint ? paint.startTime : null,
  nodes: document.querySelectorAll('*').length}; })()"""


@dataclass(frozen=True, slots=True)
class Seen:
    """Milliseconds from the start of the visit; `usable` is painted, parsed and no longer busy."""

    paint: float
    usable: float
    blocking: float
    shift: float
    nodes: int


@asynccontextmanager
async def chromium(*flags: str) -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        path = os.environ.get("CHROMIUM_PATH") or shutil.which("chromium")
        browser = await playwright.chromium.launch(executable_path=path, args=[*QUIET, *flags], chromium_sandbox=False)
        try:
            yield browser
        finally:
            await browser.close()


@asynccontextmanager
async def phone(browser: Browser, origin: str = "", cookie: str = "") -> AsyncIterator[tuple[BrowserContext, Page]]:
    """A browser that was never here before; `cookie` is name=value."""
    context = await browser.new_context(viewport={"width": 360, "height": 640}, is_mobile=True, has_touch=True)
    try:
        await context.add_init_script(PROBE)
        if cookie:
            name, _, value = cookie.partition("=")
            await context.add_cookies([{"name": name, "value": value, "url": origin}])
        yield context, await context.new_page()
    finally:
        await context.close()


async def still(exchanges: list[Any], pause: float = STILL) -> None:
    """Waits until nothing was fetched for a while; on a slow line it must be longer than a round trip."""
    before = -1
    while before != len(exchanges):
        before = len(exchanges)
        await asyncio.sleep(pause)


async def look(page: Page) -> Seen:
    """As soon as something is painted."""
    for _ in range(600):
        told = await page.evaluate(LOOK)
        if told["paint"]:
            break
        await asyncio.sleep(0.05)
    paint = told["paint"] or 0.0
    usable = max(paint, told["ready"], told["busy_until"])
    return Seen(paint, usable, told["blocking"], told["shift"], told["nodes"])
