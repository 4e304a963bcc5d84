"""A browser that draws pages and runs scripts: what is pressed there must be in sight and lie on top of the page."""

import asyncio
import json
import time
from dataclasses import dataclass
from typing import Any, Protocol

from tests.proving.journey import Kind, Missing

PLACE = """(([kind, words]) => {
  const bears = { link: "a[href]", button: "button", choice: "label", field: "label" }[kind];
  const clean = (one) => one.innerText.replace(/\\s+/g, " ").trim();
  const all = [...document.querySelectorAll(bears)].filter((one) => one.getClientRects().length);
  const one = all.find((each) => clean(each) === words) || all.find((each) => clean(each).startsWith(words));
  if (!one) return "nothing bears these words";
  const aim = kind === "field" ? one.control : one;
  aim.scrollIntoView({ block: "center" });
  const { left, top, width, height } = aim.getClientRects()[0];
  const [x, y] = [Math.floor(left + width / 2), Math.floor(top + height / 2)];
  const hit = document.elementFromPoint(x, y);
  return hit && (aim.contains(hit) || hit.contains(aim)) ? [x, y] : "something lies over it";
})"""
MARK = "() => { window.isLeft = true; }"
IS_NEW = "() => document.readyState === 'complete' && !window.isLeft"
SAID = "() => document.readyState === 'complete' ? document.body.innerText.replace(/\\s+/g, ' ') : ''"
WORKER = "() => !!(navigator.serviceWorker && navigator.serviceWorker.controller)"
SECONDS, LOOK = 20, 0.1


class Hands(Protocol):
    """`run` gives what a function of JavaScript returns, or None while the page is on its way."""

    async def run(self, script: str) -> Any: ...
    async def open(self, address: str) -> None: ...
    async def click(self, x: int, y: int) -> None: ...
    async def type(self, words: str) -> None: ...


@dataclass
class Drawn:
    name: str
    hands: Hands
    origin: str
    errors: list[str] | None

    async def open(self, path: str) -> None:
        await self.hands.open(self.origin + path)

    async def reach(self, kind: Kind, words: str, typed: str = "") -> None:
        asked = json.dumps([kind, words])
        place = await self.hands.run(f"() => {PLACE}({asked})")
        if not isinstance(place, list):
            raise Missing(f"{words}: {place}")
        leaves = kind in ("link", "button")
        if leaves:
            await self.hands.run(MARK)
        await self.hands.click(place[0], place[1])
        if typed:
            await self.hands.type(typed)
        if leaves and not await self._becomes(IS_NEW):
            raise Missing(f"{words}: pressed, and nothing came")

    async def says(self, words: str) -> bool:
        asked = json.dumps(words)
        return await self._becomes(f"() => ({SAID})().includes({asked})")

    async def has_worker(self) -> bool | None:
        return await self._becomes(WORKER)

    async def _becomes(self, script: str) -> bool:
        give_up = time.monotonic() + SECONDS
        while time.monotonic() < give_up:
            if await self.hands.run(script):
                return True
            await asyncio.sleep(LOOK)
        return False
