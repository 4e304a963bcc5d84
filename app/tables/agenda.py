"""A person's own bookings, in one query: theirs, and those of the people they may see."""

from dataclasses import dataclass
from datetime import date, datetime

from app import database
from app.tables.booking import for_own_child, of_who_trusted_once


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


@dataclass(frozen=True, slots=True)
class CalendarLine:
    """`place` is '' where nobody goes anywhere."""

    code: str
    state: str
    starts_at: datetime
    ends_at: datetime
    booked_at: datetime
    closed_at: datetime | None
    sequence: int
    service: str
    is_confidential: bool
    mode: str
    place: str
    receiver_id: int
    given_name: str


@dataclass(frozen=True, slots=True)
class Agenda:
    upcoming: list[AgendaLine]
    past: list[AgendaLine]


async def of(
    person_id: int, *, now: datetime, today: date, language: str, most: int = 20, most_past: int = 20
) -> Agenda:
    """Open bookings whose end has not passed, soonest first, requests without a time last; all others, newest first."""
    found = await database.rows(
        _MINE + _BOTH,
        *(language, of_who_trusted_once(person_id, today), *([person_id] * 4), today, today),
        *(for_own_child(person_id, today), *([person_id] * 4), now, most, now, most_past),
    )
    return _told(found)


async def upcoming(person_id: int, *, now: datetime, today: date, language: str, most: int = 200) -> list[AgendaLine]:
    return (await of(person_id, now=now, today=today, language=language, most=most, most_past=0)).upcoming


async def page(
    person_id: int, *, now: datetime, today: date, language: str, after: int, most: int
) -> tuple[Agenda, int]:
    """All of `of` in the same order but for the first `after`, `most` at a time; and how many there are in all."""
    found = await database.rows(
        _MINE + _ALL,
        *(language, of_who_trusted_once(person_id, today), *([person_id] * 4), today, today),
        *(for_own_child(person_id, today), *([person_id] * 4), now, most, after),
    )
    total = [line.pop("total") for line in found]
    return _told(found), total[0] if total else 0


def _told(found: list[database.Row]) -> Agenda:
    lines = [(line.pop("is_open"), AgendaLine(**line)) for line in found]
    return Agenda([line for is_open, line in lines if is_open], [line for is_open, line in lines if not is_open])


async def calendar(
    person_id: int, *, since: datetime, today: date, language: str, most: int = 200
) -> list[CalendarLine]:
    """What has a time and does not end before `since`, cancelled ones too, soonest first."""
    found = await database.rows(
        _CALENDAR,
        *(language, of_who_trusted_once(person_id, today), *([person_id] * 4), today, today),
        *(for_own_child(person_id, today), *([person_id] * 4), since, most),
    )
    return [CalendarLine(**line) for line in found]


# All that could be theirs, by indexes alone: without it each look reads every booking there is.
_NEAR = (
    "b.id IN (SELECT id FROM booking WHERE receiver_id = {} UNION SELECT id FROM booking WHERE booked_by = {} "
    "UNION SELECT id FROM booking WHERE payer_id = {} UNION SELECT o.id FROM booking o "
    "JOIN delegation g ON g.person_id = o.receiver_id WHERE g.delegate_id = {})"
)

_LINE = "code, state, starts_at, answer_by, service, provider, receiver_id, given_name, own_cents"


def _mine(more: str = "", of: str = "") -> str:
    """A table of what is theirs to see; `more` columns, `of` what is joined for them."""
    return (
        "WITH mine AS (SELECT b.code, b.state, s.starts_at, b.answer_by, coalesce(y.name, x.name) AS service, "
        "p.name AS provider, b.receiver_id, coalesce(i.given_name, '') AS given_name, b.own AS own_cents, "
        f"b.booked_at, s.ends_at{more} FROM booking b JOIN service v ON v.id = b.service_id "
        "JOIN provider p ON p.id = b.provider_id "
        "JOIN service_text x ON x.service_id = v.id AND x.language = 'it' "
        "LEFT JOIN service_text y ON y.service_id = v.id AND y.language = {} "
        f"LEFT JOIN slot s ON s.id = b.slot_id LEFT JOIN identity i ON i.person_id = b.receiver_id{of} "
        "WHERE NOT {} AND (b.receiver_id = {} OR (NOT v.is_confidential AND (b.booked_by = {} OR b.payer_id = {} "
        "OR b.receiver_id IN (SELECT person_id FROM delegation WHERE delegate_id = {} AND may_see "
        f"AND revoked_at IS NULL AND from_on <= {{}} AND (until_on IS NULL OR until_on >= {{}})))) OR {{}}) "
        f"AND {_NEAR}) "
    )


_MINE = _mine()
_IS_OPEN = "state IN ('requested', 'awaiting', 'confirmed') AND (ends_at IS NULL OR ends_at > {})"
_BOTH = (
    f"SELECT * FROM (SELECT {_LINE}, 1 AS is_open FROM mine WHERE {_IS_OPEN} "
    "ORDER BY starts_at IS NULL, starts_at, booked_at LIMIT {}) AS open "
    f"UNION ALL SELECT * FROM (SELECT {_LINE}, 0 FROM mine "
    "WHERE state IN ('cancelled', 'refused', 'arrived', 'absent') OR ends_at <= {} "
    "ORDER BY coalesce(starts_at, booked_at) DESC LIMIT {}) AS past"
)
_ALL = (
    f"SELECT {_LINE}, is_open, count(*) OVER () AS total FROM (SELECT {_LINE}, booked_at, "
    f"CASE WHEN {_IS_OPEN} THEN 1 ELSE 0 END AS is_open FROM mine) AS every ORDER BY is_open DESC, "
    "CASE WHEN is_open = 1 AND starts_at IS NULL THEN 1 ELSE 0 END, CASE WHEN is_open = 1 THEN starts_at END, "
    "CASE WHEN is_open = 1 THEN booked_at END, CASE WHEN is_open = 0 THEN coalesce(starts_at, booked_at) END DESC, "
    "code LIMIT {} OFFSET {}"
)
_CALENDAR = (
    _mine(
        ", b.closed_at, b.sequence, v.is_confidential, v.mode, "
        "coalesce(CASE v.mode WHEN 'centre' THEN l.name || ', ' || l.address || ', ' || t.name END, '') AS place",
        " LEFT JOIN service_place sp ON sp.id = b.service_place_id LEFT JOIN place l ON l.id = sp.place_id "
        "LEFT JOIN municipality t ON t.id = l.municipality_id",
    )
    + "SELECT code, state, starts_at, ends_at, booked_at, closed_at, sequence, service, is_confidential, mode, place, "
    "receiver_id, given_name FROM mine WHERE ends_at > {} ORDER BY starts_at, code LIMIT {}"
)
