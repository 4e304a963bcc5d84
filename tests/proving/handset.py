"""A phone of somebody's own in Chromium, whose worker can be stopped at any moment."""

import asyncio
import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any

from playwright.async_api import Browser, BrowserContext, CDPSession, Error, Page, async_playwright

from app.edge.session import cookie_name

READY = "() => navigator.serviceWorker.ready.then(() => !!navigator.serviceWorker.controller)"
WRITTEN = """async () => { const { indexedDB } = await navigator.storageBuckets.open("vicino");
  return new Promise((done) => { indexedDB.open("vicino", 1).onsuccess = ({ target }) => {
  const asked = target.result.transaction("forms").objectStore("forms").getAll();
  asked.onsuccess = () => { target.result.close(); done(asked.result.map((one) => [one.key, one.state])); } } }) }"""
FIELDS = """async (path) => { const page = await (await fetch(path)).text();
  const form = new DOMParser().parseFromString(page, "text/html").querySelector("main form");
  return [...new FormData(form)]; }"""
PRESS = """([action, fields]) => { const form = document.createElement("form");
  Object.assign(form, { method: "post", action });
  for (const [name, value] of fields) form.append(Object.assign(document.createElement("input"), { name, value }));
  document.body.append(form); form.submit(); }"""
LOOK, ASK = 15, 1  # seconds: a worker that was stopped never answers what was asked of it
Fields = list[tuple[str, str]]


@dataclass
class Handset:
    """`hours` is how far its clock goes wrong. What is written on it is read on a page that never goes anywhere."""

    context: BrowserContext
    page: Page
    still: Page
    tools: CDPSession
    hours: int

    async def fields_of(self, path: str) -> Fields:
        """What the form of a page holds, while there is a line."""
        return [(name, value) for name, value in await self.still.evaluate(FIELDS, path)]

    async def press(self, action: str, fields: Fields) -> None:
        """As its button does: a navigation from a page of ours."""
        async with self.page.expect_navigation():
            await self.page.evaluate(PRESS, [action, fields])

    async def written(self) -> dict[str, str]:
        """The state of each form that the phone knows of, by key."""
        return dict(await self.still.evaluate(WRITTEN))

    async def stop_worker(self) -> None:
        await self.tools.send("ServiceWorker.stopAllWorkers")

    async def look(self) -> None:
        """Its owner opens a page, which wakes the worker; on a bad line, or while it is stopped, that may fail."""
        with suppress(Error, TimeoutError):
            async with asyncio.timeout(LOOK):
                await self.page.goto("/tradate/come-funziona")
                await self.set_clock()

    async def set_clock(self) -> None:
        shift = (
            f"() => {{ const now = Date.now; Date.now = self.wrong = self.wrong || (() => now() + {self.hours}*36e5) }}"
        )
        for worker in self.context.service_workers:
            with suppress(Error, TimeoutError):
                async with asyncio.timeout(ASK):
                    await worker.evaluate(shift)


@asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        path = os.environ.get("CHROMIUM_PATH") or shutil.which("chromium")
        flags = ["--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-quic"]
        browser = await playwright.chromium.launch(executable_path=path, args=flags, chromium_sandbox=False)
        try:
            yield browser
        finally:
            await browser.close()


async def handset(browser: Browser, origin: str, token: str, hours: int) -> Handset:
    """Signed in by `token`, with the worker in place and the own first page kept."""
    context = await browser.new_context(base_url=origin, locale="it-IT")
    await context.add_cookies([{"name": cookie_name(False), "value": token, "url": origin}])
    page = await context.new_page()
    await page.goto("/tradate")
    await page.wait_for_function(READY)
    await page.goto("/tradate/io")
    still = await context.new_page()
    await still.goto("/tradate/come-funziona")
    tools: Any = await context.new_cdp_session(page)
    await tools.send("ServiceWorker.enable")
    made = Handset(context, page, still, tools, hours)
    await made.set_clock()
    return made
