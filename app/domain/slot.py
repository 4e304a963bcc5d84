"""What is free, and taking it: the list a person sees and the final check are one function.

A slot row is made at its first hold. Taking one: the resources it needs are touched in ascending id, so two takers of
one operator meet there; then holds past their time end, which waits for whoever is booking one of them right now; then
the overlap is asked; then one conditional UPDATE takes the seats. The CHECK on the table
is the fence behind it and is never caught.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from app import database
from app.domain import content, plan
from app.domain.actor import Actor
from app.domain.errors import NotFound, SlotFull, SlotNotOffered
from app.domain.plan import Calendar, ExceptionFacts, PlanFacts
from app.domain.verb import Key, verb

WINDOW = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Offer:
    """One service at one place, with everything its times depend on."""

    id: int
    service_id: int
    territory_id: int
    provider_id: int
    place_id: int
    unit: str
    min_quantity: int
    minutes: int
    step_minutes: int
    buffer_minutes: int
    capacity: int
    notice_hours: int
    horizon_days: int
    resources: tuple[int, ...]
    calendar: Calendar

    def lasting(self, quantity: int) -> timedelta:
        return timedelta(minutes=self.minutes * (quantity if self.unit == "hour" else 1))

    def seats(self, quantity: int) -> int:
        return quantity if self.unit == "person" else 1

    @property
    def buffer(self) -> timedelta:
        return timedelta(minutes=self.buffer_minutes)

    def window(self, now: datetime) -> tuple[datetime, datetime]:
        return now + timedelta(hours=self.notice_hours), now + timedelta(days=self.horizon_days)


@dataclass(frozen=True, slots=True)
class Busy:
    """A resource is taken from a start to the buffer after its end."""

    slot_id: int
    busy_from: datetime
    busy_until: datetime

    def meets(self, start: datetime, end: datetime, own_slot: int) -> bool:
        return self.slot_id != own_slot and self.busy_from < end and self.busy_until > start


@dataclass(frozen=True, slots=True)
class FreeTime:
    starts_at: datetime
    ends_at: datetime
    left: int


async def load_offer(service_place_id: int) -> Offer:
    """Published services only. Raises NotFound."""
    return await content.kept(("offer", service_place_id), lambda: _offer(service_place_id))


async def _offer(service_place_id: int) -> Offer:
    found = await database.row(
        "SELECT sp.id, sp.service_id, sp.place_id, s.territory_id, s.provider_id, s.unit, s.min_quantity, s.minutes, "
        "s.step_minutes, s.buffer_minutes, s.capacity, s.notice_hours, s.horizon_days, s.status, t.zone, "
        "t.holiday_subdivision "
        "FROM service_place sp JOIN service s ON s.id = sp.service_id JOIN territory t ON t.id = s.territory_id "
        "WHERE sp.id = {}",
        service_place_id,
    )
    if found is None or found.pop("status") != "published":
        raise NotFound()
    zone, subdivision = ZoneInfo(found.pop("zone")), found.pop("holiday_subdivision")
    terms = await database.rows(_TERMS, found["id"], found["id"], found["place_id"], found["id"])
    return Offer(**found, resources=_resources(terms), calendar=calendar_of(terms, zone, subdivision))


async def free_times(offer: Offer, first: date, last: date, *, quantity: int = 1, now: datetime) -> list[FreeTime]:
    """What can be taken from day `first` to `last` (wall-clock days of the territory), in order."""
    earliest, latest = offer.window(now)
    lasting, seats = offer.lasting(quantity), offer.seats(quantity)
    step = timedelta(minutes=offer.step_minutes)
    starts = plan.starts(offer.calendar, first, last, lasting=lasting, step=step)
    starts = [start for start in starts if earliest <= start <= latest]
    if not starts:
        return []
    taken = await _taken(offer, starts[0], starts[-1], now)
    busy = await _busy(offer, starts[0], starts[-1] + lasting + offer.buffer, now)
    found = []
    for start in starts:
        slot_id, seats_taken = taken.get(start, (0, 0))
        left = offer.capacity - seats_taken
        if left >= seats and not any(b.meets(start, start + lasting + offer.buffer, slot_id) for b in busy):
            found.append(FreeTime(start, start + lasting, left))
    return found


async def coming(offer: Offer, *, quantity: int, now: datetime) -> list[FreeTime]:
    """Of the first stretch of days that has any, looked for window by window up to the horizon."""
    for first, last in _windows(offer, now):
        if found := await free_times(offer, first, last, quantity=quantity, now=now):
            return found
    return []


async def first_free(offer: Offer, *, now: datetime) -> datetime | None:
    """The first time the least that can be asked for can be taken."""
    found = await coming(offer, quantity=offer.min_quantity, now=now)
    return found[0].starts_at if found else None


async def next_times(
    service_place_id: int, *, quantity: int | None = None, now: datetime, limit: int = 5
) -> list[FreeTime]:
    """The next free times of one service at one place, for the least that can be asked for unless told."""
    offer = await load_offer(service_place_id)
    first, last = _horizon(offer, now)
    found = await free_times(offer, first, last, quantity=quantity or offer.min_quantity, now=now)
    return found[:limit]


def _horizon(offer: Offer, now: datetime) -> tuple[date, date]:
    """The first and last day on which anything can be booked now."""
    earliest, latest = offer.window(now)
    return earliest.astimezone(offer.calendar.zone).date(), latest.astimezone(offer.calendar.zone).date()


def _windows(offer: Offer, now: datetime) -> Iterator[tuple[date, date]]:
    """First and last days up to the horizon, each stretch twice as long: most services are free soon."""
    first, end = _horizon(offer, now)
    length = WINDOW
    while first <= end:
        last = min(first + length, end)
        yield first, last
        first, length = last + timedelta(days=1), length * 2


async def take(offer: Offer, starts_at: datetime, quantity: int, *, now: datetime) -> int:
    """Takes the seats inside the caller's transaction and returns the slot's id.

    Raises SlotNotOffered for a time that is not in the plan, SlotFull for one that somebody else has.
    """
    await _touch(offer)
    await end_expired(offer, starts_at, starts_at + offer.lasting(quantity) + offer.buffer, now=now)
    if not await _is_free(offer, starts_at, quantity, now):
        raise await _why_not(offer, starts_at, quantity, now)
    slot_id = await _row(offer, starts_at, quantity)
    taken = await database.rows(
        "UPDATE slot SET taken = taken + {} WHERE id = {} AND taken + {} <= capacity RETURNING id",
        offer.seats(quantity),
        slot_id,
        offer.seats(quantity),
    )
    if not taken:
        raise SlotFull()
    return slot_id


async def give_back(slot_id: int, seats: int) -> int:
    """Frees seats inside the caller's transaction; the service at a place they were for."""
    freed = await database.rows(
        "UPDATE slot SET taken = taken - {} WHERE id = {} RETURNING service_place_id", seats, slot_id
    )
    return int(freed[0]["service_place_id"])


