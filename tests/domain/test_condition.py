"""What an installation knows of itself."""

from datetime import timedelta
from types import ModuleType

import pytest

from app.domain import condition, reminder
from tests.appointments import START, Diary

pytestmark = pytest.mark.anyio
EVE, WEEK_BEFORE = START - timedelta(hours=5), START - timedelta(days=7)


async def _booked_at(database: ModuleType, booking: int, when: object) -> None:
    await database.execute("UPDATE booking SET booked_at = {} WHERE id = {}", when, booking)


async def test_a_booking_long_known_without_a_reminder_is_counted(database: ModuleType) -> None:
    diary = await Diary().open()
    await diary.person("tomas", "email")
    booking = await diary.book("tomas")
    await _booked_at(database, booking, WEEK_BEFORE)
    assert await condition.unreminded(now=EVE) == 1
    assert await condition.unreminded(now=EVE - timedelta(days=2)) == 0, "its day is not near"
    await database.write(lambda: reminder.plan(booking, [], START, now=WEEK_BEFORE))
    assert await condition.unreminded(now=EVE) == 0


async def test_what_was_booked_late_or_does_not_stand_needs_none(database: ModuleType) -> None:
    diary = await Diary().open()
    await diary.person("tomas", "email")
    late = await diary.book("tomas")
    await _booked_at(database, late, EVE)
    cancelled = await diary.book("tomas", state="cancelled")
    await _booked_at(database, cancelled, WEEK_BEFORE)
    assert await condition.unreminded(now=EVE) == 0
