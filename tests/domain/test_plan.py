"""Working plans: rules, closures, holidays, and the two days a year on which the clock lies."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain import plan
from app.domain.plan import Calendar, ExceptionFacts, PlanFacts

ROME = ZoneInfo("Europe/Rome")
HOUR = timedelta(hours=1)
LEAP = [date(2024, 3, 31), date(2025, 3, 30), date(2026, 3, 29), date(2027, 3, 28), date(2028, 3, 26)]
LEAP += [date(2029, 3, 25), date(2030, 3, 31), date(2031, 3, 30), date(2032, 3, 28)]
BACK = [date(2024, 10, 27), date(2025, 10, 26), date(2026, 10, 25), date(2027, 10, 31), date(2028, 10, 29)]
BACK += [date(2029, 10, 28), date(2030, 10, 27), date(2031, 10, 26), date(2032, 10, 31)]


def calendar(
    *plans: PlanFacts, exceptions: tuple[ExceptionFacts, ...] = (), subdivision: str = "VA", zone: ZoneInfo = ROME
) -> Calendar:
    return Calendar(plans, exceptions, zone, subdivision)


def works(rule: str, hours: tuple[str, str] = ("09:00", "12:00"), from_on: date = date(2024, 1, 1)) -> PlanFacts:
    return PlanFacts(rule, *hours, from_on, None)


def days(found: list[datetime]) -> list[date]:
    return sorted({start.astimezone(ROME).date() for start in found})


def said(found: list[datetime]) -> list[str]:
    return [start.astimezone(ROME).strftime("%H:%M") for start in found]


def starts(
    told: Calendar, first: date, last: date, *, lasting: timedelta = HOUR, step: timedelta = HOUR
) -> list[datetime]:
    return plan.starts(told, first, last, lasting=lasting, step=step)


def test_every_second_week_stays_the_same_week_wherever_one_looks_from() -> None:
    told = calendar(works("FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,TH", from_on=date(2026, 11, 3)))
    whole = days(starts(told, date(2026, 11, 1), date(2026, 12, 6)))
    assert whole == [date(2026, 11, d) for d in (3, 5, 17, 19)] + [date(2026, 12, 1), date(2026, 12, 3)]
    for first in range(1, 25):
        seen = days(starts(told, date(2026, 11, first), date(2026, 12, 6)))
        assert seen == [day for day in whole if day >= date(2026, 11, first)]


@pytest.mark.parametrize(
    ("rule", "found"),
    [
        ("FREQ=MONTHLY;BYDAY=1TU", [date(2026, 12, 1), date(2027, 1, 5)]),
        ("FREQ=MONTHLY;BYMONTHDAY=31", [date(2026, 12, 31), date(2027, 1, 31)]),
        ("FREQ=WEEKLY;BYDAY=MO;COUNT=49", [date(2026, 11, 30), date(2026, 12, 7)]),
        ("FREQ=DAILY;UNTIL=20261127T000000", [date(2026, 11, 25), date(2026, 11, 26), date(2026, 11, 27)]),
    ],
)
def test_rules_of_the_calendar_standard(rule: str, found: list[date]) -> None:
    told = calendar(works(rule, from_on=date(2026, 1, 5)))
    assert days(starts(told, date(2026, 11, 25), date(2027, 1, 31))) == found


def test_a_plan_begins_and_ends() -> None:
    told = calendar(PlanFacts("FREQ=DAILY", "09:00", "10:00", date(2026, 11, 25), date(2026, 11, 26)))
    assert days(starts(told, date(2026, 11, 1), date(2026, 11, 30))) == [date(2026, 11, 25), date(2026, 11, 26)]
    assert starts(told, date(2026, 11, 27), date(2026, 11, 30)) == []


def test_steps_and_lengths() -> None:
    told, day = calendar(works("FREQ=DAILY", ("09:00", "11:00"))), date(2026, 11, 25)
    half, long = timedelta(minutes=30), timedelta(minutes=90)
    assert said(starts(told, day, day)) == ["09:00", "10:00"]
    assert said(starts(told, day, day, step=half)) == ["09:00", "09:30", "10:00"]
    assert said(starts(told, day, day, lasting=long, step=half)) == ["09:00", "09:30"]
    assert starts(told, day, day, lasting=3 * HOUR) == []


def test_two_plans_of_one_day_give_each_start_once() -> None:
    told = calendar(works("FREQ=DAILY"), works("FREQ=WEEKLY;BYDAY=WE", ("11:00", "14:00")))
    assert said(starts(told, date(2026, 11, 25), date(2026, 11, 25))) == ["09:00", "10:00", "11:00", "12:00", "13:00"]


def test_closed_days_win_and_open_ones_beat_holidays() -> None:
    christmas, closed, both = date(2026, 12, 25), date(2026, 11, 25), date(2026, 11, 27)
    exceptions = (
        ExceptionFacts(christmas, "open", "10:00", "12:00", "pranzo"),
        ExceptionFacts(closed, "closed", "", "", "lavori"),
        ExceptionFacts(both, "closed", "", "", "lavori"),
        ExceptionFacts(both, "open", "15:00", "17:00", "recupero"),
    )
    told = calendar(works("FREQ=DAILY"), exceptions=exceptions)
    assert starts(told, closed, closed) == [] and starts(told, both, both) == []
    assert said(starts(told, christmas, christmas)) == ["10:00", "11:00"]
    assert starts(told, date(2026, 12, 26), date(2026, 12, 26)) == []  # Santo Stefano
    added = calendar(
        works("FREQ=DAILY"), exceptions=(ExceptionFacts(date(2026, 11, 26), "open", "15:00", "16:00", ""),)
    )
    assert said(starts(added, date(2026, 11, 26), date(2026, 11, 26)))[-1] == "15:00"


def test_the_patron_saint_is_a_holiday_where_the_patron_is() -> None:
    saint_ambrose = date(2026, 12, 7)
    assert starts(calendar(works("FREQ=DAILY"), subdivision="MI"), saint_ambrose, saint_ambrose) == []
    assert len(starts(calendar(works("FREQ=DAILY"), subdivision="SO"), saint_ambrose, saint_ambrose)) == 3
    assert starts(calendar(works("FREQ=DAILY"), subdivision=""), date(2027, 4, 25), date(2027, 4, 25)) == []


@pytest.mark.parametrize("day", LEAP, ids=str)
def test_the_hour_that_is_missing_is_never_offered(day: date) -> None:
    told = calendar(exceptions=(ExceptionFacts(day, "open", "00:00", "06:00", "notte"),))  # it may be Easter
    found = starts(told, day, day, lasting=timedelta(minutes=30), step=timedelta(minutes=30))
    assert said(found) == [f"{h:02}:{m:02}" for h in (0, 1, 3, 4, 5) for m in (0, 30)]
    odd = starts(told, day, day, lasting=timedelta(minutes=30), step=timedelta(minutes=45))
    assert said(odd) == ["00:00", "00:45", "01:30", "03:00", "03:45", "04:30", "05:15"]
    assert not plan.exists(day, time(2, 30), ROME) and plan.exists(day, time(3), ROME)


@pytest.mark.parametrize("day", BACK, ids=str)
def test_the_hour_that_comes_twice_is_offered_once(day: date) -> None:
    told = calendar(works("FREQ=DAILY", ("00:00", "06:00")), subdivision="")
    found = starts(told, day, day, lasting=timedelta(minutes=30), step=timedelta(minutes=30))
    assert said(found) == [f"{h:02}:{m:02}" for h in range(6) for m in (0, 30)]
    assert found[4] == datetime(day.year, day.month, day.day, 0, tzinfo=UTC)  # the first 2 o'clock


def test_on_the_short_night_nothing_ends_after_closing() -> None:
    told, day = calendar(works("FREQ=DAILY", ("01:00", "04:00")), subdivision=""), date(2026, 3, 29)
    assert said(starts(told, day, day, lasting=2 * HOUR)) == ["01:00"]
    assert starts(told, day, day, lasting=3 * HOUR) == []


@given(
    day=st.dates(date(2024, 1, 1), date(2032, 12, 31)),
    opens=st.integers(0, 1380),
    lasts=st.integers(15, 600),
    minutes=st.integers(5, 240),
    step=st.sampled_from([15, 20, 30, 60, 45]),
)
def test_what_is_offered_lies_inside_the_opening_and_keeps_the_step(
    day: date, opens: int, lasts: int, minutes: int, step: int
) -> None:
    closes = min(opens + lasts, 1439)
    hours = (f"{opens // 60:02}:{opens % 60:02}", f"{closes // 60:02}:{closes % 60:02}")
    told = calendar(works("FREQ=DAILY", hours))
    lasting = timedelta(minutes=minutes)
    found = starts(told, day, day, lasting=lasting, step=timedelta(minutes=step))
    assert found == sorted(set(found))
    until = datetime.combine(day, time.fromisoformat(hours[1]), ROME).astimezone(UTC)
    for start in found:
        wall = start.astimezone(ROME)
        assert wall.date() == day and wall.fold == 0
        assert (wall.hour * 60 + wall.minute - opens) % step == 0
        assert start + lasting <= until
    assert not (plan.is_holiday(day, "VA") and found)


@given(first=st.dates(date(2025, 1, 1), date(2027, 1, 1)), middle=st.integers(0, 40), more=st.integers(1, 40))
def test_two_windows_side_by_side_are_one(first: date, middle: int, more: int) -> None:
    told = calendar(works("FREQ=WEEKLY;INTERVAL=3;BYDAY=MO,FR"), works("FREQ=MONTHLY;BYDAY=-1SU", ("15:00", "17:00")))
    cut, last = first + timedelta(days=middle), first + timedelta(days=middle + more)
    apart = starts(told, first, cut) + starts(told, cut + timedelta(days=1), last)
    assert apart == starts(told, first, last)
