"""For whom somebody may book, day by day as the wall clock of Italy counts them."""

from datetime import UTC, date, datetime, timedelta
from types import ModuleType

import pytest

from app.domain import delegation, household, person
from app.domain.person import NewPerson
from tests.people import BEFORE, Cast
from tests.timetable import WHO

pytestmark = pytest.mark.anyio
ALL: frozenset[delegation.Scope] = frozenset({"see", "book", "spend"})
HALF_PAST_MIDNIGHT = datetime(2026, 3, 9, 23, 30, tzinfo=UTC)  # of 10 March in Italy


async def relations(person_id: int, now: datetime) -> list[str]:
    return [each.relation for each in await household.who_can_receive(person_id, now)]


async def test_me_then_my_children_then_those_i_care_for(database: ModuleType, cast: Cast) -> None:
    await delegation.grant(cast.rosa.id, cast.amina.id, "delegate", ALL, from_on=BEFORE.date(), **WHO)
    found = await household.who_can_receive(cast.amina.id, BEFORE)
    assert [(each.given_name, each.relation) for each in found] == [
        ("Amina", "self"),
        ("Yusuf", "child"),
        ("Rosa", "cared_for"),
    ]
    tomas = await household.who_can_receive(cast.tomas.id, BEFORE)
    assert [each.needs_declaration for each in found + tomas] == [False, False, False, False, True]


async def test_a_delegation_begins_and_ends_at_midnight_in_italy(database: ModuleType, cast: Cast) -> None:
    await delegation.grant(
        cast.omar.id, cast.luca.id, "delegate", ALL, from_on=date(2026, 3, 10), until_on=date(2026, 3, 10), **WHO
    )
    for minutes, holds in ((-40, False), (0, True), (23 * 60, True), (24 * 60, False)):
        now = HALF_PAST_MIDNIGHT + timedelta(minutes=minutes)
        assert (await relations(cast.luca.id, now) == ["self", "cared_for"]) is holds, minutes


async def test_on_the_eighteenth_birthday_a_child_is_nobodys_any_more(database: ModuleType, cast: Cast) -> None:
    grown = await person.enrol(
        NewPerson("Nadia", "Bassi", date(2008, 3, 10)), territory_id=cast.tradate, needs_card=False, **WHO
    )
    await delegation.grant(grown, cast.luca.id, "parent", ALL, from_on=BEFORE.date(), **WHO)
    assert await relations(cast.luca.id, HALF_PAST_MIDNIGHT.replace(hour=22)) == ["self", "child"]
    assert await relations(cast.luca.id, HALF_PAST_MIDNIGHT) == ["self"]
