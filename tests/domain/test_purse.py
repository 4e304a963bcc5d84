"""The life of credit: told with the cast's own figures, then at random against a small model."""

import asyncio
from datetime import timedelta
from types import ModuleType
from typing import Any

import pytest

from app.domain import fund, ledger, purse
from app.domain.actor import SYSTEM
from app.domain.errors import CreditTooSmall, SplitChanged
from app.domain.fund_rule import Rule
from app.domain.verb import verb
from app.domain.verify import verify
from tests.domain.money import (
    NOW,
    TODAY,
    Town,
    open_town,
    post_all,
    refund_all,
    reopen_all,
    said,
    void_all,
)
from tests.processes import together

SOON = TODAY + timedelta(days=9)
LATER = NOW + timedelta(days=10)


@pytest.fixture
async def town(database: ModuleType) -> Town:
    return await open_town()


async def balances(fund_id: int) -> str:
    """Still in the fund, in purses, engaged, spent, returned."""
    i = await fund.identity(fund_id)
    assert i.difference_cents == 0
    figures = (i.uncommitted_cents, i.issued_unspent_cents, i.held_cents, i.spent_cents, i.returned_cents)
    return " ".join(said(amount) for amount in figures)


async def test_rosa_has_69_and_can_use_33(town: Town) -> None:
    elderly = await town.fund("anziani", "1000,00")
    credit = await town.give(elderly, "rosa", "240,00")
    for _ in range(4):
        await post_all(await town.book("rosa", "home", 2))
    assert await post_all(await town.book("rosa", "home", 2), "27,00") == 2700
    await town.book("rosa", "home", 2)
    assert await town.wallet("rosa") == "69,00 36,00 33,00"
    assert await balances(elderly) == "760,00 33,00 36,00 171,00 0,00"
    engaged, fifth = (await purse.movements(credit))[:2]
    assert (engaged.kind, engaged.cents, engaged.held_cents) == ("hold", 0, 3600)
    assert (fifth.kind, fifth.cents, fifth.held_cents, fifth.returned_cents) == ("post", -2700, -3600, 900)
    assert await verify(now=NOW) == []


async def test_less_delivered_goes_back_to_the_purse_spent_last(town: Town) -> None:
    first, second = await town.fund("primo", "100,00"), await town.fund("secondo", "100,00")
    await town.give(first, "tomas", "30,00", SOON)
    await town.give(second, "tomas", "40,00")
    booking = await town.book("tomas", "swimming")
    assert await post_all(booking, "50,00") == 5000
    assert await balances(first) == "70,00 0,00 0,00 30,00 0,00"
    assert await balances(second) == "60,00 20,00 0,00 20,00 0,00"


@pytest.mark.parametrize(("delivered", "paid"), [("6,00", 450), ("12,00", 900), ("20,00", 900), ("0,00", 0)])
async def test_a_fund_pays_its_share_of_what_was_delivered(town: Town, delivered: str, paid: int) -> None:
    family = await town.fund("famiglie", "100,00", Rule("share", share_percent=75))
    await town.give(family, "amina", "100,00")
    assert await post_all(await town.book("amina", "homework"), delivered) == paid
    assert await town.wallet("amina") == f"{said(10000 - paid)} 0,00 {said(10000 - paid)}"


async def test_a_cancel_gives_back(town: Town) -> None:
    family = await town.fund("famiglie", "100,00")
    await town.give(family, "amina", "20,00")
    booking = await town.book("amina", "homework")
    assert await void_all(booking) == 1200
    assert await void_all(booking) == 0
    assert await post_all(booking) == 0
    assert await town.wallet("amina") == "20,00 0,00 20,00"


async def test_a_refund_corrects_once(town: Town) -> None:
    family = await town.fund("famiglie", "100,00")
    credit = await town.give(family, "amina", "20,00")
    booking = await town.book("amina", "homework")
    await post_all(booking)
    assert [await refund_all(booking), await refund_all(booking)] == [1200, 0]
    assert await balances(family) == "80,00 20,00 0,00 0,00 0,00"
    refund, post = (await purse.movements(credit))[:2]
    assert (refund.kind, refund.cents, refund.corrects_id) == ("refund", 1200, post.transfer_id)


@pytest.mark.parametrize(
    ("by", "goes_to", "left"),
    [
        ("person", "fund", "100,00 0,00 0,00 0,00 0,00"),
        ("staff", "returned", "80,00 0,00 0,00 0,00 20,00"),
        ("provider", "fund", "88,00 12,00 0,00 0,00 0,00"),
        ("provider", "returned", "80,00 12,00 0,00 0,00 8,00"),
    ],
)
@pytest.mark.parametrize("end", ["void", "refund"])
async def test_what_comes_back_too_late_goes_where_the_fund_says(
    town: Town, by: purse.By, goes_to: str, left: str, end: str
) -> None:
    family = await town.fund("famiglie", "100,00", expired_goes_to=goes_to)
    await town.give(family, "amina", "20,00", SOON)
    booking = await town.book("amina", "homework")
    assert await purse.expire_due(now=LATER) == 1
    assert await purse.expire_due(now=LATER) == 0
    if end == "refund":
        await post_all(booking, now=LATER)
        await refund_all(booking, by, now=LATER)
    else:
        await void_all(booking, by, now=LATER)
    assert await balances(family) == left
    kept = (await purse.wallet(town.person["amina"], now=LATER)).purses
    grace = ledger.day(LATER) + timedelta(days=30)
    assert [(one.expires_on, said(one.usable_cents)) for one in kept] == (
        [(grace, "12,00")] if by == "provider" else []
    )
    assert await verify(now=LATER) == []


