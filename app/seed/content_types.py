"""The shapes of the demo's content, close to the tables it becomes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

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
    resources: tuple[str, ...] = ()  # all of them are needed at once


@dataclass(frozen=True)
class MaterialFile:
    """A file that is text, written out here."""

    name: str
    text: str


@dataclass(frozen=True)
class Material:
    slug: str
    kind: Literal["guide", "exercise", "checklist", "story"]
    title: str
    text: str
    files: tuple[MaterialFile, ...] = ()


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
    reminder_hours: tuple[int, ...] = ()  # before the appointment; none: 168, 48 and 3
    price_classes: tuple[PriceClass, ...] = ()
    questions: tuple[Question, ...] = ()
    materials: tuple[Material, ...] = ()

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
    said: str
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
