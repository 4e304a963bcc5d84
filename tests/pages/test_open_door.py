"""The tests' own centre is open at whatever hour they run."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from tests.pages.open_door import LATEST, hour, today


@pytest.mark.parametrize("hours", [1, 2])
@pytest.mark.parametrize("day", [date(2026, 11, 22), date(2027, 3, 27), date(2027, 10, 30)])
def test_a_visit_of_now_begins_and_ends_today(day: date, hours: int) -> None:
    for passed in range(48):
        now = datetime.combine(day, time(0, 40), UTC) + timedelta(hours=passed)
        begins = hour(now, LATEST + 1 - hours)
        ends = begins + timedelta(hours=hours)
        assert today(begins) == today(ends) == today(now)
        assert begins <= now
