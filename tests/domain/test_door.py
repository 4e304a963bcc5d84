"""What a device at the door wrote down without a line: done once, at its own time, or listed for a person."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime, timedelta
from types import ModuleType

import pytest

from app import database as engine_room
from app.domain import cancellation, check_in, desk, door, door_review, move, provider
from app.domain.actor import SYSTEM, Actor
from app.domain.desk import Scope
from app.domain.door import Told
from app.domain.errors import AlreadyClosed, NotFound, TooSoon
from tests.centre import BEFORE, NOON, Centre, at, state_of

pytestmark = pytest.mark.anyio
HOUR = 3_600_000  # ms
MORNING = NOON - timedelta(hours=2)


@pytest.fixture
async def centre(database: ModuleType) -> AsyncIterator[Centre]:
    centre = await Centre().open()
    await centre.person("Amina Haddad", 15000)
    yield centre


def told(centre: Centre, code: str, *, who: str = "operator", ago_ms: int = HOUR, **more: object) -> Told:
    """Written `ago_ms` before it was sent, by a clock of its own."""
    pledge = door.pledge(centre.staff[who], centre.territory, MORNING)
    clock = 1_000_000_000_000
    made = Told(f"n-{code}", "arrived", code, pledge, device_ms=clock - ago_ms, sent_ms=clock)
    return replace(made, **more)  # type: ignore[arg-type]


async def within(centre: Centre, who: str = "operator") -> Scope:
    return await desk.scope(centre.staff[who], centre.territory)


async def take(centre: Centre, what: Told, who: str = "operator", now: datetime = NOON) -> str:
    return await door.take(what, await within(centre, who), actor=centre.staff[who], now=now)


async def waits(centre: Centre, who: str = "operator") -> list[str]:
    found = await door_review.waiting(await within(centre, who), actor=centre.staff[who])
    return [note.outcome for note in found]


async def decide(centre: Centre, decision: str, who: str = "coordinator", now: datetime = NOON) -> str:
    scope = await within(centre, who)
    note = (await door_review.waiting(scope, actor=centre.staff[who]))[0]
    return await door_review.decide(note.id, decision, "seen", scope, actor=centre.staff[who], now=now)


async def marked_at(code: str) -> datetime:
    """The last thing that was marked."""
    return engine_room.instant(  # type: ignore[return-value]
        await engine_room.scalar(
            "SELECT e.device_at FROM check_in e JOIN booking b ON b.id = e.booking_id WHERE b.code = {} "
            "ORDER BY e.id DESC LIMIT 1",
            code,
        )
    )


async def test_a_late_arrival_pays_as_any_other_and_stands_at_its_own_time(centre: Centre) -> None:
    code = await centre.book("amina", "compiti")
    for _ in range(3):
        assert await take(centre, told(centre, code)) == "done"
    assert (await state_of(code), await centre.paid_to_centre()) == ("arrived", 900)
    assert await centre.wallet("amina") == (14100, 0, 14100)
    assert await marked_at(code) == NOON - timedelta(hours=1) and await waits(centre) == []
    assert await engine_room.scalar("SELECT count(*) FROM door_note") == 1


async def test_the_same_note_from_two_tries_at_once_is_done_once(centre: Centre) -> None:
    code = await centre.book("amina", "compiti")
    came = await asyncio.gather(*(take(centre, told(centre, code)) for _ in range(4)))
    assert set(came) == {"done"} and await centre.paid_to_centre() == 900


@pytest.mark.parametrize("off_by", [-26, 26, -500_000, 3])
async def test_a_clock_that_is_wrong_by_days_tells_the_right_time(centre: Centre, off_by: int) -> None:
    """It counts how long ago it was, and that is all that is believed of it."""
    code = await centre.book("amina", "compiti")
    written = told(centre, code)
    wrong = replace(written, device_ms=written.device_ms + off_by * HOUR, sent_ms=written.sent_ms + off_by * HOUR)
    assert await take(centre, wrong) == "done"
    assert await marked_at(code) == NOON - timedelta(hours=1)
    assert await engine_room.scalar("SELECT device_ms FROM door_note") == wrong.device_ms


@pytest.mark.parametrize(
    ("jump_ms", "stands"), [(26 * HOUR, MORNING), (-26 * HOUR, NOON), (0, NOON - timedelta(hours=1))]
)
async def test_a_clock_that_jumps_meanwhile_stays_between_list_and_now(
    centre: Centre, jump_ms: int, stands: datetime
) -> None:
    code = await centre.book("amina", "compiti")
    written = told(centre, code)
    assert await take(centre, replace(written, sent_ms=written.sent_ms + jump_ms)) == "done"
    assert await marked_at(code) == stands


async def test_an_arrival_whose_answer_was_lost_is_known_again(centre: Centre) -> None:
    """Pressed on the desk's own list: the form's name of it is the note's."""
    code, ines = await centre.book("amina", "compiti"), centre.staff["operator"]
    await check_in.arrive(code, nonce=f"{ines.id}:key-1", device_at=NOON, actor=ines, now=NOON)
    assert await take(centre, told(centre, code, nonce="key-1")) == "done"
    assert await waits(centre) == [] and await centre.paid_to_centre() == 900


