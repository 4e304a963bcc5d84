"""What is over and undecided, and on whose list it stands."""

from collections.abc import AsyncIterator

import pytest

from app import database
from tests.centre import Centre, at
from tests.visitor import Visitor

pytestmark = pytest.mark.anyio
DESK = "/tradate/sportello"


@pytest.fixture
async def centre(visitor: Visitor) -> AsyncIterator[Centre]:
    centre = await Centre().open()
    await visitor.as_staff(centre.staff["operator"].id)
    yield centre


async def test_what_is_over_waits_for_a_named_person(visitor: Visitor, centre: Centre) -> None:
    await centre.person("Rosa Colombo", 24000)
    code = await centre.book("rosa", "aiuto", at("09:00"))
    page = await visitor.get(f"{DESK}/da-chiudere")
    assert page.says("Appena finiti")
    coordinator, area = visitor.somebody_else(), visitor.somebody_else()
    await coordinator.as_staff(centre.staff["coordinator"].id)
    await area.as_staff(centre.staff["area_manager"].id)
    assert not (await coordinator.get(f"{DESK}/da-chiudere")).says("Rosa Colombo")
    visitor.clock.move(hours=25)
    await coordinator.as_staff(centre.staff["coordinator"].id)
    await area.as_staff(centre.staff["area_manager"].id)
    assert (await coordinator.get(f"{DESK}/da-chiudere")).says("Da più di 24 ore")
    assert not (await area.get(f"{DESK}/da-chiudere")).says("Rosa Colombo")
    visitor.clock.move(days=7)
    await area.as_staff(centre.staff["area_manager"].id)
    page = await area.get(f"{DESK}/da-chiudere")
    assert page.says("Da più di 7 giorni")
    assert await centre.wallet("rosa", visitor.clock.now) == (24000, 1800, 22200)
    page = await area.follow(await area.submit(page.form("arrivi"), fai=f"arrived {code}"))
    assert page.says("Niente da chiudere")
    assert await database.scalar("SELECT staff_id FROM check_in") == centre.staff["area_manager"].id


async def test_an_idle_session_comes_back_to_the_same_page(visitor: Visitor, centre: Centre) -> None:
    visitor.clock.move(minutes=31)
    page = await visitor.get(f"{DESK}/da-chiudere")
    assert page.location.endswith("/tradate/sportello/entra?poi=%2Ftradate%2Fsportello%2Fda-chiudere")
