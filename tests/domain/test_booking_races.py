"""Bookings of several processes at the same moment."""

from types import ModuleType

import pytest

from app import database as engine_room
from app.domain import booking, move
from app.domain.actor import Actor
from app.domain.errors import HasTheTime, SlotFull, SplitChanged, TooManyOpenBookings
from app.domain.verb import Key
from tests.domain.test_booking import engaged
from tests.people import Cast
from tests.processes import together
from tests.timetable import ELEVEN, NOW, TEN, Timetable, as_guest, book, hold, mark, person

pytestmark = [pytest.mark.anyio, pytest.mark.slow]


@pytest.fixture
async def town(database: ModuleType, cast: Cast) -> Timetable:
    return await Timetable(cast).open()


async def spend_last_euro(number: int, places: list[int], person_id: int) -> str:
    """The whole booking, each on a slot of its own, for the same credit."""
    actor = await person(person_id)
    held = await hold(places[number], TEN, actor)
    try:
        return await booking.book(held, await mark(held, actor), actor=actor, now=NOW)
    except SplitChanged as refusal:
        return refusal.key


async def confirm_with_one_key(number: int, held: int, shown: str, person_id: int, session_id: int) -> str:
    actor = Actor("person", person_id, session_id)
    return await booking.book(held, shown, actor=actor, now=NOW, key=Key("pressed", "once"))


async def book_as_guest(number: int, places: list[int]) -> str:
    try:
        await as_guest(places[number], TEN, "300 0000 077")
    except (TooManyOpenBookings, SlotFull) as refusal:
        return refusal.key
    return "booked"


async def book_in_a_tab(number: int, place: int, code: str, person_id: int) -> str:
    """Tabs of one person at the same moment; the last one moves an older booking there."""
    actor = await person(person_id)
    try:
        if number == 3:
            return await move.move(code, TEN, actor=actor, now=NOW)
        held = await hold(place, TEN, actor)
        return await booking.book(held, await mark(held, actor), actor=actor, now=NOW)
    except HasTheTime as refusal:
        return refusal.key


async def test_one_person_in_four_processes_has_the_time_once(town: Timetable) -> None:
    amina, place = await person(town.cast.amina.id), await town.service(capacity=9)
    code = await book(place, ELEVEN, amina)
    results = await together(4, book_in_a_tab, place, code, amina.id)
    assert results.count("already_yours") == 3
    there = "SELECT count(*) FROM booking b JOIN slot s ON s.id = b.slot_id WHERE s.starts_at = {}"
    assert await engine_room.scalar(there, TEN) == 1


async def test_the_last_euro_pays_one_of_four_bookings(town: Timetable) -> None:
    amina = town.cast.amina.id
    places = [await town.service(f"s{i}", price=100) for i in range(4)]
    await town.credit(amina, 100)
    results = await together(4, spend_last_euro, places, amina)
    spent = [await engaged(code) for code in results if code != "split_changed"]
    assert sorted(spent) == [0] * (len(spent) - 1) + [100]  # who looked later saw an empty purse and pays it all
    assert await engine_room.scalar("SELECT max(debits_pending) FROM account WHERE kind = 'purse'") == 100


async def test_one_key_pressed_in_four_processes_is_one_booking(town: Timetable) -> None:
    amina, place = await person(town.cast.amina.id), await town.service(capacity=9)
    await town.credit(amina.id, 900)
    held = await hold(place, TEN, amina)
    codes = await together(4, confirm_with_one_key, held, await mark(held, amina), amina.id, amina.session_id)
    assert len(set(codes)) == 1 and await engaged(codes[0]) == 900
    assert await engine_room.scalar("SELECT count(*) FROM booking") == 1


async def test_one_telephone_in_four_processes_has_two_bookings(town: Timetable) -> None:
    places = [await town.service(f"s{i}") for i in range(4)]
    results = await together(4, book_as_guest, places)
    assert sorted(results) == ["booked"] * 2 + ["too_many_open_bookings"] * 2
