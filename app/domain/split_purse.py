"""The purses that may pay for a service, with the rules of their funds: the facts of a split, read at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import chain
from typing import Literal

from app import database
from app.domain import fund_rule, ledger
from app.domain.errors import NotFound
from app.domain.fund_rule import Rule, Rules

Pair = tuple[int, int]  # payer, receiver


@dataclass(frozen=True, slots=True)
class PurseFacts:
    purse_id: int
    account_id: int
    fund_id: int
    fund_name: str
    usable_cents: int
    expires_on: date
    priority: int = 100
    validity_day: Literal["service", "booking"] = "service"
    is_combinable: bool = True
    allows_own_money: bool = True
    funder: str = ""
    funder_said: str = ""
    payable_id: int | None = None  # the provider's account for this fund, once there was a first payment


async def found(pairs: Sequence[Pair], service: int, now: datetime) -> list[database.Row]:
    """The service for each (payer, receiver), with every purse that may pay it and every rule of its fund, a row each.

    One row at least for each. Purses that are both over and empty are left in peace.
    """
    read = await database.rows(
        f"{_USABLE}"
        "SELECT pair.receiver, s.price, s.provider_id, c.code AS category, v.slug AS provider, "
        "v.kind AS provider_kind, t.slug AS territory, p.id, p.account_id, p.fund_id, f.public_name, "
        "u.name AS funder, u.said, p.expires_on, "
        "f.priority, f.validity_day, f.is_combinable, f.allows_own_money, y.account_id AS payable_id, p.usable, "
        "r.id AS rule_id, r.kind, r.value, r.share_percent, r.max_cents "
        "FROM service s JOIN category c ON c.id = s.category_id JOIN provider v ON v.id = s.provider_id "
        "JOIN territory t ON t.id = s.territory_id CROSS JOIN pair LEFT JOIN usable p ON p.receiver = pair.receiver "
        "LEFT JOIN fund f ON f.id = p.fund_id "
        "LEFT JOIN funder u ON u.id = f.funder_id LEFT JOIN fund_rule r ON r.fund_id = p.fund_id "
        "LEFT JOIN payable y ON y.fund_id = p.fund_id AND y.provider_id = s.provider_id "
        "WHERE s.id = {} ORDER BY p.id, r.id",
        database.Piece(", ".join(["(CAST({} AS BIGINT), CAST({} AS BIGINT))"] * len(pairs)), *chain(*pairs)),
        *(now, now, now, now, ledger.day(now), service),
    )
    if not read:
        raise NotFound()
    return read


# By the index of each owner first: asked in one condition, PostgreSQL reads every purse there is.
_USABLE = (
    "WITH pair(payer, receiver) AS (VALUES {}), "
    "mine AS (SELECT pair.receiver, q.id FROM pair JOIN purse q ON q.person_id = pair.payer "
    "UNION SELECT pair.receiver, h.id FROM pair JOIN household_member m ON m.person_id = pair.payer "
    "JOIN household_member o ON o.household_id = m.household_id AND o.person_id = pair.receiver "
    "JOIN purse h ON h.household_id = m.household_id "
    "WHERE m.from_at <= {} AND (m.until_at IS NULL OR m.until_at > {}) "
    "AND o.from_at <= {} AND (o.until_at IS NULL OR o.until_at > {})), "
    "usable AS (SELECT mine.receiver, q.id, q.account_id, q.fund_id, q.expires_on, "
    "a.credits_posted - a.debits_posted - a.debits_pending AS usable "
    "FROM mine JOIN purse q ON q.id = mine.id JOIN account a ON a.id = q.account_id "
    "WHERE q.expires_on >= {} OR a.credits_posted > a.debits_posted + a.debits_pending) "
)


def purses(found: list[database.Row]) -> tuple[list[PurseFacts], Rules]:
    rules: dict[int, dict[int, Rule]] = {}
    for row in found:
        if row["rule_id"]:
            rules.setdefault(row["fund_id"], {})[row["rule_id"]] = fund_rule.of(row)
    known_purses = {row["id"]: _facts(row) for row in found if row["id"]}
    return list(known_purses.values()), {fund_id: list(known.values()) for fund_id, known in rules.items()}


def _facts(row: database.Row) -> PurseFacts:
    return PurseFacts(
        purse_id=row["id"],
        account_id=row["account_id"],
        fund_id=row["fund_id"],
        fund_name=row["public_name"],
        usable_cents=row["usable"],
        expires_on=row["expires_on"],
        priority=row["priority"],
        validity_day=row["validity_day"],
        is_combinable=row["is_combinable"],
        allows_own_money=row["allows_own_money"],
        funder=row["funder"],
        funder_said=row["said"],
        payable_id=row["payable_id"],
    )
