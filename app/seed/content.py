"""The demo's content: what stands in content/*.toml, typed and checked.

All people, providers and amounts are invented; places are real. Italy reserves no telephone numbers for fiction, so
landlines are AREA 000 0xx (no subscriber number starts with 0) and mobiles 300 0000 xxx (300 is not assigned): they
ring nobody. E-mail addresses end in .example. Codici fiscali have a right check letter and a birthplace code that no
place has (M999 born in Italy, Z999 abroad), so that no living person owns one.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Literal

from dateutil.rrule import rrulestr

from app.seed.typed_toml import ContentError, entries, entry, read_tables

FOLDER = Path(__file__).parent / "content"
TERRITORIES = ("tradate", "biella", "sondrio", "milano", "cremona")

Family = Literal["childhood", "elderly", "disability"]
ProviderKind = Literal["cooperative", "association", "shop", "professional", "public_office"]
RoleName = Literal[
    "operator",
    "coordinator",
    "desk",
    "call_centre",
    "welfare_manager",
    "area_manager",
    "funder",
    "social_office",
    "administrator",
]


@dataclass(frozen=True)
class Category:
    code: str
    name_it: str
    name_en: str
    matter: str  # the Italian public-service vocabulary: 1 education, 2 health and care, 3 work, 10 culture
    position: int


@dataclass(frozen=True)
class Opening:
    weekday: int  # 0 is Monday
    opens: str
    closes: str


@dataclass(frozen=True)
class Municipality:
    belfiore: str
    istat: str
    name: str
    province: str
    postcode: str


@dataclass(frozen=True)
class SocialPoint:
    code: str
    name: str
    municipality: str
    address: str
    directions: str
    phone: str
    openings: tuple[Opening, ...]


@dataclass(frozen=True)
class Territory:
    slug: str
    name: str
    district: str
    holiday_subdivision: str
    phone: str
    phone_cost: str
    colour: Literal["blue", "forest", "wine", "terracotta", "plum", "slate"]  # of app/domain/territory.py
    opened_on: date
    openings: tuple[Opening, ...]  # of the call centre
    zone: str = "Europe/Rome"


@dataclass(frozen=True)
class Provider:
    slug: str
    name: str
    kind: ProviderKind
    phone: str
    email: str
    about: str
    accredited_from: date
    accredited_until: date | None = None
    vat_number: str = ""


@dataclass(frozen=True)
class Place:
    code: str
    provider: str
    municipality: str
    name: str
    address: str
    directions: str = ""
    accessibility: str = ""


@dataclass(frozen=True)
class Resource:
    code: str
    provider: str
    kind: Literal["operator", "room", "vehicle"]
    name: str


@dataclass(frozen=True)
class ServiceText:
    name: str
    summary: str
    for_whom: str
    how_to: str
    needed: str
    obtained: str
    times: str
    conditions: str
    bring: str = ""


@dataclass(frozen=True)
class PriceClass:
    name: str
    price_cents: int
    max_age: int | None = None


@dataclass(frozen=True)
class Question:
    wording: str
    why: str
    seen_by: str
    is_required: bool
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class WorkingPlan:
    rule: str
    starts: str
    ends: str
    from_on: date | None = None  # none: since the territory opened
    until_on: date | None = None


@dataclass(frozen=True)
class ServicePlace:
    place: str
    plans: tuple[WorkingPlan, ...]
    resources: tuple[str, ...] = ()


@dataclass(frozen=True)
class Service:
    """Plans give the bookable times; of a 'call' service they are the hours in which somebody answers."""

    slug: str
    provider: str
    category: str
    families: tuple[Family, ...]
    action: Literal["book", "request", "call"]
    mode: Literal["centre", "home", "online", "phone"]
    price_cents: int
    unit: Literal["visit", "hour", "meal", "km", "person"]
    minutes: int
    step_minutes: int
    owner: str
    it: ServiceText
    en: ServiceText
    places: tuple[ServicePlace, ...]
    municipalities: tuple[str, ...] = ()  # empty: the whole territory
    status: Literal["draft", "published", "suspended"] = "published"
    status_reason: str = ""
    min_quantity: int = 1
    max_quantity: int = 1
    buffer_minutes: int = 0
    capacity: int = 1
    notice_hours: int = 24
    horizon_days: int = 60
    cancel_hours: int = 24
    answer_days: int = 3
    min_age: int | None = None
    max_age: int | None = None
    free_from_age: int | None = None
    free_from_basis: str = ""
    is_confidential: bool = False
    needs_approval: bool = False
    allows_guest: bool = True
    call_phone: str = ""
    price_classes: tuple[PriceClass, ...] = ()
    questions: tuple[Question, ...] = ()

    @property
    def texts(self) -> Mapping[str, ServiceText]:
        return {"it": self.it, "en": self.en}


@dataclass(frozen=True)
class Closure:
    """A day out of the plan: the first such weekday after the demo is told. Of one service there, or of the place."""

    place: str
    weekday: int
    kind: Literal["closed", "open"]
    reason: str
    service: str = ""
    starts: str = ""
    ends: str = ""


@dataclass(frozen=True)
class TerritoryContent:
    territory: Territory
    municipalities: tuple[Municipality, ...]
    social_points: tuple[SocialPoint, ...]
    providers: tuple[Provider, ...]
    places: tuple[Place, ...]
    resources: tuple[Resource, ...]
    services: tuple[Service, ...]
    closures: tuple[Closure, ...]


@dataclass(frozen=True)
class Synonym:
    said: str
    meant: str  # words of a service or a category name, in Italian
    territory: str = ""


@dataclass(frozen=True)
class NotOffered:
    said: tuple[str, ...]
    answer: str
    phone: str = ""
    territory: str = ""


@dataclass(frozen=True)
class Words:
    synonyms: tuple[Synonym, ...]
    not_offered: tuple[NotOffered, ...]


@dataclass(frozen=True)
class Funder:
    slug: str
    name: str
    kind: Literal["municipality", "foundation", "employer", "bilateral_body", "donors"]


@dataclass(frozen=True)
class FundRule:
    kind: Literal["category", "provider", "provider_kind", "territory", "share"]
    value: str = ""
    share_percent: int | None = None
    max_cents: int | None = None


@dataclass(frozen=True)
class Fund:
    slug: str
    funder: str
    public_name: str
    administrative_name: str
    budget_cents: int
    from_on: date
    until_on: date
    is_combinable: bool
    allows_own_money: bool
    for_household: bool
    target: str
    rules: tuple[FundRule, ...]
    priority: int = 100
    validity_day: Literal["service", "booking"] = "service"
    grace_days: int = 30
    expired_goes_to: Literal["fund", "returned"] = "fund"


@dataclass(frozen=True)
class Funds:
    funders: tuple[Funder, ...]
    funds: tuple[Fund, ...]


@dataclass(frozen=True)
class Contact:
    channel: Literal["push", "email", "sms", "call"]
    value: str  # a device name for push: the subscription is made by a browser


@dataclass(frozen=True)
class Person:
    code: str
    given_name: str
    family_name: str
    born_on: date
    municipality: str
    fiscal_code: str
    address: str
    contacts: tuple[Contact, ...] = ()  # in the person's own order
    language: str = "it"
    household: str = ""
    part: Literal["adult", "minor"] = "adult"
    territory: str = "tradate"
    social_point: str = ""
    is_cast: bool = False


@dataclass(frozen=True)
class Household:
    code: str
    name: str


@dataclass(frozen=True)
class Delegation:
    person: str
    delegate: str
    kind: Literal["delegate", "parent", "guardian", "administrator"]
    may_see: bool
    may_book: bool
    may_spend: bool
    from_on: date
    monthly_limit_cents: int | None = None
    until_on: date | None = None


@dataclass(frozen=True)
class Declaration:
    minor: str
    declared_by: str
    kind: Literal["parent", "guardian"]


@dataclass(frozen=True)
class Role:
    name: RoleName
    scope_kind: Literal["territory", "provider", "funder"]
    scope: str


@dataclass(frozen=True)
class Staff:
    login: str
    name: str
    roles: tuple[Role, ...]


@dataclass(frozen=True)
class People:
    people: tuple[Person, ...]
    households: tuple[Household, ...]
    delegations: tuple[Delegation, ...]
    declarations: tuple[Declaration, ...]
    staff: tuple[Staff, ...]


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
    slugs = {funder.slug for funder in funds.funders}
    for fund in funds.funds:
        _known(fund.funder, slugs, f"funds.toml, fund '{fund.slug}'", "funder")
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
    _check_people(people)
    return people


@cache
def load(territory: str) -> TerritoryContent:
    """territory.toml, and for a large territory the files of services in the folder of the same name."""
    tables, file = _tables(territory), f"{territory}.toml"
    content = TerritoryContent(
        entry(Territory, tables.get("territory", {}), f"{file}, territory"),
        entries(Municipality, tables, "municipality", file),
        entries(SocialPoint, tables, "social_point", file),
        entries(Provider, tables, "provider", file),
        entries(Place, tables, "place", file),
        entries(Resource, tables, "resource", file),
        tuple(service for each in _service_files(territory) for service in _services(each)),
        entries(Closure, tables, "closure", file),
    )
    _check_territory(content, file)
    return content


def _tables(name: str) -> dict[str, Any]:
    return read_tables(FOLDER / f"{name}.toml")


def _service_files(territory: str) -> list[Path]:
    return [FOLDER / f"{territory}.toml", *sorted((FOLDER / territory).glob("*.toml"))]


def _services(path: Path) -> tuple[Service, ...]:
    return entries(Service, read_tables(path), "service", str(path.relative_to(FOLDER)))


def _check_territory(content: TerritoryContent, file: str) -> None:
    towns = {municipality.belfiore for municipality in content.municipalities}
    providers = _unique((provider.slug for provider in content.providers), f"{file}, provider")
    _unique((place.code for place in content.places), f"{file}, place")
    _unique((resource.code for resource in content.resources), f"{file}, resource")
    slugs = _unique((service.slug for service in content.services), f"{file}, service")
    for point in content.social_points:
        _known(point.municipality, towns, f"{file}, social_point '{point.code}'", "municipality")
    for place in content.places:
        _known(place.municipality, towns, f"{file}, place '{place.code}'", "municipality")
        _known(place.provider, providers, f"{file}, place '{place.code}'", "provider")
    for resource in content.resources:
        _known(resource.provider, providers, f"{file}, resource '{resource.code}'", "provider")
    for service in content.services:
        _check_service(service, content, f"{content.territory.slug}, service '{service.slug}'")
    for closure in content.closures:
        _known(closure.place, {place.code for place in content.places}, f"{file}, closure", "place")
        _known(closure.service, slugs | {""}, f"{file}, closure", "service")


def _check_service(service: Service, content: TerritoryContent, where: str) -> None:
    _known(service.category, {category.code for category in load_categories()}, where, "category")
    _known(service.provider, {provider.slug for provider in content.providers}, where, "provider")
    for belfiore in service.municipalities:
        _known(belfiore, {municipality.belfiore for municipality in content.municipalities}, where, "municipality")
    own_places = {place.code for place in content.places if place.provider == service.provider}
    own_resources = {resource.code for resource in content.resources if resource.provider == service.provider}
    for here in service.places:
        _known(here.place, own_places, where, "place of its provider")
        for resource in here.resources:
            _known(resource, own_resources, where, "resource of its provider")
        for plan in here.plans:
            _check_plan(plan, where)
    if service.action == "call" and not service.call_phone:
        raise ContentError(f"{where}: a service to call needs 'call_phone'.")


def _check_plan(plan: WorkingPlan, where: str) -> None:
    try:
        rrulestr(plan.rule)
    except ValueError as error:
        raise ContentError(f"{where}: the rule '{plan.rule}' cannot be read: {error}.") from None
    if not plan.starts < plan.ends:
        raise ContentError(f"{where}: a plan starts at {plan.starts} and ends at {plan.ends}.")


def _check_people(people: People) -> None:
    codes = _unique((person.code for person in people.people), "people.toml, person")
    households = _unique((household.code for household in people.households), "people.toml, household")
    _unique((staff.login for staff in people.staff), "people.toml, staff")
    for person in people.people:
        _known(person.household, households | {""}, f"people.toml, person '{person.code}'", "household")
    for link in people.delegations:
        _known(link.person, codes, "people.toml, delegation", "person")
        _known(link.delegate, codes, "people.toml, delegation", "person")
    for declaration in people.declarations:
        _known(declaration.minor, codes, "people.toml, declaration", "person")
        _known(declaration.declared_by, codes, "people.toml, declaration", "person")


def _unique(names: Iterable[str], where: str) -> set[str]:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            raise ContentError(f"{where} '{name}': this name is used twice.")
        seen.add(name)
    return seen


def _known(name: str, names: Iterable[str], where: str, noun: str) -> None:
    if name not in set(names):
        raise ContentError(f"{where}: there is no {noun} '{name}'.")
