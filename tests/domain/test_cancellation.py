"""Calling off: the seat, the money and the reminders go back together, once."""

from datetime import UTC, date, datetime, timedelta
from types import ModuleType

import pytest

from app import database as engine_room
from app.domain import booking, cancellation, purse
from app.domain.errors import AlreadyClosed, NotFound, SignInNeeded, TooLate
from app.domain.verb import Key
from tests.people import Cast
from tests.processes import together
from tests.timetable import NOW, TEN, Timetable, book, hold, nobody, person, staff

pytestmark = pytest.mark.anyio
DEADLINE = TEN - timedelta(hours=24)


@pytest.fixture
async def town(database: ModuleType, cast: Cast) -> Timetable:
    return await Timetable(cast).open()


async def purses(person_id: int, now: datetime = NOW) -> list[tuple[date, int, int]]:
    found = await purse.wallet(person_id, now=now)
    return [(each.expires_on, each.total_cents, each.held_cents) for each in found.purses]


async def test_in_time_all_of_it_goes_back_where_it_came_from(town: Timetable) -> None:
    amina, place = await person(town.cast.amina.id), await town.service(resources=(await town.resource("Ilaria"),))
    await town.credit(amina.id, 900, date(2026, 11, 30))
    await town.credit(amina.id, 1000, fund_name="Fondazione")
    before = await purses(amina.id)
    code = await book(place, TEN, amina)
    assert [held for _, _, held in await purses(amina.id)] == [900, 1000]
    await cancellation.cancel(code, "ill", actor=amina, now=DEADLINE)
    assert await purses(amina.id) == before
    found = await booking.by_code(code)
    assert [found.state, found.sequence] == ["cancelled", 1]
    states = await engine_room.rows("SELECT DISTINCT state FROM message WHERE kind = 'reminder'")
    assert [each["state"] for each in states] == ["cancelled"]
    await hold(place, TEN, await nobody())  # the place is somebody else's at once


async def test_a_second_too_late_changes_nothing(town: Timetable) -> None:
    amina, place = await person(town.cast.amina.id), await town.service()
    await town.credit(amina.id, 900)
    code = await book(place, TEN, amina)
    with pytest.raises(TooLate) as late:
        await cancellation.cancel(code, "ill", actor=amina, now=DEADLINE + timedelta(seconds=1))
    assert late.value.arguments == {"hours": 24}
    assert (await booking.by_code(code)).state == "confirmed" and (await purses(amina.id))[0][2] == 900
    await cancellation.cancel(code, "ill", actor=await staff(town.cast.desk.id), now=TEN)
    assert (await engine_room.row("SELECT by_kind, is_late FROM cancellation")) == {"by_kind": "staff", "is_late": True}


async def test_called_off_by_the_centre_after_its_day_a_credit_lives_thirty_days_more(town: Timetable) -> None:
    amina, place = await person(town.cast.amina.id), await town.service()
    await town.credit(amina.id, 900, date(2026, 11, 26))
    code, later = await book(place, TEN, amina), datetime(2026, 12, 1, 9, tzinfo=UTC)
    await cancellation.cancel(code, "provider_ill", actor=await staff(town.cast.ines.id), now=later)
    assert await purses(amina.id, later) == [(date(2026, 12, 31), 900, 0)]
    assert await engine_room.scalar("SELECT by_kind FROM cancellation") == "provider"


async def test_twice_is_once(town: Timetable) -> None:
    amina, place = await person(town.cast.amina.id), await town.service(capacity=2)
    code = await book(place, TEN, amina)
    await book(place, TEN, await person(town.cast.tomas.id))
    key = Key("pressed", "once")
    assert {await cancellation.cancel(code, "ill", actor=amina, now=NOW, key=key) for _ in range(2)} == {code}
    with pytest.raises(AlreadyClosed):
        await cancellation.cancel(code, "ill", actor=amina, now=NOW)
    assert await engine_room.scalar("SELECT taken FROM slot") == 1


async def test_only_who_may_book_may_call_off(town: Timetable) -> None:
    place, cast = await town.service(capacity=9), town.cast
    code = await book(place, TEN, await person(cast.rosa.id))
    await engine_room.execute("UPDATE delegation SET may_book = {} WHERE delegate_id = {}", False, cast.elena.id)
    elena = await person(cast.elena.id)
    assert await booking.visible(code, actor=elena, now=NOW)
    for actor in (elena, await person(cast.tomas.id), await staff(cast.foreign_desk.id)):
        with pytest.raises(NotFound):
            await cancellation.cancel(code, "ill", actor=actor, now=NOW)
    for known in (code, "22222222"):
        with pytest.raises(SignInNeeded):
            await cancellation.cancel(known, "ill", actor=await nobody(), now=NOW)
    await engine_room.execute("UPDATE delegation SET may_book = {} WHERE delegate_id = {}", True, cast.elena.id)
    assert await cancellation.cancel(code, "ill", actor=elena, now=NOW) == code


async def cancel_at_once(number: int, code: str, person_id: int) -> str:
    try:
        return await cancellation.cancel(code, "ill", actor=await person(person_id), now=NOW)
    except AlreadyClosed as refusal:
        return refusal.key


@pytest.mark.slow
async def test_two_at_the_same_moment_give_back_once(town: Timetable) -> None:
    amina, place = await person(town.cast.amina.id), await town.service(capacity=2)
    await town.credit(amina.id, 900)
    code = await book(place, TEN, amina)
    await book(place, TEN, await person(town.cast.tomas.id))
    results = await together(3, cancel_at_once, code, amina.id)
    assert sorted(results) == sorted([code, "already_closed", "already_closed"])
    assert await engine_room.scalar("SELECT taken FROM slot") == 1
    assert await engine_room.scalar("SELECT count(*) FROM transfer WHERE kind = 'void'") == 1
