"""A chosen time is kept for fifteen minutes; nobody keeps many."""

from datetime import timedelta
from types import ModuleType

import pytest

from app import database as engine_room
from app.domain import checkout, for_whom, session, slot_hold
from app.domain.actor import ANONYMOUS, SYSTEM
from app.domain.errors import AlreadyBooked, HoldExpired, KeyReused, NotFound, SlotFull, TooManyHolds
from app.domain.verb import Key
from tests.people import Cast
from tests.timetable import ELEVEN, NOW, TEN, Timetable, book, hold, nobody, person

pytestmark = pytest.mark.anyio
QUARTER = timedelta(minutes=15)


@pytest.fixture
async def town(database: ModuleType, cast: Cast) -> Timetable:
    return await Timetable(cast).open()


async def live() -> int:
    found: int = await engine_room.scalar("SELECT count(*) FROM slot_hold WHERE ended_at IS NULL")
    return found


async def test_fifteen_minutes_by_the_clock_and_fifteen_more_by_a_button(town: Timetable) -> None:
    place, first, second = await town.service(), await nobody(), await nobody()
    held = await hold(place, TEN, first)
    almost = NOW + QUARTER - timedelta(seconds=1)
    with pytest.raises(SlotFull):
        await hold(place, TEN, second, now=almost)
    await slot_hold.extend(held, actor=first, now=almost)
    with pytest.raises(SlotFull):
        await hold(place, TEN, second, now=almost + QUARTER - timedelta(seconds=1))
    await hold(place, TEN, second, now=almost + QUARTER)
    with pytest.raises(HoldExpired):
        await slot_hold.extend(held, actor=first, now=almost + QUARTER)


async def test_who_comes_late_keeps_the_time_while_nobody_wants_it(town: Timetable) -> None:
    place, browser = await town.service(), await nobody()
    held = await hold(place, TEN, browser)
    await slot_hold.extend(held, actor=browser, now=NOW + 2 * QUARTER)
    with pytest.raises(SlotFull):
        await hold(place, TEN, await nobody(), now=NOW + 2 * QUARTER)


async def test_choosing_again_lets_the_first_go(town: Timetable) -> None:
    place, browser = await town.service(), await nobody()
    first = await hold(place, TEN, browser)
    await hold(place, ELEVEN, browser)
    assert await live() == 1
    with pytest.raises(HoldExpired):
        await slot_hold.load(first, browser.session_id)
    await hold(place, TEN, await nobody())


async def test_the_same_time_again_is_the_same_session_s_own(town: Timetable) -> None:
    place, browser = await town.service(), await nobody()
    await hold(place, TEN, browser)
    await hold(place, TEN, browser)
    assert await live() == 1 and await engine_room.scalar("SELECT taken FROM slot") == 1


async def test_an_address_keeps_four_of_a_service_and_twelve_of_all(town: Timetable) -> None:
    places = [await town.service(f"s{i}", capacity=9) for i in range(4)]
    for place in places[:3]:
        for _ in range(4):
            await hold(place, TEN, await nobody(), address="a")
        with pytest.raises(TooManyHolds):
            await hold(place, TEN, await nobody(), address="a")
    with pytest.raises(TooManyHolds):
        await hold(places[3], TEN, await nobody(), address="a")
    await hold(places[3], TEN, await nobody(), address="b")
    await hold(places[3], TEN, await nobody(), address="a", now=NOW + QUARTER)


async def test_a_double_click_before_any_session_makes_one_hold_of_one_session(town: Timetable) -> None:
    place = await town.service(capacity=5)

    async def click(typed: str = "same", quantity: int = 1) -> int:
        return await slot_hold.hold(
            *(place, TEN, quantity),
            token="made-of-the-key",
            address_hash="",
            actor=ANONYMOUS,
            now=NOW,
            key=Key("of-the-form", typed),
        )

    assert await click() == await click()
    assert await live() == 1 and await engine_room.scalar("SELECT count(*) FROM session") == 1
    with pytest.raises(KeyReused) as reused:
        await click("other")
    assert reused.value.arguments["verb"] == "slot_hold.hold"


