"""What is offered can be taken, and what cannot be taken is not offered."""

from datetime import date, datetime, timedelta
from types import ModuleType
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app import database as engine_room
from app.domain import booking, cancellation, checkout, move, slot, slot_hold
from app.domain.actor import SYSTEM, Actor
from app.domain.errors import HoldExpired, SlotFull, SlotNotOffered
from app.domain.slot import FreeTime
from tests.people import Cast
from tests.processes import together
from tests.timetable import ELEVEN, NOW, TEN, Timetable, book, first_free, hold, mark, nobody, person

pytestmark = pytest.mark.anyio
THURSDAY = date(2026, 11, 26)
QUARTER = timedelta(minutes=15)


@pytest.fixture
async def town(database: ModuleType, cast: Cast) -> Timetable:
    return await Timetable(cast).open()


async def free(place: int, quantity: int = 1, *, day: date = THURSDAY, now: datetime = NOW) -> list[FreeTime]:
    return await slot.free_times(await slot.load_offer(place), day, day, quantity=quantity, now=now)


async def times(place: int, quantity: int = 1, *, now: datetime = NOW) -> list[str]:
    zone = (await slot.load_offer(place)).calendar.zone
    return [found.starts_at.astimezone(zone).strftime("%H:%M") for found in await free(place, quantity, now=now)]


async def take(place: int, starts_at: datetime, quantity: int = 1, *, now: datetime = NOW) -> str:
    """'taken', or the refusal's key."""
    try:
        await hold(place, starts_at, await nobody(now), quantity, now=now)
    except (SlotFull, SlotNotOffered) as refusal:
        return refusal.key
    return "taken"


async def test_notice_and_horizon(town: Timetable) -> None:
    place = await town.service(notice_hours=48, horizon_days=3)
    offer = await slot.load_offer(place)
    earliest = NOW + timedelta(hours=48)  # Thursday at 12
    assert await slot.free_times(offer, date(2026, 11, 24), THURSDAY, now=NOW) == []
    found = await slot.free_times(offer, date(2026, 11, 24), date(2026, 12, 31), now=NOW)
    assert [t.starts_at.date() for t in found] == [date(2026, 11, 27)] * 3
    assert await take(place, TEN) == "slot_not_offered" and await take(place, found[0].starts_at) == "taken"
    assert found[0].starts_at >= earliest and await take(place, TEN + timedelta(days=2)) == "slot_not_offered"


async def test_a_taken_time_is_gone_and_a_time_outside_the_plan_never_was(town: Timetable) -> None:
    place = await town.service(resources=(await town.resource("Ilaria"),))
    assert await times(place) == ["09:00", "10:00", "11:00"]
    assert await take(place, TEN) == "taken"
    assert await times(place) == ["09:00", "11:00"]
    assert await take(place, TEN) == "slot_full"
    assert await take(place, TEN + QUARTER) == "slot_not_offered"
    assert await take(place, TEN + timedelta(hours=9)) == "slot_not_offered"


async def test_an_operator_named_later_is_heeded_at_once(town: Timetable) -> None:
    ilaria = await town.resource("Ilaria")
    there, here = await town.service("a-casa", resources=(ilaria,)), await town.service()
    assert await take(there, TEN) == "taken"
    assert await times(here) == ["09:00", "10:00", "11:00"]
    await engine_room.execute(
        "INSERT INTO service_resource (service_place_id, resource_id) VALUES ({}, {})", here, ilaria
    )
    assert await times(here) == ["09:00", "11:00"]


async def test_an_operator_is_in_one_place_at_a_time_travel_counted(town: Timetable) -> None:
    ilaria = await town.resource("Ilaria")
    there = await town.service("a-casa", resources=(ilaria,), buffer_minutes=30, step_minutes=30)
    here = await town.service(resources=(ilaria, await town.resource("Sala")), step_minutes=30)
    assert await take(there, TEN) == "taken"  # 10 to 11, then half an hour on the road
    assert await times(here) == ["09:00"]
    assert await take(here, ELEVEN) == "slot_full" and await take(here, TEN - 2 * QUARTER) == "slot_full"
    assert await times(there) == [] and await take(there, TEN - 4 * QUARTER) == "slot_full"
    assert await take(here, TEN - 4 * QUARTER) == "taken"


