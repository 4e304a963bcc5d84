"""What a funder reads: sums that add up with the accounts, and none of fewer than five people."""

from datetime import datetime, timedelta
from types import ModuleType

import pytest

from app import database as engine_room
from app.domain import fund, purse, report
from app.domain.actor import ANONYMOUS, SYSTEM, Actor, Role
from app.domain.errors import NotFound, SignInNeeded
from app.domain.report import OTHERS, Entry, Kind, Line, Sum, band
from app.domain.seal import seal_all
from app.domain.verify import check
from tests.domain.money import NOW, TODAY, Town, open_town, post_all, refund_all, writable

APRIL = NOW - timedelta(days=30)
GIULIA = Actor("staff", 4, roles=(Role("funder", "funder", 1),))
CROWD = ("rosa", "elena", "amina", "yusuf", "tomas")


@pytest.fixture
async def town(database: ModuleType) -> Town:
    return await open_town()


@pytest.fixture
async def families(town: Town) -> int:
    """Five people with homework in April and May; Giada swims, Tomas has help at home in May."""
    families = await town.fund("famiglie", "2000,00")
    for name in (*CROWD, "giada"):
        await town.give(families, name, "200,00", now=APRIL)
    for now in (APRIL, NOW):
        for name in CROWD:
            await post_all(await town.book(name, "homework", now=now), now=now)
    await post_all(await town.book("giada", "swimming"), "70,00")
    await town.book("tomas", "home", 2)
    return families


def told(sums: list[Sum]) -> list[tuple[str, int | None]]:
    return [(line.label, line.cents) for line in sums]


async def test_small_groups_are_told_as_one_sum(families: int) -> None:
    moved = await report.entries(families, now=NOW)
    assert told(report.by_month(moved, "spent")) == [("2026-04", 6000), ("2026-05", 13000)]
    assert told(report.by_category(moved, "spent")) == [("homework", None), ("swimming", None), (OTHERS, 19000)]
    assert told(report.by_month(moved, "held")) == [("2026-05", None), (OTHERS, 3600)]
    assert told(report.by_category(moved, "held")) == [("home", None), (OTHERS, 3600)]


@pytest.mark.parametrize("kind", ["held", "spent"])
async def test_sums_are_those_of_the_accounts(town: Town, families: int, kind: Kind) -> None:
    wrong = await town.book("rosa", "home")
    await post_all(wrong)
    await refund_all(wrong)
    moved, accounts = await report.entries(families, now=NOW), await fund.identity(families)
    expected = {"held": accounts.held_cents, "spent": accounts.spent_cents}[kind]
    assert expected > 0
    for sums in (report.by_month(moved, kind), report.by_category(moved, kind)):
        assert sum(line.cents or 0 for line in sums) == expected
    assert sum(line.cents for line in report.lines(moved) if line.kind == kind) == expected


async def test_the_export_adds_up_to_everything_that_moved(town: Town, families: int) -> None:
    short = TODAY + timedelta(days=1)
    for name in CROWD:
        await town.give(families, name, "10,00", until=short)
    assert await purse.expire_due(now=NOW + timedelta(days=2)) == 5
    found = report.lines(await report.entries(families, now=NOW + timedelta(days=2)))
    assert Line("paid_in", "2026-05", "", 200000) in found
    assert Line("issued", "2026-04", "", 120000) in found
    assert Line("issued", "2026-05", "", 5000) in found
    assert Line("returned", "2026-05", "", 5000) in found
    accounts = await fund.identity(families)
    sums = {kind: sum(line.cents for line in found if line.kind == kind) for kind in report.KINDS}
    given = accounts.issued_unspent_cents + accounts.held_cents + accounts.spent_cents
    assert sums["issued"] - sums["returned"] == given
    assert sums["paid_in"] - given == accounts.uncommitted_cents


async def test_the_export_tells_no_line_of_few_and_keeps_the_sum(town: Town, families: int) -> None:
    """Swimming is one person, so homework is told with it."""
    found = [line for line in report.lines(await report.entries(families, now=NOW)) if line.kind == "spent"]
    assert found == [Line("spent", "2026-04", OTHERS, 6000), Line("spent", "2026-05", OTHERS, 13000)]


