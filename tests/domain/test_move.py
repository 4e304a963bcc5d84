"""Another time: the same code, the same held money, and the old place free."""

import asyncio
from datetime import UTC, date, datetime, timedelta
from types import ModuleType

import pytest

from app import database as engine_room
from app.domain import booking, cancellation, move
from app.domain.errors import AlreadyClosed, AlreadyYours, FundRefuses, NotFound, SlotFull, SlotNotOffered, TooLate
from tests.people import Cast
from tests.timetable import ELEVEN, NOW, TEN, Timetable, book, hold, nobody, person, staff

pytestmark = pytest.mark.anyio
FRIDAY = TEN + timedelta(days=1)


@pytest.fixture
async def town(database: ModuleType, cast: Cast) -> Timetable:
    return await Timetable(cast).open()


async def standing() -> list[object]:
    """All that a refused move must leave as it was."""
    tables = ("booking", "slot", "slot_hold", "transfer", "message", "move", "slot_resource")
    return [await engine_room.rows(f"SELECT * FROM {table} ORDER BY 1, 2") for table in tables]


async def test_code_and_money_stay(town: Timetable) -> None:
    amina, place = await person(town.cast.amina.id), await town.service(resources=(await town.resource("Ilaria"),))
    await town.credit(amina.id, 900)
    code = await book(place, TEN, amina)
    transfers = await engine_room.rows("SELECT * FROM transfer ORDER BY id")
    assert await move.move(code, FRIDAY, actor=amina, now=NOW) == code
    found = await booking.by_code(code)
    assert [found.starts_at, found.sequence, found.state] == [FRIDAY, 1, "confirmed"]
    assert await engine_room.rows("SELECT * FROM transfer ORDER BY id") == transfers
    await hold(place, TEN, await nobody())
    with pytest.raises(SlotFull):
        await hold(place, FRIDAY, await nobody())
    due = await engine_room.rows("SELECT due_at FROM message WHERE kind = 'reminder' AND state = 'due'")
    assert due and all(timedelta() < FRIDAY - each["due_at"] <= timedelta(hours=48) for each in due)


async def test_half_an_hour_later_with_the_same_operator(town: Timetable) -> None:
    ilaria, amina = await town.resource("Ilaria"), await person(town.cast.amina.id)
    place = await town.service(resources=(ilaria,), step_minutes=30)
    code = await book(place, TEN, amina)
    await move.move(code, TEN + timedelta(minutes=30), actor=amina, now=NOW)
    assert await engine_room.scalar("SELECT sum(taken) FROM slot") == 1


async def test_a_credit_that_is_over_by_then_refuses(town: Timetable) -> None:
    amina, place = await person(town.cast.amina.id), await town.service(hours=("00:00", "23:00"))
    await town.credit(amina.id, 900, date(2026, 11, 27))
    code = await book(place, TEN, amina)
    before = await standing()
    midnight = datetime(2026, 11, 27, 23, tzinfo=UTC)  # in Italy it is the 28th
    with pytest.raises(FundRefuses) as refused:
        await move.move(code, midnight, actor=amina, now=NOW)
    assert refused.value.arguments["rule"] == "expired_service_day"
    assert await standing() == before
    await move.move(code, midnight - timedelta(hours=2), actor=amina, now=NOW)


async def test_a_credit_judged_on_the_booking_day_goes_along(town: Timetable) -> None:
    amina, place = await person(town.cast.amina.id), await town.service()
    await town.credit(amina.id, 900, date(2026, 11, 26), validity_day="booking")
    code = await book(place, TEN, amina)
    assert await move.move(code, FRIDAY, actor=amina, now=NOW)


async def test_a_refused_move_leaves_everything_as_it_was(town: Timetable) -> None:
    amina, place = await person(town.cast.amina.id), await town.service(resources=(await town.resource("Ilaria"),))
    code = await book(place, TEN, amina)
    await book(place, ELEVEN, await person(town.cast.tomas.id))
    before = await standing()
    refusals = ((ELEVEN, SlotFull), (TEN + timedelta(minutes=7), SlotNotOffered), (NOW, SlotNotOffered))
    for starts_at, refusal in refusals:
        with pytest.raises(refusal):
            await move.move(code, starts_at, actor=amina, now=NOW)
    with pytest.raises(TooLate):
        await move.move(code, FRIDAY, actor=amina, now=TEN - timedelta(hours=23))
    with pytest.raises(NotFound):
        await move.move(code, FRIDAY, actor=await person(town.cast.tomas.id), now=NOW)
    assert await standing() == before
    await move.move(code, FRIDAY, actor=await staff(town.cast.desk.id), now=TEN - timedelta(hours=23))
    await cancellation.cancel(code, "ill", actor=amina, now=NOW)
    with pytest.raises(AlreadyClosed):
        await move.move(code, TEN, actor=amina, now=NOW)


async def test_only_times_with_room_for_all_of_it_are_offered(town: Timetable) -> None:
    ilaria = await town.resource("Ilaria")
    place = await town.service("ore", resources=(ilaria,), unit="hour", max_quantity=3, cancel_hours=0)
    amina = await person(town.cast.amina.id)
    code = await book(place, TEN - timedelta(hours=1), amina, quantity=3)
    await book(place, FRIDAY, await person(town.cast.tomas.id))
    found = await move.times(await booking.by_code(code), now=NOW, limit=3)
    assert [time.starts_at.day for time in found] == [25, 28, 29]
    for time in found:
        await move.move(code, time.starts_at, actor=amina, now=NOW)
    assert (await booking.by_code(code)).ends_at == found[-1].starts_at + timedelta(hours=3)


async def test_nobody_moves_to_where_they_are_booked_already(town: Timetable) -> None:
    amina, place = await person(town.cast.amina.id), await town.service(capacity=9)
    first, second = await book(place, FRIDAY, amina), await book(place, TEN, amina)
    free = await move.times(await booking.by_code(second), now=NOW, limit=30)
    assert FRIDAY + timedelta(hours=1) in [time.starts_at for time in free]
    assert {FRIDAY, TEN}.isdisjoint(time.starts_at for time in free)
    before = await standing()
    with pytest.raises(AlreadyYours) as refused:
        await move.move(second, FRIDAY, actor=amina, now=NOW)
    assert refused.value.arguments == {"code": first} and await standing() == before
    await cancellation.cancel(first, "ill", actor=amina, now=NOW)
    assert await move.move(second, FRIDAY, actor=amina, now=NOW) == second


async def test_at_the_same_moment_one_place_is_freed_once(town: Timetable) -> None:
    """Moved here, moved there and called off by three hands: each time keeps as many places as bookings stand there."""
    place = await town.service(capacity=20)
    cast, times = town.cast, (FRIDAY, FRIDAY + timedelta(hours=1))
    for one in (cast.amina, cast.tomas, cast.rosa, cast.elena, cast.luca):
        who = await person(one.id)
        code = await book(place, TEN, who)
        moves = [move.move(code, there, actor=who, now=NOW) for there in times]
        hands = [*moves, cancellation.cancel(code, "ill", actor=who, now=NOW)]
        done = await asyncio.gather(*hands, return_exceptions=True)
        assert all(isinstance(each, str | AlreadyClosed) for each in done), done
    counted = "SELECT count(*) FROM booking b WHERE b.slot_id = s.id AND b.state = 'confirmed'"
    wrong = await engine_room.rows(f"SELECT s.id, s.taken FROM slot s WHERE s.taken <> ({counted})")
    assert wrong == []