async def keep_first_free(service_place_id: int, *, now: datetime) -> None:
    """Stores when the service is next free; called by every verb that takes or frees a slot.

    Those that share an operator or a room with it are free at other times now too.
    """
    for touched in await database.rows(_SHARING, service_place_id, service_place_id):
        first = await first_free(await load_offer(touched["id"]), now=now)
        await database.execute(
            "UPDATE service_place SET first_free = {}, first_free_at = {} WHERE id = {}", first, now, touched["id"]
        )


@verb
async def refresh_stale(*, actor: Actor, now: datetime, key: Key | None = None) -> int:
    """Recomputes first free times that have come too near or were never computed; how many."""
    stale = await database.rows(
        "SELECT sp.id FROM service_place sp JOIN service s ON s.id = sp.service_id WHERE s.status = 'published' "
        "AND s.action = 'book' AND (sp.first_free_at IS NULL OR sp.first_free_at < {} OR sp.first_free < {}) "
        "ORDER BY sp.id LIMIT 200",
        now - timedelta(hours=12),
        now,
    )
    for found in stale:
        await keep_first_free(found["id"], now=now)
    return len(stale)


async def _touch(offer: Offer) -> None:
    """Two takers of one operator or room meet here, in ascending id, and the second sees what the first took."""
    for resource_id in offer.resources:
        await database.execute("UPDATE resource SET version = version + 1 WHERE id = {}", resource_id)


