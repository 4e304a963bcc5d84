from dataclasses import replace
from datetime import date, timedelta
from types import ModuleType
from typing import Any

import pytest

from app.domain import fund
from app.domain.actor import SYSTEM, Actor, Role
from app.domain.errors import FundRefuses, InvalidInput, NotFound, OverBudget, Refusal
from app.domain.fund_rule import Rule
from app.domain.verify import verify
from tests.domain.money import (
    NEW_YEAR_EVE,
    NOW,
    TERMS,
    TODAY,
    Town,
    cents,
    open_town,
    post_all,
    refund_all,
    void_all,
)
from tests.processes import together

GIULIA = Actor("staff", 4, roles=(Role("social_office", "funder", 1),))


@pytest.fixture
async def town(database: ModuleType) -> Town:
    return await open_town()


async def test_fifty_given_are_fifty_and_thirty_spent_leave_twenty(town: Town) -> None:
    gift = await town.fund("comune", "100,00")
    await town.give(gift, "amina", "50,00")
    assert await town.wallet("amina") == "50,00 0,00 50,00"
    await post_all(await town.book("amina", "swimming"), "30,00")
    assert await town.wallet("amina") == "20,00 0,00 20,00"


async def test_the_identity_of_famiglie_2026(town: Town) -> None:
    """60.000,00 = 18.400 + 0 + 21.350 + 3.120 + 16.840 + 290, each reached by its own way."""
    families = await town.fund("famiglie", "60000,00", expired_goes_to="returned")
    yesterday = NOW - timedelta(days=1)
    await town.give(families, "yusuf", "290,00", until=TODAY - timedelta(days=1), now=yesterday)
    await town.give(families, "amina", "41310,00")
    spent = [await town.book("amina", "swimming", quantity) for quantity in (20,) * 10 + (10, 1)]
    for booking in spent[:-1]:
        await post_all(booking)
    assert await post_all(spent[-1], "40,00") == 4000
    refunded = await town.book("amina", "swimming", 2)
    await post_all(refunded)
    await refund_all(refunded)
    for quantity in (20, 19):
        await town.book("amina", "swimming", quantity)
    await void_all(await town.book("amina", "swimming", 5))

    from app.domain import purse

    assert await purse.expire_due(now=NOW) == 1
    identity = await fund.identity(families)
    assert identity == fund.FundIdentity(
        budget_cents=cents("60.000,00"),
        uncommitted_cents=cents("18.400,00"),
        committed_cents=0,
        issued_unspent_cents=cents("21.350,00"),
        held_cents=cents("3.120,00"),
        spent_cents=cents("16.840,00"),
        returned_cents=cents("290,00"),
    )
    assert identity.difference_cents == 0
    assert await verify(now=NOW) == []


async def test_a_purse_for_each_fund_holder_and_last_day(town: Town) -> None:
    first, second = await town.fund("uno", "100,00"), await town.fund("due", "100,00")
    same = [await town.give(first, "amina", "10,00") for _ in range(2)]
    other = [
        await town.give(first, "amina", "10,00", until=TODAY),
        await town.give(first, "tomas", "10,00"),
        await town.give(second, "amina", "10,00"),
    ]
    assert same[0] == same[1]
    assert len({same[0], *other}) == 4
    assert await town.wallet("amina") == "40,00 0,00 40,00"


@pytest.mark.parametrize("day", [TERMS.from_on, TERMS.until_on])
async def test_credit_is_given_on_the_first_and_the_last_day(town: Town, day: date) -> None:
    now = NOW.replace(month=day.month, day=day.day)
    await town.give(await town.fund("comune", "100,00"), "amina", "10,00", now=now)
    assert await town.wallet("amina", now=now) == "10,00 0,00 10,00"


async def give_ten(number: int, fund_id: int, person_id: int) -> int:
    return await fund.issue(fund_id, 1000, NEW_YEAR_EVE, person_id=person_id, actor=SYSTEM, now=NOW)


@pytest.mark.slow
async def test_several_processes_fill_one_purse(town: Town) -> None:
    comune = await town.fund("comune", "100,00")
    purses = await together(4, give_ten, comune, town.person["amina"])
    assert len(set(purses)) == 1
    assert await town.wallet("amina") == "40,00 0,00 40,00"


REFUSED: list[tuple[dict[str, Any], dict[str, Any], type[Refusal], dict[str, Any]]] = [
    ({}, {"amount": "100,01"}, OverBudget, {"cents": 10001}),
    ({}, {"now": NOW.replace(year=2025)}, FundRefuses, {"rule": "period"}),
    ({}, {"now": NOW.replace(year=2027)}, FundRefuses, {"rule": "period"}),
    ({}, {"until": TODAY - timedelta(days=1)}, FundRefuses, {"rule": "expired"}),
    ({}, {"until": date(2027, 1, 1)}, FundRefuses, {"rule": "expired"}),
    ({"for_household": True}, {}, FundRefuses, {"rule": "holder"}),
    ({"target": "min_age=65"}, {}, FundRefuses, {"rule": "target"}),
    ({"target": "max_age=17"}, {}, FundRefuses, {"rule": "target"}),
    ({"target": "territory=tradate"}, {}, FundRefuses, {"rule": "target"}),
    ({"target": "municipality=L319"}, {}, FundRefuses, {"rule": "target"}),
    ({}, {"amount": "0,00"}, InvalidInput, {}),
]


