"""The slot and the money in one transaction: all of it or nothing."""

from datetime import date, datetime, timedelta
from types import ModuleType

import pytest

from app import database as engine_room
from app.domain import booking, checkout, delegation, for_whom, ledger, reminder
from app.domain.actor import SYSTEM, Actor
from app.domain.errors import (
    AgeNotServed,
    AlreadyTheirs,
    AlreadyYours,
    GuestNotAllowed,
    HoldExpired,
    MinorNeedsDeclaration,
    NotFound,
    SignInNeeded,
    SlotNotOffered,
    SplitChanged,
    TooManyOpenBookings,
)
from app.domain.service import DraftPriceClass, DraftQuestion
from app.domain.verb import Key
from app.tables import agenda
from app.tables.booking import names_of
from tests.people import Cast
from tests.timetable import ELEVEN, NOW, TEN, Timetable, as_guest, book, hold, mark, nobody, person, staff

pytestmark = pytest.mark.anyio
WRITTEN = ("booking", "transfer", "message", "answer", "audit", "booking_grant", "once_key")


@pytest.fixture
async def town(database: ModuleType, cast: Cast) -> Timetable:
    return await Timetable(cast).open()


async def counted() -> dict[str, int]:
    return {table: await engine_room.scalar(f"SELECT count(*) FROM {table}") for table in WRITTEN}


async def row(code: str) -> engine_room.Row:
    found = await engine_room.row("SELECT * FROM booking WHERE code = {}", code)
    assert found is not None
    return found


async def engaged(code: str) -> int:
    found: int = await engine_room.scalar(
        "SELECT coalesce(sum(t.amount), 0) FROM transfer t JOIN booking b ON b.id = t.booking_id "
        "WHERE b.code = {} AND t.kind = 'hold'",
        code,
    )
    return found


async def test_the_ledger_and_the_booking_agree_to_the_cent(town: Timetable) -> None:
    amina = town.cast.amina.id
    place = await town.service(price=4001)
    first = await town.credit(amina, 2503, date(2026, 11, 30))
    second = await town.credit(amina, 1000, fund_name="Fondazione")
    made = await row(code := await book(place, TEN, await person(amina)))
    assert [made["price"], made["own"], await engaged(code)] == [4001, 498, 3503]
    left = await engine_room.rows("SELECT p.id, a.debits_pending FROM purse p JOIN account a ON a.id = p.account_id")
    assert {p["id"]: p["debits_pending"] for p in left} == {first: 2503, second: 1000}
    assert made["state"] == "confirmed" and made["sequence"] == 0


async def test_another_split_than_the_one_shown_writes_nothing(town: Timetable) -> None:
    amina, place = await person(town.cast.amina.id), await town.service()
    held = await hold(place, TEN, amina)
    shown = await mark(held, amina)
    await town.credit(amina.id, 900)
    before = await counted()
    for wrong in (shown, "", "own:0"):
        with pytest.raises(SplitChanged):
            await booking.book(held, wrong, actor=amina, now=NOW, key=Key("k", "i"))
    assert await counted() == before
    code = await booking.book(held, await mark(held, amina), actor=amina, now=NOW, key=Key("k", "i"))
    assert [(await row(code))["own"], await engaged(code)] == [1600, 900]


async def test_a_crash_half_way_writes_nothing(town: Timetable, monkeypatch: pytest.MonkeyPatch) -> None:
    amina, place = await person(town.cast.amina.id), await town.service()
    await town.credit(amina.id, 900)
    held = await hold(place, TEN, amina)
    shown, before = await mark(held, amina), await counted()

    async def crash(*_: object, **__: object) -> None:
        raise RuntimeError("the light goes out")

    with monkeypatch.context() as patched:
        patched.setattr(reminder, "plan", crash)
        with pytest.raises(RuntimeError):
            await booking.book(held, shown, actor=amina, now=NOW, key=Key("k", "i"))
    assert await counted() == before
    assert await engine_room.scalar("SELECT sum(debits_pending) FROM account") == 0
    assert await booking.book(held, shown, actor=amina, now=NOW, key=Key("k", "i"))


async def test_the_same_key_books_once(town: Timetable) -> None:
    amina, place = await person(town.cast.amina.id), await town.service()
    held = await hold(place, TEN, amina)
    shown = await mark(held, amina)
    codes = [await booking.book(held, shown, actor=amina, now=NOW, key=Key("k", "i")) for _ in range(3)]
    assert len(set(codes)) == 1 and (await counted())["booking"] == 1


