"""What is due arrives once, on the first channel that works, or on the call list."""

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from types import ModuleType
from typing import Any

import pytest

from app.domain import condition, delivery, message, push, receipt, reminder
from app.domain.actor import SYSTEM
from app.domain.delivery import Phone
from app.domain.errors import NotFound
from app.gateways import Permanent, Temporary
from app.gateways.mail import Letter
from app.gateways.web_push import SIZE, Push
from app.worker import Gateways, Past, Worker
from tests.appointments import NOW, START, Diary, messages
from tests.processes import together
from tests.rows import insert

pytestmark = pytest.mark.anyio


@dataclass
class Outside:
    """All three gateways: what they got, and how they fail when told to."""

    sent: list[tuple[str, str, str]] = field(default_factory=list)  # channel, to whom, tag
    texts: list[str] = field(default_factory=list)
    receipts: list[str] = field(default_factory=list)
    payloads: list[dict[str, Any]] = field(default_factory=list)
    failing: dict[str, Exception] = field(default_factory=dict)
    crashes: bool = False

    def note(self, channel: str, to: str, tag: str, text: str) -> None:
        if channel in self.failing:
            raise self.failing[channel]
        self.sent.append((channel, to, tag))
        self.texts.append(text)
        if self.crashes:
            raise asyncio.CancelledError


class Pushes:
    def __init__(self, outside: Outside) -> None:
        self.outside = outside

    async def send(self, phone: Phone, push: Push, *, message_id: int, now: datetime) -> bool:
        self.outside.note("push", phone.endpoint, push.topic, push.payload["body"])
        self.outside.payloads.append(push.payload)
        self.outside.receipts.append(push.payload["receipt"].rpartition("/")[2])
        return False

    async def close(self) -> None:
        pass


class Mails:
    def __init__(self, outside: Outside) -> None:
        self.outside = outside

    async def send(self, letter: Letter, *, tag: str, message_id: int, now: datetime) -> None:
        self.outside.note("email", letter.recipient, tag, letter.text)


class Texts:
    tells_status = False

    def __init__(self, outside: Outside) -> None:
        self.outside = outside

    async def send(self, number: str, text: str, *, tag: str, message_id: int, now: datetime) -> None:
        self.outside.note("sms", number, tag, text)


class Day:
    """A worker, what it reaches, and a clock."""

    def __init__(self) -> None:
        self.outside, self.now = Outside(), NOW
        self.worker = Worker(Gateways(Pushes(self.outside), Mails(self.outside), Texts(self.outside)), self.clock)

    def clock(self) -> datetime:
        return self.now

    async def work(self, **later: float) -> list[str]:
        """The channels used, `later` from now on."""
        self.now += timedelta(**later)
        before = len(self.outside.sent)
        while await self.worker.once():
            pass
        return [channel for channel, _, _ in self.outside.sent[before:]]


@pytest.fixture
async def diary(database: ModuleType) -> AsyncIterator[Diary]:
    yield await Diary().open()


@pytest.fixture
def day() -> Day:
    return Day()


async def planned(diary: Diary, name: str, **booking: str) -> int:
    from app import database

    number = await diary.book(name, **booking)  # type: ignore[arg-type]
    await database.write(lambda: reminder.plan(number, [], START, now=NOW))
    return number


async def states() -> list[tuple[object, ...]]:
    return await messages("kind", "state")


async def tries(database: ModuleType) -> list[tuple[str, str]]:
    found = await database.rows("SELECT channel, state FROM delivery ORDER BY id")
    return [(row["channel"], row["state"]) for row in found]


async def test_each_message_goes_out_when_it_is_due_and_once(diary: Diary, day: Day) -> None:
    await diary.person("tomas", "email", "sms")
    await planned(diary, "tomas")
    assert await day.work() == ["email"]
    assert await day.work(hours=40) == []
    assert await day.work(hours=8) == ["email"]
    assert await day.work(hours=34) == ["email"], "20 o'clock, the evening before"
    assert {state for _, state in await states()} == {"sent"}
    assert len({tag for _, _, tag in day.outside.sent}) == 3


