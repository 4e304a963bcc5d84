"""What a fund pays for: rules as rows; those of one kind are alternatives."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Literal

from app import database

RuleKind = Literal["category", "provider", "provider_kind", "territory", "share"]


@dataclass(frozen=True, slots=True)
class Rule:
    """Rules of one kind are alternatives; a share rule with a category as value holds for that category only."""

    kind: RuleKind
    value: str = ""
    share_percent: int | None = None
    max_cents: int | None = None


Rules = Mapping[int, Sequence[Rule]]


async def rules_of(fund_ids: AbstractSet[int]) -> dict[int, list[Rule]]:
    found: dict[int, list[Rule]] = {fund_id: [] for fund_id in fund_ids}
    if not found:
        return found
    places = ", ".join(["{}"] * len(found))
    for row in await database.rows(
        f"SELECT fund_id, kind, value, share_percent, max_cents FROM fund_rule WHERE fund_id IN ({places}) ORDER BY id",
        *sorted(found),
    ):
        found[row["fund_id"]].append(of(row))
    return found


def of(row: database.Row) -> Rule:
    return Rule(row["kind"], row["value"], row["share_percent"], row["max_cents"])
