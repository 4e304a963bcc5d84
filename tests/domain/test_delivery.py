"""Reminders that fall together are one message, and each comes to its own end."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import datetime, timedelta
from types import ModuleType

import pytest

from app.domain import delivery, message, receipt, reminder
from app.domain.actor import SYSTEM
from app.gateways import Permanent, Temporary
from tests.appointments import NOW, START, Diary, messages
from tests.test_worker import Day

pytestmark = pytest.mark.anyio
TWO_DAYS = timedelta(hours=48)


@pytest.fixture
async def diary(database: ModuleType) -> AsyncIterator[Diary]:
    yield await Diary().open()


@pytest.fixture
def day() -> Day:
    return Day()


async def planned(diary: Diary, name: str, starts_at: datetime, receiver: str = "") -> int:
    """A booking with its reminders; that it was confirmed is told already."""
    from app import database

    number = await diary.book(name, receiver, starts_at=starts_at)
    await database.write(lambda: reminder.plan(number, [], starts_at, now=NOW))
    await database.execute("UPDATE message SET state = 'sent' WHERE kind = 'confirmed'")
    return number


async def three(diary: Diary, *channels: str) -> list[int]:
    """Amina's at 9.30, at 9.50 and, half an hour after the first is due, at 10.01."""
    await diary.person("amina", *channels)  # type: ignore[arg-type]
    return [await planned(diary, "amina", START + timedelta(minutes=later)) for later in (0, 20, 31)]


async def states(lead_hours: int = 48) -> list[object]:
    return [state for lead, state in await messages("lead_hours", "state") if lead == lead_hours]


async def test_what_falls_within_half_an_hour_is_one_message(diary: Diary, day: Day, database: ModuleType) -> None:
    await three(diary, "email")
    day.now = START - TWO_DAYS
    assert await day.work() == ["email"]
    (text,) = day.outside.texts
    assert "Ti ricordiamo 2 appuntamenti." in text
    assert "martedì 24 novembre alle 9.30: Aiuto compiti" in text and "alle 9.50: Aiuto compiti" in text
    assert text.count("/prenotazioni/") == 2 and "10.01" not in text
    assert await states() == ["sent", "sent", "due"]
    assert await database.scalar("SELECT count(DISTINCT message_id) FROM delivery WHERE state = 'sent'") == 2
    assert await day.work(minutes=31) == ["email"]
    assert "appuntamento di martedì 24 novembre alle 10.01" in day.outside.texts[-1]
    assert await day.work(hours=2) == []


async def test_one_morning_after_the_quiet_hours(diary: Diary, day: Day) -> None:
    """22.00, 23.00 and midnight two days before wait for the same eight o'clock."""
    await diary.person("amina", "sms")
    for later in (12.5, 13.5, 14.5):
        await planned(diary, "amina", START + timedelta(hours=later))
    day.now = START - timedelta(hours=25.5)
    assert await day.work() == ["sms"]
    assert day.outside.texts == [
        "Vicino: Ti ricordiamo 3 appuntamenti: 24/11 22.00, 24/11 23.00, 25/11 0.00. Tel. 0331 000 001"
    ]
    assert await states() == ["sent"] * 3


async def test_what_does_not_stand_any_more_is_not_listed(diary: Diary, day: Day, database: ModuleType) -> None:
    first, second, _ = await three(diary, "email")
    await database.execute("UPDATE booking SET state = 'cancelled' WHERE id = {}", second)
    day.now = START - TWO_DAYS
    assert await day.work() == ["email"]
    assert "l'appuntamento di martedì 24 novembre alle 9.30" in day.outside.texts[0], "one is told as one"
    assert await states() == ["sent", "cancelled", "due"]
    assert first


async def test_a_receipt_is_of_all_and_a_missing_one_too(diary: Diary, day: Day) -> None:
    await three(diary, "push", "email")
    day.now = START - TWO_DAYS
    assert await day.work() == ["push"]
    assert day.outside.texts == ["Promemoria: 2 appuntamenti. Tocca per leggere."]
    assert day.outside.payloads[0]["address"] == "/tradate/io/messaggi" and "actions" not in day.outside.payloads[0]
    assert await day.work(minutes=15) == ["email"], "both follow on the next channel, together again"
    assert await states() == ["sent", "sent", "due"]
    await receipt.receive(day.outside.receipts[0], actor=SYSTEM, now=day.now)
    assert await day.work(minutes=20) == ["push"]
    await receipt.receive(day.outside.receipts[1], actor=SYSTEM, now=day.now)
    assert await states() == ["received", "received", "received"]