async def test_a_push_that_is_shown_needs_nothing_else(diary: Diary, day: Day, database: ModuleType) -> None:
    await diary.person("tomas", "push", "email")
    await planned(diary, "tomas")
    assert await day.work() == ["push"]
    await receipt.receive(day.outside.receipts[0], actor=SYSTEM, now=day.now)
    await receipt.receive(day.outside.receipts[0], actor=SYSTEM, now=day.now)
    assert await day.work(hours=1) == []
    assert (await states())[0] == ("confirmed", "received")
    assert await tries(database) == [("push", "received")]
    with pytest.raises(NotFound):
        await receipt.receive("guessed", actor=SYSTEM, now=day.now)


async def test_a_reminders_push_has_buttons_as_long_as_they_are_of_use(diary: Diary, day: Day) -> None:
    """What it carries stays within the size every push is padded to."""
    await diary.person("tomas", "push")
    await planned(diary, "tomas")
    await day.work()
    await day.work(hours=48)
    await day.work(hours=34)
    *_, two_days, evening = day.outside.payloads
    assert [one["action"] for one in two_days["actions"]] == ["/annulla", "/sposta"]
    assert "actions" not in evening, "24 hours before, the last moment is over"
    assert two_days["address"] == evening["address"] and "/prenotazioni/" in evening["address"]
    assert len(json.dumps(two_days)) < SIZE - 60


async def test_a_push_without_receipt_is_followed_by_the_next_channel(diary: Diary, day: Day) -> None:
    await diary.person("tomas", "push", "email", "sms")
    await planned(diary, "tomas")
    assert await day.work() == ["push"]
    assert await day.work(minutes=14) == []
    assert await day.work(minutes=1) == ["email"]
    assert await day.work(hours=2) == []


async def test_a_receipt_before_the_services_own_answer_counts(diary: Diary, day: Day, database: ModuleType) -> None:
    await diary.person("tomas", "push", "email")
    await planned(diary, "tomas")
    (due,) = await message.claim("w", limit=1, now=NOW)
    attempt = await delivery.begin(due, now=NOW)
    assert attempt is not None
    await receipt.receive(attempt.reference, actor=SYSTEM, now=NOW)
    await delivery.sent(attempt, has_arrived=False, now=NOW)
    assert (await states())[0] == ("confirmed", "received")
    assert await tries(database) == [("push", "received")]


async def test_a_dead_phone_is_forgotten_and_the_next_channel_used_at_once(
    diary: Diary, day: Day, database: ModuleType
) -> None:
    await diary.person("tomas", "push", "email")
    await planned(diary, "tomas")
    day.outside.failing["push"] = Permanent("answer 410", is_gone=True)
    assert await day.work() == ["email"]
    assert await database.scalar("SELECT ended_at FROM push_subscription") == day.now
    assert await tries(database) == [("push", "failed"), ("email", "sent")]


async def test_what_may_work_later_is_tried_later(diary: Diary, day: Day) -> None:
    await diary.person("tomas", "email", "sms")
    await planned(diary, "tomas")
    day.outside.failing["email"] = Temporary("answer 451", timedelta(minutes=5))
    assert await day.work() == []
    assert await day.work(minutes=4) == [], "it asked for five minutes"
    del day.outside.failing["email"]
    assert await day.work(minutes=1) == ["email"]


async def test_no_retry_outlives_its_use(diary: Diary, day: Day) -> None:
    """An hour before the appointment the next channel has its turn, whatever the first one promises."""
    await diary.person("tomas", "email", "sms")
    await planned(diary, "tomas")
    await day.work()
    day.outside.failing["email"] = Temporary("answer 451", timedelta(hours=20))
    day.now = datetime(2026, 11, 23, 19, 30, tzinfo=UTC)  # after the evening reminder was due
    assert await day.work() == ["sms"]


