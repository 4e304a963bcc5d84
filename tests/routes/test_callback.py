"""'Chiamatemi voi': a day that can be kept."""

import pytest

from app import database
from app.domain import callback, territory
from tests.visitor import NOON, Visitor

pytestmark = pytest.mark.anyio


async def call(visitor: Visitor, phone: str = "300 0000 002") -> int:
    form = (await visitor.get("/tradate/chiamatemi")).form("chiamatemi")
    return (await visitor.submit(form, nome="Tomas Ferri", telefono=phone, quando="any")).status


async def test_the_promise_skips_days_without_a_call_centre(citizen: Visitor) -> None:
    place = await territory.by_slug("tradate")
    assert place is not None
    citizen.clock.move(days=3)  # a Friday
    assert str(callback.promised_day(place, citizen.clock.now)) == "2026-11-30"
    assert str(callback.promised_day(place, NOON.replace(month=12, day=24))) == "2026-12-28"


async def test_one_number_asks_twice_at_most(citizen: Visitor) -> None:
    assert [await call(citizen) for _ in range(3)] == [303, 303, 422]
    form = (await citizen.get("/tradate/chiamatemi")).form("chiamatemi")
    page = await citizen.submit(form, nome="Tomas Ferri", telefono="300 0000 002", quando="any")
    assert page.says("Questo numero è già nella lista. Ti chiamiamo noi.")
    assert await call(citizen, "300 0000 003") == 303
    assert await database.scalar("SELECT count(*) FROM callback") == 3


async def test_a_wrong_number_is_asked_again_with_what_was_typed(citizen: Visitor) -> None:
    form = (await citizen.get("/tradate/chiamatemi")).form("chiamatemi")
    page = await citizen.submit(form, nome="Tomas Ferri", telefono="boh", quando="any")
    assert page.status == 422 and 'value="Tomas Ferri"' in page.text
    assert await database.scalar("SELECT count(*) FROM callback") == 0
