"""Everything that is asked of the database: rows, row, scalar, execute; write, snapshot, heavy; migrate."""

import asyncio
import itertools
import random
import re
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from pathlib import Path
from string import Formatter
from typing import Any, TypeVar

from piccolo.querystring import QueryString

from app.config import Settings, settings
from app.engines import PATIENCE, Postgres, Row, Sqlite, TransactionError, counter, current_unit, inside, is_conflict

__all__ = [
    "DB",
    "Piece",
    "Row",
    "TransactionError",
    "attempt",
    "counter",
    "day",
    "execute",
    "heavy",
    "in_write",
    "instant",
    "migrate",
    "opening",
    "renew_plans",
    "row",
    "rows",
    "scalar",
    "snapshot",
    "start",
    "stop",
    "whole",
    "write",
]

T = TypeVar("T")

MIGRATIONS = Path(__file__).parent / "tables" / "migrations"


def _engine(chosen: Settings) -> Sqlite | Postgres:
    if not chosen.database_url:
        return Sqlite(path=str(chosen.sqlite_path))
    limits = {"jit": "off", "statement_timeout": "15000", "idle_in_transaction_session_timeout": "30000"}
    return Postgres({"dsn": chosen.database_url, "server_settings": limits, "command_timeout": 20})


DB = _engine(settings())


_openings = 0


async def start() -> None:
    global _openings
    _openings += 1
    await DB.start_connection_pool()


def opening() -> int:
    """How often this process opened a database: what it remembers of one says nothing of the next."""
    return _openings


async def stop() -> None:
    await DB.close_connection_pool()


def in_write() -> bool:
    unit = current_unit.get()
    return unit is not None and unit.writes


@dataclass
class _Whole:
    """A verb of it that failed left half of what it wrote."""

    is_broken: bool = False


_in_whole: ContextVar[_Whole | None] = ContextVar("whole", default=None)


@asynccontextmanager
async def whole() -> AsyncIterator[None]:
    """For seeds: the verbs inside share one transaction, so that a story is told whole or not at all.

    What may be refused is tried in `attempt`. Statements may write a million rows, and have the time of a report's.
    """
    is_postgres = DB.engine_type == "postgres"
    async with inside(DB.writing(), writes=True, is_long=is_postgres):
        if is_postgres:
            await execute("SET LOCAL statement_timeout = '5min'")
        told = _Whole()
        token = _in_whole.set(told)
        try:
            yield
        finally:
            _in_whole.reset(token)
        _refuse_broken(told)


@asynccontextmanager
async def attempt() -> AsyncIterator[None]:
    """Inside `whole`, for verbs that may be refused: what they wrote is taken back, and the story can go on."""
    told = _in_whole.get()
    if told is None:
        yield
        return
    _refuse_broken(told)
    await execute("SAVEPOINT attempt")
    try:
        yield
        _refuse_broken(told)
    except BaseException:
        await execute("ROLLBACK TO SAVEPOINT attempt")
        told.is_broken = False
        raise
    await execute("RELEASE SAVEPOINT attempt")


async def _share(told: _Whole, verb: Callable[[], Awaitable[T]]) -> T:
    _refuse_broken(told)
    try:
        return await verb()
    except BaseException:
        told.is_broken = True
        raise


def _refuse_broken(told: _Whole) -> None:
    if told.is_broken:
        raise TransactionError("a verb failed inside whole(): what may be refused is tried in attempt()")


async def renew_plans() -> None:
    """For seeds: inside their transaction PostgreSQL goes on believing that tables are as small as when first asked."""
    if DB.engine_type == "postgres":
        await execute("ANALYZE")


class Busy(RuntimeError):
    """Others held the database longer than anybody wants to wait for a page."""


def is_busy(error: Exception) -> bool:
    """Whether trying again in a moment may help: too many at once, or the database is starting."""
    if isinstance(error, Busy | TimeoutError | ConnectionError) or is_conflict(error):
        return True
    return str(getattr(error, "sqlstate", "") or "")[:2] in ("08", "53", "57")


async def write(verb: Callable[[], Awaitable[T]]) -> T:
    """Runs the verb in one transaction; a conflict with another one runs it again from the start."""
    if told := _in_whole.get():
        return await _share(told, verb)
    give_up = time.monotonic() + PATIENCE
    for attempt in itertools.count(1):
        try:
            async with inside(DB.writing(), writes=True):
                return await verb()
        except Exception as error:
            if not is_conflict(error):
                raise
            if time.monotonic() > give_up:
                raise Busy() from error
        await asyncio.sleep(random.uniform(0.001, 0.01 * 2 ** min(attempt, 5)))
    raise AssertionError("unreachable")