async def test_a_group_fills_up_and_shares_its_operator_with_nobody(town: Timetable) -> None:
    ilaria = await town.resource("Ilaria")
    group = await town.service("gruppo", resources=(ilaria,), capacity=3)
    alone = await town.service("da-solo", resources=(ilaria,))
    assert [(await free(group))[1].left, await take(group, TEN), (await free(group))[1].left] == [3, "taken", 2]
    assert await take(alone, TEN) == "slot_full"
    assert [await take(group, TEN) for _ in range(3)] == ["taken", "taken", "slot_full"]
    assert await times(group) == ["09:00", "11:00"]


async def test_people_take_a_seat_each(town: Timetable) -> None:
    place = await town.service("pranzo", capacity=4, unit="person", max_quantity=4)
    assert await take(place, TEN, 3) == "taken"
    assert await times(place, 2) == ["09:00", "11:00"] and await times(place) == ["09:00", "10:00", "11:00"]
    assert [await take(place, TEN, 2), await take(place, TEN)] == ["slot_full", "taken"]
    assert await engine_room.scalar("SELECT taken FROM slot") == 4


async def test_hours_last_as_long_as_there_are_of_them(town: Timetable) -> None:
    place = await town.service("ore", resources=(await town.resource("Ilaria"),), unit="hour", max_quantity=3)
    assert [await times(place, hours) for hours in (1, 2, 3)] == [
        ["09:00", "10:00", "11:00"],
        ["09:00", "10:00"],
        ["09:00"],
    ]
    assert await take(place, TEN, 2) == "taken"
    assert await times(place) == ["09:00"] and await times(place, 2) == []


async def test_who_joins_for_less_does_not_shorten_the_stay_of_who_came_first(town: Timetable) -> None:
    michela = await town.resource("Michela")
    group = await town.service("ludoteca", resources=(michela,), unit="hour", max_quantity=3, capacity=4)
    other = await town.service("altro", resources=(michela,))
    long = await book(group, TEN - timedelta(hours=1), await person(town.cast.amina.id), quantity=3)
    short = await book(group, TEN - timedelta(hours=1), await person(town.cast.tomas.id), quantity=1)
    assert await times(other) == [] and await take(other, ELEVEN) == "slot_full"
    ends = [(await booking.by_code(code)).ends_at for code in (long, short)]
    assert ends == [TEN + timedelta(hours=2), TEN]


async def test_an_expired_hold_is_free_in_the_list_and_in_the_check(town: Timetable) -> None:
    ilaria = await town.resource("Ilaria")
    here, there = await town.service(resources=(ilaria,)), await town.service("altro", resources=(ilaria,))
    await hold(here, TEN, await nobody())
    later = NOW + timedelta(minutes=15)
    almost = later - timedelta(seconds=1)
    assert await times(there, now=almost) == ["09:00", "11:00"] and await take(there, TEN, now=almost) == "slot_full"
    assert await times(there, now=later) == ["09:00", "10:00", "11:00"] and await take(there, TEN, now=later) == "taken"
    assert await engine_room.scalar("SELECT ended_by FROM slot_hold ORDER BY id") == "expired"


async def test_an_empty_slot_takes_the_length_of_who_comes_next(town: Timetable) -> None:
    place = await town.service("ore", resources=(await town.resource("Ilaria"),), unit="hour", max_quantity=3)
    await hold(place, TEN, await nobody(), 2)
    later = NOW + timedelta(minutes=20)
    assert await take(place, TEN, now=later) == "taken"  # the first hold is over
    assert await times(place, now=later) == ["09:00", "11:00"]
    assert await engine_room.scalar("SELECT ends_at FROM slot") == ELEVEN


async def test_more_places_than_before_can_be_taken(town: Timetable) -> None:
    place = await town.service(capacity=1)
    assert await take(place, TEN) == "taken"
    await engine_room.execute("UPDATE service SET capacity = 2")
    assert await times(place) == ["09:00", "10:00", "11:00"] and await take(place, TEN) == "taken"
    await engine_room.execute("UPDATE service SET capacity = 1")
    assert await times(place) == ["09:00", "11:00"] and await take(place, TEN) == "slot_full"


