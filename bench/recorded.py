"""The statements of real bookings, with their values, and bare sqlite3 that sends the same ones again."""

import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from app.turns import RELEASE, SAVEPOINT

Statement = tuple[str, tuple[Any, ...]]
BEGIN, COMMIT = "BEGIN IMMEDIATE", "COMMIT"
log: list[Statement] = []


class Recording(sqlite3.Connection):
    """Notes what is executed, in order; what reads and what writes alike."""

    def execute(self, sql: str, parameters: Any = (), /) -> sqlite3.Cursor:
        log.append((sql, tuple(map(plain, parameters))))
        return super().execute(sql, parameters)


def plain(value: Any) -> Any:
    """As it is stored: the replay need not convert it."""
    return str(value.astimezone(UTC)) if isinstance(value, datetime) else value


@contextmanager
def recording() -> Iterator[None]:
    """Connections opened inside note what they execute."""
    connect = sqlite3.connect

    def recorded(*arguments: Any, **options: Any) -> sqlite3.Connection:
        made: sqlite3.Connection = connect(*arguments, **{**options, "factory": Recording})
        return made

    sqlite3.connect = recorded  # type: ignore[assignment]
    try:
        yield
    finally:
        sqlite3.connect = connect


def transactions(statements: Sequence[Statement], holding: str) -> list[list[Statement]]:
    """What stood between BEGIN and COMMIT, where one of the statements holds the given words."""
    found: list[list[Statement]] = []
    inside: list[Statement] | None = None
    for statement in statements:
        if statement[0] == BEGIN:
            inside = []
        elif statement[0] == COMMIT and inside is not None:
            found.append(inside)
            inside = None
        elif inside is not None and statement[0] not in (SAVEPOINT, RELEASE):  # how writers share a COMMIT
            inside.append(statement)
    return [one for one in found if any(holding in sql for sql, _ in one)]


def replay(connection: sqlite3.Connection, some: Sequence[Sequence[Statement]]) -> float:
    """Seconds that these transactions took, each with a COMMIT of its own."""
    began = time.perf_counter()
    for transaction in some:
        connection.execute(BEGIN)
        for sql, values in transaction:
            connection.execute(sql, values).fetchall()
        connection.execute(COMMIT)
    return time.perf_counter() - began


def bare(path: Path) -> sqlite3.Connection:
    """With the same promises to the disk as the application's writer."""
    connection = sqlite3.connect(path, isolation_level=None, cached_statements=512)
    for pragma in (
        "journal_mode = WAL",
        "synchronous = FULL",
        "foreign_keys = ON",
        "recursive_triggers = ON",
        "temp_store = MEMORY",
        "cache_size = -16000",
        "mmap_size = 16777216",
    ):
        connection.execute(f"PRAGMA {pragma}")
    return connection
