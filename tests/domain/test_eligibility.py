"""Who may receive: pure rules on plain facts."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.eligibility import Person, Terms, age_on, check
from app.domain.errors import AgeNotServed, GuestNotAllowed, MinorNeedsDeclaration, Refusal

DAY = date(2026, 11, 26)
FREE = Terms(None, None, None, True)


def refusal(born_on: date | None, terms: Terms = FREE, *, guest: bool = False, declared: bool = False) -> str:
    try:
        check(Person(born_on, guest, declared), terms, DAY)
    except Refusal as refused:
        return refused.key
    return ""


def test_a_minor_needs_a_declaration_until_the_birthday() -> None:
    eighteen = date(2008, 11, 26)
    assert refusal(eighteen) == "" and refusal(date(2008, 11, 27)) == MinorNeedsDeclaration().key
    assert refusal(date(2008, 11, 27), declared=True) == ""


def test_from_the_age_the_law_names_a_minor_comes_alone() -> None:
    alone = Terms(None, None, 14, True)
    assert (
        refusal(date(2012, 11, 26), alone) == "" and refusal(date(2012, 11, 27), alone) == MinorNeedsDeclaration().key
    )


def test_ages_served_hold_on_the_day_itself() -> None:
    terms = Terms(6, 10, None, True)
    for born, served in ((date(2020, 11, 26), True), (date(2020, 11, 27), False), (date(2015, 11, 27), True)):
        assert refusal(born, terms, declared=True) == ("" if served else AgeNotServed().key)
    assert refusal(date(2015, 11, 26), terms, declared=True) == AgeNotServed().key


def test_guests_where_the_service_allows_them() -> None:
    assert refusal(None, guest=True) == ""
    assert refusal(None, Terms(6, 10, None, False), guest=True) == GuestNotAllowed().key
    assert refusal(None, Terms(6, 10, None, True)) == ""  # an unknown age is asked at the centre


@pytest.mark.parametrize(("day", "age"), [(date(2025, 2, 28), 0), (date(2025, 3, 1), 1), (date(2028, 2, 29), 4)])
def test_who_was_born_on_a_leap_day_grows_on_the_first_of_march(day: date, age: int) -> None:
    assert age_on(date(2024, 2, 29), day) == age


@given(born=st.dates(date(1920, 1, 1), date(2020, 1, 1)), day=st.dates(date(2020, 1, 1), date(2040, 1, 1)))
def test_age_grows_by_one_a_year(born: date, day: date) -> None:
    assert 0 <= age_on(born, day.replace(year=day.year + 1, day=min(day.day, 28))) - age_on(born, day) <= 1
