from types import ModuleType
from typing import Any

import pytest

from app import database as engine_room
from app.domain import ledger
from app.domain.actor import SYSTEM
from app.domain.errors import CreditTooSmall, HoldResolved, NotFound
from app.domain.verb import verb
from tests.domain.money import NOW
from tests.processes import together


@verb
async def open_accounts(*, now: Any = NOW) -> str:
    """A bank that is a sum, a purse with 100,00 of it, a provider to be paid."""
    bank = await ledger.open_account("bank", is_bounded=False, now=now)
    purse = await ledger.open_account("purse", is_bounded=True, now=now)
    payable = await ledger.open_account("payable", is_bounded=False, now=now)
    await ledger.transfer("pay_in", debit=bank, credit=purse, cents=10000, actor=SYSTEM, now=now)
    return f"{bank} {purse} {payable}"


transfer, hold, post, void = (verb(step) for step in (ledger.transfer, ledger.hold, ledger.post, ledger.void))


@pytest.fixture
async def accounts(database: ModuleType) -> tuple[int, int, int]:
    bank, purse, payable = map(int, (await open_accounts()).split())
    return bank, purse, payable


async def engage(accounts: tuple[int, int, int], cents: int, booking_id: int = 1) -> int:
    _, purse, payable = accounts
    return await hold(debit=purse, credit=payable, cents=cents, booking_id=booking_id, actor=SYSTEM, now=NOW)


async def figures(accounts: tuple[int, int, int]) -> tuple[int, int, int]:
    """Purse in all, engaged; what the provider got."""
    _, purse, payable = accounts
    return await ledger.balance(purse), await ledger.held(purse), await ledger.balance(payable)


async def test_a_hold_engages_and_a_post_pays(accounts: tuple[int, int, int]) -> None:
    held = await engage(accounts, 3600)
    assert await figures(accounts) == (10000, 3600, 0)
    assert await ledger.held(accounts[2]) == 3600
    await post(held, actor=SYSTEM, now=NOW)
    assert await figures(accounts) == (6400, 0, 3600)
    assert await ledger.balance(accounts[0]) == -10000


async def test_a_part_is_paid_and_the_rest_comes_back(accounts: tuple[int, int, int]) -> None:
    await post(await engage(accounts, 3600), 2700, actor=SYSTEM, now=NOW)
    assert await figures(accounts) == (7300, 0, 2700)


async def test_a_void_gives_all_back(accounts: tuple[int, int, int]) -> None:
    await void(await engage(accounts, 3600), actor=SYSTEM, now=NOW)
    assert await figures(accounts) == (10000, 0, 0)


@pytest.mark.parametrize("first", ["post", "void", "nothing delivered"])
@pytest.mark.parametrize("second", [post, void])
async def test_a_hold_resolves_once(accounts: tuple[int, int, int], first: str, second: Any) -> None:
    held = await engage(accounts, 3600)
    await {
        "post": lambda: post(held, actor=SYSTEM, now=NOW),
        "void": lambda: void(held, actor=SYSTEM, now=NOW),
        "nothing delivered": lambda: post(held, 0, actor=SYSTEM, now=NOW),
    }[first]()
    before = await figures(accounts)
    with pytest.raises(HoldResolved):
        await second(held, actor=SYSTEM, now=NOW)
    assert await figures(accounts) == before


async def test_a_purse_never_gives_more_than_it_got(accounts: tuple[int, int, int]) -> None:
    bank, purse, _ = accounts
    await engage(accounts, 9999)
    with pytest.raises(CreditTooSmall):
        await engage(accounts, 2)
    with pytest.raises(CreditTooSmall):
        await transfer("return", debit=purse, credit=bank, cents=2, actor=SYSTEM, now=NOW)
    assert await figures(accounts) == (10000, 9999, 0)


