"""Who may receive a service: pure rules on plain facts, each refusal with its reason."""

from dataclasses import dataclass
from datetime import date

from app.domain.errors import AgeNotServed, GuestNotAllowed, MinorNeedsDeclaration

ADULT = 18


@dataclass(frozen=True, slots=True)
class Person:
    born_on: date | None
    is_guest: bool
    has_declaration: bool


@dataclass(frozen=True, slots=True)
class Terms:
    """`free_from_age`: from this age a minor comes alone, by the law named with the service."""

    min_age: int | None
    max_age: int | None
    free_from_age: int | None
    allows_guest: bool


def age_on(born_on: date, day: date) -> int:
    return day.year - born_on.year - ((day.month, day.day) < (born_on.month, born_on.day))


def check(person: Person, terms: Terms, day: date) -> None:
    """Raises GuestNotAllowed, AgeNotServed or MinorNeedsDeclaration; unknown ages are asked at the centre."""
    if person.is_guest and not terms.allows_guest:
        raise GuestNotAllowed()
    if person.born_on is None:
        return
    age = age_on(person.born_on, day)
    too_young = terms.min_age is not None and age < terms.min_age
    too_old = terms.max_age is not None and age > terms.max_age
    if too_young or too_old:
        raise AgeNotServed(age=age)
    comes_alone = terms.free_from_age is not None and age >= terms.free_from_age
    if age < ADULT and not person.has_declaration and not comes_alone:
        raise MinorNeedsDeclaration()
