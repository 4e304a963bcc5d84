"""Every statement the application asks in a test is looked at once: none may read a table that grows from end to end.

SQLite alone is asked, which plans without knowing how much there is, so a test's few rows tell the truth; it also takes
a partial index only where the statement repeats its condition.
"""

import sqlite3
import sys
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from pathlib import Path
from types import FrameType
from typing import Any
from unittest import mock

from app import database
from app.config import ROOT
from app.engines import Sqlite
from bench.plans import READS, scanned_table

# What a territory's staff writes down: some rows, some hundred at most. Every other table grows with people and days.
SOME = frozenset(
    [
        *("category", "content_version", "fund", "funder", "lease", "material", "material_file", "municipality"),
        *("not_offered", "outbox_copy", "payable", "place", "price_class", "provider", "question", "resource", "role"),
        *("schema_version", "seal", "social_point", "staff", "synonym", "territory"),
    ]
)
AS_LONG = ("booking_territory", "booking_provider")
# Whoever reads all of it on purpose, and why that is right there.
ON_PURPOSE = {
    "verify": "recomputes everything",
    "fund.identity": "adds up a whole fund",
    "report.entries": "the months of a whole fund",
    "condition.queue": "the figures of a whole installation",
    "condition.unreminded": "looks for what was forgotten, over all that is to come",
    "condition.forgotten": "names what the figure before it counts",
    "desk_person.walkable": "the places of who stands at this desk",
    "slot.refresh_stale": "looks over all places for a first free time that has passed",
    "slot.keep_first_free": "places that share a room, of which few are shared",
    "slot_hold.release_expired": "answers of holds, which go with their hold",
    "week_reader.forget_unconfirmed": "who asked for a letter and never confirmed",
}
_BETWEEN = ("app/database.py", "app/engines.py", "app/turns.py", "tests/whole_tables.py")


class WholeTables:
    """`found` is said by the test in which the application asked first."""

    def __init__(self) -> None:
        self.known: set[str] = set()
        self.found: list[str] = []

    def hear(self, sql: str, values: Sequence[Any]) -> None:
        if sql in self.known or not READS.match(sql):
            return
        asker = _asker()
        if not asker:
            return
        self.known.add(sql)
        if not {asker, asker.partition(".")[0]} & ON_PURPOSE.keys():
            self.found += [
                f"{asker} reads all of {table}: {' '.join(sql.split())}" for table in whole(sql, len(values))
            ]

    def take(self) -> list[str]:
        found, self.found = self.found, []
        return found


def whole(sql: str, values: int) -> Iterator[str]:
    try:
        steps = _bare().execute(f"EXPLAIN QUERY PLAN {sql}", (None,) * values).fetchall()
    except sqlite3.OperationalError:
        return  # of a table that a test made
    parts = [(step[3], *step[3].split(" ")[:2]) for step in steps]
    made_here = {named[0] for _, kind, *named in parts if kind in ("CO-ROUTINE", "MATERIALIZE")}
    scanned = {scanned_table(step, sql) for step, _, *named in parts if not made_here & {*named}}
    yield from scanned & _growing()
    yield from (f"an index as long ({step})" for step, *_ in parts if _is_as_long(step, sql))


def _is_as_long(step: str, sql: str) -> bool:
    """Of a territory or a provider: what is open is little, what ever was is everything."""
    index = next((name for name in AS_LONG if f"INDEX {name} " in step), "")
    return bool(index) and ("state=?" not in step or "'arrived'" in sql)


def listening(heard: Callable[[str, Sequence[Any]], None]) -> Any:
    fetch = Sqlite.fetch

    async def fetched(self: Sqlite, sql: str, args: Sequence[Any]) -> list[database.Row]:
        heard(sql, args)
        return await fetch(self, sql, args)

    return mock.patch.object(Sqlite, "fetch", fetched)


def _asker() -> str:
    """'module.function' of the application's code that asks, '' where a test or the story of the demo does."""
    frame: FrameType | None = sys._getframe(2)
    while frame:
        path = Path(frame.f_code.co_filename)
        if path.is_relative_to(ROOT) and ".venv" not in path.parts and not path.as_posix().endswith(_BETWEEN):
            is_ours = path.is_relative_to(ROOT / "app") and "seed" not in path.parts
            return f"{path.stem}.{frame.f_code.co_name}" if is_ours else ""
        frame = frame.f_back
    return ""


@cache
def _bare() -> sqlite3.Connection:
    made = sqlite3.connect(":memory:", check_same_thread=False)
    for file in sorted(database.MIGRATIONS.glob("[0-9]*.sql")):
        for statement in database.statements(file.read_text(), "sqlite"):
            made.execute(statement)
    return made


@cache
def _growing() -> frozenset[str]:
    tables = _bare().execute("SELECT name FROM sqlite_master WHERE type = 'table'")
    return frozenset(name for (name,) in tables) - SOME
