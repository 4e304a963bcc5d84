"""G and A53: the same pages and reads on a small world and on a large one, in turns, on the engine of this run."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from statistics import quantiles

import httpx

from app import database
from app.config import settings
from app.domain import booking, message
from app.engines import Sqlite
from app.seed import catalogue, funds, scale
from app.tables import agenda
from bench import processes
from bench.dynamic import BROWSER
from bench.figure import Figure
from tests.copies import Copies
from tests.visitor import begin_session

ROUNDS, ASKED, MOST_SLOWER, MOST_MEMORY, MOST_BYTES = 100, 400, 1.3, 1.2, 16  # of reads in a block; of pages, in turns
SMALL = {"services": 100, "people": 2_000, "bookings": 10_000}
WORDS = ("compiti", "nuoto", "laboratorio", "telefono", "logopedia", "pranzo", "aiuto bambini", "corso italiano")
LARGE = {
    "services-10k": {**SMALL, "services": 10_000},
    "services-100k": {**SMALL, "services": 100_000},
    "a53": {"services": 2_000, "people": 130_000, "bookings": 100_000},
    "bookings-1m": {"services": 2_000, "people": 200_000, "bookings": 1_000_000},
}


@dataclass(frozen=True)
class Filled:
    """A served database, with what is asked of it."""

    name: str
    origin: str
    pid: int
    slugs: Sequence[str]
    codes: Sequence[str]
    people: Sequence[int]
    cookies: Sequence[str]


async def measure(which: str) -> AsyncIterator[Figure]:
    copies = Copies(settings().data)
    try:
        names = []
        for told, size in (("small", SMALL), (which.replace("-", "_"), LARGE[which])):
            began = time.monotonic()
            names.append(await asyncio.to_thread(copies.build, told, partial(fill, size)))
            yield Figure(f"{which} {told} filled on {_engine()}", time.monotonic() - began, "s", note=str(size))
        async with _served(copies, names[0]) as small, _served(copies, names[1]) as large:
            async for figure in _pages(which, small, large):
                yield figure
        async for figure in _reads(which, copies, small, large):
            yield figure
    finally:
        await asyncio.to_thread(copies.drop_templates)


async def fill(size: dict[str, int]) -> None:
    """What `vicino seed --scale` writes, on the catalogue and the funds alone; proved afterwards."""
    now = datetime.now(UTC)
    await database.migrate()
    await catalogue.seed(now)
    await funds.seed(now)
    await scale.add(1, now=now, **size)
    await database.renew_plans()  # as an installation: SQLite plans without figures


def _engine() -> str:
    return "SQLite" if isinstance(database.DB, Sqlite) else "PostgreSQL"


@asynccontextmanager
async def _served(copies: Copies, name: str) -> AsyncIterator[Filled]:
    copies.point_at(name)
    await database.start()
    try:
        slugs = await _column(
            "SELECT slug FROM service WHERE status = 'published' AND action = 'book' ORDER BY id DESC"
        )
        bookings = await database.rows("SELECT code, receiver_id FROM booking ORDER BY id LIMIT {}", 10 * ROUNDS)
        people = list(dict.fromkeys(row["receiver_id"] for row in bookings))[:ROUNDS]
        now = datetime.now(UTC)
        cookies = [f"vicino={await begin_session('person', one, now=now)}" for one in people]
    finally:
        await database.stop()
    port = processes.free_port()
    told = {**copies.environment(name), "PORT": str(port), "VICINO_PROCESSES": "1"}
    async with processes.running("-m", "app.cli", "serve", "--empty", **told) as pid:
        origin = f"http://127.0.0.1:{port}"
        await processes.answers(f"{origin}/healthz")
        yield Filled(name, origin, pid, slugs, [row["code"] for row in bookings], people, cookies)


async def _column(sql: str) -> list[str]:
    return [str(next(iter(row.values()))) for row in await database.rows(f"{sql} LIMIT {{}}", 10 * ROUNDS)]


def addresses_of(filled: Filled, turn: int) -> dict[str, tuple[str, dict[str, str]]]:
    """What is asked for in one turn: another page, word or person than just before, as many of each in every world."""
    word, page = WORDS[turn % len(WORDS)], 1 + turn % 5
    slug, cookie = filled.slugs[turn % SMALL["services"]], filled.cookies[turn % len(filled.cookies)]
    return {
        "browse": (f"/tradate/servizi?pagina={page}", {}),
        "search": (f"/tradate/servizi?q={word}&pagina={page}", {}),
        "search with a slip": (f"/tradate/servizi?q={word[:-2]}{word[-1]}{word[-2]}&pagina={page}", {}),
        "service page": (f"/tradate/servizi/{slug}", {}),
        "my bookings": ("/tradate/io", {"cookie": cookie}),
    }


async def _pages(which: str, small: Filled, large: Filled) -> AsyncIterator[Figure]:
    seconds: dict[tuple[str, str], list[float]] = {}
    sizes: dict[tuple[str, str], int] = {}
    async with httpx.AsyncClient(headers=BROWSER, timeout=120) as client:
        for turn in range(-3, ASKED):  # the first turns warm up
            for filled in (small, large):
                for kind, (path, headers) in addresses_of(filled, turn).items():
                    taken, size = await _ask(client, filled.origin + path, headers)
                    sizes[filled.name, kind] = max(size, sizes.get((filled.name, kind), 0))
                    if turn >= 0:
                        seconds.setdefault((filled.name, kind), []).append(taken)
    for kind in addresses_of(small, 0):
        yield slower(f"{which} {kind}", seconds[large.name, kind], seconds[small.name, kind])
        more = sizes[large.name, kind] - sizes[small.name, kind]
        note = f"{sizes[small.name, kind]:,} B in the small world"
        yield Figure(
            f"{which} {kind}, bytes more", more, "B", most=MOST_BYTES if kind != "my bookings" else None, note=note
        )
    memory = [processes.memory(filled.pid) for filled in (small, large)]
    note = f"{memory[1] >> 20} to {memory[0] >> 20} MiB"
    yield Figure(f"{which} memory of the worker", memory[1] / memory[0], "x", most=MOST_MEMORY, note=note)


async def _ask(client: httpx.AsyncClient, url: str, headers: dict[str, str]) -> tuple[float, int]:
    """Seconds, and bytes of the body as sent."""
    began = time.perf_counter()
    async with client.stream("GET", url, headers=headers) as answer:
        size = sum([len(part) async for part in answer.aiter_raw()])
    assert answer.status_code == 200, f"{url} answers {answer.status_code}"
    return time.perf_counter() - began, size


async def _reads(which: str, copies: Copies, small: Filled, large: Filled) -> AsyncIterator[Figure]:
    """In this process: what a desk and the sender of reminders ask the database."""
    seconds: dict[tuple[str, str], list[float]] = {}
    for _ in range(3):
        for filled in (small, large):
            copies.point_at(filled.name)
            await database.start()
            try:
                for turn in range(-ROUNDS, ROUNDS):  # the first half warms up
                    for kind, read in _reads_of(filled, turn).items():
                        began = time.perf_counter()
                        await read()
                        if turn >= 0:
                            seconds.setdefault((filled.name, kind), []).append(time.perf_counter() - began)
            finally:
                await database.stop()
    for kind in _reads_of(small, 0):
        yield slower(f"{which} {kind}", seconds[large.name, kind], seconds[small.name, kind])


def _reads_of(filled: Filled, turn: int) -> dict[str, Callable[[], Awaitable[object]]]:
    now, person = datetime.now(UTC), filled.people[turn % len(filled.people)]
    return {
        "check-in by code": lambda: booking.by_code(filled.codes[turn % len(filled.codes)]),
        "due reminders": message.next_due,
        "past bookings": lambda: agenda.of(person, now=now, today=now.date(), language="it"),
    }


def slower(name: str, large: Sequence[float], small: Sequence[float]) -> Figure:
    """The 95th percentile of one against the other's."""
    ends = [quantiles(seconds, n=20)[-1] * 1000 for seconds in (large, small)]
    note = f"p95 {ends[0]:.2f} to {ends[1]:.2f} ms, {len(large)} each, {_engine()}"
    return Figure(f"{name}, p95", ends[0] / ends[1], "x", most=MOST_SLOWER, note=note)
