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


async def test_who_was_marked_is_named_with_what_it_did_and_can_be_taken_back(visitor: Visitor, centre: Centre) -> None:
    """The row is gone from the list: the page says of whom, what moved, what is still due."""
    await centre.person("Rosa Colombo", 1000)
    code = await centre.book("rosa", "aiuto", at("09:00"))
    page = await visitor.get(f"{DESK}/da-chiudere")
    page = await visitor.follow(await visitor.submit(page.form("arrivi"), fai=f"arrived {code}"))
    assert page.says("Niente da chiudere") and page.says("Arrivo segnato") and page.says("Rosa Colombo")
    assert page.says("Il credito paga 10,00 €.") and page.says("Da incassare 8,00 €")
    page = await visitor.follow(await visitor.submit(page.form("arrivi"), fai=f"cash {code}"))
    assert page.says("Rosa Colombo") and page.says("Incassato 8,00 €")
    page = await visitor.follow(await visitor.submit(page.form("arrivi"), fai=f"undone {code}"))
    assert page.says("Di nuovo da chiudere: Rosa Colombo.") and page.says("Appena finiti")
    assert (await centre.wallet("rosa"), await centre.paid_to_centre()) == ((1000, 1000, 0), 0)


async def test_what_this_desk_may_not_see_is_not_named(visitor: Visitor, centre: Centre) -> None:
    await centre.person("Amina Haddad", 15000)
    code = await centre.book("amina", "ascolto", at("09:00"))
    assert (await visitor.get(f"{DESK}/da-chiudere?fatto={code}")).says("Amina Haddad")
    await visitor.as_staff(centre.staff["desk"].id)
    for typed in (code, "XXXXXXXX", "²", ""):
        page = await visitor.get(f"{DESK}/da-chiudere?fatto={typed}")
        assert page.status == 200 and not page.says("Amina Haddad")


async def test_an_idle_session_comes_back_to_the_same_page(visitor: Visitor, centre: Centre) -> None:
    visitor.clock.move(minutes=31)
    page = await visitor.get(f"{DESK}/da-chiudere")
    assert page.location.endswith("/tradate/sportello/entra?poi=%2Ftradate%2Fsportello%2Fda-chiudere")
