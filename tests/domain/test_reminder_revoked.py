"""Who does not speak for somebody any more hears nothing of their appointments, whatever was planned before."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from types import ModuleType

import pytest

from app import database as engine_room
from app.domain import delegation, reminder
from app.domain.actor import SYSTEM
from app.domain.delegation import DelegationKind
from tests.appointments import NOW, START, Diary, messages
from tests.test_worker import Day, planned

pytestmark = pytest.mark.anyio


@pytest.fixture
async def diary(database: ModuleType) -> AsyncIterator[Diary]:
    yield await Diary().open()


@pytest.fixture
def day() -> Day:
    return Day()


async def trust(diary: Diary, whom: str, who: str, kind: DelegationKind = "delegate") -> int:
    scopes: frozenset[delegation.Scope] = frozenset({"see", "book", "spend"})
    ids, since = diary.people, NOW.date() - timedelta(days=30)
    return await delegation.grant(ids[whom], ids[who], kind, scopes, from_on=since, actor=SYSTEM, now=NOW)


async def reached(day: Day) -> list[str]:
    """Who is written to, from now to the appointment."""
    before = len(day.outside.sent)
    while day.now < START:
        await day.work(hours=4)
    return [to.partition("@")[0] for _, to, _ in day.outside.sent[before:]]


async def test_the_daughter_whose_trust_was_taken_back_is_told_nothing_more(diary: Diary, day: Day) -> None:
    rosa, elena = [await diary.person(name, "email") for name in ("rosa", "elena")]
    given = await trust(diary, "rosa", "elena")
    await planned(diary, "elena", receiver="rosa")
    await day.work()
    await delegation.revoke(given, actor=SYSTEM, now=day.now)
    assert set(await reached(day)) == {f"p{rosa}"}
    kept = await messages("person_id", "kind", "state")
    assert [state for who, kind, state in kept if (who, kind) == (elena, "reminder")] == ["cancelled"] * 2


async def test_while_it_lasts_both_are_told(diary: Diary, day: Day) -> None:
    rosa, elena = [await diary.person(name, "email") for name in ("rosa", "elena")]
    await trust(diary, "rosa", "elena")
    await planned(diary, "elena", receiver="rosa")
    await day.work()
    assert set(await reached(day)) == {f"p{rosa}", f"p{elena}"}


async def test_a_trust_ends_by_the_walls_clock_and_not_by_utc(diary: Diary) -> None:
    rosa, elena = [await diary.person(name, "email") for name in ("rosa", "elena")]
    given = await trust(diary, "rosa", "elena")
    booking_id = await planned(diary, "elena", receiver="rosa")
    await engine_room.execute("UPDATE delegation SET until_on = {} WHERE id = {}", date(2026, 11, 22), given)
    last_minute = datetime(2026, 11, 22, 22, 59, tzinfo=UTC)  # 23:59 in Rome
    assert await reminder.may_hear(booking_id, elena, last_minute)
    assert not await reminder.may_hear(booking_id, elena, last_minute + timedelta(minutes=1))
    assert await reminder.may_hear(booking_id, rosa, last_minute + timedelta(minutes=1))


async def test_of_a_child_the_other_parent_hears_instead(diary: Diary, day: Day) -> None:
    await diary.person("yusuf", born=date(2018, 5, 17))
    amina, karim = [await diary.person(name, "email") for name in ("amina", "karim")]
    for name in ("amina", "karim"):
        await trust(diary, "yusuf", name, "parent")
    await planned(diary, "karim", receiver="yusuf")
    await day.work()
    await engine_room.execute("UPDATE delegation SET revoked_at = {} WHERE delegate_id = {}", day.now, karim)
    assert set(await reached(day)) == {f"p{amina}"}
