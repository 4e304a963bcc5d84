"""The whole chain to its end: channel after channel, at last the telephone, and what came of each call."""

from collections.abc import AsyncIterator
from types import ModuleType

import pytest

from app.domain import message
from app.domain.actor import Actor, Role
from app.domain.errors import AlreadyClosed, NotFound
from tests.appointments import NOW, START, Diary
from tests.rows import insert
from tests.test_worker import Day, planned, states, tries

pytestmark = pytest.mark.anyio


@pytest.fixture
async def diary(database: ModuleType) -> AsyncIterator[Diary]:
    yield await Diary().open()


@pytest.fixture
def day() -> Day:
    return Day()


async def test_a_landline_gets_no_text_and_is_called(diary: Diary, day: Day, database: ModuleType) -> None:
    rosa = await diary.person("rosa", "call")
    await planned(diary, "rosa")
    assert await day.work(hours=48) == []
    assert await states() == [("confirmed", "failed"), ("reminder", "to_call"), ("reminder", "due")]
    (to_call,) = await message.to_call(diary.territory, now=day.now)
    assert (to_call.person_id, to_call.kind) == (rosa, "reminder")
    assert await message.to_call(diary.territory + 1, now=day.now) == []
    assert await message.to_call(diary.territory, now=START) == [], "too late to be of use"


async def test_a_call_is_noted_and_an_unanswered_one_stays(diary: Diary, day: Day, database: ModuleType) -> None:
    await diary.person("rosa", "call")
    await planned(diary, "rosa")
    await day.work(hours=48)
    (to_call,) = await message.to_call(diary.territory, now=day.now)
    staff = await insert("staff", login="d", name="Desk", password_hash="", created_at=NOW)
    desk = Actor("staff", staff, roles=(Role("desk", "territory", diary.territory),))
    elsewhere = Actor("staff", staff, roles=(Role("desk", "territory", diary.territory + 1),))
    with pytest.raises(NotFound):
        await message.record_call({to_call.message_id: "told"}, actor=elsewhere, now=day.now)
    await message.record_call({to_call.message_id: "no_answer"}, actor=desk, now=day.now)
    assert len(await message.to_call(diary.territory, now=day.now)) == 1
    await message.record_call({to_call.message_id: "confirmed"}, actor=desk, now=day.now)
    assert await message.to_call(diary.territory, now=day.now) == []
    assert await tries(database) == [("call", "failed"), ("call", "received")]
    with pytest.raises(AlreadyClosed):
        await message.record_call({to_call.message_id: "confirmed"}, actor=desk, now=day.now)