async def test_an_older_list_may_ask_again_for_what_the_same_person_marked(centre: Centre) -> None:
    code, ines = await centre.book("amina", "compiti"), centre.staff["operator"]
    await check_in.arrive(code, nonce="pressed", device_at=NOON, actor=ines, now=NOON)
    assert await take(centre, told(centre, code)) == "done"
    assert await waits(centre) == [] and await centre.paid_to_centre() == 900


async def conflict(centre: Centre, why: str) -> Told:
    """Somebody did something else while the device had no line."""
    code, boss = await centre.book("amina", "compiti"), centre.staff["coordinator"]
    written = told(centre, code, listed_at=NOON)
    if why == "cancelled":
        await cancellation.cancel(code, "ill", actor=boss, now=NOON)
    elif why == "absent":
        await check_in.absent(code, "no_news", nonce="other", actor=boss, now=NOON)
    elif why == "arrived":
        await check_in.arrive(code, nonce="other", device_at=NOON, actor=boss, now=NOON)
    elif why == "moved":
        await move.move(code, at("15:00"), actor=boss, now=NOON - timedelta(hours=3))
    elif why == "another":
        return replace(written, pledge=door.pledge(boss, centre.territory, MORNING))
    elif why == "other_day":
        return told(centre, await centre.book("amina", "compiti", at("12:00", days=2)))
    elif why == "unknown":
        return replace(written, code="ZZZZ9999")
    return written


CONFLICTS = ["cancelled", "absent", "arrived", "moved", "another", "other_day", "unknown"]


@pytest.mark.parametrize("why", CONFLICTS)
async def test_a_conflict_is_listed_and_moves_no_money(centre: Centre, why: str) -> None:
    written = await conflict(centre, why)
    paid, wallet = await centre.paid_to_centre(), await centre.wallet("amina")
    for _ in range(2):
        assert await take(centre, written) == why
    assert await waits(centre) == [why]
    assert (await centre.paid_to_centre(), await centre.wallet("amina")) == (paid, wallet)


@pytest.mark.parametrize("why", CONFLICTS)
async def test_what_is_left_as_it_is_leaves_the_list_with_who_and_why(centre: Centre, why: str) -> None:
    written = await conflict(centre, why)
    await take(centre, written)
    await decide(centre, "kept", "operator")
    assert await waits(centre) == []
    row = await engine_room.row("SELECT decision, reason, decided_by FROM door_note")
    assert row == {"decision": "kept", "reason": "seen", "decided_by": centre.staff["operator"].id}


@pytest.mark.parametrize("why", ["absent", "another", "moved"])
async def test_what_is_decided_to_be_an_arrival_pays_like_one(centre: Centre, why: str) -> None:
    written = await conflict(centre, why)
    await take(centre, written)
    await decide(centre, "arrived")
    assert (await state_of(written.code), await centre.paid_to_centre()) == ("arrived", 900)
    assert await centre.wallet("amina") == (14100, 0, 14100) and await waits(centre) == []


@pytest.mark.parametrize(
    ("why", "refusal"),
    [("cancelled", AlreadyClosed), ("arrived", AlreadyClosed), ("other_day", TooSoon), ("unknown", NotFound)],
)
async def test_what_cannot_be_an_arrival_any_more_stays_listed(
    centre: Centre, why: str, refusal: type[Exception]
) -> None:
    await take(centre, await conflict(centre, why))
    with pytest.raises(refusal):
        await decide(centre, "arrived", "operator")
    assert await waits(centre) == [why]