async def test_first_free_is_kept_by_every_verb(town: Timetable) -> None:
    ilaria = await town.resource("Ilaria")
    nine = datetime(2026, 11, 25, 8, tzinfo=NOW.tzinfo)
    told: dict[str, Any] = {"hours": ("09:00", "11:00"), "horizon_days": 1, "cancel_hours": 0}
    here = await town.service(resources=(ilaria,), **told)
    there = await town.service("altro", resources=(ilaria,), **told)
    alone = await town.service("solo", **told)
    amina = await person(town.cast.amina.id)

    async def seen() -> list[int | None]:
        """Hours after nine on Wednesday, of the three services."""
        found = [await first_free(place) for place in (here, there, alone)]
        return [int((at - nine) / timedelta(hours=1)) if at else None for at in found]

    assert await seen() == [0, 0, 0]
    held = await hold(here, nine, amina)
    assert await seen() == [1, 1, 0]
    await slot_hold.release(held, actor=amina, now=NOW)
    assert await seen() == [0, 0, 0]
    await hold(alone, nine, amina)
    held = await hold(there, nine, amina)  # lets the one before go
    assert await seen() == [1, 1, 0]
    code = await booking.book(held, await mark(held, amina), actor=amina, now=NOW)
    await move.move(code, nine + timedelta(hours=1), actor=amina, now=NOW)
    assert await seen() == [0, 0, 0]
    await move.move(code, nine, actor=amina, now=NOW)
    other = await person(town.cast.tomas.id)
    await hold(here, nine + timedelta(hours=1), other)
    assert await seen() == [None, None, 0]
    await cancellation.cancel(code, "ill", actor=amina, now=NOW)
    assert await seen() == [0, 0, 0]


async def test_first_free_comes_nearer_when_a_hold_is_over(town: Timetable) -> None:
    ilaria = await town.resource("Ilaria")
    here, there = await town.service(resources=(ilaria,)), await town.service("altro", resources=(ilaria,))
    nine = TEN - timedelta(days=1, hours=1)
    await hold(here, nine, await nobody())
    assert await first_free(there) == nine + timedelta(hours=1)
    assert await slot_hold.release_expired(actor=SYSTEM, now=NOW + timedelta(minutes=15)) == 1
    assert [await first_free(here), await first_free(there)] == [nine, nine]


async def test_first_free_is_for_the_least_that_can_be_asked_for(town: Timetable) -> None:
    place = await town.service(
        "ore", resources=(await town.resource("I"),), unit="hour", min_quantity=2, max_quantity=3
    )
    wednesday = TEN - timedelta(days=1)
    assert await take(place, wednesday, 2) == "taken"
    assert await first_free(place) == TEN - timedelta(hours=1)
    assert (await slot.next_times(place, now=NOW))[0].starts_at == TEN - timedelta(hours=1)


async def test_what_was_booked_of_a_suspended_service_can_be_called_off(town: Timetable) -> None:
    place = await town.service()
    code = await book(place, TEN, amina := await person(town.cast.amina.id))
    await engine_room.execute("UPDATE service SET status = 'suspended'")
    await cancellation.cancel(code, "ill", actor=amina, now=NOW)
    assert await engine_room.scalar("SELECT taken FROM slot") == 0


PLANS = st.fixed_dictionaries(
    {
        "hours": st.sampled_from([("09:00", "12:00"), ("08:30", "13:15"), ("14:00", "15:00")]),
        "rule": st.sampled_from(["FREQ=DAILY", "FREQ=WEEKLY;INTERVAL=2;BYDAY=TH", "FREQ=WEEKLY;BYDAY=TH,FR"]),
        "minutes": st.sampled_from([20, 45, 60]),
        "step_minutes": st.sampled_from([15, 30, 60]),
        "buffer_minutes": st.sampled_from([0, 10, 30]),
        "capacity": st.integers(1, 3),
        "unit": st.sampled_from(["visit", "hour", "person"]),
    }
)
ASKED = st.lists(st.tuples(st.booleans(), st.integers(0, 24), st.integers(1, 3), st.booleans()), min_size=2, max_size=5)


