"""B1: confirming over HTTP with all its checks, against the same statements sent again by bare sqlite3.

Three copies of one database: on the first each booking is made in this process and its statements noted, on the second
they are sent again, on the third the served application confirms the same holds. Batches take turns.
"""

import asyncio
import shutil
import time
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from urllib.parse import urlencode, urlsplit

from app.main import create_app
from bench import crowd, load, recorded
from bench.asked import ask, filled
from bench.crowd import Holder
from bench.figure import Figure, ratio
from bench.recorded import Statement
from bench.site import beside, elsewhere, server, told

PEOPLE, BATCHES, IN_FLIGHT = 90, 6, 8
LEAST, MOST_STATEMENTS = 0.5, 16


async def measure() -> AsyncIterator[Figure]:
    async with told() as (folder, _):
        people = await crowd.gather(PEOPLE, datetime.now(UTC))
        async with elsewhere():
            copies = [_copy(folder, name) for name in ("recorded", "replayed", "served")]
        with recorded.recording():
            async with elsewhere(copies[0]):
                bookings = await _record(people)
        yield _statements(bookings)
        yield await _compare(copies[1], copies[2], people, bookings)


def _copy(folder: Path, name: str) -> Path:
    made = beside(name)
    shutil.copy(folder / "vicino.sqlite", made)
    return made


async def _record(people: Sequence[Holder]) -> list[list[Statement]]:
    """Each holder confirms in this process; the statements of their transactions."""
    recorded.log.clear()
    app = create_app()
    for one in people:
        page = await ask(app, one.path, {"cookie": one.cookie})
        action, form = filled(page.body, "riepilogo")
        answer = await ask(app, action, {"cookie": one.cookie}, form)
        assert answer.status == 303 and "/prenotazioni/" in answer.location, answer
    bookings = recorded.transactions(recorded.log, "INSERT INTO booking ")
    assert len(bookings) == len(people), f"{len(bookings)} bookings of {len(people)}"
    return bookings


def _statements(bookings: Sequence[Sequence[Statement]]) -> Figure:
    most, usual = max(map(len, bookings)), median(map(len, bookings))
    return Figure("B1 statements", most, "in the transaction", most=MOST_STATEMENTS, note=f"median {usual:.0f}")


async def _compare(
    replayed: Path, served: Path, people: Sequence[Holder], bookings: Sequence[Sequence[Statement]]
) -> Figure:
    size = len(people) // BATCHES
    rates: tuple[list[float], list[float]] = ([], [])
    connection = recorded.bare(replayed / "vicino.sqlite")
    async with server(served) as (origin, _):
        posts = await asyncio.gather(*(_post(origin, one) for one in people))
        for at in range(0, len(people), size):
            rates[0].append(size / await _confirm(origin, posts[at : at + size]))
            rates[1].append(size / recorded.replay(connection, bookings[at : at + size]))
    connection.close()
    ours, theirs = rates[0][1:], rates[1][1:]  # the first batch warms up
    note = f"{median(ours):,.0f} to {median(theirs):,.0f} bookings a second, {IN_FLIGHT} in flight, synchronous FULL"
    return Figure("B1 booking over HTTP", ratio(ours, theirs), "x", least=LEAST, note=note)


async def _post(origin: str, one: Holder) -> bytes:
    """The request that confirms, as the browser sends it after it has read the summary."""
    host = urlsplit(origin).netloc
    reader, writer = await asyncio.open_connection(*host.split(":"))
    writer.write(f"GET {one.path} HTTP/1.1\r\nhost: {host}\r\ncookie: {one.cookie}\r\n\r\n".encode())
    status, _, body = await load.whole_answer(reader)
    writer.close()
    assert status == 200, body
    action, form = filled(body, "riepilogo")
    sent = urlencode(form)
    return (
        f"POST {action} HTTP/1.1\r\nhost: {host}\r\ncookie: {one.cookie}\r\nsec-fetch-site: same-origin\r\n"
        f"content-type: application/x-www-form-urlencoded\r\ncontent-length: {len(sent)}\r\n\r\n{sent}"
    ).encode()


async def _confirm(origin: str, posts: Sequence[bytes]) -> float:
    """Seconds until all are booked, some at a time on kept connections."""
    waiting, host = list(posts), urlsplit(origin).netloc
    lines = [await asyncio.open_connection(*host.split(":")) for _ in range(IN_FLIGHT)]
    began = time.perf_counter()
    await asyncio.gather(*(_confirm_some(reader, writer, waiting) for reader, writer in lines))
    taken = time.perf_counter() - began
    for _, writer in lines:
        writer.close()
    return taken


async def _confirm_some(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, waiting: list[bytes]) -> None:
    while waiting:
        writer.write(waiting.pop())
        status, head, body = await load.whole_answer(reader)
        assert status == 303 and b"/prenotazioni/" in head, (status, head, body)
