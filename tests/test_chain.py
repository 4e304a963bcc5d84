"""The whole chain to its end: channel after channel, at last the telephone, and what came of each call."""

from collections.abc import AsyncIterator
from datetime import timedelta
from types import ModuleType

import pytest

from app.domain import message, reminder
from app.domain.actor import Actor, Role
from app.domain.errors import AlreadyClosed, NotFound
from app.gateways.sms import HttpSms
from app.worker import Gateways
from tests.appointments import NOW, START, Diary
from tests.gateways.sms_server import TOKEN, SmsServer, Text, sms_server
from tests.rows import insert
from tests.test_worker import Day, Mails, Pushes, planned, states, tries
from tests.visitor import Visitor

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


async def report(visitor: Visitor, text: Text, told: object) -> int:
    """As a server says it: without cookie and origin."""
    return (await visitor.client.post(text.status_path, json=told)).status_code


async def test_what_became_of_a_text_moves_it_on(visitor: Visitor, day: Day) -> None:
    """Delivered is arrived; undelivered is followed by the next channel; what was said first counts."""
    diary = await Diary().open()
    await diary.person("tomas", "sms", "email")
    await planned(diary, "tomas")
    async with sms_server() as server:
        texts = HttpSms(server.url, TOKEN, "Vicino", "http://127.0.0.1:8000")
        day.worker.outside = Gateways(Pushes(day.outside), Mails(day.outside), texts)
        assert await day.work() == []
        (confirmed,) = server.sent.values()
        assert [await report(visitor, confirmed, {"status": "delivered"}) for _ in range(2)] == [204, 204]
        assert (await states())[0] == ("confirmed", "received")
        await day.work(hours=48)
        *_, reminded = server.sent.values()
        visitor.clock.now = day.now
        assert await report(visitor, reminded, {"status": "queued"}) == 204
        assert await day.work(minutes=1) == [], "no final word yet"
        assert [await report(visitor, reminded, {"status": told}) for told in ("undelivered", "delivered")] == [204] * 2
        assert await day.work() == ["email"]
        assert [await report(visitor, reminded, told) for told in ({"status": "lost"}, ["sent"], {})] == [422] * 3
        assert await report(visitor, Text("", "", "", "/avvisi/guessed/sms"), {"status": "delivered"}) == 404
        await texts.close()
    assert (await states())[1] == ("reminder", "sent")


async def test_a_text_that_never_came_ends_with_a_call(visitor: Visitor, day: Day) -> None:
    """Nobody else to write to: the Social Point telephones."""
    diary = await Diary().open()
    await diary.person("tomas", "sms")
    await planned(diary, "tomas")
    async with sms_server() as server:
        texts = HttpSms(server.url, TOKEN, "Vicino", "http://127.0.0.1:8000")
        day.worker.outside = Gateways(Pushes(day.outside), Mails(day.outside), texts)
        await day.work(hours=48)
        *_, reminded = server.sent.values()
        visitor.clock.now = day.now
        assert await report(visitor, reminded, {"status": "undelivered"}) == 204
        await day.work(minutes=1)
        await texts.close()
    (to_call,) = await message.to_call(diary.territory, now=day.now)
    assert to_call.kind == "reminder"


async def calls(diary: Diary, day: Day) -> list[int]:
    return [one.message_id for one in await message.to_call(diary.territory, now=day.now)]


async def desk_of(diary: Diary) -> Actor:
    staff = await insert("staff", login="d", name="Desk", password_hash="", created_at=NOW)
    return Actor("staff", staff, roles=(Role("desk", "territory", diary.territory),))


async def test_a_wrong_number_is_called_no_more(diary: Diary, day: Day) -> None:
    """No answer is tried again; a wrong number has failed, and the next reminder asks again."""
    await diary.person("rosa", "call")
    await planned(diary, "rosa")
    await day.work(hours=48)
    desk = await desk_of(diary)
    (number,) = await calls(diary, day)
    await message.record_call({number: "no_answer"}, actor=desk, now=day.now)
    assert await calls(diary, day) == [number]
    await message.record_call({number: "wrong_number"}, actor=desk, now=day.now)
    assert await calls(diary, day) == []
    assert (await states())[1] == ("reminder", "failed")
    await day.work(hours=34)
    assert len(await calls(diary, day)) == 1, "three hours before"


