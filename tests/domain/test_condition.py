"""What an installation knows of itself."""

from datetime import datetime, timedelta
from functools import partial
from types import ModuleType

import pytest

from app.domain import condition, reminder
from tests.appointments import NOW, START, Diary
from tests.rows import insert

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


async def forgotten(now: datetime) -> list[datetime]:
    return [one.starts_at for one in await condition.forgotten(now=now)]


async def test_every_coming_booking_without_a_reminder_is_named(database: ModuleType) -> None:
    """However far its day; withdrawn reminders and those of a time before a move are none."""
    diary = await Diary().open()
    await diary.person("tomas", "email")
    booking, far = await diary.book("tomas"), await diary.book("tomas", starts_at=START + timedelta(days=20))
    assert await forgotten(NOW) == [START, START + timedelta(days=20)]
    for number, starts_at in ((booking, START), (far, START + timedelta(days=20))):
        await database.write(partial(reminder.plan, number, [], starts_at, now=NOW))
    assert await forgotten(NOW) == []
    await diary.move(booking, START + timedelta(days=3))
    assert await forgotten(NOW) == [START + timedelta(days=3)], "the old time's reminders are of no use"
    await diary.move(booking, START)
    await database.execute("UPDATE message SET state = 'cancelled' WHERE booking_id = {}", far)
    (one,) = await condition.forgotten(now=NOW)
    assert (one.territory, one.service, one.starts_at) == ("tradate", "compiti", START + timedelta(days=20))
    assert await forgotten(START + timedelta(days=21)) == []


@pytest.mark.parametrize("state", ["due", "sent", "received", "failed", "to_call"])
async def test_whatever_became_of_it_is_known(database: ModuleType, state: str) -> None:
    diary = await Diary().open()
    await diary.person("tomas", "email")
    booking = await diary.book("tomas")
    await database.write(lambda: reminder.plan(booking, [], START, now=NOW))
    await database.execute("UPDATE message SET state = {} WHERE kind = 'reminder' AND lead_hours = 3", state)
    await database.execute("DELETE FROM message WHERE kind = 'reminder' AND lead_hours <> 3")
    assert await forgotten(NOW) == []


async def test_who_books_late_needs_none(database: ModuleType) -> None:
    diary = await Diary().open()
    await diary.person("tomas", "email")
    booking = await diary.book("tomas")
    await _booked_at(database, booking, START - timedelta(hours=16))
    assert await forgotten(EVE) == []
    await insert("service_lead", service_id=diary.services["compiti"], lead_hours=168)
    await _booked_at(database, booking, START - timedelta(hours=181))
    assert await forgotten(EVE) == [], "its only reminder would have come at once"
    await _booked_at(database, booking, START - timedelta(hours=183))
    assert await forgotten(EVE) == [START]


async def test_what_was_booked_late_or_does_not_stand_needs_none(database: ModuleType) -> None:
    diary = await Diary().open()
    await diary.person("tomas", "email")
    late = await diary.book("tomas")
    await _booked_at(database, late, EVE)
    cancelled = await diary.book("tomas", state="cancelled")
    await _booked_at(database, cancelled, WEEK_BEFORE)
    assert await condition.unreminded(now=EVE) == 0
