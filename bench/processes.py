"""Processes started for a measure: how to reach them, what they cost, and that they end."""

import asyncio
import os
import signal
import socket
import sys
import tempfile
from asyncio.subprocess import Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx

ROOT = Path(__file__).parent.parent
TICKS = os.sysconf("SC_CLK_TCK")


@asynccontextmanager
async def running(*arguments: str, **environment: str) -> AsyncIterator[int]:
    """Python with these arguments, in a group of its own that is ended with it; its process id."""
    with tempfile.TemporaryFile() as said:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, *arguments),
            cwd=ROOT,
            env={**os.environ, **environment},
            stdout=said,
            stderr=said,
            start_new_session=True,
        )
        try:
            yield process.pid
        except BaseException:
            said.seek(0)
            sys.stderr.write(said.read().decode()[-2000:])
            raise
        finally:
            await _end(process)


async def _end(process: Process) -> None:
    if process.returncode is None:
        process.send_signal(signal.SIGTERM)
    try:
        await asyncio.wait_for(process.wait(), 10)
    except TimeoutError:
        os.killpg(process.pid, signal.SIGKILL)
        await process.wait()


async def answers(url: str) -> None:
    async with httpx.AsyncClient() as client:
        for _ in range(300):
            try:
                if (await client.get(url)).status_code == 200:
                    return
            except httpx.TransportError:
                pass
            await asyncio.sleep(0.1)
    raise RuntimeError(f"{url} does not answer")


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def family(pid: int) -> list[int]:
    """The process and all below it."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *(one for child in children for one in family(int(child)))]


def cpu_seconds(pid: int) -> float:
    """Used so far by the process and all below it."""
    return sum(_ticks(Path(f"/proc/{one}/stat").read_text()) for one in family(pid)) / TICKS


def _ticks(stat: str) -> int:
    """User and system time: the name in brackets may hold anything."""
    fields = stat.rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])


def memory(pid: int) -> int:
    """Bytes that the largest of the processes holds for itself and shares: its resident set."""
    return max(int(Path(f"/proc/{one}/statm").read_text().split()[1]) for one in family(pid)) * os.sysconf(
        "SC_PAGESIZE"
    )
