"""Who pays what: a price over several purses with rules, and the person's own share.

`decide` is the whole rule and touches nothing; `load` gathers its facts; `hold` engages what it decided.
Purses pay in spend order: soonest expiry, then the fund's priority. A purse that cannot be combined pays alone: by
default only when it expires first and leaves no larger own share, or when the others cannot pay at all.
"""

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Literal

from app import database
from app.domain import delegate, ledger, split_purse
from app.domain.actor import Actor
from app.domain.errors import CreditTooSmall, SplitChanged
from app.domain.fund_rule import Rule, Rules
from app.domain.split_purse import PurseFacts

Reason = Literal[
    "category",
    "provider",
    "provider_kind",
    "territory",
    "expired_service_day",
    "expired_booking_day",
    "empty",
    "delegate",
    "not_chosen",
    "share",
    "limit",
    "whole_price",
    "combination",
    "not_needed",
]


@dataclass(frozen=True, slots=True)
class BookingFacts:
    """`service_day` is None for a request whose day nobody knows yet; `limit_cents` is what a delegate may spend."""

    price_cents: int
    category: str
    provider: str
    provider_kind: str
    territory: str
    service_day: date | None
    booking_day: date
    limit_cents: int | None = None


@dataclass(frozen=True, slots=True)
class Line:
    purse: PurseFacts
    cents: int

    @property
    def left_cents(self) -> int:
        return self.purse.usable_cents - self.cents


@dataclass(frozen=True, slots=True)
class LeftOut:
    purse: PurseFacts
    reason: Reason