@pytest.mark.parametrize(("terms", "gift", "refusal", "arguments"), REFUSED)
async def test_credit_outside_the_rules_is_not_given(
    town: Town, terms: dict[str, Any], gift: dict[str, Any], refusal: type[Refusal], arguments: dict[str, Any]
) -> None:
    fund_id = await town.fund("comune", "100,00", **terms)
    with pytest.raises(refusal) as refused:
        await town.give(fund_id, "amina", **{"amount": "10,00", **gift})
    assert refused.value.arguments == arguments
    assert (await fund.identity(fund_id)).uncommitted_cents == 10000
    assert await town.wallet("amina") == "0,00 0,00 0,00"


@pytest.mark.parametrize("name", ["rosa", "yusuf"])
async def test_the_target_rule_lets_in_whom_it_means(town: Town, name: str) -> None:
    target = {"rosa": "min_age=78 max_age=78", "yusuf": "max_age=7"}[name]
    await town.give(await town.fund("comune", "100,00", target=target), name, "10,00")
    assert await town.wallet(name) == "10,00 0,00 10,00"


async def test_one_member_makes_a_household_fit(town: Town) -> None:
    for_children = await town.fund("comune", "100,00", target="max_age=17", for_household=True)
    await town.give_household(for_children, await town.household("amina", "yusuf"), "10,00")
    with pytest.raises(FundRefuses):
        await town.give_household(for_children, await town.household("tomas", "elena"), "10,00")
    assert (await fund.identity(for_children)).issued_unspent_cents == 1000


@pytest.mark.parametrize(
    ("change", "rules", "field"),
    [
        ({"until_on": date(2025, 1, 1)}, [], "until_on"),
        ({"target": "colour=red"}, [], "target"),
        ({"target": "min_age=old"}, [], "target"),
        ({"slug": "taken"}, [], "slug"),
        ({}, [Rule("category", "nothing")], "rules"),
        ({}, [Rule("provider", "nobody")], "rules"),
        ({}, [Rule("territory", "nowhere")], "rules"),
        ({}, [Rule("share", share_percent=101)], "rules"),
        ({}, [Rule("share", "nothing", 50)], "rules"),
        ({}, [Rule("share", max_cents=0)], "rules"),
    ],
)
async def test_a_fund_nobody_could_apply_is_not_made(
    town: Town, change: dict[str, Any], rules: list[Rule], field: str
) -> None:
    await town.fund("taken", "1,00")
    with pytest.raises(InvalidInput) as refused:
        await fund.create_fund(town.funder, replace(TERMS, **change), rules, actor=SYSTEM, now=NOW)
    assert refused.value.field == field


@pytest.mark.parametrize("role", ["desk", "operator"])
async def test_only_the_funders_own_people_move_its_money(town: Town, role: Any) -> None:
    comune = await town.fund("comune", "100,00")
    foreign = (Actor("staff", 5, roles=(Role("funder", "funder", 99), Role(role, "territory", 1))), Actor("person", 3))
    for actor in foreign:
        with pytest.raises(NotFound):
            await fund.pay_in(comune, 100, reason="", actor=actor, now=NOW)
        with pytest.raises(NotFound):
            await fund.issue(comune, 100, NEW_YEAR_EVE, person_id=3, actor=actor, now=NOW)
        with pytest.raises(NotFound):
            await fund.create_fund(town.funder, TERMS, actor=actor, now=NOW)
        with pytest.raises(NotFound):
            await fund.create_funder("x", "X", "employer", actor=actor, now=NOW)
    await fund.issue(comune, 100, NEW_YEAR_EVE, person_id=3, actor=GIULIA, now=NOW)
    assert await town.wallet("amina") == "1,00 0,00 1,00"


async def test_a_funder_is_made_once(town: Town) -> None:
    await fund.create_funder("bianchi", "Officine Bianchi", "employer", actor=SYSTEM, now=NOW)
    with pytest.raises(InvalidInput):
        await fund.create_funder("bianchi", "Officine Bianchi", "employer", actor=SYSTEM, now=NOW)


async def test_what_does_not_exist(town: Town) -> None:
    for missing in (fund.identity(99), fund.pay_in(99, 1, reason="", actor=SYSTEM, now=NOW)):
        with pytest.raises(NotFound):
            await missing