async def test_four_parties(town: Timetable) -> None:
    cast, place = town.cast, await town.service(capacity=9)
    child = await row(await book(place, TEN, await person(cast.amina.id), cast.yusuf.id))
    cared = await row(await book(place, TEN, await person(cast.elena.id), cast.rosa.id))
    parties = ("booked_by", "receiver_id", "payer_id", "staff_id")
    assert [child[p] for p in parties] == [cast.amina.id, cast.yusuf.id, cast.amina.id, None]
    assert [cared[p] for p in parties] == [cast.elena.id, cast.rosa.id, cast.rosa.id, None]
    with pytest.raises(NotFound):
        await book(place, TEN, await person(cast.tomas.id), cast.yusuf.id)


async def test_a_telephone_without_card_has_two_open_bookings(town: Timetable) -> None:
    place = await town.service(capacity=9)
    await as_guest(place, TEN, "300 0000 077")
    code = await as_guest(place, ELEVEN, "3000000077")
    with pytest.raises(TooManyOpenBookings):
        await as_guest(place, TEN, "300 0000077")
    await as_guest(place, TEN, "300 0000 078")
    await engine_room.execute("UPDATE booking SET state = 'arrived' WHERE code = {}", code)
    assert await as_guest(place, TEN, "300 0000 077")
    made = await row(code)
    assert made["booked_by"] == made["receiver_id"] == made["payer_id"] and made["own"] == made["price"]


