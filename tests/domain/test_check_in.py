"""Arrived, undone, absent, called off: what the ledger says after each."""

from collections.abc import AsyncIterator
from datetime import date, timedelta

import pytest

from app import database as engine_room
from app.domain import cancellation, check_in, fund
from app.domain.actor import SYSTEM, Actor
from app.domain.errors import AlreadyClosed, AlreadyTheirs, InvalidInput, NotFound, TooSoon
from tests.centre import BEFORE, NOON, Centre, at, state_of

pytestmark = pytest.mark.anyio


@pytest.fixture
async def centre(database: object) -> AsyncIterator[Centre]:
    yield await Centre().open()


async def _arrive(centre: Centre, code: str, *, nonce: str = "n", delivered: int | None = None) -> None:
    await check_in.arrive(
        code, nonce=nonce, device_at=NOON, delivered=delivered, actor=centre.staff["operator"], now=NOON
    )


async def test_arrival_undo_and_arrival_again_pay_the_centre_once(centre: Centre) -> None:
    await centre.person("Amina Haddad", 15000)
    code = await centre.book("amina", "compiti")
    assert await centre.wallet("amina") == (15000, 900, 14100)
    await _arrive(centre, code, nonce="one")
    assert (await centre.wallet("amina"), await centre.paid_to_centre()) == ((14100, 0, 14100), 900)
    await check_in.undo(code, nonce="two", actor=centre.staff["operator"], now=NOON)
    assert (await centre.wallet("amina"), await centre.paid_to_centre()) == ((15000, 900, 14100), 0)
    await _arrive(centre, code, nonce="three")
    assert (await centre.wallet("amina"), await centre.paid_to_centre()) == ((14100, 0, 14100), 900)
    assert await state_of(code) == "arrived"
    kinds = await engine_room.rows("SELECT kind FROM check_in ORDER BY id")
    assert [row["kind"] for row in kinds] == ["arrived", "undone", "arrived"]


async def test_the_same_nonce_again_changes_nothing(centre: Centre) -> None:
    await centre.person("Amina Haddad", 15000)
    code = await centre.book("amina", "compiti")
    for _ in range(2):
        await _arrive(centre, code, nonce="phone-1")
    assert await engine_room.scalar("SELECT count(*) FROM check_in") == 1
    await check_in.undo(code, nonce="phone-2", actor=centre.staff["operator"], now=NOON)
    await check_in.undo(code, nonce="phone-2", actor=centre.staff["operator"], now=NOON)
    assert await centre.wallet("amina") == (15000, 900, 14100)
    with pytest.raises(AlreadyClosed):
        await check_in.undo(code, nonce="phone-3", actor=centre.staff["operator"], now=NOON)


async def test_an_hour_and_a_half_of_two_pays_27_of_36(centre: Centre) -> None:
    await centre.person("Rosa Colombo", 24000)
    code = await centre.book("rosa", "aiuto", quantity=2)
    assert await centre.wallet("rosa") == (24000, 3600, 20400)
    await _arrive(centre, code, delivered=90)
    assert (await centre.wallet("rosa"), await centre.paid_to_centre()) == ((21300, 0, 21300), 2700)
    found = await engine_room.row("SELECT delivered, own FROM booking WHERE code = {}", code)
    assert found == {"delivered": 90, "own": 0}


async def test_undo_of_a_part_forgets_the_part(centre: Centre) -> None:
    """With 75% of the homework paid by the fund, the own share follows what was really done."""
    await centre.person("Rosa Colombo", 3000)
    code = await centre.book("rosa", "aiuto", quantity=2)
    assert await engine_room.scalar("SELECT own FROM booking WHERE code = {}", code) == 600
    await _arrive(centre, code, nonce="one", delivered=60)
    assert await engine_room.scalar("SELECT own FROM booking WHERE code = {}", code) == 0
    assert await centre.wallet("rosa") == (1200, 0, 1200)
    await check_in.undo(code, nonce="two", actor=centre.staff["operator"], now=NOON)
    found = await engine_room.row("SELECT delivered, own FROM booking WHERE code = {}", code)
    assert found == {"delivered": None, "own": 600}
    assert await centre.wallet("rosa") == (3000, 3000, 0)