async def test_the_list_is_exactly_what_can_be_taken(town: Timetable) -> None:
    """Two services with one operator, random plans, random takers, holds that expire on the way."""
    ilaria = await town.resource("Ilaria")
    numbers = iter(range(10_000))
    pressed = 0

    @settings(max_examples=12, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(first=PLANS, second=PLANS, asked=ASKED, shared=st.booleans())
    def press(first: dict[str, Any], second: dict[str, Any], asked: list[Any], shared: bool) -> None:
        examples.append((first, second, asked, shared))

    examples: list[Any] = []
    press()
    for first, second, asked, shared in examples:
        number = next(numbers)
        resources = (ilaria,) if shared else (await town.resource(f"O{number}"),)
        places = [
            await town.service(f"s{number}-{i}", resources=resources, max_quantity=3, **terms)
            for i, terms in enumerate((first, second))
        ]
        now = NOW
        for second_one, quarters, quantity, waits in asked:
            place, at = places[second_one], TEN - timedelta(hours=2) + quarters * QUARTER
            offered = any(t.starts_at == at for t in await free(place, quantity, now=now))
            assert (await take(place, at, quantity, now=now) == "taken") == offered
            pressed += 1
            now += timedelta(minutes=20 if waits else 1)
        for place in places:
            for time in await free(place, now=now):
                assert await take(place, time.starts_at, now=now) == "taken" or await times(place, now=now)
                break
    print(f"{pressed} times asked for")
    assert pressed > 20


# Real processes


async def take_last(number: int, place: int, starts: str) -> str:
    return await take(place, datetime.fromisoformat(starts))


async def take_one_of_two(number: int, places: list[int], starts: list[str]) -> str:
    return await take(places[number % 2], datetime.fromisoformat(starts[number % 2]))


async def book_expired(number: int, place: int, other: int, held: int, session_id: int, starts: str) -> str:
    """One confirms a hold in its last second, the others want its operator a moment later."""
    if number:
        return await take(other, datetime.fromisoformat(starts), now=NOW + timedelta(minutes=15))
    actor = Actor("anonymous", 0, session_id)
    try:
        just = NOW + timedelta(minutes=14, seconds=59)
        await checkout.as_guest(held, "Carla Neri", "300 0000 077", language="it", actor=actor, now=just)
        await booking.book(held, await mark(held, actor, now=just), actor=actor, now=just)
    except HoldExpired as refusal:
        return refusal.key
    return "taken"


@pytest.mark.slow
async def test_the_last_place_goes_to_one_of_eight(town: Timetable) -> None:
    place = await town.service(capacity=2)
    assert await take(place, TEN) == "taken"
    results = await together(8, take_last, place, TEN.isoformat())
    assert sorted(results) == ["slot_full"] * 7 + ["taken"]
    assert await engine_room.scalar("SELECT taken FROM slot") == 2


@pytest.mark.slow
async def test_one_operator_is_taken_once_for_two_services_that_overlap(town: Timetable) -> None:
    ilaria = await town.resource("Ilaria")
    places = [await town.service(f"s{i}", resources=(ilaria,), step_minutes=30, capacity=1) for i in range(2)]
    starts = [TEN.isoformat(), (TEN + 2 * QUARTER).isoformat()]
    results = await together(4, take_one_of_two, places, starts)
    assert sorted(results) == ["slot_full"] * 3 + ["taken"]


@pytest.mark.slow
async def test_a_hold_confirmed_while_it_expires_keeps_its_operator(town: Timetable) -> None:
    ilaria = await town.resource("Ilaria")
    place, other = await town.service(resources=(ilaria,)), await town.service("altro", resources=(ilaria,))
    browser = await nobody()
    held = await hold(place, TEN, browser)
    results = await together(3, book_expired, place, other, held, browser.session_id, TEN.isoformat())
    assert results.count("taken") == 1, results
