"""The telephone and its hours stand on every page, also on those that are drawn anew each time."""

import pytest

from app import database
from tests.edge.everybody import Passerby
from tests.people import Cast
from tests.visitor import Visitor

pytestmark = pytest.mark.anyio
SIGN_IN = "/tradate/entra"


async def test_a_new_telephone_number_is_seen_within_a_second(visitor: Visitor, cast: Cast) -> None:
    passerby = Passerby(visitor.clock)
    before = await passerby.get(SIGN_IN)
    assert not before.says("0331 000 999")
    await database.execute("UPDATE territory SET phone = '0331 000 999' WHERE slug = 'tradate'")
    passerby.clock.move(seconds=1)
    assert (await passerby.get(SIGN_IN)).says("0331 000 999")


async def test_a_territory_costs_each_request_nothing(visitor: Visitor, cast: Cast) -> None:
    passerby = Passerby(visitor.clock)
    first, again = await passerby.get(SIGN_IN), await passerby.get(SIGN_IN)
    assert again.statements == 0 < first.statements


async def test_a_territory_that_is_missing_may_come(visitor: Visitor, cast: Cast) -> None:
    passerby = Passerby(visitor.clock)
    assert (await passerby.get("/tradata/entra")).status == 404
    await database.execute("UPDATE territory SET slug = 'tradata' WHERE slug = 'tradate'")
    assert (await passerby.get("/tradata/entra")).status == 200
