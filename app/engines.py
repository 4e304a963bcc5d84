"""Both engines under app/database.py: connections, transactions, statements.

Piccolo's own engines open a connection for each SQLite statement and lose a transaction whose COMMIT fails, so both
are subclassed. On SQLite statements run on the event loop (they take microseconds); COMMIT waits for the disk, in a
thread of its own and for several writers at once (app/turns.py); what `heavy` reads has a thread, too.
"""

import asyncio
import random
import re
import sqlite3
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

from piccolo.engine.postgres import PostgresEngine
from piccolo.engine.sqlite import SQLiteEngine
from piccolo.querystring import QueryString

from app.turns import Turns, to_the_end

T = TypeVar("T")
Row = dict[str, Any]

PATIENCE = 10.0  # seconds a write goes on meeting conflicts before it gives up
LONG = 300.0  # seconds a statement of a report may take
SNAPSHOTS = 3  # read views that may be open at the same time on SQLite


class TransactionError(RuntimeError):
    """The code opened or used a transaction in a way that could lose work."""


class Counter:
    """How many statements were sent: in all, in write transactions, and by whoever asks in `tally`.

    Tests hold pages to a number.
    """

    statements = 0
    in_writes = 0

    def reset(self) -> None:
        self.statements = self.in_writes = 0

    def add(self) -> None:
        self.statements += 1
        self.in_writes += (unit := current_unit.get()) is not None and unit.writes
        if (mine := tally.get()) is not None:
            mine[0] += 1


counter = Counter()
tally: ContextVar[list[int] | None] = ContextVar("tally", default=None)  # one number, of the request being answered


@dataclass(frozen=True, slots=True)
class _Unit:
    """The transaction or snapshot that a task is inside of."""

    connection: Any
    owner: asyncio.Task[Any] | None
    writes: bool
    is_long: bool = False


current_unit: ContextVar[_Unit | None] = ContextVar("unit", default=None)


def _is_long() -> bool:
    unit = current_unit.get()
    return unit is not None and unit.is_long


def _own_connection() -> Any | None:
    unit = current_unit.get()
    if unit is None:
        return None
    if unit.owner is not asyncio.current_task():
        raise TransactionError("another task may not query inside a transaction")
    return unit.connection


def _refuse_unsafe(args: Sequence[Any]) -> None:
    """What an engine would change without a word: PostgreSQL's driver cuts 12.5 cents to 12."""
    for value in args:
        if type(value) is datetime and value.tzinfo is None:
            raise ValueError(f"{value} has no time zone: instants are aware UTC datetimes")
        if type(value) is float:
            raise ValueError(f"{value} is no whole number: money is integer cents")


def _stored_instant(value: datetime) -> str:
    return str(value.astimezone(UTC))


def _read_instant(stored: bytes) -> datetime:
    return datetime.fromisoformat(stored.decode())


# After Piccolo's own, which go through Decimal or accept naive datetimes.
sqlite3.register_adapter(datetime, _stored_instant)
sqlite3.register_converter("TIMESTAMPTZ", _read_instant)
sqlite3.register_converter("INTEGER", int)
sqlite3.register_converter("BOOLEAN", b"1".__eq__)

_READS = re.compile(r"\s*(SELECT|WITH|VALUES|EXPLAIN|PRAGMA)\b", re.IGNORECASE)


class Sqlite(SQLiteEngine):
    synchronous = "FULL"  # a confirmed payment survives a power cut

    async def start_connection_pool(self) -> None:
        Path(self.path).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.writer = self.connect(writes=True)
        self.turns = Turns(self.writer, self.begin)
        self.reader = self.connect(writes=False)
        self.snapshots: asyncio.LifoQueue[sqlite3.Connection | None] = asyncio.LifoQueue()
        for _ in range(SNAPSHOTS):
            self.snapshots.put_nowait(None)  # opened when somebody first wants it

    async def close_connection_pool(self) -> None:
        for _ in range(SNAPSHOTS):
            if opened := await self.snapshots.get():
                opened.close()
        await self.turns.end()
        self.reader.close()

    def connect(self, *, writes: bool) -> sqlite3.Connection:
        connection = sqlite3.connect(
            self.path,
            isolation_level=None,
            detect_types=sqlite3.PARSE_DECLTYPES,
            check_same_thread=False,
            cached_statements=512,
        )
        # Readers wait in the rare moment when another process cleans up the log; the writer waits in begin().
        for pragma in (
            "busy_timeout = 5000",
            "journal_mode = WAL",
            f"synchronous = {self.synchronous}",
            "foreign_keys = ON",
            "recursive_triggers = ON",  # REPLACE too meets the append-only triggers
            "temp_store = MEMORY",
            "cache_size = -8000",
            "mmap_size = 16777216",
            "journal_size_limit = 67108864",
            "busy_timeout = 0" if writes else "query_only = ON",
        ):
            connection.execute(f"PRAGMA {pragma}")
        return connection

    async def begin(self) -> None:
        """Another process may hold the lock: ask again without stopping the loop."""
        give_up = time.monotonic() + PATIENCE
        while True:
            try:
                self.writer.execute("BEGIN IMMEDIATE")
                return
            except sqlite3.OperationalError as error:
                if not is_conflict(error) or time.monotonic() > give_up:
                    raise
            await asyncio.sleep(random.uniform(0.001, 0.02))

    def writing(self) -> AbstractAsyncContextManager[sqlite3.Connection]:
        return self.turns.taken()

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[sqlite3.Connection]:
        connection = await self.snapshots.get()
        try:
            connection = connection or self.connect(writes=False)
            connection.execute("BEGIN")
            yield connection
        finally:
            if connection and connection.in_transaction:
                connection.execute("ROLLBACK")
            self.snapshots.put_nowait(connection)

    @asynccontextmanager
    async def reading_long(self) -> AsyncIterator[sqlite3.Connection]:
        """On a connection of its own, whose statements run in a thread."""
        connection = self.connect(writes=False)
        try:
            connection.execute("BEGIN")
            yield connection
        finally:
            connection.close()

    async def fetch(self, sql: str, args: Sequence[Any]) -> list[Row]:
        connection = _own_connection()
        if connection is not None and _is_long():
            return await asyncio.to_thread(_fetch_sqlite, connection, sql, args)
        if connection is None and not _READS.match(sql):
            async with self.writing() as writer:
                return _fetch_sqlite(writer, sql, args)
        return _fetch_sqlite(connection or self.reader, sql, args)

    async def heavy(self, sql: str, args: Sequence[Any]) -> list[Row]:
        return await asyncio.to_thread(self.fetch_apart, sql, args)

    def fetch_apart(self, sql: str, args: Sequence[Any]) -> list[Row]:
        connection = self.connect(writes=False)
        try:
            return _fetch_sqlite(connection, sql, args)
        finally:
            connection.close()

    async def run_querystring(self, querystring: QueryString, in_pool: bool = True) -> list[Row]:
        return await self.fetch(*querystring.compile_string(self.engine_type))

    async def run_ddl(self, ddl: str, in_pool: bool = True) -> list[Row]:
        return await self.fetch(ddl, ())

    def transaction(self, *args: Any, **kwargs: Any) -> Any:
        raise TransactionError("use database.write")