async def _row(offer: Offer, starts_at: datetime, quantity: int) -> int:
    """The slot's row, made at its first taking; it lasts as long as the longest of who is in it."""
    ends_at = starts_at + offer.lasting(quantity)
    await database.execute(
        "INSERT INTO slot (service_place_id, starts_at, ends_at, capacity, taken) VALUES ({}, {}, {}, {}, 0) "
        "ON CONFLICT (service_place_id, starts_at) DO NOTHING",
        offer.id,
        starts_at,
        ends_at,
        offer.capacity,
    )
    found = await database.rows(
        "UPDATE slot SET ends_at = CASE WHEN taken > 0 AND ends_at > {} THEN ends_at ELSE {} END, "
        "capacity = CASE WHEN taken > {} THEN taken ELSE {} END WHERE service_place_id = {} AND starts_at = {} "
        "RETURNING id, ends_at",
        ends_at,
        ends_at,
        offer.capacity,
        offer.capacity,
        offer.id,
        starts_at,
    )
    slot_id: int = found[0]["id"]
    for resource_id in offer.resources:
        await database.execute(
            "INSERT INTO slot_resource (slot_id, resource_id, busy_from, busy_until) VALUES ({}, {}, {}, {}) "
            "ON CONFLICT (slot_id, resource_id) DO UPDATE SET busy_from = excluded.busy_from, "
            "busy_until = excluded.busy_until",
            slot_id,
            resource_id,
            starts_at,
            found[0]["ends_at"] + offer.buffer,
        )
    return slot_id


async def _is_free(offer: Offer, starts_at: datetime, quantity: int, now: datetime) -> bool:
    day = starts_at.astimezone(offer.calendar.zone).date()
    free = await free_times(offer, day, day, quantity=quantity, now=now)
    return any(time.starts_at == starts_at for time in free)


async def _why_not(offer: Offer, starts_at: datetime, quantity: int, now: datetime) -> SlotFull | SlotNotOffered:
    day = starts_at.astimezone(offer.calendar.zone).date()
    step = timedelta(minutes=offer.step_minutes)
    planned = plan.starts(offer.calendar, day, day, lasting=offer.lasting(quantity), step=step)
    earliest, latest = offer.window(now)
    return SlotFull() if starts_at in planned and earliest <= starts_at <= latest else SlotNotOffered()


async def end_expired(offer: Offer, start: datetime, end: datetime, *, now: datetime) -> None:
    """Ends holds past their time that stand in the way of [start, end); their end is `now`, not the worker."""
    ended = await database.rows(
        "UPDATE slot_hold SET ended_at = {}, ended_by = 'expired' WHERE ended_at IS NULL AND expires_at <= {} "
        "AND slot_id IN (SELECT id FROM slot WHERE service_place_id = {} AND starts_at = {} UNION "
        "SELECT sr.slot_id FROM slot_resource sr JOIN service_resource mine ON mine.resource_id = sr.resource_id "
        "WHERE mine.service_place_id = {} AND sr.busy_from < {} AND sr.busy_until > {}) RETURNING slot_id, seats",
        now,
        now,
        offer.id,
        start,
        offer.id,
        end,
        start,
    )
    for hold in sorted(ended, key=lambda h: h["slot_id"]):
        await give_back(hold["slot_id"], hold["seats"])