async def test_others_do_not_find_it(town: Timetable) -> None:
    held = await hold(await town.service(), TEN, await nobody())
    other = await nobody()
    for refused in (slot_hold.extend, slot_hold.release):
        with pytest.raises(NotFound):
            await refused(held, actor=other, now=NOW)


async def test_who_signs_in_keeps_the_time(town: Timetable) -> None:
    place, browser = await town.service(), await nobody()
    held = await hold(place, TEN, browser)
    amina = await person(town.cast.amina.id)
    await engine_room.write(lambda: session.take_over(browser.session_id, amina.session_id, now=NOW))
    standing = await checkout.load(held, actor=amina, now=NOW)
    assert standing.parties is not None and standing.parties.receiver == town.cast.amina.id
    with pytest.raises(NotFound):
        await checkout.load(held, actor=browser, now=NOW)


async def test_back_after_booking_finds_the_booking(town: Timetable) -> None:
    place, amina = await town.service(), await person(town.cast.amina.id)
    code = await book(place, TEN, amina)
    held: int = await engine_room.scalar("SELECT id FROM slot_hold")
    with pytest.raises(AlreadyBooked) as booked:
        await slot_hold.extend(held, actor=amina, now=NOW)
    assert booked.value.arguments == {"code": code}
    with pytest.raises(NotFound):
        await slot_hold.load(held, (await nobody()).session_id)


async def test_the_worker_frees_what_is_over(town: Timetable) -> None:
    place = await town.service()
    await hold(place, TEN, await nobody())
    assert await slot_hold.release_expired(actor=SYSTEM, now=NOW + QUARTER - timedelta(seconds=1)) == 0
    assert await slot_hold.release_expired(actor=SYSTEM, now=NOW + QUARTER) == 1
    assert [await live(), await engine_room.scalar("SELECT taken FROM slot")] == [0, 0]


async def test_answers_go_with_the_receiver_they_were_for(town: Timetable) -> None:
    place, amina, cast = await town.service(mode="home"), await person(town.cast.amina.id), town.cast
    held = await hold(place, TEN, amina)
    await for_whom.choose(held, cast.amina.id, actor=amina, now=NOW)
    await checkout.answer(held, {"address": "Via Mia 1"}, actor=amina, now=NOW)
    assert await checkout.details(held, cast.amina.id) == {"address": "Via Mia 1"}
    await for_whom.choose(held, cast.yusuf.id, actor=amina, now=NOW)
    assert await checkout.details(held, cast.yusuf.id) == {}


@pytest.mark.parametrize("left_by", ["time", "another_choice"])
async def test_what_was_answered_goes_when_nobody_books(town: Timetable, left_by: str) -> None:
    place, amina = await town.service(), await person(town.cast.amina.id)
    held = await hold(place, TEN, amina)
    await checkout.answer(held, {"address": "Via Mia 1"}, actor=amina, now=NOW)
    if left_by == "another_choice":
        await hold(place, ELEVEN, amina)
    await slot_hold.release_expired(actor=SYSTEM, now=NOW + (QUARTER if left_by == "time" else timedelta(0)))
    assert await engine_room.scalar("SELECT count(*) FROM hold_detail") == 0


async def test_what_was_answered_stays_while_the_time_is_held(town: Timetable) -> None:
    place, amina = await town.service(), await person(town.cast.amina.id)
    held = await hold(place, TEN, amina)
    await checkout.answer(held, {"address": "Via Mia 1"}, actor=amina, now=NOW)
    await slot_hold.release_expired(actor=SYSTEM, now=NOW)
    assert await checkout.details(held, amina.id) == {"address": "Via Mia 1"}
