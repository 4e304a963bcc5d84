"""What is told by telephone, where nothing else reaches a person."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from app import database
from app.domain.message import Due, Kind

NOT_WORTH_IT: tuple[Kind, ...] = ("confirmed", "new_device")
A_DAY = 24  # hours before, at least, of a reminder that is told instead of an earlier one


@dataclass(frozen=True, slots=True)
class Coming:
    """A message whose time is not there yet."""

    id: int
    booking_id: int | None
    kind: Kind
    lead_hours: int
    due_at: datetime


async def coming(person_id: int, *, is_rung: bool, now: datetime) -> list[Coming]:
    """What this person will be told, as far as it is known; where the person `is_rung`, one for each call."""
    due = [Coming(**row) for row in await database.rows(_COMING, person_id, now)]
    return [one for one in due if _is_worth_it(one, due)] if is_rung else due


async def comes_again(due: Due) -> bool:
    """A step: whether a later reminder of the same appointment will be told by telephone."""
    if due.kind != "reminder":
        return False
    others = await database.rows(_REMINDERS, due.booking_id, due.person_id)
    return _is_replaced(due.due_at, (Coming(**row) for row in others))


def _is_worth_it(one: Coming, due: Sequence[Coming]) -> bool:
    """Of several reminders of an appointment only the first call counts: who was reached is not called again."""
    if one.kind != "reminder":
        return one.kind not in NOT_WORTH_IT
    same = [other for other in due if other.kind == "reminder" and other.booking_id == one.booking_id]
    return one is next(other for other in same if not _is_replaced(other.due_at, same))


def _is_replaced(due_at: datetime, reminders: Iterable[Coming]) -> bool:
    """Nobody is telephoned a week before and two days before: the later reminder takes the place of the first."""
    return any(other.due_at > due_at and other.lead_hours >= A_DAY for other in reminders)


_COMING = """
SELECT id, booking_id, kind, lead_hours, due_at FROM message WHERE person_id = {} AND due_at > {} AND state = 'due'
ORDER BY due_at, id
"""
_REMINDERS = """
SELECT id, booking_id, kind, lead_hours, due_at FROM message WHERE booking_id = {} AND person_id = {}
AND kind = 'reminder' AND state = 'due'
"""
