"""When a booking is spoken of: rows written in the booking's own transaction, so that none is ever forgotten.

`plan`, `moved` and `cancel` are steps of the booking verbs; each may be called twice without harm.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from app import database
from app.domain import ledger, message
from app.domain.errors import NotFound
from app.domain.message import New
from app.tables.booking import trusted_once

LEADS = (168, 48, 3)  # hours before, where the service says nothing else
MOST_LEADS = 5
LEADS_ALLOWED = range(2, 672 + 1)  # an hour before it is too late, four weeks before is a long time
QUIET_FROM, QUIET_UNTIL = time(21), time(8)
EVENING = time(20)
AT_LEAST = timedelta(hours=2)  # a reminder put off to the morning must still leave this much
TOGETHER = timedelta(minutes=30)  # a person's reminders due within it are one message, told when the first is due
FRESH = timedelta(hours=1)  # sooner after booking than this, a reminder repeats what was just read
USELESS = timedelta(hours=1)  # so close to the start nobody can do anything with it
ADULT = 18


@dataclass(frozen=True, slots=True)
class Moment:
    lead_hours: int
    due_at: datetime


@dataclass(frozen=True, slots=True)
class _Facts:
    """Of a booking: who may hear of it, in which zone it is night, and which messages to whom stand already."""

    state: str
    booked_by: int
    receiver_id: int
    staff_id: int | None
    booked_at: datetime
    is_confidential: bool
    zone: ZoneInfo
    born_on: date | None
    part: str | None
    standing: frozenset[tuple[str, int]]
    leads: Sequence[int]

    @property
    def is_minor(self) -> bool:
        if self.part == "minor":
            return True
        return self.born_on is not None and self.booked_at.date() < _birthday(self.born_on)


def is_quiet(instant: datetime, zone: ZoneInfo) -> bool:
    local = instant.astimezone(zone).time()
    return local >= QUIET_FROM or local < QUIET_UNTIL


def morning_after(instant: datetime, zone: ZoneInfo) -> datetime:
    """The end of the quiet hours that `instant` lies in."""
    local = instant.astimezone(zone)
    day = local.date() if local.time() < QUIET_UNTIL else local.date() + timedelta(days=1)
    return _at(day, QUIET_UNTIL, zone)


def waits_until(due_at: datetime, now: datetime, zone: ZoneInfo) -> datetime | None:
    """The morning, for what was not meant to be told at night."""
    return morning_after(now, zone) if is_quiet(now, zone) and not is_quiet(due_at, zone) else None


def moments(starts_at: datetime, zone: ZoneInfo, now: datetime, leads: Sequence[int] = LEADS) -> list[Moment]:
    """When to remind somebody of `starts_at`: never at night, never twice at once, never right after booking."""
    found: dict[datetime, Moment] = {}
    for lead in leads:
        due_at = _awake(starts_at - timedelta(hours=lead), starts_at, zone)
        if due_at >= now + FRESH:
            found[due_at] = Moment(lead, due_at)
    return list(found.values())


def told_at(due: Iterable[datetime]) -> dict[datetime, datetime]:
    """When each of a person's reminders will really come, by when it is due."""
    told: dict[datetime, datetime] = {}
    first: datetime | None = None
    for due_at in sorted(due):
        if first is None or due_at > first + TOGETHER:
            first = due_at
        told[due_at] = first
    return told


def useless_after(starts_at: datetime) -> datetime:
    return starts_at - USELESS


async def plan(booking_id: int, person_ids: Iterable[int], starts_at: datetime | None, *, now: datetime) -> None:
    """The confirmation, now, and the reminders to come; a request has no time yet."""
    until = starts_at or now + timedelta(days=3)
    facts = await _facts(booking_id)
    told: list[New] = []
    for person_id in await _heard(facts, person_ids):
        told.append(New("confirmed", person_id, _not_at_night(facts, person_id, now), until))
        told += _reminders(person_id, starts_at, facts, now) if starts_at else []
    await message.put_all(booking_id, told, facts.standing, now=now)


async def moved(booking_id: int, person_ids: Iterable[int], starts_at: datetime, *, now: datetime) -> None:
    """Forgets the old time, tells the new one and reminds of it."""
    facts = await _facts(booking_id)
    await message.withdraw(booking_id, ("reminder",), now=now)
    told: list[New] = []
    for person_id in await _heard(facts, person_ids):
        told.append(New("moved", person_id, _not_at_night(facts, person_id, now), starts_at))
        told += _reminders(person_id, starts_at, facts, now)
    await message.put_all(booking_id, told, facts.standing, now=now)


async def cancel(booking_id: int, now: datetime) -> None:
    """Withdraws what was not sent yet, and tells everybody who had heard of the booking."""
    told = await message.people_told(booking_id)
    await message.withdraw(booking_id, ("reminder", "confirmed", "moved"), now=now)
    facts = await _facts(booking_id)
    due = {person_id: _not_at_night(facts, person_id, now) for person_id in told}
    cancelled = [New("cancelled", who, due_at, max(due_at, now) + timedelta(days=2)) for who, due_at in due.items()]
    await message.put_all(booking_id, cancelled, facts.standing, now=now)


