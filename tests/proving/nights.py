"""Lives of bookings round the nights on which clocks change, made up by chance and told by the real rules.

What is asked of them is written here once more and differently: on the wall clock of the place, hour by hour.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from random import Random
from zoneinfo import ZoneInfo

from app.domain import reminder

ROME = "Europe/Rome"
# Changes at midnight, of half an hour or two hours, in the other half of the year, and a day that was left out.
OTHERS = (
    *("Europe/Lisbon", "Europe/London", "Europe/Bucharest", "Atlantic/Azores", "Africa/Cairo", "Asia/Beirut"),
    *("America/New_York", "America/Santiago", "America/Sao_Paulo", "Australia/Lord_Howe", "Pacific/Apia"),
    "Antarctica/Troll",
)
YEARS = (1996, 2041)
HOUR = timedelta(hours=1)
WAKES, SLEEPS = 8, 21  # on the wall
ENOUGH = 14  # hours booked before a reminder's own, within which it may have to move to the evening before
LATE = (timedelta(0), timedelta(seconds=30), timedelta(minutes=10), HOUR, 3 * HOUR, 13 * HOUR)


@dataclass(frozen=True, slots=True)
class Life:
    """Booked, perhaps moved, perhaps cancelled; `late` is how long a worker or a line was down."""

    zone: ZoneInfo
    booked_at: datetime
    starts_at: datetime
    moved_at: datetime | None
    moved_to: datetime
    cancelled_at: datetime | None
    late: timedelta

    @property
    def wishes(self) -> list[tuple[datetime, datetime, datetime | None]]:
        """Each time it had: from when it was known, when it would be, and until when that stood."""
        if self.moved_at is None:
            return [(self.booked_at, self.starts_at, self.cancelled_at)]
        first = (self.booked_at, self.starts_at, self.moved_at)
        return [first, (self.moved_at, self.moved_to, self.cancelled_at)]


@cache
def changes(name: str) -> list[datetime]:
    """The hours at which this zone's clocks change, by looking at every one of them in days that differ."""
    zone, day = ZoneInfo(name), timedelta(days=1)
    at, end = (datetime(year, 1, 1, tzinfo=UTC) for year in YEARS)
    found = []
    while at < end:
        if _offset(zone, at) != _offset(zone, at + day):
            hours = (at + number * HOUR for number in range(24))
            found.append(next(hour for hour in hours if _offset(zone, hour) != _offset(zone, hour + HOUR)) + HOUR)
        at += day
    return found


def lives(chance: Random) -> Iterator[Life]:
    """Without end: a start at every hour round each change of Rome, then of two other zones, and so on in turns."""
    lap = 0
    while True:
        others = (OTHERS[number % len(OTHERS)] for number in (2 * lap, 2 * lap + 1))
        for name in (ROME, *others):
            zone = ZoneInfo(name)
            # Until so many days after it a reminder of a week before still crosses the change.
            starts = [at + hours * HOUR for at in changes(name) for hours in range(-24, 24 * 8)]
            chance.shuffle(starts)
            for number, starts_at in enumerate(starts):
                yield _life(zone, starts_at, lap + number, chance)
        lap += 1


def night(instant: datetime, zone: ZoneInfo) -> bool:
    return not WAKES <= instant.astimezone(zone).hour < SLEEPS


def owed(booked_at: datetime, starts_at: datetime) -> set[int]:
    """The reminders, by their hours before, that nobody who booked so early may be left without."""
    return {lead for lead in reminder.LEADS if booked_at <= starts_at - (lead + ENOUGH) * HOUR}


def is_of_use(at: datetime, starts_at: datetime) -> bool:
    return at <= starts_at - HOUR


def told_at(due_at: datetime, life: Life, starts_at: datetime) -> datetime | None:
    """When a worker who comes so late tells it, by the rules it goes by; None: it sees that it is of no use."""
    at = due_at + life.late
    at = reminder.waits_until(due_at, at, life.zone) or at
    return at if at < reminder.useless_after(starts_at) else None


def _life(zone: ZoneInfo, starts_at: datetime, hour: int, chance: Random) -> Life:
    """Booked at `hour` of some day before, at no round minute."""
    asked = (starts_at - timedelta(days=chance.randrange(11))).astimezone(zone).replace(hour=hour % 24)
    booked_at = min(asked.astimezone(UTC), starts_at - HOUR) - timedelta(minutes=chance.randrange(60))
    until = (starts_at - booked_at) / HOUR
    moved_at = booked_at + chance.uniform(0, until) * HOUR if chance.random() < 0.25 else None
    moved_to = starts_at + chance.randrange(-36, 96) * HOUR
    if moved_at and moved_to <= moved_at:
        moved_to = starts_at
    cancelled_at = starts_at - chance.uniform(0, until) * HOUR if chance.random() < 0.2 else None
    if moved_at and cancelled_at and cancelled_at <= moved_at:
        moved_at = None
    return Life(zone, booked_at, starts_at, moved_at, moved_to, cancelled_at, chance.choice(LATE))


def _offset(zone: ZoneInfo, at: datetime) -> timedelta | None:
    return at.astimezone(zone).utcoffset()
