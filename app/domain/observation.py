"""What many people look for and do not find, counted without anybody: words the catalogue knows, never what was typed.

Counts are kept in memory and written in batches, so that looking does not wait for a write.
"""

from collections import Counter
from contextvars import ContextVar
from datetime import date, datetime
from typing import Literal

from app import database
from app.domain.ledger import ZONE

Kind = Literal["no_result", "not_offered", "no_free_date", "waiting"]
Counted = tuple[int, Kind, str]  # territory, kind, subject
BATCH = 50
_pending: Counter[tuple[int, date, Kind, str]] = Counter()
_listening: ContextVar[list[Counted] | None] = ContextVar("listening", default=None)


async def count(territory_id: int, kind: Kind, subject: str, *, now: datetime) -> None:
    if (heard := _listening.get()) is not None:
        heard.append((territory_id, kind, subject))
    _pending[territory_id, now.astimezone(ZONE).date(), kind, subject[:80]] += 1
    if _pending.total() >= BATCH:
        await flush()


def listen() -> list[Counted]:
    """Fills with what is counted from here on in this request: a page that is shown again counts again."""
    heard: list[Counted] = []
    _listening.set(heard)
    return heard


async def flush() -> None:
    """Writes what has been counted since the last time."""
    if not _pending:
        return
    counted = dict(_pending)
    _pending.clear()
    await database.write(lambda: _add(counted))


async def _add(counted: dict[tuple[int, date, Kind, str], int]) -> None:
    for (territory_id, day, kind, subject), seen in sorted(counted.items()):
        await database.execute(
            "INSERT INTO observation (territory_id, day, kind, subject, seen) VALUES ({}, {}, {}, {}, {}) "
            "ON CONFLICT (territory_id, day, kind, subject) DO UPDATE SET seen = observation.seen + excluded.seen",
            *(territory_id, day, kind, subject, seen),
        )
