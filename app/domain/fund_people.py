"""The people a municipality helps, by name: for its social office, with a purpose, and seen by those it looks at."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from app import database
from app.domain import audit
from app.domain.actor import Actor
from app.domain.errors import NotFound
from app.domain.report import FundFacts
from app.domain.verb import verb

PURPOSES = ("money", "call", "request", "help")
A_PAGE = 20


@dataclass(frozen=True, slots=True)
class Helped:
    """A person, or the grown-ups of a household; given less returned = used + held + left."""

    person_ids: tuple[int, ...]
    names: tuple[str, ...]
    given_cents: int
    returned_cents: int
    held_cents: int
    left_cents: int

    @property
    def used_cents(self) -> int:
        return self.given_cents - self.returned_cents - self.held_cents - self.left_cents


async def count(fund: FundFacts) -> int:
    return int(
        await database.scalar(
            "SELECT COUNT(DISTINCT person_id) + COUNT(DISTINCT household_id) FROM purse WHERE fund_id = {}", fund.id
        )
    )


async def people(fund: FundFacts, number: int, *, now: datetime) -> list[Helped]:
    """One page of them, by family name."""
    found = await database.rows(_PEOPLE, fund.id, A_PAGE, A_PAGE * (number - 1))
    households = [row["household_id"] for row in found if row["household_id"]]
    members = await _grown_ups(households, now) if households else {}
    return [_helped(row, members) for row in found]


@verb
async def look(fund: FundFacts, helped: Sequence[Helped], purpose: str, *, actor: Actor, now: datetime) -> None:
    """Call before drawing: the rows are committed first. Raises NotFound for a purpose that is none."""
    if purpose not in PURPOSES:
        raise NotFound()
    ids = sorted({person_id for each in helped for person_id in each.person_ids})
    await audit.record_looks(ids, actor=actor, now=now, subject_kind="fund", subject_id=fund.id, purpose=purpose)


async def _grown_ups(households: Sequence[int], now: datetime) -> dict[int, list[database.Row]]:
    places = ", ".join(["{}"] * len(households))
    found: dict[int, list[database.Row]] = {}
    for row in await database.rows(
        "SELECT m.household_id, m.person_id, i.given_name, i.family_name FROM household_member m "
        f"JOIN identity i ON i.person_id = m.person_id WHERE m.household_id IN ({places}) AND m.part = 'adult' "
        "AND m.from_at <= {} AND (m.until_at IS NULL OR m.until_at > {}) ORDER BY i.folded_name, m.person_id",
        *(*households, now, now),
    ):
        found.setdefault(row["household_id"], []).append(row)
    return found


def _helped(row: database.Row, members: dict[int, list[database.Row]]) -> Helped:
    named = members.get(row["household_id"], []) if row["household_id"] else [row]
    cents = (row["given"], row["returned"], row["held"], row["left_over"])
    names = tuple(f"{each['given_name']} {each['family_name']}" for each in named if each["family_name"] is not None)
    return Helped(tuple(each["person_id"] for each in named), names, *cents)


_PEOPLE = """
SELECT p.person_id, p.household_id, i.given_name, i.family_name,
  CAST(SUM(a.debits_pending) AS BIGINT) AS held,
  CAST(SUM(a.credits_posted - a.debits_posted - a.debits_pending) AS BIGINT) AS left_over,
  CAST(SUM((SELECT COALESCE(SUM(t.amount), 0) FROM transfer t
    WHERE t.credit_account_id = p.account_id AND t.debit_account_id = f.account_id)) AS BIGINT) AS given,
  CAST(SUM((SELECT COALESCE(SUM(t.amount), 0) FROM transfer t WHERE t.debit_account_id = p.account_id
    AND t.credit_account_id IN (f.account_id, f.returned_account_id))) AS BIGINT) AS returned
FROM purse p JOIN fund f ON f.id = p.fund_id JOIN account a ON a.id = p.account_id
LEFT JOIN identity i ON i.person_id = p.person_id LEFT JOIN household h ON h.id = p.household_id
WHERE p.fund_id = {}
GROUP BY p.person_id, p.household_id, i.given_name, i.family_name, h.name
ORDER BY COALESCE(LOWER(i.family_name), LOWER(h.name), ''), COALESCE(i.given_name, ''), p.person_id, p.household_id
LIMIT {} OFFSET {}
"""
