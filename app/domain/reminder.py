"""When a booking is spoken of: rows written in the booking's own transaction, so that none is ever forgotten.

`plan`, `moved` and `cancel` are steps of the booking verbs; each may be called twice without harm.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from app import database
from app.domain import message

LEADS = (48, 3)  # hours before
QUIET_FROM, QUIET_UNTIL = time(21), time(8)
EVENING = time(20)
AT_LEAST = timedelta(hours=2)  # a reminder put off to the morning must still leave this much
FRESH = timedelta(hours=1)  # sooner after booking than this, a reminder repeats what was just read
USELESS = timedelta(hours=1)  # so close to the start nobody can do anything with it
ADULT = 18


@dataclass(frozen=True, slots=True)
class Moment:
    lead_hours: int
    due_at: datetime


def is_quiet(instant: datetime, zone: ZoneInfo) -> bool:
    local = instant.astimezone(zone).time()
    return local >= QUIET_FROM or local < QUIET_UNTIL


def morning_after(instant: datetime, zone: ZoneInfo) -> datetime:
    """The end of the quiet hours that `instant` lies in."""
    local = instant.astimezone(zone)
    day = local.date() if local.time() < QUIET_UNTIL else local.date() + timedelta(days=1)
    return _at(day, QUIET_UNTIL, zone)


def moments(starts_at: datetime, zone: ZoneInfo, now: datetime) -> list[Moment]:
    """When to remind somebody of `starts_at`: never at night, never twice at once, never right after booking."""
    found: dict[datetime, Moment] = {}
    for lead in LEADS:
        due_at = _awake(starts_at - timedelta(hours=lead), starts_at, zone)
        if due_at >= now + FRESH:
            found[due_at] = Moment(lead, due_at)
    return list(found.values())


def useless_after(starts_at: datetime) -> datetime:
    return starts_at - USELESS


async def plan(booking_id: int, person_ids: Iterable[int], starts_at: datetime | None, *, now: datetime) -> None:
    """The confirmation, now, and the reminders to come; a request has no time yet."""
    until = starts_at or now + timedelta(days=3)
    zone = await _zone(booking_id)
    for person_id in await _heard(booking_id, person_ids):
        due_at = await _not_at_night(booking_id, person_id, zone, now)
        await message.put_once("confirmed", person_id, booking_id, due_at=due_at, useless_after=until, now=now)
        if starts_at:
            await _remind(booking_id, person_id, starts_at, zone, now)


async def moved(booking_id: int, person_ids: Iterable[int], starts_at: datetime, *, now: datetime) -> None:
    """Forgets the old time, tells the new one and reminds of it."""
    zone = await _zone(booking_id)
    await message.withdraw(booking_id, ("reminder",), now=now)
    for person_id in await _heard(booking_id, person_ids):
        due_at = await _not_at_night(booking_id, person_id, zone, now)
        await message.put_once("moved", person_id, booking_id, due_at=due_at, useless_after=starts_at, now=now)
        await _remind(booking_id, person_id, starts_at, zone, now)


async def cancel(booking_id: int, now: datetime) -> None:
    """Withdraws what was not sent yet, and tells everybody who had heard of the booking."""
    told = await message.people_told(booking_id)
    await message.withdraw(booking_id, ("reminder", "confirmed", "moved"), now=now)
    zone = await _zone(booking_id)
    for person_id in told:
        due_at = await _not_at_night(booking_id, person_id, zone, now)
        until = max(due_at, now) + timedelta(days=2)
        await message.put_once("cancelled", person_id, booking_id, due_at=due_at, useless_after=until, now=now)


async def answered(booking_id: int, person_ids: Iterable[int], starts_at: datetime | None, *, now: datetime) -> None:
    """A request got its answer; a yes with a time is reminded of."""
    zone = await _zone(booking_id)
    is_yes = await database.scalar("SELECT state FROM booking WHERE id = {}", booking_id) == "confirmed"
    await message.withdraw(booking_id, ("confirmed",) if is_yes else ("confirmed", "reminder"), now=now)
    for person_id in await _heard(booking_id, person_ids):
        due_at = await _not_at_night(booking_id, person_id, zone, now)
        until = starts_at or now + timedelta(days=3)
        await message.put_once("answered", person_id, booking_id, due_at=due_at, useless_after=until, now=now)
        if is_yes and starts_at:
            await _remind(booking_id, person_id, starts_at, zone, now)


async def listeners(booking_id: int) -> list[int]:
    """Who is told of a booking: who booked and who receives; for a minor, the parents instead of the child.

    Of a confidential service only the receiver hears, or who booked it for a minor.
    """
    found = await database.row(_PARTIES, booking_id)
    if found is None:
        return []
    if not _is_minor(found):
        both = [found["receiver_id"]] if found["is_confidential"] else [found["booked_by"], found["receiver_id"]]
        return list(dict.fromkeys(both))
    if found["booked_by"] != found["receiver_id"]:
        return [found["booked_by"]]
    parents = await database.rows(_PARENTS, found["receiver_id"], found["booked_at"].date())
    return [parent["delegate_id"] for parent in parents] or [found["receiver_id"]]


async def _heard(booking_id: int, person_ids: Iterable[int]) -> Sequence[int]:
    """The caller may name fewer than the rule, never others."""
    rule = await listeners(booking_id)
    return [person_id for person_id in rule if person_id in set(person_ids)] or rule


async def _remind(booking_id: int, person_id: int, starts_at: datetime, zone: ZoneInfo, now: datetime) -> None:
    for moment in moments(starts_at, zone, now):
        await message.put_reminder(
            person_id,
            booking_id,
            lead_hours=moment.lead_hours,
            due_at=moment.due_at,
            useless_after=useless_after(starts_at),
            now=now,
        )


def _awake(wished: datetime, starts_at: datetime, zone: ZoneInfo) -> datetime:
    """In the quiet hours: the morning after where that still leaves time, else the evening before."""
    if not is_quiet(wished, zone):
        return wished
    morning = morning_after(wished, zone)
    if morning <= starts_at - AT_LEAST:
        return morning
    return _at(morning.astimezone(zone).date() - timedelta(days=1), EVENING, zone)


def _at(day: date, clock: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, clock, zone).astimezone(UTC)


async def _not_at_night(booking_id: int, person_id: int, zone: ZoneInfo, now: datetime) -> datetime:
    """Who has just booked is awake and waits for the answer; nobody else is woken."""
    if not is_quiet(now, zone):
        return now
    acted = await database.scalar("SELECT booked_by FROM booking WHERE id = {} AND staff_id IS NULL", booking_id)
    return now if acted == person_id else morning_after(now, zone)


async def _zone(booking_id: int) -> ZoneInfo:
    name = await database.scalar(
        "SELECT t.zone FROM booking b JOIN territory t ON t.id = b.territory_id WHERE b.id = {}", booking_id
    )
    return ZoneInfo(name or "Europe/Rome")


def _is_minor(found: database.Row) -> bool:
    if found["part"] == "minor":
        return True
    born: date | None = found["born_on"]
    return born is not None and found["booked_at"].date() < _birthday(born)


def _birthday(born: date) -> date:
    day = 28 if (born.month, born.day) == (2, 29) else born.day
    return born.replace(year=born.year + ADULT, day=day)


_PARTIES = """
SELECT b.booked_by, b.receiver_id, s.is_confidential, i.born_on, b.booked_at,
  (SELECT m.part FROM household_member m WHERE m.person_id = b.receiver_id AND m.until_at IS NULL LIMIT 1) AS part
FROM booking b JOIN service s ON s.id = b.service_id LEFT JOIN identity i ON i.person_id = b.receiver_id
WHERE b.id = {}
"""
_PARENTS = """
SELECT delegate_id FROM delegation WHERE person_id = {} AND kind IN ('parent', 'guardian') AND revoked_at IS NULL
AND (until_on IS NULL OR until_on >= {}) ORDER BY id
"""
