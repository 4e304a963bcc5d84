"""Money with rules, an owner and a period: paid in, given to people, and accounted for to the cent.

The identity of a fund: what was paid in (plus net moves) = uncommitted + committed + issued and unspent + held + spent
(net of refunds) + returned. Both sides are counted apart, so that it can fail.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from app import database
from app.domain import audit, ledger, purse
from app.domain.actor import Actor
from app.domain.errors import CreditTooSmall, FundRefuses, InvalidInput, NotFound, OverBudget
from app.domain.fund_rule import Rule
from app.domain.target import Target
from app.domain.verb import Key, verb

FunderKind = Literal["municipality", "foundation", "employer", "bilateral_body", "donors"]


@dataclass(frozen=True, slots=True)
class Terms:
    """`allows_own_money` False: the fund pays the whole price or nothing. `target` is read by `Target.read`."""

    slug: str
    public_name: str
    administrative_name: str
    from_on: date
    until_on: date
    is_combinable: bool = True
    allows_own_money: bool = True
    for_household: bool = False
    priority: int = 100
    validity_day: Literal["service", "booking"] = "service"
    grace_days: int = 30
    expired_goes_to: Literal["fund", "returned"] = "fund"
    target: str = ""


@dataclass(frozen=True, slots=True)
class FundIdentity:
    budget_cents: int
    uncommitted_cents: int
    committed_cents: int
    issued_unspent_cents: int
    held_cents: int
    spent_cents: int
    returned_cents: int

    @property
    def difference_cents(self) -> int:
        """Zero, or the ledger is wrong."""
        kept = self.uncommitted_cents + self.committed_cents + self.issued_unspent_cents
        return self.budget_cents - kept - self.held_cents - self.spent_cents - self.returned_cents


@verb
async def create_funder(
    slug: str, name: str, kind: FunderKind, *, said: str = "", actor: Actor, now: datetime, key: Key | None = None
) -> int:
    """`said` is the name inside a sentence, with its article: 'il Comune di Tradate'."""
    if actor.kind != "system" and not actor.scopes("administrator", scope_kind="territory"):
        raise NotFound()
    made = await database.scalar(
        "INSERT INTO funder (slug, name, said, kind) VALUES ({}, {}, {}, {}) ON CONFLICT DO NOTHING RETURNING id",
        slug,
        name,
        said or name,
        kind,
    )
    if made is None:
        raise InvalidInput(field="slug")
    await audit.record("funder.create", actor=actor, now=now, subject_kind="funder", subject_id=made)
    return int(made)


@verb
async def create_fund(
    funder_id: int, terms: Terms, rules: Sequence[Rule] = (), *, actor: Actor, now: datetime, key: Key | None = None
) -> int:
    """Raises InvalidInput naming the term that cannot be."""
    _check_owner(actor, funder_id)
    await _check(terms, rules)
    accounts = (
        await ledger.open_account("fund", is_bounded=True, now=now),
        await ledger.open_account("commitment", is_bounded=True, now=now),
        await ledger.open_account("returned", is_bounded=False, now=now),
        await ledger.open_account("bank", is_bounded=False, now=now),
    )
    fund_id = await _insert(funder_id, terms, accounts)
    for rule in rules:
        await database.execute(
            "INSERT INTO fund_rule (fund_id, kind, value, share_percent, max_cents) VALUES ({}, {}, {}, {}, {})",
            *(fund_id, rule.kind, rule.value, rule.share_percent, rule.max_cents),
        )
    await audit.record("fund.create", actor=actor, now=now, subject_kind="fund", subject_id=fund_id)
    return fund_id


@verb
async def pay_in(fund_id: int, cents: int, *, reason: str, actor: Actor, now: datetime, key: Key | None = None) -> int:
    """`reason` is the reference of the act, such as determina-214/2026. Returns the transfer."""
    fund = await _fund(fund_id, actor)
    _check_cents(cents)
    made = await ledger.transfer(
        "pay_in",
        debit=fund["bank_account_id"],
        credit=fund["account_id"],
        cents=cents,
        actor=actor,
        now=now,
        reason=reason,
    )
    await audit.record("fund.pay_in", actor=actor, now=now, subject_kind="fund", subject_id=fund_id)
    return made


@verb
async def issue(
    fund_id: int,
    cents: int,
    expires_on: date,
    *,
    person_id: int | None = None,
    household_id: int | None = None,
    reason: str = "",
    actor: Actor,
    now: datetime,
    key: Key | None = None,
) -> int:
    """Gives credit to a person or a household and returns the purse: one for each fund, holder and last day.

    Raises OverBudget, or FundRefuses with the rule: holder, period, expired or target.
    """
    fund = await _fund(fund_id, actor)
    _check_cents(cents)
    _check_days(fund, expires_on, ledger.day(now))
    await _check_holder(fund, person_id, household_id, now)
    await ledger.lock([fund["account_id"]])
    opened = await purse.open_purse(fund_id, expires_on, person_id=person_id, household_id=household_id, now=now)
    debit, credit = fund["account_id"], opened["account_id"]
    try:
        await ledger.transfer("issue", debit=debit, credit=credit, cents=cents, actor=actor, now=now, reason=reason)
    except CreditTooSmall as short:
        raise OverBudget(cents=cents) from short
    await audit.record(
        "fund.issue", actor=actor, now=now, person_id=person_id, subject_kind="purse", subject_id=opened["id"]
    )
    return int(opened["id"])


async def identity(fund_id: int) -> FundIdentity:
    """One statement, so that all the figures are of the same instant; within a snapshot too."""
    found = await database.row(_IDENTITY, *[fund_id] * 5)
    if found is None:
        raise NotFound()
    return FundIdentity(**found)


async def _insert(funder_id: int, terms: Terms, accounts: tuple[int, int, int, int]) -> int:
    made = await database.scalar(
        "INSERT INTO fund (funder_id, account_id, commitment_account_id, returned_account_id, bank_account_id, slug, "
        "public_name, administrative_name, from_on, until_on, priority, validity_day, grace_days, expired_goes_to, "
        "is_combinable, allows_own_money, for_household, target) VALUES ({}, {}, {}, {}, {}, {}, "
        "{}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}) ON CONFLICT DO NOTHING RETURNING id",
        *(funder_id, *accounts, terms.slug, terms.public_name, terms.administrative_name),
        *(terms.from_on, terms.until_on, terms.priority, terms.validity_day, terms.grace_days, terms.expired_goes_to),
        *(terms.is_combinable, terms.allows_own_money, terms.for_household, terms.target),
    )
    if made is None:
        raise InvalidInput(field="slug")
    return int(made)


async def _fund(fund_id: int, actor: Actor) -> database.Row:
    found = await database.row(
        "SELECT id, funder_id, account_id, bank_account_id, from_on, until_on, for_household, target "
        "FROM fund WHERE id = {}",
        fund_id,
    )
    if found is None:
        raise NotFound()
    _check_owner(actor, found["funder_id"])
    return found


def _check_owner(actor: Actor, funder_id: int) -> None:
    owns = actor.holds("funder", "social_office", "administrator", scope_kind="funder", scope_id=funder_id)
    if not owns and actor.kind != "system":
        raise NotFound()


def _check_cents(cents: int) -> None:
    if cents <= 0:
        raise InvalidInput(field="cents")


async def _check(terms: Terms, rules: Sequence[Rule]) -> None:
    if terms.until_on < terms.from_on:
        raise InvalidInput(field="until_on")
    Target.read(terms.target)
    for rule in rules:
        if not await _is_known(rule):
            raise InvalidInput(field="rules", rule=rule.kind, value=rule.value)


async def _is_known(rule: Rule) -> bool:
    """A rule that names nothing would silently refuse everything."""
    if rule.kind == "share":
        percent = rule.share_percent
        bounds = (percent is None or 0 < percent <= 100) and (rule.max_cents is None or rule.max_cents > 0)
        return bounds and (not rule.value or await _is_known(Rule("category", rule.value)))
    table, column = _NAMED[rule.kind]
    return bool(await database.rows(f"SELECT 1 AS found FROM {table} WHERE {column} = {{}} LIMIT 1", rule.value))


def _check_days(fund: database.Row, expires_on: date, today: date) -> None:
    if not fund["from_on"] <= today <= fund["until_on"]:
        raise FundRefuses(rule="period")
    if not today <= expires_on <= fund["until_on"]:
        raise FundRefuses(rule="expired")


async def _check_holder(fund: database.Row, person_id: int | None, household_id: int | None, now: datetime) -> None:
    if (person_id is None) == (household_id is None) or fund["for_household"] != (household_id is not None):
        raise FundRefuses(rule="holder")
    members = [person_id] if person_id is not None else await _members(household_id or 0, now)
    if not await Target.read(fund["target"]).fits_one_of([m for m in members if m is not None], ledger.day(now)):
        raise FundRefuses(rule="target")


async def _members(household_id: int, now: datetime) -> list[int]:
    found = await database.rows(
        "SELECT person_id FROM household_member WHERE household_id = {} AND from_at <= {} "
        "AND (until_at IS NULL OR until_at > {})",
        *(household_id, now, now),
    )
    return [row["person_id"] for row in found]


_NAMED = {
    "category": ("category", "code"),
    "provider": ("provider", "slug"),
    "provider_kind": ("provider", "kind"),
    "territory": ("territory", "slug"),
}
_IDENTITY = """
SELECT
  (SELECT COALESCE(SUM(CASE WHEN t.credit_account_id = f.account_id THEN t.amount ELSE -t.amount END), 0)
    FROM transfer t WHERE t.kind IN ('pay_in', 'move')
    AND (t.credit_account_id = f.account_id OR t.debit_account_id = f.account_id)) AS budget_cents,
  (SELECT credits_posted - debits_posted FROM account WHERE id = f.account_id) AS uncommitted_cents,
  (SELECT credits_posted - debits_posted FROM account WHERE id = f.commitment_account_id) AS committed_cents,
  (SELECT COALESCE(SUM(a.credits_posted - a.debits_posted - a.debits_pending), 0)
    FROM purse p JOIN account a ON a.id = p.account_id WHERE p.fund_id = {}) AS issued_unspent_cents,
  (SELECT COALESCE(SUM(a.debits_pending), 0)
    FROM purse p JOIN account a ON a.id = p.account_id WHERE p.fund_id = {}) AS held_cents,
  (SELECT COALESCE(SUM(t.amount), 0) FROM payable y JOIN transfer t ON t.credit_account_id = y.account_id
    JOIN purse p ON p.account_id = t.debit_account_id WHERE y.fund_id = {} AND t.kind <> 'hold')
  - (SELECT COALESCE(SUM(t.amount), 0) FROM payable y JOIN transfer t ON t.debit_account_id = y.account_id
    JOIN purse p ON p.account_id = t.credit_account_id WHERE y.fund_id = {}) AS spent_cents,
  (SELECT COALESCE(SUM(t.amount), 0) FROM transfer t WHERE t.credit_account_id = f.returned_account_id)
  - (SELECT COALESCE(SUM(t.amount), 0) FROM transfer t
    WHERE t.debit_account_id = f.returned_account_id AND t.kind = 'correct') AS returned_cents
FROM fund f WHERE f.id = {}
"""