async def test_a_cancelled_booking_is_never_reminded_of(diary: Diary, day: Day, database: ModuleType) -> None:
    await diary.person("tomas", "email")
    booking = await planned(diary, "tomas")
    await day.work()
    await database.execute("UPDATE booking SET state = 'cancelled' WHERE id = {}", booking)
    assert await day.work(days=3, hours=10) == [], "even where nobody withdrew the rows"
    assert {state for kind, state in await states() if kind == "reminder"} == {"cancelled"}


async def test_the_old_time_is_never_reminded_of(diary: Diary, day: Day, database: ModuleType) -> None:
    await diary.person("tomas", "email")
    booking = await planned(diary, "tomas")
    await day.work()
    await diary.move(booking, START + timedelta(days=5))
    assert await day.work(days=3) == []


async def test_a_message_withdrawn_while_it_is_leased_is_not_sent(diary: Diary, day: Day, database: ModuleType) -> None:
    await diary.person("tomas", "email")
    booking = await planned(diary, "tomas")
    (due,) = await message.claim("w", limit=1, now=NOW)
    await database.write(lambda: reminder.cancel(booking, NOW))
    assert await delivery.begin(due, now=NOW) is None


async def test_nobody_is_woken_by_the_next_channel(diary: Diary, day: Day, database: ModuleType) -> None:
    await diary.person("tomas", "push", "sms")
    await planned(diary, "tomas")
    await day.work()
    day.now = datetime(2026, 11, 23, 19, 50, tzinfo=UTC)  # 20.50: the evening's push is late
    assert await day.work() == ["sms", "push"], "the confirmation, and of two late reminders the later one"
    assert await day.work(minutes=20) == [], "21.10"
    assert await day.work(hours=9) == [], "6.10"
    day.now = datetime(2026, 11, 24, 7, tzinfo=UTC)
    assert await day.work() == ["sms"], "8.00, an hour and a half before"


async def test_a_crash_between_sending_and_writing_down_repeats_the_same_message(
    diary: Diary, day: Day, database: ModuleType
) -> None:
    await diary.person("tomas", "push", "email")
    await planned(diary, "tomas")
    day.outside.crashes = True
    with suppress(asyncio.CancelledError):
        await day.work()
    day.outside.crashes = False
    assert await day.work(minutes=1) == [], "the lease still stands"
    assert await day.work(minutes=2) == ["push"]
    first, second = day.outside.sent
    assert first == second, "the same tag: the phone replaces what it shows"
    assert await tries(database) == [("push", "sent")]


async def test_one_silent_person_holds_up_nobody(diary: Diary, day: Day, database: ModuleType) -> None:
    for name in ("tomas", "amina"):
        await diary.person(name, "email")
        await planned(diary, name)
    reached, stop = asyncio.Event(), asyncio.Event()

    class Slow(Mails):
        async def send(self, letter: Letter, *, tag: str, message_id: int, now: datetime) -> None:
            if message_id == 1:
                await asyncio.wait_for(reached.wait(), 5)
            await super().send(letter, tag=tag, message_id=message_id, now=now)
            reached.set()

    day.worker.outside = Gateways(Pushes(day.outside), Slow(day.outside), Texts(day.outside))
    running = asyncio.create_task(day.worker.run(stop))
    await asyncio.wait_for(reached.wait(), 5)
    stop.set()
    await asyncio.wait_for(running, 5)
    assert len(day.outside.sent) == 2, "the piece that was on its way is finished before the end"


