"""The demo's content: what stands in content/*.toml, typed and checked.

All people, providers and amounts are invented; places are real. Italy reserves no telephone numbers for fiction, so
landlines are AREA 000 0xx (no subscriber number starts with 0) and mobiles 300 0000 xxx (300 is not assigned): they
ring nobody. E-mail addresses end in .example. Codici fiscali have a right check letter and a birthplace code that no
place has (M999 born in Italy, Z999 abroad), so that no living person owns one.
"""

from functools import cache
from pathlib import Path
from typing import Any

from app.seed import content_checks as checks
from app.seed.content_types import (
    Category,
    Closure,
    Contact,
    Declaration,
    Delegation,
    Fund,
    Funder,
    FundRule,
    Funds,
    Household,
    Material,
    Municipality,
    NotOffered,
    Opening,
    People,
    Person,
    Place,
    PriceClass,
    Provider,
    Question,
    Resource,
    Role,
    Service,
    ServicePlace,
    ServiceText,
    SocialPoint,
    Staff,
    Synonym,
    Territory,
    TerritoryContent,
    Words,
    WorkingPlan,
)
from app.seed.typed_toml import ContentError, entries, entry, read_tables

__all__ = [
    "TERRITORIES",
    "Category",
    "Closure",
    "Contact",
    "ContentError",
    "Declaration",
    "Delegation",
    "Fund",
    "FundRule",
    "Funder",
    "Funds",
    "Household",
    "Material",
    "Municipality",
    "NotOffered",
    "Opening",
    "People",
    "Person",
    "Place",
    "PriceClass",
    "Provider",
    "Question",
    "Resource",
    "Role",
    "Service",
    "ServicePlace",
    "ServiceText",
    "SocialPoint",
    "Staff",
    "Synonym",
    "Territory",
    "TerritoryContent",
    "Words",
    "WorkingPlan",
    "load",
    "load_categories",
    "load_file",
    "load_funds",
    "load_people",
    "load_synonyms",
]

FOLDER = Path(__file__).parent / "content"
TERRITORIES = ("tradate", "biella", "sondrio", "milano", "cremona")


@cache
def load_categories() -> tuple[Category, ...]:
    return entries(Category, _tables("categories"), "category", "categories.toml")


@cache
def load_synonyms() -> Words:
    tables = _tables("synonyms")
    return Words(
        entries(Synonym, tables, "synonym", "synonyms.toml"),
        entries(NotOffered, tables, "not_offered", "synonyms.toml"),
    )


@cache
def load_funds() -> Funds:
    tables = _tables("funds")
    funds = Funds(entries(Funder, tables, "funder", "funds.toml"), entries(Fund, tables, "fund", "funds.toml"))
    checks.check_funds(funds)
    return funds


@cache
def load_people() -> People:
    tables = _tables("people")
    people = People(
        entries(Person, tables, "person", "people.toml"),
        entries(Household, tables, "household", "people.toml"),
        entries(Delegation, tables, "delegation", "people.toml"),
        entries(Declaration, tables, "declaration", "people.toml"),
        entries(Staff, tables, "staff", "people.toml"),
    )
    checks.check_people(people)
    return people


@cache
def load(territory: str) -> TerritoryContent:
    """Of the demo: territory.toml, and for a large territory the files of services in the folder of the same name."""
    return load_file(FOLDER / f"{territory}.toml")


def load_file(path: Path) -> TerritoryContent:
    """A territory as its own people wrote it, in the form of the demo's files."""
    tables, file = read_tables(path), path.name
    content = TerritoryContent(
        entry(Territory, tables.get("territory", {}), f"{file}, territory"),
        entries(Municipality, tables, "municipality", file),
        entries(SocialPoint, tables, "social_point", file),
        entries(Provider, tables, "provider", file),
        entries(Place, tables, "place", file),
        entries(Resource, tables, "resource", file),
        tuple(service for each in _service_files(path) for service in _services(each)),
        entries(Closure, tables, "closure", file),
    )
    checks.check_territory(content, {category.code for category in load_categories()}, file)
    return content


def _tables(name: str) -> dict[str, Any]:
    return read_tables(FOLDER / f"{name}.toml")


def _service_files(path: Path) -> list[Path]:
    return [path, *sorted(path.with_suffix("").glob("*.toml"))]


def _services(path: Path) -> tuple[Service, ...]:
    return entries(Service, read_tables(path), "service", f"{path.parent.name}/{path.name}")
