"""Killed at a random moment with writes under way, again and again: what somebody was told is there afterwards."""

import asyncio
import os
import random
import shlex
import time
from asyncio.subprocess import DEVNULL, Process
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from app import database
from tests.proving.booker import Booker, bookers, codes, told_twice
from tests.proving.client import Client
from tests.proving.figures import Figure, Trial, at_least, at_most, exactly, percentile, told
from tests.proving.server import LOG, processes
from tests.proving.town import PRICE
from tests.servers import end, free_port, run, start

ENGINES = ("sqlite", "postgres")
UNIT, FULL, SMALL = "cycles", 200, 3
WRITERS, SERVICES, IN_FLIGHT = 24, 8, 8
LATEST = 0.4  # seconds from the first answer to the kill
VERIFIED_EVERY, CRASHED_EVERY = 10, 20  # cycles; the second is PostgreSQL itself
PAGE = b"GET /tradate HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"


@dataclass
class Outcome:
    """`restarts` in seconds, from the start of the processes to the first page."""

    restarts: list[float] = field(default_factory=list)
    in_flight: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    repeats: int = 0
    crashes: int = 0
    verified: int = 0
    findings: int = 0
    is_under_way: asyncio.Event = field(default_factory=asyncio.Event)
    lost: set[str] = field(default_factory=set)
    halves: int = 0


async def prove(trial: Trial) -> list[Figure]:
    """Nobody else has the database open while it is killed."""
    people = await bookers(trial.cast, WRITERS, services=SERVICES, cents=max(1, trial.size) * 40 * PRICE)
    outcome, port = Outcome(), free_port()
    await database.stop()
    try:
        for number in range(1, trial.size + 1):
            await _cycle(trial, port, people, outcome, number)
        await _finish(trial, port, people, outcome)
    finally:
        await database.start()
    return [*_pressure(outcome, people, trial.size), *await _kept(outcome, people)]


async def _cycle(trial: Trial, port: int, people: list[Booker], outcome: Outcome, number: int) -> None:
    client = Client(port)
    outcome.is_under_way.clear()
    async with _running(trial, port, client, outcome) as groups:
        writing = [asyncio.create_task(_write(client, one, outcome)) for one in people]
        await outcome.is_under_way.wait()
        await asyncio.sleep(random.uniform(0, LATEST))
        outcome.in_flight.append(client.in_flight)
        for group in groups:
            end(group)
        if database.DB.engine_type == "postgres" and os.environ.get("VICINO_TEST_DURABLE"):
            outcome.crashes += await _crash_postgres() if number % CRASHED_EVERY == 0 else 0
        await asyncio.gather(*writing)
    client.close()
    await _check(people, outcome)
    if number % VERIFIED_EVERY == 0 or number == trial.size:
        await _verify(trial, outcome)


@asynccontextmanager
async def _running(trial: Trial, port: int, client: Client, outcome: Outcome) -> AsyncIterator[list[Process]]:
    """All processes of an installation, from their start to the first page; none outlives this."""
    log, began = trial.folder / LOG, time.perf_counter()
    groups = [await start(port, processes=processes(), module=trial.server, log=log)]
    try:
        if database.DB.engine_type == "postgres":
            groups.append(await run(trial.server, "worker", log=log))
        while not ((page := await client.ask(PAGE)) and page.status == 200):
            assert time.perf_counter() - began < 60, f"no answer: see {log}"
            await asyncio.sleep(0.01)
        outcome.restarts.append(time.perf_counter() - began)
        yield groups
    finally:
        for group in groups:
            end(group)
            await group.wait()


async def _write(client: Client, one: Booker, outcome: Outcome) -> None:
    """Until the connection breaks; a form that was not answered is the first one sent next time."""
    outcome.repeats += "request" in vars(one)
    while (reply := await client.ask(one.request)) is not None:
        outcome.statuses[reply.status] += 1
        outcome.is_under_way.set()
        if reply.status == 303:
            one.accepted(one.key, reply.location)