async def test_a_hundred_silent_hosts_hold_up_nobody(diary: Diary, day: Day, database: ModuleType) -> None:
    """More than are begun at once, all before the one who can be reached."""
    tomas = await diary.person("tomas", "email")
    reached, stop, ends = asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def fill() -> None:
        for number in range(100 + 1):
            await message.put(
                "credit_given", tomas, due_at=NOW + timedelta(seconds=number), useless_after=START, now=NOW
            )

    class Silent(Mails):
        async def send(self, letter: Letter, *, tag: str, message_id: int, now: datetime) -> None:
            if message_id <= 100:
                await ends.wait()
            reached.set()

    await database.write(fill)
    day.now += timedelta(hours=1)
    day.worker.outside = Gateways(Pushes(day.outside), Silent(day.outside), Texts(day.outside))
    running = asyncio.create_task(day.worker.run(stop))
    await asyncio.wait_for(reached.wait(), 8)
    for _ in range(80):
        if {state for _, state in await tries(database)} == {"sending", "sent"}:
            break
        await asyncio.sleep(0.1)
    else:
        pytest.fail("it was told, and nobody wrote it down")
    ends.set()
    stop.set()
    await asyncio.wait_for(running, 8)
    assert {state for _, state in await tries(database)} == {"sent"}


async def test_the_past_of_a_demo_is_told_in_its_order_and_at_its_time(diary: Diary, database: ModuleType) -> None:
    tomas = await diary.person("tomas", "push", "email")
    await database.execute("UPDATE push_subscription SET ended_at = {}", NOW)
    await diary.person("elena", "email")
    await push.pretend(tomas, "Telefono di Tomàs", actor=SYSTEM, now=NOW)
    for name in diary.people:
        await planned(diary, name)
    await Past(NOW).tell_until(START)
    told = await database.rows("SELECT channel, recipient, sent_at FROM outbox_copy ORDER BY sent_at, recipient")
    evening = datetime(2026, 11, 23, 19, tzinfo=UTC)
    assert [(row["channel"], row["recipient"], row["sent_at"]) for row in told] == [
        (channel, recipient, sent_at)
        for sent_at in (NOW, START - timedelta(hours=48), evening)
        for channel, recipient in (("email", "p101@esempio.example"), ("push", "telefono-di-tom-s-100"))
    ]


async def claim_all(number: int) -> list[int]:
    mine: list[int] = []
    while found := await message.claim(f"worker {number}", limit=3, now=NOW):
        mine += [due.id for due in found]
    return mine


@pytest.mark.slow
async def test_each_message_is_claimed_by_one_process(diary: Diary, database: ModuleType) -> None:
    person = await diary.person("tomas", "email")

    async def fill() -> None:
        for _ in range(60):
            await message.put("credit_given", person, due_at=NOW, useless_after=START, now=NOW)

    await database.write(fill)
    claimed = [one for mine in await together(4, claim_all) for one in mine]
    assert sorted(claimed) == sorted(set(claimed))
    assert len(claimed) == 60


@pytest.mark.slow
async def test_a_worker_alone_stops_when_it_is_told_to(diary: Diary) -> None:
    process = await asyncio.create_subprocess_exec(sys.executable, "-m", "app.cli", "worker", env=dict(os.environ))
    for _ in range(300):
        if await condition.worker_at():
            break
        await asyncio.sleep(0.1)
    assert process.returncode is None
    process.send_signal(signal.SIGTERM)
    assert await asyncio.wait_for(process.wait(), 10) == 0


async def test_what_recurs_is_done_by_one_worker_in_its_time(diary: Diary, day: Day, database: ModuleType) -> None:
    booking = await diary.book("tomas") if diary.people else await _booked(diary)
    service = diary.services["compiti"]
    question = await insert(
        "question", service_id=service, position=1, wording="?", why="x", seen_by="x", is_required=False
    )
    await insert("answer", booking_id=booking, question_id=question, text_encrypted="x", delete_after=START)
    for made_at in (NOW - timedelta(days=91), NOW):
        await insert("once_key", scope=str(made_at), key="k", verb="v", input_hash="h", made_at=made_at)
    await day.worker.do_recurring()
    assert await database.scalar("SELECT count(*) FROM once_key") == 1
    assert await database.scalar("SELECT count(*) FROM answer") == 1
    day.now = START
    await day.worker.do_recurring()
    assert await database.scalar("SELECT count(*) FROM answer") == 0


async def _booked(diary: Diary) -> int:
    await diary.person("tomas", "email", born=date(1985, 6, 18))
    return await diary.book("tomas")
