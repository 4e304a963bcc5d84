"""A stock Firefox with a profile of its own, driven over WebDriver BiDi: one socket, plain JSON, no other program."""

import asyncio
import json
import os
import re
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp

PATIENCE = 30.0  # seconds for anything a person would wait for
PREFS: Mapping[str, str | bool | int] = {
    "remote.prefs.recommended": False,  # they turn push off
    "dom.push.connection.enabled": True,
    "dom.push.testing.allowInsecureServerURL": True,
    "alerts.useSystemBackend": False,  # drawn by the browser itself: there may be no desktop to do it
    "permissions.default.desktop-notification": 1,
    "browser.shell.checkDefaultBrowser": False,
    "browser.startup.homepage_override.mstone": "ignore",
    "browser.aboutwelcome.enabled": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "app.update.disabledForTesting": True,
    "app.normandy.enabled": False,
    "services.settings.server": "data:,#nobody",
    "intl.accept_languages": "it-IT, it",
}
ALERT = "chrome://global/content/alerts/alert.xhtml"


def binary() -> str:
    """'' where there is none."""
    return os.environ.get("FIREFOX_PATH") or shutil.which("firefox-esr") or shutil.which("firefox") or ""


@dataclass
class Firefox:
    line: aiohttp.ClientWebSocketResponse
    asked: int = 0

    async def ask(self, method: str, **told: Any) -> dict[str, Any]:
        self.asked += 1
        await self.line.send_json({"id": self.asked, "method": method, "params": told})
        while (said := await self.line.receive_json(timeout=PATIENCE)).get("id") != self.asked:
            pass  # events, which nobody asked for
        if said["type"] == "error":
            raise AssertionError(f"{method}: {said['error']}: {said['message']}")
        result: dict[str, Any] = said["result"]
        return result

    async def tabs(self) -> dict[str, str]:
        """Their addresses, by name."""
        found = await self.ask("browsingContext.getTree", maxDepth=0)
        return {one["context"]: one["url"] for one in found["contexts"]}

    async def alerts(self) -> list[str]:
        """Windows in which notifications stand."""
        found = await self.ask("browsingContext.getTree", maxDepth=0, **{"moz:scope": "chrome"})
        return [one["context"] for one in found["contexts"] if one["url"] == ALERT]

    async def open(self, address: str) -> None:
        await self.ask("browsingContext.navigate", context=await self.tab(), url=address, wait="complete")

    async def tab(self) -> str:
        return next(iter(await self.tabs()))

    async def run(self, expression: str, where: str = "") -> Any:
        """What it is worth, in JSON's kinds; a promise is waited for."""
        told = await self.ask(
            "script.evaluate",
            expression=f"(async () => JSON.stringify((await ({expression})) ?? null))()",
            target={"context": where or await self.tab()},
            awaitPromise=True,
        )
        assert told["type"] == "success", told["exceptionDetails"]["text"]
        return json.loads(told["result"]["value"])

    async def click(self, css: str) -> None:
        """As a finger does, in the middle of it."""
        where = await self.tab()
        found = await self.ask("browsingContext.locateNodes", context=where, locator={"type": "css", "value": css})
        element = {"type": "element", "element": {"sharedId": found["nodes"][0]["sharedId"]}}
        pressed: list[dict[str, Any]] = [{"type": "pointerMove", "x": 0, "y": 0, "origin": element}]
        pressed += [{"type": kind, "button": 0} for kind in ("pointerDown", "pointerUp")]
        actions = [{"type": "pointer", "id": "finger", "actions": pressed}]
        await self.ask("input.performActions", context=where, actions=actions)


async def until(true: Callable[[], Awaitable[Any]], what: str) -> Any:
    """What it says once it says anything."""
    for _ in range(int(PATIENCE * 10)):
        if said := await true():
            return said
        await asyncio.sleep(0.1)
    raise AssertionError(f"never: {what}")


@asynccontextmanager
async def firefox(profile: Path, **prefs: str | bool | int) -> AsyncIterator[Firefox]:
    """Closed at the end as a person closes it; what it knows stays in its profile."""
    profile.mkdir(exist_ok=True)
    lines = [f"user_pref({json.dumps(name)}, {json.dumps(value)});" for name, value in {**PREFS, **prefs}.items()]
    (profile / "user.js").write_text("\n".join(lines))
    said = profile / "said.log"
    with said.open("wb") as log:
        process = await asyncio.create_subprocess_exec(
            *(binary(), "--headless", "--no-remote", "--profile", str(profile)),
            *("--remote-debugging-port=0", "--remote-allow-system-access"),
            stdout=log,
            stderr=log,
        )
    try:
        address = await until(lambda: _address(said), said.read_text())
        async with aiohttp.ClientSession() as session, session.ws_connect(address) as line:
            driven = Firefox(line)
            await driven.ask("session.new", capabilities={})
            yield driven
            await driven.ask("browser.close")
        await asyncio.wait_for(process.wait(), PATIENCE)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def _address(said: Path) -> str:
    found = re.search(r"BiDi listening on (ws://\S+)", said.read_text())
    return f"{found[1]}/session" if found else ""
