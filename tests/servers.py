"""Real servers in processes of their own, on the database of the test that asks, and a visitor who calls them.

async with served(processes=4) as origin:
    page = await Caller(origin).get("/tradate")
"""

import asyncio
import os
import signal
import socket
import sys
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

import httpx

from app.commands.running import WAIT_TO_STOP
from tests.visitor import Clock, Visitor

ROOT = Path(__file__).parent.parent


@asynccontextmanager
async def served(
    *options: str, processes: int = 1, module: str = "app.cli", log: Path | None = None
) -> AsyncIterator[str]:
    """Where it answers; stopped as an installation stops it, and never left behind."""
    port = free_port()
    server = await start(port, *options, processes=processes, module=module, log=log)
    try:
        origin = f"http://127.0.0.1:{port}"
        await ready(origin)
        yield origin
    finally:
        await stop(server)


async def start(
    port: int, *options: str, processes: int = 1, module: str = "app.cli", log: Path | None = None
) -> Process:
    """In a process group of its own; `module` is another than the command line's where a control replaces a piece."""
    environment = {
        **os.environ,
        "PORT": str(port),
        "VICINO_PROCESSES": str(processes),
        "VICINO_TRUSTED_PROXIES": "127.0.0.1",
    }
    return await run(module, "serve", "--empty", *options, environment=environment, log=log)


async def run(
    module: str, *arguments: str, environment: Mapping[str, str] = os.environ, log: Path | None = None
) -> Process:
    """What it says is added to `log`."""
    with _opened(log or Path(os.devnull)) as said:
        return await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", module, *arguments),
            cwd=ROOT,
            env=dict(environment),
            stdout=said,
            stderr=said,
            start_new_session=True,
        )


def _opened(log: Path) -> BinaryIO:
    return log.open("ab")


async def stop(server: Process) -> None:
    if server.returncode is None:
        server.send_signal(signal.SIGTERM)
    try:
        await asyncio.wait_for(server.wait(), WAIT_TO_STOP + 10)
    except TimeoutError:
        end(server)
        raise


def end(server: Process) -> None:
    """At once, with all processes of its group, also where the first of them is gone already."""
    with suppress(ProcessLookupError):
        os.killpg(server.pid, signal.SIGKILL)


async def ready(origin: str) -> None:
    async with httpx.AsyncClient() as client:
        for _ in range(600):
            try:
                if (await client.get(f"{origin}/healthz")).status_code == 200:
                    return
            except httpx.TransportError:
                pass
            await asyncio.sleep(0.1)
    raise AssertionError(f"{origin} does not answer")


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


class Caller(Visitor):
    """Checks every answer like any visitor, over a real connection, now; `address` is told as by a proxy."""

    def __init__(self, origin: str, address: str = "127.0.0.1") -> None:
        self.origin = origin
        self.address = address
        self.clock = Clock(datetime.now(UTC))
        self.is_old = self.is_hasty = False
        self.secrets = frozenset()
        self.client = self._client()

    def somebody_else(self) -> "Caller":
        return Caller(self.origin, self.address)

    def _client(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(base_url=self.origin, timeout=30, headers={"x-forwarded-for": self.address})
