from datetime import date, timedelta
from types import ModuleType

import pytest

from app.domain import delegation
from app.domain.actor import Actor
from tests.people import BEFORE, Cast

pytestmark = pytest.mark.anyio
TODAY = BEFORE.date()


async def sees(who: int, whom: int, on: date = TODAY) -> bool:
    return await delegation.allows(who, whom, "see", on)


async def test_a_delegate_may_until_the_right_is_taken_back(database: ModuleType, cast: Cast) -> None:
    assert await sees(cast.elena.id, cast.rosa.id)
    given = await delegation.between(cast.elena.id, cast.rosa.id, "see", TODAY)
    assert given is not None and given.monthly_limit_cents == 8000
    await delegation.revoke(given.id, actor=Actor("person", cast.rosa.id), now=BEFORE)
    assert not await sees(cast.elena.id, cast.rosa.id)


async def test_a_right_that_ended_by_its_date_counts_no_more(database: ModuleType, cast: Cast) -> None:
    omar, tomorrow = Actor("person", cast.omar.id), TODAY + timedelta(days=1)
    scopes = frozenset[delegation.Scope]({"see"})
    await delegation.grant(
        omar.id, cast.elena.id, "delegate", scopes, from_on=TODAY, until_on=tomorrow, actor=omar, now=BEFORE
    )
    assert not await delegation.allows(cast.elena.id, omar.id, "book", TODAY)
    assert [await sees(cast.elena.id, omar.id, TODAY + timedelta(days=days)) for days in (1, 2)] == [True, False]


async def test_a_stranger_may_nothing(database: ModuleType, cast: Cast) -> None:
    assert [await sees(cast.amina.id, stranger) for stranger in (cast.rosa.id, cast.giada.id, 1)] == [False] * 3
