"""A19: two people ask for the last place at the same moment, over HTTP, of real servers: exactly one gets it."""

import asyncio
import os
import socket
import sys
from asyncio.subprocess import DEVNULL, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import ModuleType

import httpx
import pytest

from app import database as engine_room
from tests.pages.answer import parsed
from tests.people import Cast
from tests.timetable import Timetable
from tests.visitor import FilledForm

pytestmark = [pytest.mark.anyio, pytest.mark.slow]
ROOT = Path(__file__).parent.parent.parent
OURS = {"sec-fetch-site": "same-origin"}
ROUNDS, AT_ONCE = 3, 4


@asynccontextmanager
async def servers(count: int) -> AsyncIterator[list[str]]:
    ports = [_free_port() for _ in range(count)]
    started = [await _serve(port) for port in ports]
    try:
        origins = [f"http://127.0.0.1:{port}" for port in ports]
        await asyncio.gather(*map(_ready, origins))
        yield origins
    finally:
        for server in started:
            server.terminate()
        await asyncio.gather(*(server.wait() for server in started))


async def _serve(port: int) -> Process:
    environment = {**os.environ, "PORT": str(port)}
    command = [sys.executable, "-m", "app.cli", "serve", "--empty"]
    return await asyncio.create_subprocess_exec(*command, cwd=ROOT, env=environment, stdout=DEVNULL, stderr=DEVNULL)


async def _ready(origin: str) -> None:
    async with httpx.AsyncClient() as client:
        for _ in range(200):
            try:
                if (await client.get(f"{origin}/healthz")).status_code == 200:
                    return
            except httpx.TransportError:
                pass
            await asyncio.sleep(0.2)
    raise AssertionError(f"{origin} does not answer")


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


class Browser:
    """Somebody with the page of times open, a finger on the button."""

    def __init__(self, origin: str) -> None:
        self.client = httpx.AsyncClient(base_url=origin, headers=OURS, timeout=30)
        self.form: dict[str, str] = {}

    async def look(self) -> str:
        """The first time offered."""
        page, _ = parsed((await self.client.get("/tradate/prenota/compiti")).text)
        drawn = page.xpath("//form[contains(@action, '/orario')]")
        self.form = dict(FilledForm.of(drawn[0]).fields)  # type: ignore[index, arg-type]
        return self.form["orario"]

    async def press(self) -> int:
        return (await self.client.post("/tradate/prenota/compiti/orario", data=self.form)).status_code


async def test_two_at_once_for_the_last_place(database: ModuleType, cast: Cast) -> None:
    town = await Timetable(cast).open()
    place = await town.service(hours=("09:00", "10:00"))
    wanted: set[str] = set()
    async with servers(2 if engine_room.DB.engine_type == "postgres" else 1) as origins:
        for _ in range(ROUNDS):
            browsers = [Browser(origins[number % len(origins)]) for number in range(AT_ONCE)]
            offered = {await browser.look() for browser in browsers}
            assert len(offered) == 1 and not offered & wanted
            wanted |= offered
            statuses = sorted(await asyncio.gather(*(browser.press() for browser in browsers)))
            assert statuses == [303] + [422] * (AT_ONCE - 1)
    slots = await engine_room.rows("SELECT starts_at, taken, capacity FROM slot WHERE service_place_id = {}", place)
    assert [(slot["taken"], slot["capacity"]) for slot in slots] == [(1, 1)] * ROUNDS
    assert all(slot["starts_at"] > datetime.now(UTC) + timedelta(hours=1) for slot in slots)
    assert await engine_room.scalar("SELECT count(*) FROM slot_hold WHERE ended_at IS NULL") == ROUNDS
    print(f"{len(origins)} servers, {ROUNDS} last places, {AT_ONCE} at once for each")
