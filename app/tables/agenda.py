"""A person's own bookings, in one query: theirs, and those of the people they may see."""

from dataclasses import dataclass
from datetime import date, datetime

from app import database
from app.tables.booking import for_own_child


@dataclass(frozen=True, slots=True)
class AgendaLine:
    code: str
    state: str
    starts_at: datetime | None
    answer_by: date | None
    service: str
    provider: str
    receiver_id: int
    given_name: str
    own_cents: int


async def upcoming(person_id: int, *, now: datetime, today: date, language: str, limit: int = 20) -> list[AgendaLine]:
    """Open bookings whose end has not passed, soonest first; requests without a time last."""
    return await _lines(
        "b.state IN ('requested', 'awaiting', 'confirmed') AND (s.ends_at IS NULL OR s.ends_at > {})",
        "ORDER BY s.starts_at IS NULL, s.starts_at, b.booked_at",
        (person_id, now, today, language, limit),
    )


async def past(person_id: int, *, now: datetime, today: date, language: str, limit: int = 20) -> list[AgendaLine]:
    """Closed ones and those whose time is over, newest first."""
    return await _lines(
        "(b.state IN ('cancelled', 'refused', 'arrived', 'absent') OR s.ends_at <= {})",
        "ORDER BY coalesce(s.starts_at, b.booked_at) DESC",
        (person_id, now, today, language, limit),
    )


async def _lines(which: str, order: str, facts: tuple[int, datetime, date, str, int]) -> list[AgendaLine]:
    person_id, now, today, language, limit = facts
    found = await database.rows(
        "SELECT b.code, b.state, s.starts_at, b.answer_by, coalesce(y.name, x.name) AS service, p.name AS provider, "
        "b.receiver_id, coalesce(i.given_name, '') AS given_name, b.own AS own_cents FROM booking b "
        "JOIN service v ON v.id = b.service_id JOIN provider p ON p.id = b.provider_id "
        "JOIN service_text x ON x.service_id = v.id AND x.language = 'it' "
        "LEFT JOIN service_text y ON y.service_id = v.id AND y.language = {} "
        "LEFT JOIN slot s ON s.id = b.slot_id LEFT JOIN identity i ON i.person_id = b.receiver_id "
        "WHERE (b.receiver_id = {} OR (NOT v.is_confidential AND (b.booked_by = {} OR b.payer_id = {} "
        "OR b.receiver_id IN (SELECT person_id FROM delegation WHERE delegate_id = {} AND may_see "
        "AND revoked_at IS NULL AND from_on <= {} AND (until_on IS NULL OR until_on >= {})))) OR {}) "
        f"AND {which} AND {_NEAR} {order} LIMIT {{}}",
        *(language, person_id, person_id, person_id, person_id, today, today),
        *(for_own_child(person_id, today), now, *([person_id] * 4), limit),
    )
    return [AgendaLine(**line) for line in found]


# All that could be theirs, by indexes alone: without it each look reads every booking there is.
_NEAR = (
    "b.id IN (SELECT id FROM booking WHERE receiver_id = {} UNION SELECT id FROM booking WHERE booked_by = {} "
    "UNION SELECT id FROM booking WHERE payer_id = {} UNION SELECT o.id FROM booking o "
    "JOIN delegation g ON g.person_id = o.receiver_id WHERE g.delegate_id = {})"
)
