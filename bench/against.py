"""One of our pages against a raw one: rounds take turns, so that a busy machine disturbs both alike."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from statistics import median

import httpx

from bench import load, processes
from bench.figure import Figure, ratio
from bench.load import LEAST_BUSY, Round

ROUNDS, SECONDS, WARM_UP = 5, 1.0, 1.0


@dataclass(frozen=True, slots=True)
class Server:
    """A page of one server, and what is sent with the request for it."""

    url: str
    pid: int
    headers: dict[str, str]


@asynccontextmanager
async def raw(path: str, *, ready_bytes: int = 4000) -> AsyncIterator[Server]:
    port = processes.free_port()
    async with processes.running("-m", "bench.raw", str(port), BENCH_READY=str(ready_bytes)) as pid:
        await processes.answers(f"http://127.0.0.1:{port}/")
        yield Server(f"http://127.0.0.1:{port}{path}", pid, {})


async def compare(name: str, ours: Server, theirs: Server, *, least: float) -> Figure:
    """Requests a second: the ratio of medians."""
    rounds: list[tuple[Round, Round]] = []
    for server in (ours, theirs):
        await _check(server)
        await _press(server, WARM_UP)
    for _ in range(ROUNDS):
        rounds.append((await _press(ours, SECONDS), await _press(theirs, SECONDS)))
    mine, other = zip(*rounds, strict=True)
    return _figure(name, mine, other, least)


def _figure(name: str, ours: Sequence[Round], theirs: Sequence[Round], least: float) -> Figure:
    busy = min(median(r.busy for r in ours), median(r.busy for r in theirs))
    failed = sum(r.failed for r in (*ours, *theirs))
    per_second = [median(r.per_second for r in rounds) for rounds in (ours, theirs)]
    note = (
        f"{per_second[0]:,.0f} to {per_second[1]:,.0f} requests a second, {load.generator()}, "
        f"{load.CONNECTIONS} in flight, server at least {busy:.0%} busy, {failed} failed"
    )
    value = ratio([r.per_second for r in ours], [r.per_second for r in theirs])
    return Figure(name, value, "x", least=least, is_pressed=busy >= LEAST_BUSY and not failed, note=note)


async def _check(server: Server) -> None:
    """A redirect or a refusal is quick, and no page. What the bare server sends as ready bytes cannot be unpacked."""
    async with httpx.AsyncClient() as client, client.stream("GET", server.url, headers=server.headers) as answer:
        if answer.status_code != 200:
            raise RuntimeError(f"{server.url} answers {answer.status_code} {answer.headers.get('location', '')}")


async def _press(server: Server, seconds: float) -> Round:
    return await load.press(server.url, server.pid, headers=server.headers, seconds=seconds)