@pytest.mark.parametrize("way", ["hold", "transfer"])
async def test_the_check_is_the_fence_behind_the_conditional_update(
    accounts: tuple[int, int, int], monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    """The same verbs with the condition taken out of their UPDATE."""
    condition = "debits_posted + debits_pending + {} <= credits_posted"
    rows, careless = engine_room.rows, list[str]()

    async def without_condition(sql: str, *args: Any) -> list[engine_room.Row]:
        if condition in sql:
            careless.append(sql)
        return await rows(sql.replace(condition, "{} > 0"), *args)

    monkeypatch.setattr(engine_room, "rows", without_condition)
    bank, purse, _ = accounts
    with pytest.raises(Exception, match=r"(?i)check constraint"):
        if way == "hold":
            await engage(accounts, 10001)
        else:
            await transfer("return", debit=purse, credit=bank, cents=10001, actor=SYSTEM, now=NOW)
    assert len(careless) == 1
    assert await figures(accounts) == (10000, 0, 0)


async def test_two_bounded_accounts(accounts: tuple[int, int, int]) -> None:
    other = await verb(ledger.open_account)("purse", is_bounded=True, now=NOW)
    for debit, credit, cents in ((accounts[1], other, 4000), (other, accounts[1], 1500)):
        await transfer("move", debit=debit, credit=credit, cents=cents, actor=SYSTEM, now=NOW)
    assert (await ledger.balance(accounts[1]), await ledger.balance(other)) == (7500, 2500)


async def test_what_makes_no_sense_is_refused(accounts: tuple[int, int, int]) -> None:
    bank, purse, payable = accounts
    held = await engage(accounts, 3600)
    for wrong in (-1, 3601):
        with pytest.raises(ValueError, match="cannot be posted"):
            await post(held, wrong, actor=SYSTEM, now=NOW)
    with pytest.raises(ValueError, match="at least one cent"):
        await engage(accounts, 0)
    with pytest.raises(ValueError, match="at least one cent"):
        await transfer("move", debit=bank, credit=purse, cents=0, actor=SYSTEM, now=NOW)
    with pytest.raises(ValueError, match="unbounded"):
        await engage((bank, purse, purse), 1)
    with pytest.raises(CreditTooSmall):
        await engage((bank, bank, payable), 1)
    with pytest.raises(NotFound):
        await post(held + 1, actor=SYSTEM, now=NOW)
    with pytest.raises(NotFound):
        await transfer("move", debit=bank, credit=99, cents=1, actor=SYSTEM, now=NOW)


async def test_no_free_text_in_a_row_that_cannot_be_erased(accounts: tuple[int, int, int]) -> None:
    held = await engage(accounts, 3600)
    with pytest.raises(ValueError, match="no free text"):
        await void(held, actor=SYSTEM, now=NOW, reason="Rosa Colombo sta male")
    assert await figures(accounts) == (10000, 3600, 0)


@pytest.mark.parametrize("change", ["UPDATE transfer SET amount = 1", "DELETE FROM transfer"])
async def test_transfers_are_written_once(accounts: tuple[int, int, int], change: str) -> None:
    with pytest.raises(Exception, match="append-only"):
        await engine_room.execute(change)
    assert await figures(accounts) == (10000, 0, 0)


async def spend_a_euro(number: int, purse: int, payable: int) -> int:
    """Twenty tries of 1,00; how many were accepted."""
    accepted = 0
    for attempt in range(20):
        try:
            booking = number * 100 + attempt
            await hold(debit=purse, credit=payable, cents=100, booking_id=booking, actor=SYSTEM, now=NOW)
            accepted += 1
        except CreditTooSmall:
            pass
    return accepted


async def resolve(number: int, held: int) -> str:
    try:
        await (post if number % 2 else void)(held, actor=SYSTEM, now=NOW)
    except HoldResolved:
        return "refused"
    return "resolved"


@pytest.mark.slow
async def test_several_processes_for_the_last_euros(accounts: tuple[int, int, int]) -> None:
    await engage(accounts, 9000)
    accepted = await together(3, spend_a_euro, accounts[1], accounts[2])
    assert sum(accepted) == 10
    assert await figures(accounts) == (10000, 10000, 0)


@pytest.mark.slow
async def test_several_processes_resolve_one_hold(accounts: tuple[int, int, int]) -> None:
    held = await engage(accounts, 10000)
    assert sorted(await together(4, resolve, held)) == ["refused", "refused", "refused", "resolved"]
    assert await figures(accounts) in ((0, 0, 10000), (10000, 0, 0))
