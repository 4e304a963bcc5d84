"""B2: a read of ten rows through our engine, through Piccolo's own, and by bare sqlite3, in turns."""

import sqlite3
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from statistics import median

from piccolo.engine.sqlite import SQLiteEngine
from piccolo.querystring import QueryString
from piccolo.table import TABLE_REGISTRY

from app import database
from bench.figure import Figure, ratio
from bench.recorded import bare
from bench.site import told

LEAST, ROUNDS, READS = 0.2, 9, 300
TEXT = "SELECT id, slug, status, price, published_at FROM service WHERE territory_id = {} ORDER BY id LIMIT 10"


async def measure() -> AsyncIterator[Figure]:
    async with told() as (folder, _):
        for _ in range(2):  # the first time warms up
            ours, stock, theirs = await _rates(folder / "vicino.sqlite")
        note = f"{median(ours):,.0f} to {median(theirs):,.0f} a second, {ROUNDS} rounds of {READS}"
        yield Figure("B2 reads", ratio(ours, theirs), "x", least=LEAST, note=note)
        yield Figure("B2 reads on Piccolo's own engine", ratio(stock, theirs), "x", note="to compare")
    strangers = [table.__name__ for table in TABLE_REGISTRY if table._meta.db is not database.DB]
    yield Figure("B2 tables on another engine than ours", len(strangers), most=0, note=", ".join(strangers))


async def _rates(path: Path) -> tuple[list[float], list[float], list[float]]:
    territory = await database.scalar("SELECT min(id) FROM territory")
    connection, stock = bare(path), SQLiteEngine(path=str(path))
    sql = TEXT.format("?")

    async def ours() -> int:
        return len(await database.rows(TEXT, territory))

    async def piccolo() -> int:
        return len(await stock.run_querystring(QueryString(TEXT, territory)))

    async def theirs() -> int:
        return _raw(connection, sql, territory)

    found: tuple[list[float], ...] = ([], [], [])
    for _ in range(ROUNDS):
        for read, rates, number in zip((ours, piccolo, theirs), found, (READS, READS // 10, READS), strict=True):
            rates.append(await _rate(read, number))
    connection.close()
    return found[0], found[1], found[2]


def _raw(connection: sqlite3.Connection, sql: str, territory: int) -> int:
    return len(connection.execute(sql, (territory,)).fetchall())


async def _rate(read: Callable[[], Awaitable[int]], number: int) -> float:
    """Reads a second."""
    began = time.perf_counter()
    for _ in range(number):
        assert await read() == 10
    return number / (time.perf_counter() - began)
