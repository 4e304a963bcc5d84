"""How long after their moment reminders are handed over by an installation: evenly due, due all at once, and with
phones among them whose push service takes a message and never answers.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from app import database
from app.config import secrets
from app.gateways.web_push import Push, ServicePush
from tests.gateways.push_service import trusting
from tests.proving.client import Client, Reply
from tests.proving.figures import Trial, percentile
from tests.proving.office import HOST, Office
from tests.proving.reminded import Agenda, Reminded
from tests.proving.server import LOG, processes
from tests.servers import end, free_port, ready, run, start

A_MINUTE, SPREAD = 10_000, 60.0  # reminders due within so many seconds; fewer are due in as much less time
SILENT = 10  # one of so many phones
BARE_AT_ONCE = 64
PATIENCE = 60.0  # seconds without any push, and nothing more will come
FIRST_FEW = 3
A_CROWD = 100  # fewer that are due at once press on nothing


@dataclass
class Pace:
    """Seconds from the moment each was due to where it was handed over; what never was is missing."""

    even: list[float] = field(default_factory=list)
    with_silent: list[float] = field(default_factory=list)
    at_once: list[float] = field(default_factory=list)
    wanted: int = 0
    silent: int = 0
    bare: float = 0.0
    receipts: int = 0
    receipts_refused: int = 0


@asynccontextmanager
async def installation(trial: Trial, port: int) -> AsyncIterator[None]:
    """All processes of one, killed with no word at the end."""
    log = trial.folder / LOG
    groups = [await start(port, processes=processes(), module=trial.server, log=log)]
    try:
        if database.DB.engine_type == "postgres":
            groups.append(await run(trial.server, "worker", log=log))
        await ready(f"http://127.0.0.1:{port}")
        yield
    finally:
        for group in groups:
            end(group)
            await group.wait()


def shown_to(port: int, told: Callable[[Reply | None], None], *, silent: int = 0) -> Callable[[str], None]:
    """A phone's word that it showed a message, as its worker sends it; one of `silent` is never heard of."""
    client, number = Client(port), 0

    def shown(address: str) -> None:
        nonlocal number
        number += 1
        if not silent or number % silent:
            head = f"POST {address} HTTP/1.1\r\nHost: 127.0.0.1\r\nSec-Fetch-Site: same-origin\r\n"
            client.press(f"{head}Content-Length: 0\r\n\r\n".encode(), told)

    return shown


async def pace(trial: Trial, where: Agenda, opened: Office, first: int) -> Pace:
    found, port = Pace(), free_port()
    number = trial.size * A_MINUTE // 100_000

    def told(reply: Reply | None) -> None:
        found.receipts += 1
        found.receipts_refused += reply is None or reply.status != 204

    opened.shown = shown_to(port, told)
    async with installation(trial, port):
        await _lot(where, opened, first + 3 * number, FIRST_FEW, spread=0)  # what is imported then delays nobody later
        found.even = await _lot(where, opened, first, number, spread=SPREAD * number / A_MINUTE)
        if number >= A_CROWD:
            found.at_once = await _lot(where, opened, first + number, number, spread=0)
        silent_first = first + 2 * number
        found.with_silent = await _lot(
            where, opened, silent_first, number, spread=SPREAD * number / A_MINUTE, silent=SILENT
        )
        found.silent = sum(opened.asked[silent_first + n] > 0 for n in range(0, number, SILENT))
    found.wanted = number
    await database.execute("UPDATE message SET state = 'cancelled' WHERE kind = 'reminder' AND state = 'due'")
    found.bare = await _bare(opened, trial.folder, number)
    return found


async def _lot(
    where: Agenda, opened: Office, first: int, number: int, *, spread: float, silent: int = 0
) -> list[float]:
    """Written before the first is due, while the worker waits; seconds that each was late."""
    now = datetime.now(UTC)
    begin = now + timedelta(seconds=1 + number / 1000)
    people = [
        Reminded(
            first + n,
            opened.endpoint("hang" if silent and n % silent == 0 else "201", first + n),
            (("push", "Telefono"),),
            begin + timedelta(seconds=spread * n / number),
        )
        for n in range(number)
    ]
    await where.add(people, now=now)
    written = time.time()  # on a busy machine later than the first is due: nobody could have known of it
    loud = [one for one in people if "/201/" in one.phone]
    # A silent phone that is tried again answers too, and is none of these.
    while left := {one.number for one in loud} - opened.pushes.keys():
        if not await opened.reached(opened.handed + len(left), PATIENCE):
            break
    await asyncio.sleep(0.2)  # the last receipts
    taken = ((opened.pushes[one.number], one.due_at) for one in loud)
    return [pushes[0].at - max(due_at.timestamp(), written) for pushes, due_at in taken if pushes]


async def _bare(opened: Office, folder: Path, number: int) -> float:
    """Pushes a second without rows, words and processes: what encrypting and sending alone would allow here."""
    opened.shown = lambda address: None
    push = ServicePush((f"{HOST}:{opened.port}",), secrets().vapid, "mailto:a@b.example", tls=trusting(folder))
    now, free = datetime.now(UTC), asyncio.Semaphore(BARE_AT_ONCE)
    said = {
        "title": "Vicino",
        "body": "Promemoria: martedì 24 novembre. Tocca per leggere.",
        "tag": "t",
        "receipt": "/",
    }

    async def send() -> None:
        async with free:
            phone = opened.browser.subscription(opened.endpoint("201", 0))
            await push.send(phone, Push(said, "t", False, now + timedelta(hours=3)), message_id=0, now=now)

    await send()
    began = time.perf_counter()
    await asyncio.gather(*(send() for _ in range(number)))
    seconds = time.perf_counter() - began
    await push.close()
    return number / seconds


def late(values: list[float], percent: float) -> float:
    """A tenth of a millisecond of another process's clock is not early."""
    return max(0.0, percentile(values, percent))