# Found by their ids alone: with a condition that says OR, PostgreSQL reads every place there is.
_SHARING = (
    "SELECT sp.id FROM service_place sp JOIN service s ON s.id = sp.service_id WHERE s.status = 'published' "
    "AND s.action = 'book' AND sp.id IN (SELECT CAST({} AS BIGINT) UNION SELECT theirs.service_place_id "
    "FROM service_resource mine JOIN service_resource theirs ON theirs.resource_id = mine.resource_id "
    "WHERE mine.service_place_id = {}) ORDER BY sp.id"
)

# Seats of holds whose time is over count as free, here and in the final check alike.
_LIVE_TAKEN = (
    "(s.taken - coalesce((SELECT sum(h.seats) FROM slot_hold h WHERE h.slot_id = s.id AND h.ended_at IS NULL "
    "AND h.expires_at <= {}), 0))"
)


async def _taken(offer: Offer, first: datetime, last: datetime, now: datetime) -> dict[datetime, tuple[int, int]]:
    """Slot id and seats taken, by start."""
    found = await database.rows(
        f"SELECT s.id, s.starts_at, {_LIVE_TAKEN} AS taken FROM slot s "
        "WHERE s.service_place_id = {} AND s.starts_at >= {} AND s.starts_at <= {}",
        now,
        offer.id,
        first,
        last,
    )
    return {slot["starts_at"]: (slot["id"], int(slot["taken"])) for slot in found}


async def full(
    place_ids: Sequence[int], first: datetime, last: datetime, *, now: datetime
) -> set[tuple[int, datetime]]:
    """Services at a place, and the starts from `first` to `last` that nobody more can come to."""
    if not place_ids:
        return set()
    found = await database.rows(
        "SELECT s.service_place_id, s.starts_at FROM slot s WHERE s.starts_at >= {} AND s.starts_at <= {} "
        f"AND s.service_place_id IN ({', '.join(['{}'] * len(place_ids))}) AND {_LIVE_TAKEN} >= s.capacity",
        *(first, last, *place_ids, now),
    )
    return {(row["service_place_id"], row["starts_at"]) for row in found}


async def _busy(offer: Offer, first: datetime, last: datetime, now: datetime) -> list[Busy]:
    if not offer.resources:
        return []
    found = await database.rows(
        "SELECT sr.slot_id, sr.busy_from, sr.busy_until FROM service_resource mine "
        "JOIN slot_resource sr ON sr.resource_id = mine.resource_id JOIN slot s ON s.id = sr.slot_id "
        f"WHERE mine.service_place_id = {{}} AND sr.busy_from < {{}} AND sr.busy_until > {{}} AND {_LIVE_TAKEN} > 0",
        offer.id,
        last,
        first,
        now,
    )
    return [Busy(**busy) for busy in found]


def _resources(terms: list[database.Row]) -> tuple[int, ...]:
    return tuple(term["id"] for term in terms if term["what"] == "resource")


def calendar_of(terms: list[database.Row], zone: ZoneInfo, subdivision: str) -> Calendar:
    """Of rows such as _TERMS gives."""
    plans = [
        PlanFacts(term["said"], term["starts"], term["ends"], _day(term["from_on"]), database.day(term["until_on"]))
        for term in terms
        if term["what"] == "plan"
    ]
    exceptions = [
        ExceptionFacts(_day(term["from_on"]), term["kind"], term["starts"], term["ends"], term["said"])
        for term in terms
        if term["what"] == "exception"
    ]
    return Calendar(tuple(plans), tuple(exceptions), zone, subdivision)


def _day(value: date | str) -> date:
    return date.fromisoformat(value) if isinstance(value, str) else value


# Everything its times depend on, in one question: rules, days that differ, operators and rooms.
_TERMS = """
SELECT 'plan' AS what, id, rule AS said, '' AS kind, starts, ends, from_on, until_on, id AS position
FROM working_plan WHERE service_place_id = {}
UNION ALL SELECT 'exception', id, reason, kind, starts, ends, day, day, id FROM plan_exception
WHERE service_place_id = {} OR place_id = {}
UNION ALL SELECT 'resource', resource_id, '', '', '', '', NULL, NULL, resource_id FROM service_resource
WHERE service_place_id = {} ORDER BY what, from_on, position
"""
