"""Narrowing the list: each filter is one condition on a service `s` of category `c`."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.domain import ledger


@dataclass(frozen=True, slots=True)
class Filters:
    """'' and None choose nothing."""

    family: str = ""
    category: str = ""
    mode: str = ""
    municipality: str = ""
    fund: str = ""
    most_cents: int | None = None

    @property
    def is_empty(self) -> bool:
        return self == Filters()


def rule_allows(kind: str, value: str) -> str:
    """No rule of a kind means everything of that kind; several are alternatives."""
    rules = f"SELECT 1 FROM fund_rule r WHERE r.fund_id = f.id AND r.kind = '{kind}'"
    return f"(NOT EXISTS ({rules}) OR EXISTS ({rules} AND r.value = {value}))"


def spends_here(value: str) -> str:
    """Only what a fund says of this territory is public in it: one without a territory is told at checkout alone."""
    return f"EXISTS (SELECT 1 FROM fund_rule r WHERE r.fund_id = f.id AND r.kind = 'territory' AND r.value = {value})"


PAYER_JOINS = (
    "JOIN category fc ON fc.id = s.category_id JOIN provider fp ON fp.id = s.provider_id "
    "JOIN territory ft ON ft.id = s.territory_id"
)
PAYS = " AND ".join(
    (
        spends_here("ft.slug"),
        rule_allows("category", "fc.code"),
        rule_allows("provider_kind", "fp.kind"),
        rule_allows("provider", "fp.slug"),
    )
)
# A service without a text in the language asked for is shown in Italian.
LANGUAGE = (
    "(CASE WHEN EXISTS (SELECT 1 FROM service_text x WHERE x.service_id = s.id AND x.language = {}) THEN {} "
    "ELSE 'it' END)"
)
SERVES = (
    "(s.mode IN ('online', 'phone') "
    "OR s.mode = 'home' AND (NOT EXISTS (SELECT 1 FROM service_municipality x WHERE x.service_id = s.id) "
    "OR EXISTS (SELECT 1 FROM service_municipality x JOIN municipality y ON y.id = x.municipality_id "
    "WHERE x.service_id = s.id AND y.belfiore = {})) "
    "OR s.mode = 'centre' AND EXISTS (SELECT 1 FROM service_place x JOIN place z ON z.id = x.place_id "
    "JOIN municipality y ON y.id = z.municipality_id WHERE x.service_id = s.id AND y.belfiore = {}))"
)


def conditions_of(filters: Filters, now: datetime) -> tuple[str, list[Any]]:
    today = ledger.day(now)
    wanted: tuple[tuple[object, str, list[Any]], ...] = (
        (
            filters.family,
            "EXISTS (SELECT 1 FROM service_family x WHERE x.service_id = s.id AND x.family = {})",
            [filters.family],
        ),
        (filters.category, "c.code = {}", [filters.category]),
        (filters.mode, "s.mode = {}", [filters.mode]),
        (filters.most_cents is not None, "s.price <= {}", [filters.most_cents]),
        (filters.municipality, SERVES, [filters.municipality, filters.municipality]),
        (
            filters.fund,
            "EXISTS (SELECT 1 FROM fund f WHERE f.slug = {} AND f.from_on <= {} AND f.until_on >= {} "
            f"AND {PAYS})",
            [filters.fund, today, today],
        ),
    )
    chosen = [(sql, values) for is_wanted, sql, values in wanted if is_wanted]
    return "".join(f" AND {sql}" for sql, _ in chosen), [value for _, values in chosen for value in values]


def joins_of(filters: Filters) -> str:
    """What the conditions read beside service and category."""
    return PAYER_JOINS if filters.fund else ""


def source(filters: Filters) -> str:
    return f"FROM service s JOIN category c ON c.id = s.category_id {joins_of(filters)}"