def _fetch_sqlite(connection: sqlite3.Connection, sql: str, args: Sequence[Any]) -> list[Row]:
    _refuse_unsafe(args)
    counter.add()
    cursor = connection.execute(sql, args)
    if cursor.description is None:
        return []
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, values, strict=True)) for values in cursor.fetchall()]


class Postgres(PostgresEngine):
    async def get_version(self) -> float:
        return 0.0  # Piccolo would connect at import; 0 stands for "not asked"

    async def start_connection_pool(self, **kwargs: Any) -> None:
        from asyncpg import create_pool

        self.pool = await create_pool(**{**self.config, "min_size": 2, "max_size": 10, "init": _whole_sums, **kwargs})

    async def close_connection_pool(self) -> None:
        if self.pool:
            await self.pool.close()
            self.pool = None

    @asynccontextmanager
    async def unit(self, *, writes: bool) -> AsyncIterator[Any]:
        assert self.pool is not None, "database.start() comes first"
        connection = await self.pool.acquire()
        try:
            isolation = "read_committed" if writes else "repeatable_read"
            transaction = connection.transaction(isolation=isolation, readonly=not writes)
            await transaction.start()
            try:
                yield connection
            except BaseException:
                await to_the_end(transaction.rollback())
                raise
            await to_the_end(transaction.commit())
        finally:
            await to_the_end(self.pool.release(connection))

    def writing(self) -> AbstractAsyncContextManager[Any]:
        return self.unit(writes=True)

    def reading(self) -> AbstractAsyncContextManager[Any]:
        return self.unit(writes=False)

    @asynccontextmanager
    async def reading_long(self) -> AsyncIterator[Any]:
        async with self.reading() as connection:
            await connection.execute("SET LOCAL statement_timeout = '5min'")
            yield connection

    async def fetch(self, sql: str, args: Sequence[Any]) -> list[Row]:
        connection = _own_connection() or self.pool
        assert connection is not None, "database.start() comes first"
        _refuse_unsafe(args)
        counter.add()
        patience = {"timeout": LONG} if _is_long() else {}
        return [dict(record) for record in await connection.fetch(sql, *args, **patience)]

    async def heavy(self, sql: str, args: Sequence[Any]) -> list[Row]:
        async with self.reading_long() as connection:
            return [dict(record) for record in await connection.fetch(sql, *args, timeout=LONG)]

    async def run_querystring(self, querystring: QueryString, in_pool: bool = True) -> list[Row]:
        return await self.fetch(*querystring.compile_string(self.engine_type))

    async def run_ddl(self, ddl: str, in_pool: bool = True) -> list[Row]:
        return await self.fetch(ddl, ())

    def transaction(self, *args: Any, **kwargs: Any) -> Any:
        raise TransactionError("use database.write")


async def _whole_sums(connection: Any) -> None:
    """sum(BIGINT) is numeric here and an integer on SQLite: no column of ours is numeric, so both give int."""
    await connection.set_type_codec(
        "numeric", schema="pg_catalog", encoder=str, decoder=lambda text: float(text) if "." in text else int(text)
    )


@asynccontextmanager
async def inside(
    begun: AbstractAsyncContextManager[Any], *, writes: bool, is_long: bool = False
) -> AsyncIterator[None]:
    if current_unit.get() is not None:
        raise TransactionError("a transaction or snapshot is already open here: they do not nest")
    async with begun as connection:
        token = current_unit.set(_Unit(connection, asyncio.current_task(), writes, is_long))
        try:
            yield
        finally:
            current_unit.reset(token)


# The unique index where two writers of the same moment meet: run again, the second one's question finds the first.
MET = "booking_once"


def is_conflict(error: Exception) -> bool:
    if isinstance(error, sqlite3.OperationalError):
        return "locked" in str(error)
    return getattr(error, "sqlstate", None) in ("40001", "40P01") or getattr(error, "constraint_name", None) == MET
