"""Statements of hot pages that read a whole table, at volume: what SQLite says of how it will answer each."""

import re
import sqlite3
from collections.abc import AsyncIterator, Iterable
from datetime import UTC, datetime
from pathlib import Path

from app import database
from app.config import settings
from app.domain import booking, message, slot_hold
from app.domain.actor import SYSTEM
from app.main import create_app
from app.tables import agenda
from bench import recorded
from bench.asked import ask
from bench.figure import Figure
from bench.recorded import Statement
from bench.scale import WORDS, fill
from bench.site import engine
from tests.visitor import begin_session

VOLUME = {"services": 2_000, "people": 5_000, "bookings": 20_000}
LEAST_ROWS = 1_000  # a smaller table is read as quickly as its index


async def measure() -> AsyncIterator[Figure]:
    path = settings().data / "plans.sqlite"
    engine().path = str(path)
    with recorded.recording():
        await database.start()
    try:
        await fill(VOLUME)
        recorded.log.clear()
        await _walk()
        found = whole_tables(path, recorded.log)
    finally:
        await database.stop()
    for table, sql in sorted(found):
        yield Figure(f"plans: all of {table}", 1, most=0, note=sql)
    yield Figure("plans: statements looked at", len({sql for sql, _ in recorded.log}))


async def _walk() -> None:
    """The hot reads: a person's pages, and what the desk and the worker ask."""
    app, now = create_app(), datetime.now(UTC)
    one = await database.row("SELECT code, receiver_id FROM booking ORDER BY id DESC LIMIT 1")
    slug = await database.scalar("SELECT slug FROM service WHERE status = 'published' ORDER BY id DESC LIMIT 1")
    assert one is not None
    cookie = {"cookie": f"vicino={await begin_session('person', one['receiver_id'], now=now)}"}
    recorded.log.clear()
    for page in ("", "/servizi", f"/servizi?q={WORDS[0]}", f"/servizi/{slug}", f"/prenota/{slug}", "/io"):
        await ask(app, f"/tradate{page}", cookie)
    for page in ("/io/borsellino", "/io/messaggi", f"/prenotazioni/{one['code']}"):
        await ask(app, f"/tradate{page}", cookie)
    await booking.by_code(one["code"])
    await message.next_due()
    await message.claim("plans", limit=1, now=now)
    await slot_hold.release_expired(actor=SYSTEM, now=now)
    await agenda.upcoming(one["receiver_id"], now=now, today=now.date(), language="it")


def whole_tables(path: Path, statements: Iterable[Statement]) -> set[tuple[str, str]]:
    """(table, statement) wherever a table that is not small is read from end to end."""
    connection = sqlite3.connect(path)
    found = set()
    for sql, values in statements:
        if not re.match(r"\s*(SELECT|UPDATE|DELETE|WITH)\b", sql):
            continue
        for step in connection.execute(f"EXPLAIN QUERY PLAN {sql}", values):
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