async def test_on_its_last_day_credit_still_comes_back(town: Town) -> None:
    family = await town.fund("famiglie", "100,00")
    await town.give(family, "amina", "20,00", SOON)
    last_day = NOW + timedelta(days=9)
    await void_all(await town.book("amina", "homework"), now=last_day)
    assert await town.wallet("amina", now=last_day) == "20,00 0,00 20,00"


async def test_credit_ends_but_what_is_engaged_can_still_be_paid(town: Town) -> None:
    family = await town.fund("famiglie", "100,00")
    await town.give(family, "amina", "20,00", SOON)
    booking = await town.book("amina", "homework")
    assert await purse.expire_due(now=NOW + timedelta(days=9)) == 0
    assert await town.wallet("amina", now=LATER) == "12,00 12,00 0,00"
    await purse.expire_due(now=LATER)
    assert await town.wallet("amina", now=LATER) == "12,00 12,00 0,00"
    assert await post_all(booking, now=LATER) == 1200
    assert await balances(family) == "88,00 0,00 0,00 12,00 0,00"


async def test_an_undone_arrival_engages_again(town: Town) -> None:
    family = await town.fund("famiglie", "100,00", Rule("share", share_percent=75))
    await town.give(family, "amina", "20,00")
    booking = await town.book("amina", "homework")
    await post_all(booking, "6,00")
    assert await reopen_all(booking) == 900
    assert await balances(family) == "80,00 11,00 9,00 0,00 0,00"
    assert await post_all(booking) == 900
    assert await refund_all(booking) == 900
    assert await town.wallet("amina") == "20,00 0,00 20,00"
    assert await verify(now=NOW) == []


async def test_an_undone_absence_engages_again_unless_the_money_went(town: Town) -> None:
    family = await town.fund("famiglie", "100,00")
    await town.give(family, "amina", "12,00")
    booking = await town.book("amina", "homework")
    await void_all(booking)
    assert await reopen_all(booking) == 1200
    assert await reopen_all(booking) == 0
    await void_all(booking)
    await town.book("amina", "homework")
    with pytest.raises(CreditTooSmall):
        await reopen_all(booking)
    assert await town.wallet("amina") == "12,00 12,00 0,00"


async def test_an_undone_arrival_engages_only_what_was_paid_when_the_rest_went(town: Town) -> None:
    family = await town.fund("famiglie", "100,00")
    await town.give(family, "amina", "12,00")
    booking = await town.book("amina", "homework")
    await post_all(booking, "5,00")
    await town.book("amina", "homework")
    assert await reopen_all(booking) == 500
    assert await town.wallet("amina") == "12,00 12,00 0,00"


async def parts(booking: int) -> list[str]:
    return [f"{part.fund_name} {part.state} {said(part.cents)}" for part in await purse.of_booking(booking)]


async def test_what_each_purse_has_to_do_with_a_booking(town: Town) -> None:
    first, second = await town.fund("primo", "100,00"), await town.fund("secondo", "100,00")
    await town.give(first, "tomas", "30,00", SOON)
    await town.give(second, "tomas", "40,00")
    booking = await town.book("tomas", "swimming")
    assert await parts(booking) == ["primo held 30,00", "secondo held 40,00"]
    await post_all(booking, "50,00")
    assert await parts(booking) == ["primo posted 30,00", "secondo posted 20,00", "secondo returned 20,00"]
    await reopen_all(booking)
    assert await parts(booking) == ["primo held 30,00", "secondo held 40,00"]
    await void_all(booking)
    assert await parts(booking) == ["primo returned 30,00", "secondo returned 40,00"]
    other = await town.book("tomas", "homework")
    await post_all(other)
    assert await parts(other) == ["primo posted 12,00"]
    await refund_all(other)
    assert await parts(other) == ["primo returned 12,00"]


async def book_the_last(number: int, service: int, payer: int) -> bool:
    """One of several front desks that all saw the same 12,00."""
    desk = Town(person={"amina": payer}, service={"homework": service}, territory=1, provider=1, bookings=number * 100)
    try:
        shown = await desk.split("amina", "homework")
        await asyncio.sleep(0.2)
        await _hold(shown, number)
    except SplitChanged:
        return False
    return True


@verb
async def _hold(shown: Any, booking_id: int) -> None:
    from app.domain import split

    await split.hold(shown, booking_id, actor=SYSTEM, now=NOW)


@pytest.mark.slow
async def test_several_processes_for_the_last_credit(town: Town) -> None:
    family = await town.fund("famiglie", "100,00")
    await town.give(family, "amina", "12,00")
    held = await together(4, book_the_last, town.service["homework"], town.person["amina"])
    assert sorted(held) == [False, False, False, True]
    assert await town.wallet("amina") == "12,00 12,00 0,00"
    assert await verify(now=NOW) == []
