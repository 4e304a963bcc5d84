"""Any life of a purse against a small model on paper: issue, hold, post, void, refund, expire in any order."""

import asyncio
from dataclasses import dataclass, field
from datetime import timedelta
from types import ModuleType
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from app import database as engine_room
from app.domain import fund, ledger, purse
from app.domain.actor import SYSTEM
from app.domain.errors import CreditTooSmall, OverBudget
from app.domain.verb import verb
from app.domain.verify import verify
from tests.domain.money import (
    AFTER,
    NOW,
    TODAY,
    Town,
    open_town,
    post_all,
    refund_all,
    said,
    void_all,
)

SOON = TODAY + timedelta(days=9)
LATER = NOW + timedelta(days=10)


@pytest.fixture
async def town(database: ModuleType) -> Town:
    return await open_town()


@verb
async def engage(account_id: int, payable: int, amount: int, booking_id: int, *, now: Any) -> int:
    return await ledger.hold(
        debit=account_id, credit=payable, cents=amount, booking_id=booking_id, actor=SYSTEM, now=now
    )


@dataclass
class Model:
    """What a purse's owner would write on paper. Keys of `usable` are last days."""

    free: int = 50000
    usable: dict[Any, int] = field(default_factory=dict)
    held: dict[int, tuple[Any, int]] = field(default_factory=dict)
    paid: dict[int, tuple[Any, int]] = field(default_factory=dict)

    def give_back(self, until: Any, amount: int, today: Any, by: str = "person") -> None:
        if until >= today:
            self.usable[until] += amount
        elif by == "provider":
            grace = today + timedelta(days=30)
            self.usable[grace] = self.usable.get(grace, 0) + amount
        else:
            self.free += amount


class PurseLife(RuleBasedStateMachine):
    """Each rule does one thing to the ledger and the same on paper; then the two must tell the same."""

    loop: asyncio.AbstractEventLoop
    town: Town
    names = 0

    def __init__(self) -> None:
        super().__init__()
        PurseLife.names += 1
        self.now, self.bookings, self.model = NOW, PurseLife.names * 1000, Model()
        self.fund = self.do(self.town.fund(f"fondo-{PurseLife.names}", "500,00"))
        self.payable = self.do(self.open_payable())
        self.person = self.do(
            engine_room.scalar(
                "INSERT INTO person (id, kind, created_at) VALUES ({}, 'enrolled', {}) RETURNING id", self.bookings, NOW
            )
        )

    def do(self, work: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self.loop).result()

    async def open_payable(self) -> int:
        payable = await verb(ledger.open_account)("payable", is_bounded=False, now=NOW)
        await engine_room.execute(
            "INSERT INTO payable (account_id, provider_id, fund_id) VALUES ({}, {}, {})",
            *(payable, self.town.provider, self.fund),
        )
        return int(payable)

    @property
    def today(self) -> Any:
        return ledger.day(self.now)

    @rule(amount=st.integers(1, 20000), days=st.sampled_from([0, 3, 6]))
    def issue(self, amount: int, days: int) -> None:
        until = self.today + timedelta(days=days)
        given = fund.issue(self.fund, amount, until, person_id=self.person, actor=SYSTEM, now=self.now)
        if amount > self.model.free:
            with pytest.raises(OverBudget):
                self.do(given)
            return
        self.do(given)
        self.model.free -= amount
        self.model.usable[until] = self.model.usable.get(until, 0) + amount

    @precondition(lambda self: self.model.usable)
    @rule(data=st.data(), amount=st.integers(1, 12000))
    def hold(self, data: Any, amount: int) -> None:
        until = data.draw(st.sampled_from(sorted(self.model.usable)))
        self.bookings += 1
        held = engage(self.account(until), self.payable, amount, self.bookings, now=self.now)
        if amount > self.model.usable[until]:
            with pytest.raises(CreditTooSmall):
                self.do(held)
            return
        self.do(held)
        self.model.usable[until] -= amount
        self.model.held[self.bookings] = (until, amount)

    @precondition(lambda self: self.model.held)
    @rule(data=st.data(), percent=st.integers(0, 120))
    def deliver(self, data: Any, percent: int) -> None:
        booking = data.draw(st.sampled_from(sorted(self.model.held)))
        until, amount = self.model.held.pop(booking)
        paid = min(amount, amount * percent // 100)
        assert self.do(post_all(booking, said(amount * percent // 100), now=self.now)) == paid
        self.model.give_back(until, amount - paid, self.today)
        if paid:
            self.model.paid[booking] = (until, paid)

    @precondition(lambda self: self.model.held)
    @rule(data=st.data(), by=st.sampled_from(["person", "provider", "staff"]))
    def cancel(self, data: Any, by: purse.By) -> None:
        booking = data.draw(st.sampled_from(sorted(self.model.held)))
        until, amount = self.model.held.pop(booking)
        assert self.do(void_all(booking, by, now=self.now)) == amount
        self.model.give_back(until, amount, self.today, by)

    @precondition(lambda self: self.model.paid)
    @rule(data=st.data(), by=st.sampled_from(["provider", "staff"]))
    def refund(self, data: Any, by: purse.By) -> None:
        booking = data.draw(st.sampled_from(sorted(self.model.paid)))
        until, amount = self.model.paid.pop(booking)
        assert self.do(refund_all(booking, by, now=self.now)) == amount
        self.model.give_back(until, amount, self.today, by)

    @rule(days=st.integers(1, 3))
    def sleep(self, days: int) -> None:
        """The worker comes by in the night."""
        self.now += timedelta(days=days)
        self.do(purse.expire_due(now=self.now))
        for until in self.model.usable:
            if until < self.today:
                self.model.free += self.model.usable[until]
                self.model.usable[until] = 0

    def account(self, until: Any) -> int:
        return int(
            self.do(
                engine_room.scalar(
                    "SELECT account_id FROM purse WHERE fund_id = {} AND expires_on = {}", self.fund, until
                )
            )
        )

    @invariant()
    def both_tell_the_same(self) -> None:
        identity = self.do(fund.identity(self.fund))
        model = self.model
        assert identity == fund.FundIdentity(
            budget_cents=50000,
            uncommitted_cents=model.free,
            committed_cents=0,
            issued_unspent_cents=sum(model.usable.values()),
            held_cents=sum(amount for _, amount in model.held.values()),
            spent_cents=sum(amount for _, amount in model.paid.values()),
            returned_cents=0,
        )
        wallet = self.do(purse.wallet(self.person, now=self.now))
        open_purses = {one.expires_on: one.usable_cents for one in wallet.purses if one.usable_cents}
        assert open_purses == {until: left for until, left in model.usable.items() if left}


@pytest.mark.slow
async def test_any_life_of_a_purse_is_as_on_paper(town: Town) -> None:
    PurseLife.loop, PurseLife.town = asyncio.get_running_loop(), town
    few = settings(max_examples=15, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck))
    await asyncio.to_thread(run_state_machine_as_test, PurseLife, settings=few)
    assert await verify(now=AFTER) == []
