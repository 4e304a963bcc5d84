"""Working plans unrolled into times: pure, no database, no clock."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from dateutil.rrule import rrulestr


@dataclass(frozen=True, slots=True)
class PlanFacts:
    """`rule` is an RFC 5545 RRULE on days; `starts` and `ends` are wall-clock 'HH:MM'."""

    rule: str
    starts: str
    ends: str
    from_on: date
    until_on: date | None


@dataclass(frozen=True, slots=True)
class ExceptionFacts:
    """kind 'closed' takes the whole day away, 'open' adds one with its own hours."""

    day: date
    kind: str
    starts: str
    ends: str
    reason: str


@dataclass(frozen=True, slots=True)
class Calendar:
    plans: tuple[PlanFacts, ...]
    exceptions: tuple[ExceptionFacts, ...]
    zone: ZoneInfo
    holiday_subdivision: str


def starts(calendar: Calendar, first: date, last: date, *, lasting: timedelta, step: timedelta) -> list[datetime]:
    """Every start in UTC from day `first` to `last` whose whole length fits into an opening; sorted, each once.

    A wall-clock time that a clock change skips does not exist and is left out; in the hour that comes twice only the
    first one counts.
    """
    return list(_starts(calendar, first, last, lasting, step))


@lru_cache(maxsize=512)
def _starts(calendar: Calendar, first: date, last: date, lasting: timedelta, step: timedelta) -> tuple[datetime, ...]:
    found = {
        start
        for day, opens, closes in openings(calendar, first, last)
        for start in _within(day, opens, closes, calendar.zone, lasting, step)
    }
    return tuple(sorted(found))


def openings(calendar: Calendar, first: date, last: date) -> Iterator[tuple[date, time, time]]:
    closed = {e.day for e in calendar.exceptions if e.kind == "closed"}
    for exception in calendar.exceptions:
        if exception.kind == "open" and first <= exception.day <= last and exception.day not in closed:
            yield exception.day, time.fromisoformat(exception.starts), time.fromisoformat(exception.ends)
    for plan in calendar.plans:
        for day in _days(plan, first, last):
            if day not in closed and not is_holiday(day, calendar.holiday_subdivision):
                yield day, time.fromisoformat(plan.starts), time.fromisoformat(plan.ends)


def is_holiday(day: date, subdivision: str) -> bool:
    return day in _holidays(subdivision, day.year)


def exists(day: date, wall: time, zone: ZoneInfo) -> bool:
    """False for the hour that a change to summer time skips."""
    local = datetime.combine(day, wall, zone)
    return local.astimezone(UTC).astimezone(zone).time() == wall


@lru_cache(maxsize=256)
def _holidays(subdivision: str, year: int) -> frozenset[date]:
    import holidays  # takes long, and a start need not wait for it

    return frozenset(holidays.country_holidays("IT", subdiv=subdivision or None, years=year))


def _days(plan: PlanFacts, first: date, last: date) -> Iterable[date]:
    lower, upper = max(first, plan.from_on), min(last, plan.until_on) if plan.until_on else last
    for year in range(lower.year, upper.year + 1):
        days = _days_of_year(plan.rule, plan.from_on, year)
        yield from days[bisect_left(days, lower) : bisect_right(days, upper)]


@lru_cache(maxsize=4096)
def _days_of_year(rule: str, from_on: date, year: int) -> list[date]:
    """The rule counts from the plan's first day, so that 'every second week' stays the same week."""
    unrolled = rrulestr(rule, dtstart=datetime.combine(from_on, time()))
    return [d.date() for d in unrolled.between(datetime(year, 1, 1), datetime(year, 12, 31), inc=True)]  # noqa: DTZ001


def _within(
    day: date, opens: time, closes: time, zone: ZoneInfo, lasting: timedelta, step: timedelta
) -> Iterator[datetime]:
    """The length is real time: where the clock leaps forward, an hour less fits."""
    wall, end = datetime.combine(day, opens), datetime.combine(day, closes)
    until = end.replace(tzinfo=zone).astimezone(UTC)
    while wall + lasting <= end:
        start = wall.replace(tzinfo=zone).astimezone(UTC)
        if start + lasting <= until and exists(day, wall.time(), zone):
            yield start
        wall += step
