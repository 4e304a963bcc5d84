"""Statements of hot pages that read a whole table, at volume: what each engine says of how it will answer them."""

import json
import re
import sqlite3
from collections.abc import AsyncIterator, Container, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from unittest import mock

from app import database
from app.config import settings
from app.domain import booking, message, slot_hold
from app.domain.actor import SYSTEM
from app.engines import Sqlite
from app.main import create_app
from app.tables import agenda
from bench import crowd
from bench.asked import Answered, Asked, ask, filled
from bench.crowd import Holder
from bench.figure import Figure
from bench.recorded import Statement, plain
from bench.scale import WORDS, fill
from tests.copies import Copies
from tests.visitor import begin_session

VOLUME = {"services": 2_000, "people": 5_000, "bookings": 20_000}
READS = re.compile(r"\s*(SELECT|UPDATE|DELETE|WITH)\b")
# Told to avoid whole tables, PostgreSQL reads a whole index instead, which is no better.
END_TO_END = ("Seq Scan", "Index Scan", "Index Only Scan")
LATER = 20  # holders, each at another time: the first may begin too soon to be called off
LEAST_ROWS = 1_000  # a smaller table is read as quickly as its index


async def measure() -> AsyncIterator[Figure]:
    async with Copies(settings().data).fresh():
        await database.start()
        try:
            await fill(VOLUME)
            asked = await _walk()
            found = await whole(asked)
        finally:
            await database.stop()
    engine = type(database.DB).__name__
    for table, sql in sorted(found):
        yield Figure(f"plans: all of {table} on {engine}", 1, most=0, note=sql)
    yield Figure(f"plans: statements looked at on {engine}", len({sql for sql, _ in asked}))


@contextmanager
def heard() -> Iterator[list[Statement]]:
    """What is asked of the database inside."""
    asked: list[Statement] = []
    fetch = database.DB.fetch

    async def hearing(sql: str, args: Sequence[Any]) -> list[database.Row]:
        asked.append((sql, tuple(args)))
        return await fetch(sql, args)

    with mock.patch.object(database.DB, "fetch", hearing):
        yield asked


async def whole(asked: Iterable[Statement]) -> set[tuple[str, str]]:
    if isinstance(database.DB, Sqlite):
        return whole_tables(Path(database.DB.path), asked)
    await database.execute("VACUUM ANALYZE")
    partial = {row["name"] for row in await database.rows(_PARTIAL)}
    found = set()
    async with database.snapshot():
        # A small table is read whole though it has an index: what matters is whether there is none.
        await database.execute("SET LOCAL enable_seqscan = off")
        for sql, values in asked:
            if READS.match(sql):
                plan = await database.DB.fetch(f"EXPLAIN (FORMAT JSON) {sql}", values)
                tables = scanned_tables(json.loads(plan[0]["QUERY PLAN"]), partial)
                found |= {(table, " ".join(sql.split())) for table in tables}
        return {(table, sql) for table, sql in found if await _count(table) >= LEAST_ROWS}


async def _count(table: str) -> int:
    return int(await database.scalar(f"SELECT count(*) FROM {table}"))


_PARTIAL = (
    "SELECT c.relname AS name FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid WHERE i.indpred IS NOT NULL"
)


def scanned_tables(plan: Any, partial: Container[str] = ()) -> Iterator[str]:
    """Of a plan that PostgreSQL tells as JSON: tables that it reads from end to end.

    A `partial` index holds what its condition says and no more, so it is read whole on purpose.
    """
    if isinstance(plan, list):
        for part in plan:
            yield from scanned_tables(part, partial)
    elif isinstance(plan, Mapping):
        is_whole = plan.get("Node Type") in END_TO_END and not plan.get("Index Cond")
        if is_whole and plan.get("Index Name") not in partial:
            yield str(plan["Relation Name"])
        for part in (plan.get("Plan"), plan.get("Plans")):
            yield from scanned_tables(part, partial)


async def _walk() -> list[Statement]:
    """What the hot reads and a whole booking ask: a person's pages, the desk and the worker."""
    app, now = create_app(), datetime.now(UTC)
    *_, holder = await crowd.gather(LATER, now)
    one = await database.row("SELECT code, receiver_id FROM booking ORDER BY id DESC LIMIT 1")
    slug = await database.scalar("SELECT slug FROM service WHERE status = 'published' ORDER BY id DESC LIMIT 1")
    assert one is not None
    cookie = {"cookie": f"vicino={await begin_session('person', one['receiver_id'], now=now)}"}
    searches = [f"/servizi?q={word}" for word in (WORDS[0], WORDS[-1], "aiuto&famiglia=elderly")]
    with heard() as asked:
        for page in ("", "/servizi", *searches, f"/servizi/{slug}", f"/prenota/{slug}", "/io"):
            await ask(app, f"/tradate{page}", cookie)
        for page in ("/io/borsellino", "/io/messaggi", f"/prenotazioni/{one['code']}"):
            await ask(app, f"/tradate{page}", cookie)
        await _book_and_cancel(app, holder)
        await booking.by_code(one["code"])
        await message.next_due()
        await message.claim("plans", limit=1, now=now)
        await slot_hold.release_expired(actor=SYSTEM, now=now)
        await agenda.upcoming(one["receiver_id"], now=now, today=now.date(), language="it")
    return asked


async def _book_and_cancel(app: Any, holder: Holder) -> None:
    cookie = {"cookie": holder.cookie}
    booked = (await ask(app, *_pressed(await ask(app, holder.path, cookie), "riepilogo", cookie))).location
    assert "/prenotazioni/" in booked
    called_off = await ask(app, *_pressed(await ask(app, f"{booked}/annulla", cookie), "annulla", cookie))
    assert called_off.location == booked


def _pressed(page: Answered, action: str, cookie: Asked) -> tuple[str, Asked, Asked]:
    address, form = filled(page.body, action)
    return address, cookie, form


def whole_tables(path: Path, statements: Iterable[Statement]) -> set[tuple[str, str]]:
    """(table, statement) wherever a table that is not small is read from end to end."""
    connection = sqlite3.connect(path)
    found = set()
    for sql, values in statements:
        if not READS.match(sql):
            continue
        for step in connection.execute(f"EXPLAIN QUERY PLAN {sql}", tuple(map(plain, values))):
            scanned = scanned_table(step[3], sql)
            if scanned and _rows(connection, scanned) >= LEAST_ROWS:
                found.add((scanned, " ".join(sql.split())))
    connection.close()
    return found


def scanned_table(step: str, sql: str) -> str:
    """The table that a step of a plan scans without an index; '' for another step. Aliases are looked up."""
    scan = re.match(r"SCAN (\w+)(?! USING| VIRTUAL)", step)
    if scan is None:
        return ""
    alias = re.search(rf"\b(?:FROM|JOIN|,)\s*(\w+)(?: AS)? {scan[1]}\b", sql)
    return alias[1] if alias else scan[1]


def _rows(connection: sqlite3.Connection, table: str) -> int:
    if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = ?", (table,)).fetchone():
        return 0
    return int(connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0])