async def test_who_is_called_is_called_two_days_before_and_not_a_week(
    diary: Diary, day: Day, database: ModuleType
) -> None:
    await diary.person("rosa", "call")
    starts_at = START + timedelta(days=5)
    booking = await diary.book("rosa", starts_at=starts_at)
    await database.write(lambda: reminder.plan(booking, [], starts_at, now=NOW))
    day.now = starts_at - timedelta(hours=168)
    await day.work()
    assert await calls(diary, day) == []
    day.now = starts_at - timedelta(hours=48)
    await day.work()
    assert len(await calls(diary, day)) == 1


async def told_by(server: SmsServer, day: Day, *, tells_status: bool) -> None:
    """From now on texts go to this service; then the confirmation leaves, and two days before the reminder."""
    texts = HttpSms(server.url, TOKEN, "Vicino", "http://127.0.0.1:8000", tells_status=tells_status)
    day.worker.outside = Gateways(Pushes(day.outside), Mails(day.outside), texts)
    await day.work()
    await day.work(hours=48)
    await texts.close()


async def test_a_text_of_which_nothing_is_heard_brings_the_next_channel(visitor: Visitor, day: Day) -> None:
    """With the patience there is for a push. What is heard later changes nothing where another channel was used."""
    diary = await Diary().open()
    await diary.person("tomas", "sms", "email")
    await planned(diary, "tomas")
    async with sms_server() as server:
        await told_by(server, day, tells_status=True)
    assert len(server.sent) == 2 and day.outside.sent[0][0] == "email", "the confirmation was not heard of for two days"
    assert await day.work(minutes=14) == []
    assert await day.work(minutes=1) == ["email"]
    assert (await states())[1] == ("reminder", "sent")
    *_, reminded = server.sent.values()
    assert await report(visitor, reminded, {"status": "undelivered"}) == 204
    assert await day.work(minutes=1) == [] and (await states())[1] == ("reminder", "sent")
    assert await calls(diary, day) == [], "the letter left"


async def test_a_text_of_which_nothing_is_heard_ends_with_a_call_or_is_heard_of(visitor: Visitor, day: Day) -> None:
    diary = await Diary().open()
    await diary.person("tomas", "sms")
    await planned(diary, "tomas")
    async with sms_server() as server:
        await told_by(server, day, tells_status=True)
    assert (await states())[0] == ("confirmed", "sent"), "not worth a call"
    assert await calls(diary, day) == []
    await day.work(minutes=15)
    assert len(await calls(diary, day)) == 1
    *_, reminded = server.sent.values()
    assert await report(visitor, reminded, {"status": "delivered"}) == 204
    assert await calls(diary, day) == [] and (await states())[1] == ("reminder", "received")


async def test_a_week_before_a_text_of_which_nothing_is_heard_was_sent(
    diary: Diary, day: Day, database: ModuleType
) -> None:
    """The reminder two days before asks again, so nobody telephones."""
    await diary.person("tomas", "sms")
    starts_at = START + timedelta(days=5)
    booking = await diary.book("tomas", starts_at=starts_at)
    await database.write(lambda: reminder.plan(booking, [], starts_at, now=NOW))
    async with sms_server() as server:
        await told_by(server, day, tells_status=True)
        assert len(server.sent) == 2
    await day.work(minutes=15)
    assert await calls(diary, day) == []
    assert (await states())[1] == ("reminder", "sent")


async def test_who_says_nothing_of_its_texts_is_not_waited_for(diary: Diary, day: Day) -> None:
    await diary.person("tomas", "sms", "email")
    await planned(diary, "tomas")
    async with sms_server() as server:
        await told_by(server, day, tells_status=False)
    assert await day.work(hours=1) == [] and [state for _, state in await states()] == ["sent", "sent", "due"]
