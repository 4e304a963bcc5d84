"""Who did or saw what, for whom, when, why. Sealed rows: keys and numbers, never a name or free text."""

import re
from collections.abc import Sequence
from datetime import datetime

from app import database
from app.domain.actor import Actor
from app.domain.digest import digest

FIELDS = (
    "at",
    "actor_kind",
    "actor_id",
    "person_id",
    "territory_id",
    "what",
    "subject_kind",
    "subject_id",
    "purpose",
    "device",
)
_KEY = re.compile(r"[\w.:/-]{0,80}", re.ASCII)


def keyword(value: str) -> str:
    """A word with a meaning known to the code; what somebody typed never enters a row that cannot be erased."""
    if not _KEY.fullmatch(value):
        raise ValueError(f"{value!r} is not a key: sealed rows hold no free text")
    return value


async def record(
    what: str,
    *,
    actor: Actor,
    now: datetime,
    person_id: int | None = None,
    territory_id: int | None = None,
    subject_kind: str = "",
    subject_id: int = 0,
    purpose: str = "",
) -> None:
    """Expects the transaction of what it tells about."""
    subject = (keyword(what), keyword(subject_kind), subject_id, keyword(purpose))
    values = (now, actor.kind, actor.id, person_id, territory_id, *subject, keyword(actor.device))
    await database.execute(f"{_INSERT} {_PLACES}", *values, digest(values))


async def record_looks(
    person_ids: Sequence[int], *, actor: Actor, now: datetime, subject_kind: str, subject_id: int, purpose: str
) -> None:
    """A look at a list: a row for each person in it, in one statement."""
    subject = ("person.looked", keyword(subject_kind), subject_id, keyword(purpose), keyword(actor.device))
    found = [(now, actor.kind, actor.id, person_id, None, *subject) for person_id in person_ids]
    if found:
        values = [value for row in found for value in (*row, digest(row))]
        await database.execute(f"{_INSERT} {', '.join([_PLACES] * len(found))}", *values)


_INSERT = f"INSERT INTO audit ({', '.join(FIELDS)}, digest) VALUES"
_PLACES = f"({', '.join(['{}'] * (len(FIELDS) + 1))})"
