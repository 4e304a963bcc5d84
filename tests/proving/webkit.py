"""WebKitGTK, of the family of the browsers of iPhones, asked over WebDriver; on a screen that nobody sees.

Its console cannot be heard from here: whether it complained of a page is not known.
"""

import asyncio
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from tests.proving.drawn import Drawn
from tests.proving.journey import NotHere
from tests.servers import end, free_port

BROWSERS = "webkit2gtk-4.1/MiniBrowser", "webkit2gtk-4.0/MiniBrowser"
START = 200  # tries of a tenth of a second


@dataclass
class _Hands:
    client: httpx.AsyncClient
    session: str

    async def ask(self, command: str, said: dict[str, Any]) -> Any:
        answer = await self.client.post(f"{self.session}/{command}", json=said)
        answer.raise_for_status()
        return answer.json()["value"]

    async def run(self, script: str) -> Any:
        with suppress(httpx.HTTPStatusError):
            return await self.ask("execute/sync", {"script": f"return ({script})()", "args": []})
        return None

    async def open(self, address: str) -> None:
        await self.ask("url", {"url": address})

    async def click(self, x: int, y: int) -> None:
        pressed = [{"type": "pointerMove", "duration": 0, "x": x, "y": y, "origin": "viewport"}]
        pressed += [{"type": kind, "button": 0} for kind in ("pointerDown", "pointerUp")]
        await self.ask("actions", {"actions": [{"type": "pointer", "id": "mouse", "actions": pressed}]})

    async def type(self, words: str) -> None:
        keys = [{"type": kind, "value": key} for key in words for kind in ("keyDown", "keyUp")]
        await self.ask("actions", {"actions": [{"type": "key", "id": "keys", "actions": keys}]})


@asynccontextmanager
async def webkit(origin: str, folder: Path) -> AsyncIterator[Drawn]:
    """NotHere where a piece of it is missing."""
    binary = _binary()
    port, said = free_port(), folder / "webkit.log"
    with said.open("wb") as log:
        driver = await asyncio.create_subprocess_exec(
            *("xvfb-run", "-a", "WebKitWebDriver", f"--port={port}"), stdout=log, stderr=log, start_new_session=True
        )
    try:
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=60, trust_env=False) as client:
            made = await _session(client, binary)
            hands = _Hands(client, f"/session/{made['sessionId']}")
            await hands.ask("window/rect", {"width": 360, "height": 640})
            name = f"WebKitGTK {made['capabilities']['browserVersion']}"
            yield Drawn(name, hands, origin, errors=None)
            await client.delete(hands.session)
    finally:
        end(driver)
        await driver.wait()


def _binary() -> str:
    for needed in ("xvfb-run", "WebKitWebDriver"):
        if not shutil.which(needed):
            raise NotHere(needed)
    found = [path for name in BROWSERS for path in Path("/usr/lib").glob(f"*/{name}")]
    if not found:
        raise NotHere(BROWSERS[0])
    return str(found[0])


async def _session(client: httpx.AsyncClient, binary: str) -> Any:
    wanted = {"webkitgtk:browserOptions": {"binary": binary, "args": ["--automation"]}}
    for _ in range(START):
        with suppress(httpx.TransportError):
            answer = await client.post("/session", json={"capabilities": {"alwaysMatch": wanted}})
            answer.raise_for_status()
            return answer.json()["value"]
        await asyncio.sleep(0.1)
    raise AssertionError("WebKitWebDriver does not answer")
