from dataclasses import replace
from datetime import date, timedelta
from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain import split
from app.domain.errors import SplitChanged
from app.domain.fund_rule import Rule
from app.domain.split import BookingFacts, Split, decide
from app.domain.split_purse import PurseFacts
from tests.domain.money import NEW_YEAR_EVE, NOW, TODAY, Town, cents, open_town, post_all, said

SWIMMING = BookingFacts(8000, "swimming", "aurora", "cooperative", "tradate", TODAY, TODAY)
SOON = TODAY + timedelta(days=9)


def purse(number: int, usable: str, until: date = NEW_YEAR_EVE, **facts: object) -> PurseFacts:
    return replace(PurseFacts(number, 100 + number, 10 + number, f"f{number}", cents(usable), until), **facts)  # type: ignore[arg-type]


def tell(decided: Split) -> str:
    """'1 pays 30,00 · own 10,00 · 3 combination'"""
    pays = [f"{line.purse.purse_id} pays {said(line.cents)}" for line in decided.lines]
    return " · ".join(
        [
            *pays,
            f"own {said(decided.own_cents)}",
            *(f"{left.purse.purse_id} {left.reason}" for left in decided.left_out),
        ]
    )


FOUNDATION = purse(1, "30,00", SOON)
TOWN = purse(2, "75,00")
COMPANY = purse(3, "600,00", is_combinable=False, allows_own_money=False)
HALF = {12: [Rule("share", share_percent=50)]}


@pytest.mark.parametrize(
    ("purses", "rules", "change", "told"),
    [
        ([COMPANY, TOWN, FOUNDATION], HALF, {}, "1 pays 30,00 · 2 pays 40,00 · own 10,00 · 3 combination"),
        ([COMPANY], {}, {"price_cents": 6000}, "3 pays 60,00 · own 0,00"),
        ([COMPANY], {}, {"price_cents": 60001}, "own 600,01 · 3 whole_price"),
        ([TOWN, COMPANY], {12: [Rule("category", "home")]}, {}, "3 pays 80,00 · own 0,00 · 2 category"),
        ([TOWN], {12: [Rule("category", "home"), Rule("category", "swimming")]}, {}, "2 pays 75,00 · own 5,00"),
        ([TOWN], {12: [Rule("provider", "ginnika")]}, {}, "own 80,00 · 2 provider"),
        ([TOWN], {12: [Rule("provider_kind", "shop")]}, {}, "own 80,00 · 2 provider_kind"),
        ([TOWN], {12: [Rule("territory", "rho")]}, {}, "own 80,00 · 2 territory"),
        ([FOUNDATION], {}, {"service_day": SOON + timedelta(days=1)}, "own 80,00 · 1 expired_service_day"),
        ([FOUNDATION], {}, {"service_day": SOON}, "1 pays 30,00 · own 50,00"),
        ([FOUNDATION], {}, {"service_day": None}, "1 pays 30,00 · own 50,00"),
        (
            [replace(FOUNDATION, validity_day="booking")],
            {},
            {"service_day": SOON + timedelta(days=1)},
            "1 pays 30,00 · own 50,00",
        ),
        ([FOUNDATION], {}, {"booking_day": SOON + timedelta(days=1)}, "own 80,00 · 1 expired_booking_day"),
        ([purse(1, "0,00")], {}, {}, "own 80,00 · 1 empty"),
        ([TOWN], {12: [Rule("share", max_cents=2500)]}, {}, "2 pays 25,00 · own 55,00"),
        ([TOWN], {12: [Rule("share", share_percent=75)]}, {"price_cents": 1201}, "2 pays 9,00 · own 3,01"),
        (
            [TOWN],
            {12: [Rule("share", share_percent=75), Rule("share", "swimming", 10)]},
            {},
            "2 pays 8,00 · own 72,00",
        ),
        ([TOWN], {12: [Rule("share", share_percent=1)]}, {"price_cents": 99}, "own 0,99 · 2 share"),
        (
            [TOWN, purse(4, "75,00", fund_id=12)],
            {12: [Rule("share", max_cents=7600)]},
            {},
            "2 pays 75,00 · 4 pays 1,00 · own 4,00",
        ),
        (
            [purse(1, "30,00", allows_own_money=False), TOWN],
            HALF,
            {},
            "2 pays 40,00 · own 40,00 · 1 whole_price",
        ),
        ([purse(1, "30,00", allows_own_money=False), TOWN], {}, {}, "1 pays 30,00 · 2 pays 50,00 · own 0,00"),
        ([FOUNDATION, TOWN], {}, {"price_cents": 3000}, "1 pays 30,00 · own 0,00 · 2 not_needed"),
        ([purse(1, "75,00", priority=200), TOWN], {}, {}, "2 pays 75,00 · 1 pays 5,00 · own 0,00"),
        ([TOWN], {}, {"limit_cents": 2000}, "2 pays 20,00 · own 60,00"),
        ([TOWN], {}, {"limit_cents": 0}, "own 80,00 · 2 limit"),
        ([FOUNDATION, TOWN], {}, {"limit_cents": 3000}, "1 pays 30,00 · own 50,00 · 2 limit"),
        # Soonest to expire, but alone it would leave more to the person than the others together.
        ([replace(FOUNDATION, is_combinable=False), TOWN], {}, {}, "2 pays 75,00 · own 5,00 · 1 combination"),
        ([replace(COMPANY, expires_on=SOON), TOWN], {}, {}, "3 pays 80,00 · own 0,00 · 2 combination"),
        ([replace(COMPANY, expires_on=SOON), purse(2, "80,00")], {}, {}, "3 pays 80,00 · own 0,00 · 2 combination"),
        ([TOWN], {}, {"price_cents": 0}, "own 0,00 · 2 not_needed"),
    ],
)
def test_who_pays_what(
    purses: list[PurseFacts], rules: dict[int, list[Rule]], change: dict[str, object], told: str
) -> None:
    assert tell(decide(purses, rules, replace(SWIMMING, **change))) == told  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("chosen", "told"),
    [
        ({3}, "3 pays 80,00 · own 0,00 · 1 not_chosen · 2 not_chosen"),
        ({2, 3}, "2 pays 40,00 · own 40,00 · 1 not_chosen · 3 combination"),
        ({1}, "1 pays 30,00 · own 50,00 · 2 not_chosen · 3 not_chosen"),
        (set(), "own 80,00 · 1 not_chosen · 2 not_chosen · 3 not_chosen"),
    ],
)
def test_the_person_may_choose(chosen: set[int], told: str) -> None:
    by_number = decide([FOUNDATION, TOWN, COMPANY], HALF, SWIMMING, chosen)
    assert tell(replace(by_number, left_out=tuple(sorted(by_number.left_out, key=lambda o: o.purse.purse_id)))) == told