async def test_a_month_begins_at_midnight_in_italy(town: Town) -> None:
    families = await town.fund("famiglie", "1000,00")
    await town.give(families, "amina", "200,00")
    may_first = NOW.replace(month=4, day=30, hour=22)
    for now in (may_first - timedelta(microseconds=1), may_first):
        await post_all(await town.book("amina", "homework", now=now), now=now)
    moved = await report.entries(families, now=NOW)
    assert [(e.month, e.cents) for e in moved if e.kind == "spent"] == [("2026-04", 1200), ("2026-05", 1200)]


async def test_a_household_is_one_however_many_of_it_come(town: Town) -> None:
    families = await town.fund("famiglie", "1000,00", for_household=True)
    await town.give_household(families, await town.household(*CROWD, "giada"), "900,00")
    for name in CROWD:
        await post_all(await town.book(name, "homework"))
    moved = await report.entries(families, now=NOW)
    assert len({entry.receiver for entry in moved if entry.kind == "spent"}) == 5
    assert told(report.by_month(moved, "spent")) == [("2026-05", None), (OTHERS, 6000)]


async def test_credit_never_used_is_told_of_five_against_five(town: Town, families: int) -> None:
    found = report.take_up(await report.entries(families, now=NOW))
    assert (found.given_cents, found.given) == (120000, (5, 9))
    assert (found.never_used_cents, found.never_used) == (0, (0, 0))


def entry(kind: Kind, owner: int, amount: int) -> Entry:
    return Entry(kind, "2026-05", "", owner, owner, amount)


@pytest.mark.parametrize(
    ("given", "used", "never"),
    [(10, 5, (5, 9)), (9, 5, None), (9, 4, None), (10, 4, None), (5, 5, (0, 0)), (5, 0, (5, 9)), (4, 0, None)],
)
def test_take_up_of_few_is_not_told(given: int, used: int, never: tuple[int, int] | None) -> None:
    moved = [entry("issued", n, 1000) for n in range(1, given + 1)] + [
        entry("spent", n, 700) for n in range(1, used + 1)
    ]
    found = report.take_up(moved)
    assert found.never_used == never
    assert (found.never_used_cents is None) == (never is None)


@pytest.mark.parametrize(
    ("people", "expected"),
    [(0, (0, 0)), (1, (1, 4)), (4, (1, 4)), (5, (5, 9)), (9, (5, 9)), (10, (10, 19)), (12_000, (10_000, 0))],
)
def test_people_are_counted_in_bands(people: int, expected: tuple[int, int]) -> None:
    assert band(people) == expected


async def test_only_the_funders_own_funds_are_there(town: Town, families: int) -> None:
    assert [found.public_name for found in await report.funds(GIULIA)] == ["famiglie"]
    assert (await report.fund_of("famiglie", actor=GIULIA)).id == families
    other = Actor("staff", 5, roles=(Role("funder", "funder", 99),))
    assert await report.funds(other) == []
    for slug, actor in (("famiglie", other), ("nothing", GIULIA), ("famiglie", Actor("staff", 6))):
        with pytest.raises(NotFound):
            await report.fund_of(slug, actor=actor)
    with pytest.raises(NotFound):
        await report.fund_of("famiglie", actor=GIULIA, roles=("social_office",))
    with pytest.raises(NotFound):
        await report.funds(Actor("staff", 6))
    for nobody in (ANONYMOUS, Actor("person", 1)):
        with pytest.raises(SignInNeeded):
            await report.fund_of("famiglie", actor=nobody)


async def test_a_register_is_verified_only_when_all_is_right(families: int) -> None:
    assert await report.last_seal() is None
    await seal_all(NOW)
    sealed = await report.last_seal()
    assert sealed is not None
    assert (sealed.sealed_at, sealed.verified_at) == (NOW, None)
    async with writable("transfer"):
        await engine_room.execute("UPDATE transfer SET amount = amount + 1 WHERE id = 2")
        assert await check(actor=SYSTEM, now=NOW) != []
        assert await _verified() is None
        await engine_room.execute("UPDATE transfer SET amount = amount - 1 WHERE id = 2")
    assert await check(actor=SYSTEM, now=NOW) == []
    assert await _verified() == NOW


async def _verified() -> datetime | None:
    sealed = await report.last_seal()
    assert sealed is not None
    return sealed.verified_at