async def test_of_two_who_decide_one_does(centre: Centre) -> None:
    await take(centre, await conflict(centre, "absent"))
    scope = await within(centre)
    note = (await door_review.waiting(scope, actor=centre.staff["operator"]))[0]
    for who in ("operator", "coordinator"):
        told_by = {"actor": centre.staff[who], "now": NOON}
        if who == "operator":
            await door_review.decide(note.id, "arrived", "seen", scope, **told_by)  # type: ignore[arg-type]
        else:
            with pytest.raises(AlreadyClosed):
                await door_review.decide(note.id, "arrived", "seen", scope, **told_by)  # type: ignore[arg-type]
    assert await centre.paid_to_centre() == 900


async def test_a_forged_pledge_is_nobodys(centre: Centre) -> None:
    code = await centre.book("amina", "compiti")
    pledge = door.pledge(centre.staff["coordinator"], centre.territory, MORNING)
    mine = pledge.replace(str(centre.staff["coordinator"].id), str(centre.staff["operator"].id), 1)
    assert await take(centre, told(centre, code, pledge=mine)) == "another"
    assert await state_of(code) == "confirmed"


async def test_a_code_of_elsewhere_is_for_who_typed_it_and_the_territorys_desks(centre: Centre) -> None:
    await take(centre, told(centre, "ZZZZ9999"))
    assert await waits(centre) == ["unknown"] and await waits(centre, "desk") == ["unknown"]
    assert await waits(centre, "coordinator") == []


async def test_who_does_not_work_for_the_provider_takes_nothing(centre: Centre) -> None:
    """A role that ended elsewhere, but not here: the booking is as if it were none."""
    code = await centre.book("amina", "compiti")
    other = await provider.register("altra", "Altra", "cooperative", phone="0331 000 009", actor=SYSTEM, now=BEFORE)
    await provider.accredit(other, centre.territory, BEFORE.date(), actor=SYSTEM, now=BEFORE)
    role = replace(centre.staff["operator"].roles[0], scope_id=other)
    centre.staff["moved_on"] = Actor("staff", centre.staff["operator"].id, 0, (role,))
    assert await take(centre, told(centre, code), "moved_on") == "unknown"
    assert await state_of(code) == "confirmed"


# At somebody's home


async def at_home(centre: Centre) -> str:
    await engine_room.execute("UPDATE service SET mode = 'home' WHERE slug = 'aiuto'")
    return await centre.book("amina", "aiuto", quantity=2)


async def test_at_home_the_departure_says_what_was_done_and_pays(centre: Centre) -> None:
    code = await at_home(centre)
    came = told(centre, code)
    assert await take(centre, came) == "begun" and await centre.paid_to_centre() == 0
    assert await state_of(code) == "confirmed" and await waits(centre) == []
    left = told(centre, code, nonce="left", kind="left", delivered=90, ago_ms=0)
    for _ in range(2):
        assert await take(centre, left) == "done"
    assert (await centre.paid_to_centre(), await marked_at(code)) == (2700, NOON - timedelta(hours=1))
    assert await centre.wallet("amina") == (12300, 0, 12300)


async def test_a_length_that_was_never_booked_is_listed(centre: Centre) -> None:
    code = await at_home(centre)
    assert await take(centre, told(centre, code, kind="left", delivered=600)) == "measure"
    assert await centre.paid_to_centre() == 0


async def test_a_visit_without_departure_waits_to_be_closed(centre: Centre) -> None:
    code = await at_home(centre)
    await take(centre, told(centre, code))
    later = NOON + timedelta(hours=4)
    found = await desk.to_close(await within(centre), centre.staff["operator"], now=later)
    assert [line.code for line in found] == [code]


async def test_at_home_a_decided_arrival_still_waits_for_its_departure(centre: Centre) -> None:
    code = await at_home(centre)
    await check_in.absent(code, "no_news", nonce="other", actor=centre.staff["coordinator"], now=NOON)
    assert await take(centre, told(centre, code)) == "absent"
    await decide(centre, "arrived")
    assert (await state_of(code), await centre.paid_to_centre()) == ("confirmed", 0)
    assert await take(centre, told(centre, code, nonce="left", kind="left", delivered=120)) == "done"
    assert await centre.paid_to_centre() == 3600


async def test_a_departure_that_is_decided_stands_at_its_arrival(centre: Centre) -> None:
    code = await at_home(centre)
    await take(centre, told(centre, code))
    await check_in.absent(code, "no_news", nonce="other", actor=centre.staff["coordinator"], now=NOON)
    assert await take(centre, told(centre, code, nonce="left", kind="left", delivered=120, ago_ms=0)) == "absent"
    await decide(centre, "arrived")
    assert (await state_of(code), await centre.paid_to_centre()) == ("arrived", 3600)
    assert await marked_at(code) == NOON - timedelta(hours=1)