@pytest.mark.parametrize("delivered", [0, 121, -30])
async def test_more_than_was_booked_or_nothing_is_refused(centre: Centre, delivered: int) -> None:
    await centre.person("Rosa Colombo", 24000)
    code = await centre.book("rosa", "aiuto", quantity=2)
    with pytest.raises(InvalidInput):
        await _arrive(centre, code, delivered=delivered)
    assert (await state_of(code), await centre.wallet("rosa")) == ("confirmed", (24000, 3600, 20400))


async def test_absence_gives_the_credit_back_and_keeps_why(centre: Centre) -> None:
    await centre.person("Amina Haddad", 15000)
    code = await centre.book("amina", "compiti")
    operator = centre.staff["operator"]
    await check_in.absent(code, "transport", nonce="n", actor=operator, now=NOON)
    assert (await state_of(code), await centre.wallet("amina")) == ("absent", (15000, 0, 15000))
    assert await engine_room.scalar("SELECT reason FROM check_in") == "transport"
    assert await engine_room.scalar("SELECT taken FROM slot") == 1
    await check_in.undo(code, nonce="m", actor=operator, now=NOON)
    assert (await state_of(code), await centre.wallet("amina")) == ("confirmed", (15000, 900, 14100))
    with pytest.raises(InvalidInput):
        await check_in.absent(code, "Era al mare", nonce="o", actor=operator, now=NOON)


async def test_an_absence_is_not_taken_back_where_the_time_was_booked_again(centre: Centre) -> None:
    await centre.person("Amina Haddad", 15000)
    code = await centre.book("amina", "compiti")
    operator = centre.staff["operator"]
    await check_in.absent(code, "no_news", nonce="n", actor=operator, now=NOON)
    again = await centre.book("amina", "compiti", quantity=2)
    before = await centre.wallet("amina")
    with pytest.raises(AlreadyTheirs) as refused:
        await check_in.undo(code, nonce="m", actor=operator, now=NOON)
    assert refused.value.arguments == {"code": again}
    assert (await state_of(code), await centre.wallet("amina")) == ("absent", before)


async def test_call_off_after_the_purse_expired_gives_thirty_days_more(centre: Centre) -> None:
    await centre.person("Rosa Colombo", 1800, until=date(2026, 11, 24))
    code = await centre.book("rosa", "aiuto")
    later = NOON + timedelta(days=3)
    assert await centre.wallet("rosa", later) == (1800, 1800, 0)
    await check_in.call_off(code, "provider_ill", nonce="n", actor=centre.staff["operator"], now=later)
    assert (await state_of(code), await centre.wallet("rosa", later)) == ("cancelled", (1800, 0, 1800))
    days = await engine_room.rows("SELECT expires_on FROM purse ORDER BY expires_on")
    assert [row["expires_on"] for row in days] == [date(2026, 11, 24), date(2026, 12, 27)]
    found = await engine_room.row("SELECT by_kind, reason FROM cancellation")
    assert found == {"by_kind": "provider", "reason": "provider_ill"}
    assert await engine_room.scalar("SELECT taken FROM slot") == 0
    assert (await fund.identity(centre.fund)).difference_cents == 0


async def test_an_operator_who_cancels_for_the_person_gives_no_extra_days(centre: Centre) -> None:
    await centre.person("Rosa Colombo", 1800, until=date(2026, 11, 24))
    code = await centre.book("rosa", "aiuto")
    later = NOON + timedelta(days=3)
    await cancellation.cancel(code, "ill", actor=centre.staff["operator"], now=later)
    assert await centre.wallet("rosa", later) == (0, 0, 0)
    assert await engine_room.scalar("SELECT by_kind FROM cancellation") == "staff"


async def test_nobody_arrives_or_is_missing_the_day_before(centre: Centre) -> None:
    await centre.person("Rosa Colombo", 24000)
    code = await centre.book("rosa", "aiuto", at("12:00", days=1))
    with pytest.raises(TooSoon):
        await _arrive(centre, code)
    with pytest.raises(TooSoon):
        await check_in.absent(code, "ill", nonce="n", actor=centre.staff["operator"], now=NOON)
    assert await centre.wallet("rosa") == (24000, 1800, 22200)


async def test_staff_of_another_place_find_nothing(centre: Centre) -> None:
    await centre.person("Amina Haddad", 15000)
    code = await centre.book("amina", "ascolto")
    for stranger in (Actor("staff", 77), centre.staff["desk"], Actor("person", centre.people["amina"]), SYSTEM):
        with pytest.raises(NotFound):
            await check_in.arrive(code, nonce="n", device_at=NOON, actor=stranger, now=BEFORE)
    assert await state_of(code) == "confirmed"
