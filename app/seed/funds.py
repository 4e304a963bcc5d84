"""Funders, their funds with rules, what was paid in, and credit given to people."""

from dataclasses import fields
from datetime import date, datetime

from app import database
from app.domain import fund, ledger
from app.domain.actor import SYSTEM
from app.domain.errors import OverBudget
from app.domain.fund_rule import Rule
from app.seed import content

MORE_CENTS = 1_000_000


async def seed(now: datetime) -> None:
    told = content.load_funds()
    for funder in told.funders:
        await fund.create_funder(funder.slug, funder.name, funder.kind, said=funder.said, actor=SYSTEM, now=now)
    for one in told.funds:
        fund_id = await fund.create_fund(
            await _funder(one.funder), _terms(one, now), _rules(one), actor=SYSTEM, now=now
        )
        await fund.pay_in(fund_id, one.budget_cents, reason=_act(one), actor=SYSTEM, now=now)


async def give(
    slug: str, cents: int, expires_on: date, *, person: int | None = None, household: int | None = None, now: datetime
) -> int:
    """Credit for somebody; a fund that has given all it had is paid in more first."""
    fund_id = await id_of(slug)

    async def issue() -> int:
        return await fund.issue(
            fund_id, cents, expires_on, person_id=person, household_id=household, actor=SYSTEM, now=now
        )

    try:
        async with database.attempt():
            return await issue()
    except OverBudget:
        await fund.pay_in(fund_id, MORE_CENTS, reason="integrazione", actor=SYSTEM, now=now)
        return await issue()


async def id_of(slug: str) -> int:
    return int(await database.scalar("SELECT id FROM fund WHERE slug = {}", slug))


def year_end(now: datetime) -> date:
    """Credit lasts until the end of next year."""
    return date(ledger.day(now).year + 1, 12, 31)


def _terms(one: content.Fund, now: datetime) -> fund.Terms:
    """A demo that starts years from now still has funds that are open."""
    facts = {field.name: getattr(one, field.name) for field in fields(fund.Terms)}
    facts["from_on"] = min(one.from_on, ledger.day(now))
    facts["until_on"] = max(one.until_on, date(ledger.day(now).year + 3, 12, 31))
    return fund.Terms(**facts)


def _rules(one: content.Fund) -> list[Rule]:
    return [Rule(rule.kind, rule.value, rule.share_percent, rule.max_cents) for rule in one.rules]


def _act(one: content.Fund) -> str:
    """The administrative name as a key: 'determina-214/2026'."""
    return "".join(c if c.isalnum() or c in "/" else "-" for c in one.administrative_name.lower() if c.isascii())


async def _funder(slug: str) -> int:
    return int(await database.scalar("SELECT id FROM funder WHERE slug = {}", slug))