async def test_who_has_seen_it_after_all_is_not_called(diary: Diary, day: Day) -> None:
    await three(diary, "push", "call")
    day.now = START - TWO_DAYS
    await day.work()
    await day.work(minutes=20)
    assert await states() == ["to_call", "to_call", "due"]
    await receipt.receive(day.outside.receipts[0], actor=SYSTEM, now=day.now)
    assert await states() == ["received", "received", "due"]


async def test_a_receipt_closes_each(diary: Diary, day: Day) -> None:
    await three(diary, "push", "email")
    day.now = START - TWO_DAYS
    await day.work()
    await receipt.receive(day.outside.receipts[0], actor=SYSTEM, now=day.now)
    assert await states() == ["received", "received", "due"]


async def test_a_crash_repeats_the_same_message(diary: Diary, day: Day, database: ModuleType) -> None:
    """With the same tag, also where one of them was called off meanwhile."""
    first, *_ = await three(diary, "push")
    day.now, day.outside.crashes = START - TWO_DAYS, True
    with suppress(asyncio.CancelledError):
        await day.work()
    day.outside.crashes = False
    await database.execute("UPDATE booking SET state = 'cancelled' WHERE id = {}", first)
    assert await day.work(minutes=20) == ["push"], "when it is due itself"
    before, after = day.outside.sent
    assert before == after, "what the phone shows is replaced"
    assert await states() == ["cancelled", "due", "due"]


async def test_what_fails_fails_for_all(diary: Diary, day: Day) -> None:
    await three(diary, "email", "sms")
    day.now, day.outside.failing["email"] = START - TWO_DAYS, Temporary("answer 451", timedelta(minutes=5))
    assert await day.work() == []
    day.outside.failing["email"] = Permanent("answer 550")
    assert await day.work(minutes=5) == ["sms"]
    assert "24/11 9.30, 24/11 9.50" in day.outside.texts[0]
    assert await states() == ["sent", "sent", "due"]


async def test_who_claimed_what_another_tells_finds_it_told(diary: Diary, day: Day) -> None:
    """Of two workers that hold one each, the first to begin tells both."""
    await three(diary, "email")
    day.now = START - TWO_DAYS + timedelta(minutes=20)
    (early,) = await message.claim("one", limit=1, now=day.now)
    (late,) = await message.claim("two", limit=1, now=day.now)
    attempt = await delivery.begin(late, now=day.now)
    assert attempt is not None and attempt.message_ids == [late.id, early.id]
    assert await delivery.begin(early, now=day.now) is None
    await delivery.sent(attempt, has_arrived=False, now=day.now)
    assert await states() == ["sent", "sent", "due"]


async def test_a_worker_that_stops_gives_back_what_it_took_along(diary: Diary, day: Day) -> None:
    await three(diary, "email")
    day.now = START - TWO_DAYS
    (due,) = await message.claim("one", limit=1, now=day.now)
    assert await delivery.begin(due, now=day.now)
    await message.give_back("one")
    assert await day.work() == ["email"]
    assert "2 appuntamenti" in day.outside.texts[0]


async def test_others_are_told_for_themselves(diary: Diary, day: Day) -> None:
    """Two people at the same moment, and one person's reminder beside other news, are not mixed."""
    for name in ("amina", "tomas"):
        await diary.person(name, "email")
        await planned(diary, name, START)

    async def credit() -> None:
        await message.put("credit_given", diary.people["amina"], due_at=START - TWO_DAYS, useless_after=START, now=NOW)

    from app import database

    await database.write(credit)
    day.now = START - TWO_DAYS
    assert await day.work() == ["email"] * 3


async def test_for_a_child_it_says_for_whom(diary: Diary, day: Day) -> None:
    await diary.person("yusuf")
    await diary.person("amina", "email")
    await planned(diary, "amina", START)
    await planned(diary, "amina", START + timedelta(minutes=20), "yusuf")
    day.now = START - TWO_DAYS
    assert await day.work() == ["email"]
    assert "per Yusuf" in day.outside.texts[0]
