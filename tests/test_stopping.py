"""Told to stop, a server answers what it has begun and takes nothing new; a worker gives back what is not done."""

import asyncio
import os
import signal
import sys
import time
from asyncio.subprocess import DEVNULL, Process
from dataclasses import dataclass
from datetime import UTC, datetime
from types import ModuleType

import httpx
import pytest

from app import worker
from app.domain import message
from app.gateways.mail import Letter
from app.worker import Gateways, Worker
from tests.appointments import NOW, START, Diary
from tests.people import Cast
from tests.servers import ROOT, free_port, ready
from tests.test_worker import Outside, Pushes, Texts

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

SLOW = """
import asyncio
from app.domain import territory
quick = territory.by_slug
async def slow(slug):
    await asyncio.sleep(2)
    return await quick(slug)
territory.by_slug = slow
from app import cli
cli.main()
"""


async def start(port: int, processes: int) -> Process:
    """A real server, each of whose pages takes two seconds."""
    told = {"PORT": str(port), "VICINO_PROCESSES": str(processes), "VICINO_WORKER": "1"}
    command = [sys.executable, "-c", SLOW, "serve", "--empty"]
    return await asyncio.create_subprocess_exec(
        *command, cwd=ROOT, env={**os.environ, **told}, stdout=DEVNULL, stderr=DEVNULL
    )


async def is_refused(origin: str) -> bool:
    try:
        async with httpx.AsyncClient() as other:
            return (await other.get(f"{origin}/healthz", timeout=1)).status_code == 503
    except httpx.TransportError:
        return True


async def test_what_has_begun_is_answered_and_nothing_new_is_taken(cast: Cast, database: ModuleType) -> None:
    port, processes = free_port(), 1 if database.DB.engine_type == "sqlite" else 2
    origin = f"http://127.0.0.1:{port}"
    server = await start(port, processes)
    try:
        await ready(origin)
        async with httpx.AsyncClient(timeout=20) as client:
            begun = [asyncio.create_task(client.get(f"{origin}/tradate")) for _ in range(4)]
            await asyncio.sleep(0.7)
            server.send_signal(signal.SIGTERM)
            await asyncio.sleep(0.5)
            assert await is_refused(origin)
            assert [(await answer).status_code for answer in begun] == [200] * 4
        assert await asyncio.wait_for(server.wait(), 10) == 0
    finally:
        if server.returncode is None:
            server.kill()
    assert await database.scalar("SELECT count(*) FROM message WHERE lease_holder <> ''") == 0
    assert (await database.scalar("SELECT until_at FROM lease WHERE name = 'seal'")) <= datetime.now(UTC)


@dataclass
class Silent:
    """A mail server that takes the letter and never says so."""

    taken: asyncio.Event

    async def send(self, letter: Letter, *, tag: str, message_id: int, now: datetime) -> None:
        self.taken.set()
        await asyncio.sleep(60)


async def test_what_a_worker_cannot_finish_is_anothers_at_once(
    database: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "TIME_TO_FINISH", 0.2)
    diary = await Diary().open()
    rosa = await diary.person("rosa", "email")
    await database.write(lambda: message.put("credit_given", rosa, due_at=NOW, useless_after=START, now=NOW))
    mail, outside = Silent(asyncio.Event()), Outside()
    busy = Worker(Gateways(Pushes(outside), mail, Texts(outside)), lambda: NOW)
    stop = asyncio.Event()
    running = asyncio.create_task(busy.run(stop))
    await mail.taken.wait()
    assert await message.claim("another", limit=9, now=NOW) == []
    began = time.monotonic()
    stop.set()
    await running
    assert time.monotonic() - began < 5
    assert await database.scalar("SELECT count(*) FROM message WHERE lease_holder <> ''") == 0
    assert len(await message.claim("another", limit=9, now=NOW)) == 1