@dataclass(frozen=True, slots=True)
class Split:
    price_cents: int
    lines: tuple[Line, ...]
    left_out: tuple[LeftOut, ...]
    provider_id: int = 0
    delegation_id: int | None = None

    @property
    def credit_cents(self) -> int:
        return sum(line.cents for line in self.lines)

    @property
    def own_cents(self) -> int:
        return self.price_cents - self.credit_cents

    @property
    def mark(self) -> str:
        """What was shown, short enough for a hidden field: `confirm` compares it."""
        return ",".join([*(f"{line.purse.purse_id}:{line.cents}" for line in self.lines), f"own:{self.own_cents}"])


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be paid for one receiver; `when` is None while no time is agreed."""

    payer: int
    booker: int
    price_cents: int
    when: datetime | None


@dataclass(frozen=True, slots=True)
class _Plan:
    cents: dict[int, int]
    own_cents: int
    reasons: dict[int, Reason]

    @property
    def pays(self) -> bool:
        return bool(self.cents)


def decide(
    purses: Sequence[PurseFacts], rules: Rules, booking: BookingFacts, chosen: AbstractSet[int] | None = None
) -> Split:
    ordered = sorted(purses, key=spend_order)
    reasons: dict[int, Reason] = {}
    for purse in ordered:
        if reason := _refusal(purse, rules.get(purse.fund_id, ()), booking, chosen):
            reasons[purse.purse_id] = reason
    plan = _best([purse for purse in ordered if purse.purse_id not in reasons], rules, booking)
    reasons |= plan.reasons
    lines = tuple(Line(purse, plan.cents[purse.purse_id]) for purse in ordered if purse.purse_id in plan.cents)
    left = tuple(LeftOut(purse, reasons[purse.purse_id]) for purse in ordered if purse.purse_id in reasons)
    return Split(booking.price_cents, lines, left)


def spend_order(purse: PurseFacts) -> tuple[date, int, int]:
    return purse.expires_on, purse.priority, purse.purse_id


def confirm(split: Split, shown: str) -> None:
    """Raises SplitChanged when the person saw other amounts: they are shown again, never taken silently."""
    if split.mark != shown:
        raise SplitChanged()


def share_cap(rules: Iterable[Rule], price_cents: int, category: str) -> int:
    """The most a fund pays of one booking, whole cents rounded down: a rule for the category goes before a general
    one, and of several alternatives the most generous holds."""
    shares = [rule for rule in rules if rule.kind == "share"]
    fitting = [r for r in shares if r.value == category] or [r for r in shares if not r.value]
    return max((_share(rule, price_cents) for rule in fitting), default=price_cents)


def spread(cents: int, parts: Iterable[tuple[int, int, int]], caps: Mapping[int, int]) -> dict[int, int]:
    """Takes from `(purse, fund, most)` in the order given, a fund never above its cap; zero takes are left out."""
    room, taken = dict(caps), dict[int, int]()
    for purse_id, fund_id, most in parts:
        part = min(cents, most, room[fund_id])
        if part > 0:
            taken[purse_id] = part
            room[fund_id] -= part
            cents -= part
    return taken


def _share(rule: Rule, price_cents: int) -> int:
    part = price_cents if rule.share_percent is None else price_cents * rule.share_percent // 100
    return part if rule.max_cents is None else min(part, rule.max_cents)


def _refusal(
    purse: PurseFacts, rules: Sequence[Rule], booking: BookingFacts, chosen: AbstractSet[int] | None
) -> Reason | None:
    if reason := _rule_against(rules, booking):
        return reason
    if purse.expires_on < booking.booking_day:
        return "expired_booking_day"
    if purse.validity_day == "service" and booking.service_day and purse.expires_on < booking.service_day:
        return "expired_service_day"
    if purse.usable_cents <= 0:
        return "empty"
    return "not_chosen" if chosen is not None and purse.purse_id not in chosen else None


def _rule_against(rules: Sequence[Rule], booking: BookingFacts) -> Reason | None:
    kinds: tuple[Literal["category", "provider", "provider_kind", "territory"], ...]
    kinds = ("territory", "category", "provider_kind", "provider")
    for kind in kinds:
        values = {rule.value for rule in rules if rule.kind == kind}
        if values and getattr(booking, kind) not in values:
            return kind
    return None


def _best(usable: list[PurseFacts], rules: Rules, booking: BookingFacts) -> _Plan:
    """One of: all combinable purses together, or one that is not, alone."""
    together = [purse for purse in usable if purse.is_combinable]
    plans = [_plan(together, rules, booking)]
    plans += [_plan([purse], rules, booking) for purse in usable if not purse.is_combinable]
    chosen = _preferred(plans, usable)
    reasons: dict[int, Reason] = {purse.purse_id: "combination" for purse in usable}
    for plan in plans:
        reasons |= {} if plan is not chosen and plan.pays else plan.reasons
    return replace(chosen, reasons={purse: why for purse, why in reasons.items() if purse not in chosen.cents})


def _preferred(plans: list[_Plan], usable: list[PurseFacts]) -> _Plan:
    together, alone = plans[0], [plan for plan in plans[1:] if plan.pays]
    for plan in alone:
        if usable[0].purse_id in plan.cents and plan.own_cents <= together.own_cents:
            return plan
    if together.pays or not alone:
        return together
    return min(alone, key=lambda plan: plan.own_cents)


def _plan(purses: list[PurseFacts], rules: Rules, booking: BookingFacts) -> _Plan:
    """A fund that wants the price paid whole steps back when own money would be needed."""
    plan = _take(purses, rules, booking)
    strict = {p.purse_id for p in purses if not p.allows_own_money and p.purse_id in plan.cents}
    if plan.own_cents == 0 or not strict:
        return plan
    without = _plan([purse for purse in purses if purse.purse_id not in strict], rules, booking)
    return replace(without, reasons=without.reasons | dict.fromkeys(strict, "whole_price"))


def _take(purses: list[PurseFacts], rules: Rules, booking: BookingFacts) -> _Plan:
    price, limit = booking.price_cents, booking.limit_cents
    caps = {p.fund_id: share_cap(rules.get(p.fund_id, ()), price, booking.category) for p in purses}
    payable = price if limit is None else min(price, limit)
    taken = spread(payable, ((p.purse_id, p.fund_id, p.usable_cents) for p in purses), caps)
    own = price - sum(taken.values())
    idle: Reason = "not_needed" if own == 0 else "limit" if sum(taken.values()) == payable else "share"
    return _Plan(taken, own, {p.purse_id: idle for p in purses if p.purse_id not in taken})


async def load(
    payer: int,
    receiver: int,
    service: int,
    quantity: int,
    when: datetime | None,
    now: datetime,
    chosen: AbstractSet[int] | None = None,
    *,
    booker: int | None = None,
    price_cents: int | None = None,
) -> Split:
    """Facts for `decide`: the payer's purses, and those of a household that payer and receiver share.

    `when` is None while no time is agreed; `booker` is a delegate where it is not the payer; `price_cents` stands
    for another price than the public one times `quantity`.
    """
    found = await split_purse.found([(payer, receiver)], service, now)
    price = found[0]["price"] * quantity if price_cents is None else price_cents
    return await _decided(found, Asked(payer, booker or payer, price, when), now, chosen)


async def load_each(asked: Mapping[int, Asked], service: int, now: datetime) -> dict[int, Split]:
    """The same for several receivers at once."""
    found: dict[int, list[database.Row]] = {receiver: [] for receiver in asked}
    for row in await split_purse.found([(one.payer, receiver) for receiver, one in asked.items()], service, now):
        found[row["receiver"]].append(row)
    return {receiver: await _decided(found[receiver], one, now) for receiver, one in asked.items()}


async def _decided(
    found: list[database.Row], asked: Asked, now: datetime, chosen: AbstractSet[int] | None = None
) -> Split:
    sold, (purses, rules) = found[0], split_purse.purses(found)
    is_own = asked.booker == asked.payer
    spending = delegate.FREE if is_own else await delegate.spending(asked.payer, asked.booker, now)
    day = ledger.day(asked.when) if asked.when else None
    kinds = (sold["category"], sold["provider"], sold["provider_kind"], sold["territory"])
    booking = BookingFacts(asked.price_cents, *kinds, day, ledger.day(now), spending.cents if spending else 0)
    split = decide(purses, rules, booking, chosen)
    if spending is None:
        split = replace(split, left_out=tuple(LeftOut(purse, "delegate") for purse in sorted(purses, key=spend_order)))
    return replace(split, provider_id=sold["provider_id"], delegation_id=spending.delegation_id if spending else None)


async def hold(split: Split, booking_id: int, *, actor: Actor, now: datetime) -> None:
    """Engages every line, in the order of the accounts. Raises SplitChanged when a purse no longer covers its line."""
    if not split.lines:
        return
    await _hold_to_limit(split, now)
    payables = await _payables(split, now)
    for line in sorted(split.lines, key=lambda line: line.purse.account_id):
        debit, credit = line.purse.account_id, line.purse.payable_id or payables[line.purse.fund_id]
        try:
            await ledger.hold(debit=debit, credit=credit, cents=line.cents, booking_id=booking_id, actor=actor, now=now)
        except CreditTooSmall as short:
            raise SplitChanged() from short


async def _hold_to_limit(split: Split, now: datetime) -> None:
    if split.delegation_id is None:
        return
    left = await delegate.lock(split.delegation_id, now)
    if left is None or (left.cents is not None and left.cents < split.credit_cents):
        raise SplitChanged()


async def _payables(split: Split, now: datetime) -> dict[int, int]:
    """By fund, the provider's accounts that are missing: made at the first payment, never updated afterwards."""
    funds = sorted({line.purse.fund_id for line in split.lines if line.purse.payable_id is None})
    return {fund_id: await _payable(split.provider_id, fund_id, now) for fund_id in funds}


async def _payable(provider_id: int, fund_id: int, now: datetime) -> int:
    """A new one, or that of whoever came first at the same moment."""
    account_id = await ledger.open_account("payable", is_bounded=False, now=now)
    made: int | None = await database.scalar(
        "INSERT INTO payable (account_id, provider_id, fund_id) VALUES ({}, {}, {}) ON CONFLICT DO NOTHING "
        "RETURNING account_id",
        *(account_id, provider_id, fund_id),
    )
    if made is not None:
        return made
    first: int = await database.scalar(
        "SELECT account_id FROM payable WHERE provider_id = {} AND fund_id = {}", provider_id, fund_id
    )
    return first
