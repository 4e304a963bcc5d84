"""When people are reminded, and of what they are not."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from types import ModuleType
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain import condition, reminder, service
from app.domain.actor import SYSTEM
from app.domain.errors import InvalidInput, NotFound
from tests.appointments import NOW, START, Diary, messages

pytestmark = pytest.mark.anyio
ROME = ZoneInfo("Europe/Rome")


@pytest.fixture
async def diary(database: ModuleType) -> AsyncIterator[Diary]:
    yield await Diary().open()


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ROME).astimezone(UTC)


def said(starts_at: str, now: str) -> list[str]:
    found = reminder.moments(local(starts_at), ROME, local(now))
    return [f"{m.lead_hours}: {m.due_at.astimezone(ROME):%d/%m %H.%M}" for m in found]


@pytest.mark.parametrize(
    ("starts_at", "now", "expected"),
    [
        ("2026-11-24 15:00", "2026-11-01 10:00", ["168: 17/11 15.00", "48: 22/11 15.00", "3: 24/11 12.00"]),
        ("2026-11-24 15:00", "2026-11-18 10:00", ["48: 22/11 15.00", "3: 24/11 12.00"]),
        ("2026-11-24 10:30", "2026-11-18 10:00", ["48: 22/11 10.30", "3: 24/11 08.00"]),  # 7.30 waits for 8
        ("2026-11-24 09:30", "2026-11-18 10:00", ["48: 22/11 09.30", "3: 23/11 20.00"]),  # 8 would be too late
        ("2026-11-24 07:00", "2026-11-01 10:00", ["168: 17/11 08.00", "48: 22/11 08.00", "3: 23/11 20.00"]),
        ("2026-11-24 22:00", "2026-11-18 10:00", ["48: 23/11 08.00", "3: 24/11 19.00"]),
        ("2026-11-25 01:00", "2026-11-18 10:00", ["48: 23/11 08.00", "3: 24/11 20.00"]),
        ("2026-11-24 15:00", "2026-11-23 10:00", ["3: 24/11 12.00"]),  # booked the day before
        ("2026-11-24 15:00", "2026-11-22 14:30", ["3: 24/11 12.00"]),  # just read it
        ("2026-11-24 15:00", "2026-11-24 11:30", []),
        ("2026-11-24 09:30", "2026-11-23 21:00", []),
        # the night the clocks go back (25 October) and forward (28 March): three hours are three hours
        ("2026-10-25 12:00", "2026-10-01 10:00", ["168: 18/10 13.00", "48: 23/10 13.00", "3: 25/10 09.00"]),
        ("2027-03-28 12:00", "2027-03-01 10:00", ["168: 21/03 11.00", "48: 26/03 11.00", "3: 28/03 09.00"]),
    ],
)
def test_moments(starts_at: str, now: str, expected: list[str]) -> None:
    assert said(starts_at, now) == expected


@settings(max_examples=300, deadline=None)
@given(
    after=st.timedeltas(timedelta(0), timedelta(days=1500)),
    ahead=st.timedeltas(timedelta(minutes=1), timedelta(days=70)),
)
def test_nobody_is_woken_and_every_reminder_is_of_use(after: timedelta, ahead: timedelta) -> None:
    start = NOW + after
    now = start - ahead
    found = reminder.moments(start, ROME, now)
    assert len({m.due_at for m in found}) == len(found)
    for moment in found:
        assert not reminder.is_quiet(moment.due_at, ROME)
        assert now < moment.due_at <= reminder.useless_after(start)
    if ahead > timedelta(days=3):
        assert {m.lead_hours for m in found} >= {48, 3}
    if ahead > timedelta(days=8):
        assert {m.lead_hours for m in found} == {168, 48, 3}


@settings(max_examples=300, deadline=None)
@given(
    after=st.timedeltas(timedelta(0), timedelta(days=1500)),
    ahead=st.timedeltas(timedelta(hours=3) + condition.A_NIGHT, timedelta(days=2)),
)
def test_who_knew_a_night_before_the_last_lead_has_a_reminder(after: timedelta, ahead: timedelta) -> None:
    """What `vicino doctor reminders` goes by."""
    assert reminder.moments(NOW + after, ROME, NOW + after - ahead, [condition.LAST_LEAD_HOURS])


def test_the_night_ends_at_eight_on_the_wall() -> None:
    assert reminder.morning_after(local("2026-10-24 23:30"), ROME) == local("2026-10-25 08:00")
    assert reminder.morning_after(local("2027-03-28 01:30"), ROME) == local("2027-03-28 08:00")
    clocks = {"07:59": True, "08:00": False, "20:59": False, "21:00": True}
    assert {clock: reminder.is_quiet(local(f"2026-11-24 {clock}"), ROME) for clock in clocks} == clocks


def test_a_zone_that_left_a_day_out_is_reminded_the_evening_before_it() -> None:
    apia = ZoneInfo("Pacific/Apia")  # 30 December 2011 was not
    starts_at = datetime(2011, 12, 31, 9, tzinfo=apia)
    last = reminder.moments(starts_at, apia, starts_at - timedelta(days=9))[-1]
    assert last.lead_hours == 3 and last.due_at == datetime(2011, 12, 29, 20, tzinfo=apia)


async def test_a_booking_is_confirmed_and_reminded_of(diary: Diary, database: ModuleType) -> None:
    amina = await diary.person("amina", "sms")
    booking = await diary.book("amina")
    for _ in range(2):  # twice is harmless
        await database.write(lambda: reminder.plan(booking, [amina], START, now=NOW))
    assert await messages("kind", "lead_hours", "due_at", "useless_after", "state") == [
        ("confirmed", 0, NOW, START, "due"),
        ("reminder", 48, START - timedelta(hours=48), START - timedelta(hours=1), "due"),
        ("reminder", 3, local("2026-11-23 20:00"), START - timedelta(hours=1), "due"),
    ]


async def test_a_move_forgets_the_old_time_and_one_back_remembers_it(diary: Diary, database: ModuleType) -> None:
    await diary.person("amina", "sms")
    booking, later = await diary.book("amina"), START + timedelta(days=1)
    await database.write(lambda: reminder.plan(booking, [], START, now=NOW))
    await database.write(lambda: reminder.moved(booking, [], later, now=NOW))
    reminders = [m for m in await messages("kind", "due_at", "state") if m[0] == "reminder"]
    assert [m[2] for m in reminders] == ["cancelled", "due", "cancelled", "due"]
    await database.write(lambda: reminder.moved(booking, [], START, now=NOW))
    reminders = [m for m in await messages("kind", "due_at", "state") if m[0] == "reminder"]
    assert [m[2] for m in reminders] == ["due", "cancelled", "due", "cancelled"]
    assert [m[0] for m in await messages("kind", "due_at")].count("moved") == 1, "one message for both moves"


async def test_a_cancelled_booking_says_so_and_nothing_else(diary: Diary, database: ModuleType) -> None:
    await diary.person("amina", "sms")
    booking = await diary.book("amina")
    await database.write(lambda: reminder.plan(booking, [], START, now=NOW))
    for _ in range(2):
        await database.write(lambda: reminder.cancel(booking, NOW))
    due = [m for m in await messages("kind", "state") if m[1] == "due"]
    assert due == [("cancelled", "due")]


async def test_a_no_is_told_and_not_reminded_of(diary: Diary, database: ModuleType) -> None:
    await diary.person("amina", "sms")
    booking = await diary.book("amina", state="awaiting")
    await database.write(lambda: reminder.plan(booking, [], START, now=NOW))
    await database.execute("UPDATE booking SET state = 'refused' WHERE id = {}", booking)
    await database.write(lambda: reminder.answered(booking, [], START, now=NOW))
    assert [m[0] for m in await messages("kind", "state") if m[1] == "due"] == ["answered"]


async def test_a_request_without_a_time_is_only_confirmed(diary: Diary, database: ModuleType) -> None:
    await diary.person("amina", "sms")
    booking = await diary.book("amina", state="requested")
    await database.write(lambda: reminder.plan(booking, [], None, now=NOW))
    assert await messages("kind", "useless_after") == [("confirmed", NOW + timedelta(days=3))]


async def test_a_service_may_have_leads_of_its_own(diary: Diary, database: ModuleType) -> None:
    """What is changed counts for bookings made after; who booked before is reminded as promised."""
    await diary.person("amina", "sms")
    compiti = diary.services["compiti"]

    async def leads(day: int) -> list[object]:
        starts_at = START + timedelta(days=day)
        booking = await diary.book("amina", starts_at=starts_at)
        await database.write(lambda: reminder.plan(booking, [], starts_at, now=NOW))
        told = await messages("booking_id", "kind", "lead_hours")
        return [lead for number, kind, lead in told if number == booking and kind == "reminder"]

    assert await leads(10) == [168, 48, 3]
    await service.set_reminders(compiti, [24, 72, 24], actor=SYSTEM, now=NOW)
    assert await leads(11) == [72, 24]
    await service.set_reminders(compiti, [], actor=SYSTEM, now=NOW)
    assert await leads(12) == [168, 48, 3]
    assert len([m for m in await messages("kind", "state") if m == ("reminder", "due")]) == 8
    assert await database.scalar("SELECT count(*) FROM audit WHERE what = 'service.reminders'") == 2


@pytest.mark.parametrize("hours", [[1], [0], [673], [3, 4, 5, 6, 7, 8]])
async def test_leads_nobody_could_use_are_refused(diary: Diary, hours: list[int]) -> None:
    with pytest.raises(InvalidInput):
        await service.set_reminders(diary.services["compiti"], hours, actor=SYSTEM, now=NOW)
    with pytest.raises(NotFound):
        await service.set_reminders(0, [3], actor=SYSTEM, now=NOW)


async def test_who_is_told(diary: Diary, database: ModuleType) -> None:
    rosa, elena = await diary.person("rosa", "call"), await diary.person("elena", "email")
    await diary.person("yusuf", born=date(2019, 4, 11))
    amina, karim = await diary.person("amina", "sms"), await diary.person("karim", "sms")
    rows = "INSERT INTO delegation (person_id, delegate_id, kind, may_see, may_book, may_spend, from_on) VALUES "
    for parent in (amina, karim):
        await database.execute(
            rows + "({}, {}, 'parent', TRUE, TRUE, TRUE, {})", diary.people["yusuf"], parent, date(2026, 1, 1)
        )
    listeners, later = reminder.listeners, START + timedelta(days=1)
    assert await listeners(await diary.book("elena", "rosa")) == [elena, rosa]
    assert await listeners(await diary.book("rosa", starts_at=later)) == [rosa]
    assert await listeners(await diary.book("amina", "yusuf")) == [amina], "not the child"
    assert await listeners(await diary.book("yusuf", starts_at=later)) == [amina, karim], (
        "the desk booked for the child"
    )
    assert await listeners(
        await diary.book("elena", "rosa", service="ascolto", starts_at=later + timedelta(days=1))
    ) == [rosa]
    assert await listeners(
        await diary.book("amina", "yusuf", service="ascolto", starts_at=later + timedelta(days=1))
    ) == [amina]


async def test_the_caller_may_name_fewer_but_never_others(diary: Diary, database: ModuleType) -> None:
    rosa, elena = await diary.person("rosa", "call"), await diary.person("elena", "email")
    stranger = await diary.person("bruno", "sms")
    booking = await diary.book("elena", "rosa")
    await database.write(lambda: reminder.plan(booking, [rosa, stranger], START, now=NOW))
    assert {m[0] for m in await messages("person_id")} == {rosa} != {elena}


async def test_at_night_only_who_booked_is_answered_at_once(diary: Diary, database: ModuleType) -> None:
    rosa, elena = await diary.person("rosa", "sms"), await diary.person("elena", "email")
    night = local("2026-11-20 22:30")
    booking = await diary.book("elena", "rosa")
    await database.write(lambda: reminder.plan(booking, [], START, now=night))
    told = {m[0]: m[2] for m in await messages("person_id", "kind", "due_at") if m[1] == "confirmed"}
    assert told == {elena: night, rosa: local("2026-11-21 08:00")}