@asynccontextmanager
async def snapshot(*, is_long: bool = False) -> AsyncIterator[None]:
    """What is read inside agrees with itself, whatever is written meanwhile; `is_long` as `heavy` reads."""
    async with inside(DB.reading_long() if is_long else DB.reading(), writes=False, is_long=is_long):
        yield


class Piece:
    """A piece of SQL with the values of its places, to be given where a value stands."""

    __slots__ = ("args", "sql")

    def __init__(self, sql: str, *args: Any) -> None:
        self.sql = sql
        self.args = args


async def rows(sql: str, *args: Any) -> list[Row]:
    """`{}` stands for a value or a Piece."""
    if any(type(value) is Piece for value in args):
        sql, args = _joined(sql, args)
    return await DB.fetch(_compiled(sql, len(args)), args)


def _joined(sql: str, args: tuple[Any, ...]) -> tuple[str, tuple[Any, ...]]:
    """The whole statement, with the values of all its pieces."""
    first, *others = sql.split("{}")
    told, values = [first], list[Any]()
    for value, after in zip(args, others, strict=True):
        inner, its = _joined(value.sql, value.args) if type(value) is Piece else ("{}", (value,))
        told += (inner, after)
        values += its
    return "".join(told), tuple(values)


async def row(sql: str, *args: Any) -> Row | None:
    found = await rows(sql, *args)
    return found[0] if found else None


async def scalar(sql: str, *args: Any) -> Any:
    found = await row(sql, *args)
    return next(iter(found.values())) if found else None


async def execute(sql: str, *args: Any) -> None:
    await rows(sql, *args)


async def heavy(sql: str, *args: Any) -> list[Row]:
    """For reports: may take long without holding up anybody's page."""
    return await DB.heavy(_compiled(sql, len(args)), args)


@lru_cache(maxsize=4096)
def _compiled(sql: str, values: int) -> str:
    places = sum(name is not None for _, name, _, _ in Formatter().parse(sql))
    if places != values:
        raise ValueError(f"{places} places for {values} values in: {sql}")
    return QueryString(sql, *range(values)).compile_string(DB.engine_type)[0]


def instant(value: datetime | str | None) -> datetime | None:
    """A computed instant such as max(starts_at): SQLite gives it as text."""
    if isinstance(value, str):
        value = datetime.fromisoformat(value)
    return value if value is None or value.tzinfo else value.replace(tzinfo=UTC)


def day(value: date | str | None) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) else value


async def migrate() -> None:
    await write(_apply_migrations)


async def _apply_migrations() -> None:
    if DB.engine_type == "postgres":
        await execute("SET LOCAL statement_timeout = 0")
        await execute("SELECT pg_advisory_xact_lock(727001)")
    await execute("CREATE TABLE IF NOT EXISTS schema_version (name TEXT PRIMARY KEY, applied_at TIMESTAMPTZ NOT NULL)")
    applied = {found["name"] for found in await rows("SELECT name FROM schema_version")}
    for file in sorted(MIGRATIONS.glob("[0-9]*.sql")):
        if file.stem not in applied:
            for statement in statements(file.read_text(), DB.engine_type):
                await DB.run_ddl(statement)
            await execute("INSERT INTO schema_version (name, applied_at) VALUES ({}, {})", file.stem, datetime.now(UTC))


def statements(text: str, engine: str) -> list[str]:
    """The statements of a migration file that this engine runs, in its dialect; `$each` once for each name listed."""
    block, lines, names = "all", [], [""]
    for line in text.splitlines():
        if marker := re.fullmatch(r"-- (sqlite|postgres|all)", line.strip()):
            block = marker[1]
        elif listed := re.fullmatch(r"-- each (.+)", line):
            names = listed[1].split()
        elif block in ("all", engine) and not line.lstrip().startswith("--"):
            lines.append(line)
    parts = re.split(r"\n\s*\n", "\n".join(lines))
    told = [part.replace("$each", name) for part in parts for name in (names if "$each" in part else [""])]
    return [_dialect(part.strip(), engine) for part in told if part.strip()]


def _dialect(statement: str, engine: str) -> str:
    if engine == "postgres":
        identity, cents = "BIGINT GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY", r"\1 BIGINT NOT NULL"
    else:
        identity = "INTEGER PRIMARY KEY AUTOINCREMENT"
        cents = r"\1 BIGINT NOT NULL CHECK (typeof(\1) = 'integer')"
    return re.sub(r"(\w+) \$cents\b", cents, re.sub(r"\$pk\b", identity, statement))
