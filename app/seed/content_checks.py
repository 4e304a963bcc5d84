"""What a type cannot say: names that must exist, names used once, rules that can be read."""

from collections.abc import Iterable, Set
from datetime import date, datetime

from dateutil.rrule import rrulestr

from app.seed.content_types import Funds, People, Service, TerritoryContent, WorkingPlan
from app.seed.typed_toml import ContentError


def check_territory(content: TerritoryContent, categories: Set[str], file: str) -> None:
    _check_names(content, file)
    _check_places(content, file)
    for service in content.services:
        _check_service(service, content, categories, f"{content.territory.slug}, service '{service.slug}'")
    places, slugs = {place.code for place in content.places}, {service.slug for service in content.services}
    for closure in content.closures:
        _known(closure.place, places, f"{file}, closure", "place")
        _known(closure.service, slugs | {""}, f"{file}, closure", "service")


def check_funds(funds: Funds) -> None:
    slugs = _unique((funder.slug for funder in funds.funders), "funds.toml, funder")
    _unique((fund.slug for fund in funds.funds), "funds.toml, fund")
    for fund in funds.funds:
        _known(fund.funder, slugs, f"funds.toml, fund '{fund.slug}'", "funder")


def check_people(people: People) -> None:
    codes = _unique((person.code for person in people.people), "people.toml, person")
    households = _unique((household.code for household in people.households), "people.toml, household")
    _unique((staff.login for staff in people.staff), "people.toml, staff")
    for person in people.people:
        _known(person.household, households | {""}, f"people.toml, person '{person.code}'", "household")
    for link in people.delegations:
        _all_known((link.person, link.delegate), codes, "people.toml, delegation", "person")
    for declaration in people.declarations:
        _all_known((declaration.minor, declaration.declared_by), codes, "people.toml, declaration", "person")


def _check_names(content: TerritoryContent, file: str) -> None:
    _unique((provider.slug for provider in content.providers), f"{file}, provider")
    _unique((place.code for place in content.places), f"{file}, place")
    _unique((resource.code for resource in content.resources), f"{file}, resource")
    _unique((service.slug for service in content.services), f"{file}, service")


def _check_places(content: TerritoryContent, file: str) -> None:
    towns = {municipality.belfiore for municipality in content.municipalities}
    providers = {provider.slug for provider in content.providers}
    for point in content.social_points:
        _known(point.municipality, towns, f"{file}, social_point '{point.code}'", "municipality")
    for place in content.places:
        _known(place.municipality, towns, f"{file}, place '{place.code}'", "municipality")
        _known(place.provider, providers, f"{file}, place '{place.code}'", "provider")
    for resource in content.resources:
        _known(resource.provider, providers, f"{file}, resource '{resource.code}'", "provider")


def _check_service(service: Service, content: TerritoryContent, categories: Set[str], where: str) -> None:
    own_places = {place.code for place in content.places if place.provider == service.provider}
    own_resources = {resource.code for resource in content.resources if resource.provider == service.provider}
    _known(service.category, categories, where, "category")
    _known(service.provider, {provider.slug for provider in content.providers}, where, "provider")
    _all_known(service.municipalities, {town.belfiore for town in content.municipalities}, where, "municipality")
    for here in service.places:
        _known(here.place, own_places, where, "place of its provider")
        _all_known(here.resources, own_resources, where, "resource of its provider")
        for plan in here.plans:
            _check_plan(plan, where)
    if service.action == "call" and not service.call_phone:
        raise ContentError(f"{where}: a service to call needs 'call_phone'.")


def _check_plan(plan: WorkingPlan, where: str) -> None:
    try:
        rrulestr(plan.rule, dtstart=datetime.combine(plan.from_on or date(2026, 1, 1), datetime.min.time()))
    except ValueError as error:
        raise ContentError(f"{where}: the rule '{plan.rule}' cannot be read: {error}.") from None
    if not plan.starts < plan.ends:
        raise ContentError(f"{where}: a plan starts at {plan.starts} and ends at {plan.ends}.")


def _unique(names: Iterable[str], where: str) -> set[str]:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            raise ContentError(f"{where} '{name}': this name is used twice.")
        seen.add(name)
    return seen


def _all_known(names: Iterable[str], known: Set[str], where: str, noun: str) -> None:
    for name in names:
        _known(name, known, where, noun)


def _known(name: str, known: Set[str], where: str, noun: str) -> None:
    if name not in known:
        raise ContentError(f"{where}: there is no {noun} '{name}'.")