async def _finish(trial: Trial, port: int, people: list[Booker], outcome: Outcome) -> None:
    """Once more, undisturbed: each is told what became of the last form."""
    client = Client(port)
    async with _running(trial, port, client, outcome):
        for one in people:
            reply = await client.ask(one.request)
            outcome.statuses[reply.status if reply else 0] += 1
            if reply and reply.status == 303:
                one.accepted(one.key, reply.location)
    client.close()


async def _check(people: list[Booker], outcome: Outcome) -> None:
    await database.start()
    try:
        there = {row["code"] for row in await database.rows("SELECT code FROM booking")}
        outcome.lost |= codes(people) - there
        outcome.halves += int(await database.scalar(_HALF_BOOKINGS)) + int(await database.scalar(_HALF_TRANSFERS))
    finally:
        await database.stop()


async def _verify(trial: Trial, outcome: Outcome) -> None:
    checking = await run("app.cli", "ledger", "verify", log=trial.folder / LOG)
    outcome.verified += 1
    outcome.findings += await checking.wait() != 0


async def _crash_postgres() -> int:
    """The postmaster too, without its goodbye; then it recovers."""
    folder = Path(parse_qs(urlsplit(os.environ["VICINO_DATABASE_URL"]).query)["host"][0])
    tools = Path(shlex.split((folder / "data" / "postmaster.opts").read_text())[0]).parent
    command = f"{tools}/pg_ctl -D {folder}/data -l {folder}/log -m immediate -w restart"
    if os.geteuid() == 0:  # PostgreSQL refuses to run as root
        command = f"su -s /bin/sh {folder.owner()} -c {shlex.quote(f'cd /; {command}')}"
    crashing = await asyncio.create_subprocess_shell(command, stdout=DEVNULL, stderr=DEVNULL, stdin=DEVNULL)
    assert await crashing.wait() == 0, "PostgreSQL did not come back"
    return 1


def _pressure(outcome: Outcome, people: list[Booker], size: int) -> list[Figure]:
    pressed = sum(1 for found in outcome.in_flight if found >= IN_FLIGHT) / max(1, len(outcome.in_flight))
    return [
        told("server processes", processes()),
        exactly("times killed", len(outcome.in_flight), size),
        at_least(f"share of kills with {IN_FLIGHT} or more writes in flight", pressed, 0.9),
        told("writes in flight at a kill (median)", percentile(outcome.in_flight, 50)),
        told("times PostgreSQL itself was stopped at once", outcome.crashes),
        told("writes acknowledged", outcome.statuses[303]),
        at_least("bookings paid and acknowledged", len(codes(people)), size),
        told("forms sent again after a restart", outcome.repeats),
    ]


async def _kept(outcome: Outcome, people: list[Booker]) -> list[Figure]:
    others = sum(n for status, n in outcome.statuses.items() if status not in (303, 503))
    there = {row["code"] for row in await database.rows("SELECT code FROM booking")}
    return [
        exactly("acknowledged bookings lost", len(outcome.lost | codes(people) - there), 0),
        exactly("bookings that nobody was told of", len(there - codes(people)), 0),
        exactly("keys with more than one effect", told_twice(people), 0),
        exactly("half transfers", outcome.halves, 0),
        exactly(f"findings of the ledger, verified {outcome.verified} times", outcome.findings, 0),
        exactly("answers that are neither yes nor later", others, 0),
        told("deliberate 503", outcome.statuses[503]),
        told("first page after a restart, seconds (median)", percentile(outcome.restarts, 50)),
        told("first page after a restart, seconds (95 of 100)", percentile(outcome.restarts, 95)),
        at_most("first page after a restart, seconds (slowest)", max(outcome.restarts), 2),
    ]


_HALF_BOOKINGS = (
    "SELECT count(*) FROM booking b WHERE b.price - b.own <> (SELECT coalesce(sum(t.amount), 0) FROM transfer t "
    "WHERE t.booking_id = b.id AND t.kind = 'hold')"
)
_HALF_TRANSFERS = (
    "SELECT count(*) FROM account a WHERE a.kind = 'purse' AND a.debits_pending <> (SELECT coalesce(sum(t.amount), 0) "
    "FROM transfer t WHERE t.debit_account_id = a.id AND t.kind = 'hold')"
)