PURSES = st.lists(
    st.builds(
        purse,
        st.just(0),
        st.integers(0, 120).map(lambda euros: f"{euros},00"),
        st.sampled_from([TODAY - timedelta(days=1), TODAY, SOON, NEW_YEAR_EVE]),
        fund_id=st.sampled_from([11, 12, 13]),
        is_combinable=st.booleans(),
        allows_own_money=st.booleans(),
    ),
    max_size=5,
).map(lambda purses: [replace(one, purse_id=number) for number, one in enumerate(purses)])


@given(PURSES, st.integers(0, 15000), st.integers(1, 100), st.none() | st.integers(0, 9000))
def test_no_split_breaks_a_rule(purses: list[PurseFacts], price: int, percent: int, limit: int | None) -> None:
    rules = {11: [Rule("share", share_percent=percent)]}
    decided = decide(purses, rules, replace(SWIMMING, price_cents=price, limit_cents=limit))
    paying = [line.purse for line in decided.lines]
    assert 0 <= decided.own_cents <= price
    assert all(0 < line.cents <= line.purse.usable_cents for line in decided.lines)
    assert sum(line.cents for line in decided.lines if line.purse.fund_id == 11) <= price * percent // 100
    assert decided.own_cents == 0 or all(one.allows_own_money for one in paying)
    assert len(paying) < 2 or all(one.is_combinable for one in paying)
    assert all(one.expires_on >= TODAY for one in paying)
    assert limit is None or decided.credit_cents <= limit
    assert {one.purse_id for one in purses} == {
        *(one.purse_id for one in paying),
        *(left.purse.purse_id for left in decided.left_out),
    }


@given(PURSES, st.integers(0, 15000), st.integers(0, 5))
def test_more_money_never_makes_the_person_pay_more(purses: list[PurseFacts], price: int, which: int) -> None:
    plain = [replace(one, is_combinable=True, allows_own_money=True) for one in purses]
    richer = [replace(one, usable_cents=one.usable_cents + 500 * (n == which)) for n, one in enumerate(plain)]
    booking = replace(SWIMMING, price_cents=price)
    assert decide(richer, {}, booking).own_cents <= decide(plain, {}, booking).own_cents


@pytest.fixture
async def town(database: ModuleType) -> Town:
    return await open_town()


async def test_tomas_pays_ten_of_eighty(town: Town) -> None:
    foundation = await town.fund("fondazione", "500,00", until_on=SOON)
    municipality = await town.fund("comune", "500,00", Rule("share", share_percent=50), Rule("category", "swimming"))
    company = await town.fund("bianchi", "5000,00", is_combinable=False, allows_own_money=False)
    await town.give(foundation, "tomas", "30,00", SOON)
    await town.give(municipality, "tomas", "40,00")
    bonus = await town.give(company, "tomas", "600,00")
    shown = await town.split("tomas", "swimming", receiver="giada")
    assert [(line.purse.fund_name, said(line.cents), said(line.left_cents)) for line in shown.lines] == [
        ("fondazione", "30,00", "0,00"),
        ("comune", "40,00", "0,00"),
    ]
    assert said(shown.own_cents) == "10,00"
    assert [(left.purse.fund_name, left.reason) for left in shown.left_out] == [("bianchi", "combination")]

    await town.book("tomas", "swimming")
    assert await town.wallet("tomas") == "670,00 70,00 600,00"
    alone = await town.split("tomas", "psychology")
    assert [(line.purse.purse_id, said(line.cents)) for line in alone.lines] == [(bonus, "60,00")]
    assert alone.own_cents == 0


