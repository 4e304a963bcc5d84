"""Who was erased is told nothing more, whatever was planned before: with their key every way is gone."""

from collections.abc import AsyncIterator
from types import ModuleType

import pytest

from app import database as engine_room
from app.domain import message
from app.domain.contact import Channel
from tests.appointments import NOW, START, Diary, messages
from tests.test_worker import Day, planned

pytestmark = pytest.mark.anyio


@pytest.fixture
async def diary(database: ModuleType) -> AsyncIterator[Diary]:
    yield await Diary().open()


@pytest.fixture
def day() -> Day:
    return Day()


async def erase(person_id: int) -> None:
    """What erasing is to the rest: no name and no key any more."""
    for table in ("identity", "person_key"):
        await engine_room.execute(f"DELETE FROM {table} WHERE person_id = {{}}", person_id)


async def work_until_the_appointment(day: Day) -> list[str]:
    used: list[str] = []
    while day.now < START:
        used += await day.work(hours=4)
    return used


@pytest.mark.parametrize("channels", [("push",), ("email",), ("sms",), ("call",), ("push", "email", "sms")])
async def test_nothing_reaches_who_was_erased(diary: Diary, day: Day, channels: tuple[Channel, ...]) -> None:
    amina = await diary.person("amina", *channels)
    await planned(diary, "amina")
    await erase(amina)
    assert await work_until_the_appointment(day) == []
    assert set(await messages("state")) == {("cancelled",)}
    assert await engine_room.rows("SELECT id FROM delivery") == []


async def test_nobody_is_left_to_be_telephoned(diary: Diary, day: Day) -> None:
    rosa = await diary.person("rosa", "call")
    await planned(diary, "rosa")
    day.now = START.replace(day=22, hour=10)
    assert await day.work() == [] and await message.to_call(diary.territory, now=day.now)
    await erase(rosa)
    assert await message.to_call(diary.territory, now=day.now) == []


async def test_no_other_channel_follows_a_push_that_was_not_seen(diary: Diary, day: Day) -> None:
    amina = await diary.person("amina", "push", "email")
    await planned(diary, "amina")
    assert await day.work() == ["push"]
    await erase(amina)
    assert await work_until_the_appointment(day) == []


async def test_the_daughter_who_booked_is_still_told(diary: Diary, day: Day) -> None:
    rosa, elena = [await diary.person(name, "email") for name in ("rosa", "elena")]
    await planned(diary, "elena", receiver="rosa")
    assert await day.work() == ["email", "email"] and day.now == NOW
    await erase(rosa)
    assert await work_until_the_appointment(day)
    assert {to for _, to, _ in day.outside.sent[2:]} == {f"p{elena}@esempio.example"}
