"""One visit to Vicino in a Chromium with a profile folder of its own: looked round, something pressed, signed out."""

import os
import shutil
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from playwright.async_api import BrowserContext, Error, Page, async_playwright

from app.addresses import url
from tests.proving.gate import Gate
from tests.proving.handset import READY

FLAGS = ["--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-quic"]
SETTLE = 400  # ms until the worker has written down what it keeps
BACK = 4  # presses
NOTE = """(value) => { const note = { type: "hidden", name: "nota", value };
  document.querySelector("main form").append(Object.assign(document.createElement("input"), note)); }"""
PRESS = "() => document.querySelector('main form button').click()"
SAID = """() => [document.title, document.body.innerText, ...[...document.querySelectorAll("input:not([type=hidden])")]
  .map((one) => one.value)].join(" ")"""
ANYWAY = "input[name=_lose]"
Phone = Literal["mine", "others"]


@dataclass
class Visit:
    """Of whoever has `card`: what was `seen` of `words`, and by Back after it; forms that waited, warnings given."""

    folder: Path
    phone: Phone
    door: Literal["sign_out", "leave_phone"]
    has_line: bool
    words: Collection[str]
    seen: set[str] = field(default_factory=set)
    seen_after: set[str] = field(default_factory=set)
    pages: int = 0
    pages_after: int = 0
    waited: int = 0
    warned: int = 0

    async def look(self, page: Page) -> None:
        self.seen |= await self._words_on(page)
        self.pages += 1

    async def look_after(self, page: Page) -> None:
        self.seen_after |= await self._words_on(page)
        self.pages_after += 1

    async def _words_on(self, page: Page) -> set[str]:
        """A code is written in groups."""
        said = "".join((await _said(page)).split())
        return {word for word in self.words if "".join(word.split()) in said}


async def _said(page: Page) -> str:
    await page.wait_for_timeout(SETTLE)
    with suppress(Error):
        return str(await page.evaluate(SAID))
    return ""


@asynccontextmanager
async def browser(folder: Path, origin: str) -> AsyncIterator[BrowserContext]:
    """As it is on a phone, with what Back keeps whole in memory, which tests usually go without."""
    path: Any = os.environ.get("CHROMIUM_PATH") or shutil.which("chromium")
    own: dict[str, Any] = {"executable_path": path, "args": FLAGS, "chromium_sandbox": False, "headless": True}
    async with async_playwright() as playwright:
        opened = await playwright.chromium.launch_persistent_context(
            folder, base_url=origin, locale="it-IT", ignore_default_args=["--disable-back-forward-cache"], **own
        )
        try:
            yield opened
        finally:
            await opened.close()


async def enter(page: Page, visit: Visit, card: str, pin: str) -> None:
    await page.goto("/tradate")
    await page.wait_for_function(READY)
    await page.goto(url("sign_in", territory="tradate") + "#" + card)  # as the QR of a card opens it
    await page.locator("#pin").fill(pin)
    await page.locator(f"input[name=phone][value={visit.phone}]").check()
    await page.locator("main form button").click()
    await page.wait_for_url("**/tradate/io")


async def walk(page: Page, visit: Visit, paths: Collection[str]) -> None:
    for path in paths:
        await page.goto(path)
        await visit.look(page)


async def press_without_a_line(page: Page, gate: Gate, visit: Visit, path: str, typed: str) -> None:
    """A form with something typed; on a phone of one's own it waits, on another it says that there is no line."""
    await page.goto(path)
    await page.evaluate(NOTE, typed)
    await visit.look(page)
    gate.cut()
    await page.evaluate(PRESS)
    await page.wait_for_timeout(3 * SETTLE)
    await visit.look(page)
    visit.waited += await page.locator("main li.card").count()


async def leave(page: Page, visit: Visit) -> None:
    """By the door that is open in this window; who is warned that something waits goes all the same. Then Back."""
    where = "header form button" if visit.door == "sign_out" else "main form button"
    await page.evaluate(f"() => document.querySelector({where!r}).click()")
    await page.wait_for_timeout(3 * SETTLE)
    anyway = f"() => document.querySelector('{ANYWAY}').form.querySelector('button').click()"
    if await page.locator(ANYWAY).count():
        visit.warned += 1
        await page.evaluate(anyway)
        await page.wait_for_timeout(3 * SETTLE)
    await visit.look_after(page)


async def go_back(page: Page, visit: Visit) -> None:
    for _ in range(BACK):
        with suppress(Error):
            await page.evaluate("() => history.back()")
        await visit.look_after(page)