async def answered(booking_id: int, person_ids: Iterable[int], starts_at: datetime | None, *, now: datetime) -> None:
    """A request got its answer; a yes with a time is reminded of."""
    facts = await _facts(booking_id)
    is_yes = facts.state == "confirmed"
    await message.withdraw(booking_id, ("confirmed",) if is_yes else ("confirmed", "reminder"), now=now)
    told: list[New] = []
    for person_id in await _heard(facts, person_ids):
        until = starts_at or now + timedelta(days=3)
        told.append(New("answered", person_id, _not_at_night(facts, person_id, now), until))
        told += _reminders(person_id, starts_at, facts, now) if is_yes and starts_at else []
    await message.put_all(booking_id, told, facts.standing, now=now)


async def listeners(booking_id: int) -> list[int]:
    """Who is told of a booking: who booked and who receives; for a minor, the parents instead of the child.

    Of a confidential service only the receiver hears, or who booked it for a minor.
    """
    return await _rule(await _facts(booking_id))


async def may_hear(booking_id: int, person_id: int, now: datetime) -> bool:
    """False for who spoke for the receiver when this was planned, and does not any more."""
    return not await trusted_once(booking_id, person_id, ledger.day(now))


async def hand_on(booking_id: int, news: New, *, now: datetime) -> None:
    """A step: what this person may not hear any more is told to who else speaks for a child; adults hear anyway."""
    facts = await _facts(booking_id)
    if facts.is_minor:
        others = [one for one in await _parents(facts) if one != news.person_id] or [facts.receiver_id]
        told = [replace(news, person_id=one) for one in others]
        await message.put_all(booking_id, told, facts.standing, now=now)


async def _rule(facts: _Facts) -> list[int]:
    if not facts.is_minor:
        both = [facts.receiver_id] if facts.is_confidential else [facts.booked_by, facts.receiver_id]
        return list(dict.fromkeys(both))
    if facts.booked_by != facts.receiver_id:
        return [facts.booked_by]
    return await _parents(facts) or [facts.receiver_id]


async def _parents(facts: _Facts) -> list[int]:
    found = await database.rows(_PARENTS, facts.receiver_id, ledger.day(facts.booked_at))
    return [parent["delegate_id"] for parent in found]


async def _heard(facts: _Facts, person_ids: Iterable[int]) -> Sequence[int]:
    """The caller may name fewer than the rule, never others."""
    rule = await _rule(facts)
    return [person_id for person_id in rule if person_id in set(person_ids)] or rule


def _reminders(person_id: int, starts_at: datetime, facts: _Facts, now: datetime) -> list[New]:
    return [
        New("reminder", person_id, moment.due_at, useless_after(starts_at), moment.lead_hours)
        for moment in moments(starts_at, facts.zone, now, facts.leads)
    ]


def _awake(wished: datetime, starts_at: datetime, zone: ZoneInfo) -> datetime:
    """In the quiet hours: the morning after where that still leaves time, else the evening before."""
    if not is_quiet(wished, zone):
        return wished
    morning = morning_after(wished, zone)
    if morning <= starts_at - AT_LEAST:
        return morning
    day = morning.astimezone(zone).date()
    evenings = (_at(day - timedelta(days=before), EVENING, zone) for before in (1, 2))  # a zone may leave out a day
    return next(evening for evening in evenings if evening < morning)


def _at(day: date, clock: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, clock, zone).astimezone(UTC)


def _not_at_night(facts: _Facts, person_id: int, now: datetime) -> datetime:
    """Who has just booked is awake and waits for the answer; nobody else is woken."""
    if not is_quiet(now, facts.zone):
        return now
    acted = None if facts.staff_id else facts.booked_by
    return now if acted == person_id else morning_after(now, facts.zone)


async def _facts(booking_id: int) -> _Facts:
    found = await database.rows(_FACTS, booking_id)
    if not found:
        raise NotFound()
    standing = frozenset((row.pop("told"), row.pop("told_to")) for row in found)
    own = {row.pop("lead_hours") for row in found} - {None}
    zone = ZoneInfo(found[0].pop("zone"))
    return _Facts(**found[0], zone=zone, standing=standing, leads=sorted(own, reverse=True) or LEADS)


def _birthday(born: date) -> date:
    day = 28 if (born.month, born.day) == (2, 29) else born.day
    return born.replace(year=born.year + ADULT, day=day)


_FACTS = """
SELECT b.state, b.booked_by, b.receiver_id, b.staff_id, b.booked_at, s.is_confidential, t.zone, i.born_on,
  (SELECT m.part FROM household_member m WHERE m.person_id = b.receiver_id AND m.until_at IS NULL LIMIT 1) AS part,
  n.kind AS told, n.person_id AS told_to, l.lead_hours
FROM booking b JOIN service s ON s.id = b.service_id JOIN territory t ON t.id = b.territory_id
LEFT JOIN identity i ON i.person_id = b.receiver_id
LEFT JOIN service_lead l ON l.service_id = b.service_id
LEFT JOIN message n ON n.booking_id = b.id AND n.kind <> 'reminder'
  AND (n.state = 'due' OR n.kind IN ('confirmed', 'cancelled'))
WHERE b.id = {}
"""
_PARENTS = """
SELECT delegate_id FROM delegation WHERE person_id = {} AND kind IN ('parent', 'guardian') AND revoked_at IS NULL
AND (until_on IS NULL OR until_on >= {}) ORDER BY id
"""