async def test_a_code_that_another_booking_has_is_drawn_again(town: Timetable, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = iter(["CASA2222", "CASA2222", "CASA2222", "MARE3333"])
    monkeypatch.setattr("app.domain.code.mint", lambda length: next(drawn))
    place, amina = await town.service(capacity=9), await person(town.cast.amina.id)
    assert [await book(place, TEN, amina), await book(place, ELEVEN, amina)] == ["CASA2222", "MARE3333"]
    assert [(await booking.by_code(code)).starts_at for code in ("CASA2222", "MARE3333")] == [TEN, ELEVEN]


async def test_a_time_that_is_over_no_longer_counts(town: Timetable) -> None:
    """The centre that never closed it does not lock the telephone out."""
    place = await town.service(capacity=9)
    await as_guest(place, TEN, "300 0000 077")
    await as_guest(place, ELEVEN, "300 0000 077")
    at_ten, an_hour_on, next_week = TEN, ELEVEN + timedelta(minutes=1), TEN + timedelta(days=7)
    with pytest.raises(TooManyOpenBookings):
        await as_guest(place, next_week, "300 0000 077", now=at_ten)
    await as_guest(place, next_week, "300 0000 077", now=an_hour_on)
    with pytest.raises(TooManyOpenBookings):
        await as_guest(place, next_week, "300 0000 077", now=an_hour_on)


async def test_a_service_may_want_the_card(town: Timetable) -> None:
    with pytest.raises(GuestNotAllowed):
        await as_guest(await town.service(allows_guest=False), TEN, "300 0000 077")


async def test_nobody_books_before_saying_who(town: Timetable) -> None:
    browser = await nobody()
    held = await hold(await town.service(), TEN, browser)
    with pytest.raises(SignInNeeded):
        await booking.book(held, "own:2500", actor=browser, now=NOW)


async def test_minors_and_ages(town: Timetable) -> None:
    cast, tomas = town.cast, await person(town.cast.tomas.id)
    place = await town.service(capacity=9)
    with pytest.raises(MinorNeedsDeclaration):
        await book(place, TEN, tomas, cast.giada.id)
    await book(place, TEN, await person(cast.amina.id), cast.yusuf.id)
    alone = await town.service("consultorio", free_from_age=10, free_from_basis="legge 405/1975")
    await book(alone, TEN, tomas, cast.giada.id)
    with pytest.raises(AgeNotServed):
        await book(await town.service("anziani", min_age=65), TEN, tomas)


async def test_the_price_follows_the_age(town: Timetable) -> None:
    place = await town.service(capacity=9, classes=(DraftPriceClass("fino a 10 anni", 700, 10),))
    child = await row(await book(place, TEN, await person(town.cast.amina.id), town.cast.yusuf.id))
    adult = await row(await book(place, TEN, await person(town.cast.amina.id)))
    assert [child["price"], adult["price"]] == [700, 2500]


async def test_a_confidential_booking_is_for_who_receives_and_who_serves(town: Timetable) -> None:
    cast = town.cast
    hidden, plain = await town.service("ascolto", is_confidential=True), await town.service()
    codes = [await book(place, TEN, await person(cast.rosa.id)) for place in (hidden, plain)]

    async def sees(actor: Actor) -> list[bool]:
        found = [await booking.by_code(code) for code in codes]
        return [await booking.may_see(each, actor, NOW) for each in found]

    assert await sees(await person(cast.rosa.id)) == [True, True]
    assert await sees(await person(cast.elena.id)) == [False, True]  # her delegate
    assert await sees(await staff(cast.desk.id)) == [False, True]
    assert await sees(await staff(cast.ines.id)) == [True, True]  # works there
    assert await sees(await staff(cast.foreign_desk.id)) == [False, False]
    assert await sees(await person(cast.tomas.id)) == [False, False]
    for code in (codes[0], "ZZZZ9999"):
        with pytest.raises(NotFound):
            await booking.visible(code, actor=await person(cast.elena.id), now=NOW)


async def test_a_parent_keeps_what_they_booked_for_a_child_who_cannot_come_alone(town: Timetable) -> None:
    """Not the rest of the household, not the other parent, and not where the child may come alone."""
    cast = town.cast
    hidden = await town.service("ascolto", is_confidential=True)
    alone = await town.service("consultorio", is_confidential=True, free_from_age=7, free_from_basis="legge 405/1975")
    amina = await person(cast.amina.id)
    codes = [await book(place, TEN, amina, cast.yusuf.id) for place in (hidden, alone)]  # he is 7

    async def sees(who: int, on: datetime = NOW) -> list[bool]:
        """On another browser: the one that booked may see what it did."""
        actor = await person(who, on)
        told = [line.code for line in await agenda.upcoming(who, now=on, today=on.date(), language="it")]
        ids = {(await booking.by_code(code)).id: code for code in codes}
        named = [ids[i] for i in await names_of(set(ids), viewer=who, language="it", today=on.date())]
        found = [await booking.may_see(await booking.by_code(code), actor, on) for code in codes]
        assert found == [code in told for code in codes] == [code in named for code in codes]
        return found

    assert await sees(cast.amina.id) == [True, False]
    assert await sees(cast.karim.id) == await sees(cast.elena.id) == [False, False]
    await engine_room.execute(
        "UPDATE identity SET born_on = {} WHERE person_id = {}", date(2008, 11, 24), cast.yusuf.id
    )
    assert await sees(cast.amina.id) == [False, False]  # eighteen today
    assert await sees(cast.amina.id, NOW - timedelta(days=1)) == [True, False]
    delegated = await engine_room.scalar("SELECT id FROM delegation WHERE delegate_id = {}", cast.amina.id)
    await engine_room.execute("UPDATE delegation SET revoked_at = {} WHERE id = {}", NOW, delegated)
    assert await sees(cast.amina.id, NOW - timedelta(days=1)) == [False, False]


async def test_who_lost_a_trust_sees_and_changes_nothing_of_what_they_booked(town: Timetable) -> None:
    """Neither on their pages nor in the session that booked it; whom it is for keeps it."""
    cast = town.cast
    code = await book(await town.service("compiti"), TEN, await person(cast.elena.id), cast.rosa.id)

    async def sees(who: int, on: datetime = NOW) -> bool:
        told = [line.code for line in await agenda.upcoming(who, now=on, today=ledger.day(on), language="it")]
        filed = await agenda.calendar(who, since=on, today=ledger.day(on), language="it")
        found = await booking.may_see(await booking.by_code(code), await person(who, on), on)
        assert found == (told == [code]) == ([line.code for line in filed] == [code])
        return found

    assert await sees(cast.elena.id) and await sees(cast.rosa.id)
    given = await engine_room.scalar("SELECT id FROM delegation WHERE delegate_id = {}", cast.elena.id)
    await engine_room.execute("UPDATE delegation SET until_on = {} WHERE id = {}", NOW.date(), given)
    assert await sees(cast.elena.id) and not await sees(cast.elena.id, NOW + timedelta(days=1))
    await delegation.revoke(given, actor=SYSTEM, now=NOW)
    assert not await sees(cast.elena.id) and await sees(cast.rosa.id)
    with pytest.raises(NotFound):
        await booking.changeable(code, actor=await person(cast.elena.id), now=NOW)


async def test_answers_travel_with_the_booking_for_thirty_days(town: Timetable) -> None:
    question = DraftQuestion("Allergie?", "Per la merenda.", "Chi prepara", True)
    place, amina = await town.service(questions=(question,)), await person(town.cast.amina.id)
    number: int = await engine_room.scalar("SELECT id FROM question")
    held = await hold(place, TEN, amina)
    await checkout.answer(held, {f"q{number}": "noci"}, actor=amina, now=NOW)
    await booking.book(held, await mark(held, amina), actor=amina, now=NOW)
    kept = await engine_room.row("SELECT text_encrypted, delete_after FROM answer")
    assert kept and "noci" not in kept["text_encrypted"]
    assert kept["delete_after"] == ELEVEN + timedelta(days=30)
    assert await engine_room.scalar("SELECT count(*) FROM hold_detail") == 0


async def test_a_confirmation_asks_at_most_sixteen_things(town: Timetable) -> None:
    """With credit and an answer, once the provider was paid before: few enough for a full morning."""
    question = DraftQuestion("Allergie?", "Per la merenda.", "Chi prepara", True)
    place, amina = await town.service(questions=(question,), capacity=2), await person(town.cast.amina.id)
    await town.credit(amina.id, 9000)
    await book(place, TEN, amina)
    number: int = await engine_room.scalar("SELECT id FROM question")
    held = await hold(place, ELEVEN, amina)
    await checkout.answer(held, {f"q{number}": "noci"}, actor=amina, now=NOW)
    shown = await mark(held, amina)
    engine_room.counter.reset()
    code = await booking.book(held, shown, actor=amina, now=NOW, key=Key("k", "i"))
    assert engine_room.counter.statements <= 16 and await engaged(code) > 0


@pytest.mark.parametrize("unit", ["visit", "hour"])
async def test_a_new_booking_is_known_as_it_will_be_read(
    town: Timetable, unit: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    known: list[booking.BookingFacts] = []
    record = booking.record

    async def heard(what: str, found: booking.BookingFacts, *, actor: Actor, now: datetime) -> None:
        known.append(found)
        await record(what, found, actor=actor, now=now)

    monkeypatch.setattr(booking, "record", heard)
    place = await town.service(unit=unit, max_quantity=2)
    code = await book(place, TEN, await person(town.cast.amina.id), quantity=2 if unit == "hour" else 1)
    assert known == [await booking.by_code(code)]


async def test_nobody_has_the_same_time_twice(town: Timetable) -> None:
    """Another child may come along, and what was called off or missed leaves the time to be booked again."""
    cast, place = town.cast, await town.service(capacity=9)
    amina, tab = await person(cast.amina.id), await person(cast.amina.id)
    await town.credit(amina.id, 9000)
    waits = await hold(place, TEN, tab)
    shown = await mark(waits, tab)
    code = await book(place, TEN, amina)
    before = await counted()
    with pytest.raises(AlreadyYours) as refused:
        await booking.book(waits, shown, actor=tab, now=NOW)
    assert refused.value.arguments == {"code": code} and await counted() == before
    with pytest.raises(AlreadyYours):
        await for_whom.hold(place, TEN, 1, amina.id, actor=amina, now=NOW)
    await book(place, TEN, amina, cast.yusuf.id)
    await book(place, ELEVEN, amina)
    for gone in ("absent", "cancelled", "refused"):
        await engine_room.execute("UPDATE booking SET state = {} WHERE code = {}", gone, code)
        code = await book(place, TEN, amina)
    await engine_room.execute("UPDATE booking SET state = 'arrived' WHERE code = {}", code)
    with pytest.raises(AlreadyYours):
        await booking.book(waits, await mark(waits, tab), actor=tab, now=NOW)


async def test_of_a_booking_that_is_not_theirs_to_see_nobody_hears(town: Timetable) -> None:
    cast = town.cast
    open_to_all, hidden = (
        await town.service(capacity=9),
        await town.service("ascolto", capacity=9, is_confidential=True),
    )
    rosa, elena = await person(cast.rosa.id), await person(cast.elena.id)
    code = await book(open_to_all, TEN, rosa)
    with pytest.raises(AlreadyTheirs) as refused:
        await book(open_to_all, TEN, elena, rosa.id)
    assert refused.value.arguments == {"code": code}
    await book(hidden, ELEVEN, rosa)
    with pytest.raises(SlotNotOffered) as silent:
        await book(hidden, ELEVEN, elena, rosa.id)
    assert silent.value.arguments == {}


async def test_an_hour_too_late_the_hold_is_gone(town: Timetable) -> None:
    place, amina = await town.service(), await person(town.cast.amina.id)
    held = await hold(place, TEN, amina)
    shown, later = await mark(held, amina), NOW + timedelta(minutes=30)
    await hold(place, TEN, await nobody(), now=later)
    with pytest.raises(HoldExpired):
        await booking.book(held, shown, actor=amina, now=later)