async def test_amina_pays_three_of_twelve(town: Town) -> None:
    family = await town.fund("famiglie", "1000,00", Rule("share", "homework", 75))
    await town.give(family, "amina", "150,00")
    for _ in range(5):
        await post_all(await town.book("amina", "homework"))
    await town.book("amina", "homework")
    shown = await town.split("amina", "homework")
    assert (said(shown.credit_cents), said(shown.own_cents)) == ("9,00", "3,00")
    assert await town.wallet("amina") == "105,00 9,00 96,00"


async def test_what_was_shown_is_what_is_taken(town: Town) -> None:
    fund = await town.fund("famiglie", "1000,00")
    await town.give(fund, "amina", "20,00")
    shown = await town.split("amina", "homework")
    split.confirm(shown, shown.mark)
    await town.book("amina", "homework")
    with pytest.raises(SplitChanged):
        split.confirm(await town.split("amina", "homework"), shown.mark)
    with pytest.raises(SplitChanged):
        await town.hold(shown)
    assert await town.wallet("amina") == "20,00 12,00 8,00"


async def test_two_first_payments_to_a_provider_go_to_one_account(town: Town, database: ModuleType) -> None:
    """Both were worked out before the provider had an account for this fund."""
    fund = await town.fund("famiglie", "1000,00")
    for name in ("amina", "tomas"):
        await town.give(fund, name, "20,00")
    shown = [await town.split(name, "homework") for name in ("amina", "tomas")]
    for one in shown:
        await town.hold(one)
    found = await database.rows("SELECT account_id FROM payable WHERE fund_id = {}", fund)
    paid = await database.rows("SELECT DISTINCT credit_account_id FROM transfer WHERE kind = 'hold'")
    assert [row["account_id"] for row in found] == [row["credit_account_id"] for row in paid] and len(found) == 1


async def test_household_credit_pays_for_its_members_only(town: Town) -> None:
    household = await town.household("amina", "yusuf")
    fund = await town.fund("famiglie", "1000,00", for_household=True)
    await town.give_household(fund, household, "50,00")
    assert said((await town.split("amina", "homework", receiver="yusuf")).credit_cents) == "12,00"
    assert (await town.split("amina", "homework", receiver="giada")).lines == ()
    assert (await town.split("tomas", "homework", receiver="yusuf")).lines == ()
    assert await town.wallet("amina") == "50,00 0,00 50,00"
    assert await town.wallet("tomas") == "0,00 0,00 0,00"


async def test_a_delegate_spends_up_to_the_limit_of_the_month(town: Town) -> None:
    fund = await town.fund("anziani", "1000,00")
    await town.give(fund, "rosa", "240,00")
    refused = await town.split("rosa", "home", 2, booker="elena")
    assert (refused.lines, [left.reason for left in refused.left_out]) == ((), ["delegate"])
    await town.delegate("rosa", "elena", "80,00")
    first = await town.book("rosa", "home", 2, booker="elena")
    await town.book("rosa", "home", 2, booker="elena")
    third = await town.split("rosa", "home", 2, booker="elena")
    assert (said(third.credit_cents), said(third.own_cents)) == ("8,00", "28,00")
    assert said((await town.split("rosa", "home", 2)).credit_cents) == "36,00"
    assert (
        said((await town.split("rosa", "home", 2, booker="elena", now=NOW + timedelta(days=28))).credit_cents)
        == "36,00"
    )
    await town.void(first)
    await town.hold(third, booker="elena")
    with pytest.raises(SplitChanged):
        await town.hold(await _over_the_limit(town), booker="elena")


async def _over_the_limit(town: Town) -> Split:
    """Decided when more was left of the month."""
    now = await town.split("rosa", "home", 2, booker="elena")
    return replace(now, lines=(replace(now.lines[0], cents=3700),))


async def test_the_month_of_a_limit_begins_on_its_first_day(town: Town) -> None:
    fund = await town.fund("anziani", "1000,00")
    may_first = NOW.replace(day=1)
    await town.give(fund, "rosa", "240,00", now=may_first)
    await town.delegate("rosa", "elena", "80,00", may_first.date())
    await town.book("rosa", "home", 2, booker="elena", now=may_first)
    shown = await town.split("rosa", "home", 3, booker="elena")
    assert said(shown.credit_cents) == "44,00"
