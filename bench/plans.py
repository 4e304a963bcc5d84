"""Statements of hot pages that read a whole table, at volume: what each engine says of how it will answer them."""

import json
import re
import sqlite3
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping, Sequence
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
from bench.asked import ask
from bench.figure import Figure
from bench.recorded import Statement, plain
from bench.scale import WORDS, fill
from tests.copies import Copies
from tests.visitor import begin_session

VOLUME = {"services": 2_000, "people": 5_000, "bookings": 20_000}
READS = re.compile(r"\s*(SELECT|UPDATE|DELETE|WITH)\b")
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
    found = set()
    async with database.snapshot():
        # A small table is read whole though it has an index: what matters is whether there is none.
        await database.execute("SET LOCAL enable_seqscan = off")
        for sql, values in asked:
            if READS.match(sql):
                plan = await database.DB.fetch(f"EXPLAIN (FORMAT JSON) {sql}", values)
                found |= {(table, " ".join(sql.split())) for table in scanned_tables(json.loads(plan[0]["QUERY PLAN"]))}
        return {(table, sql) for table, sql in found if await _count(table) >= LEAST_ROWS}


async def _count(table: str) -> int:
    return int(await database.scalar(f"SELECT count(*) FROM {table}"))


def scanned_tables(plan: Any) -> Iterator[str]:
    """Of a plan that PostgreSQL tells as JSON: tables that it reads from end to end."""
    if isinstance(plan, list):
        for part in plan:
            yield from scanned_tables(part)
    elif isinstance(plan, Mapping):
        if plan.get("Node Type") == "Seq Scan":
            yield str(plan["Relation Name"])
        for part in (plan.get("Plan"), plan.get("Plans")):
            yield from scanned_tables(part)


async def _walk() -> list[Statement]:
    """What the hot reads ask: a person's pages, the desk and the worker."""
    app, now = create_app(), datetime.now(UTC)
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
        await booking.by_code(one["code"])
        await message.next_due()
        await message.claim("plans", limit=1, now=now)
        await slot_hold.release_expired(actor=SYSTEM, now=now)
        await agenda.upcoming(one["receiver_id"], now=now, today=now.date(), language="it")
    return asked


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
