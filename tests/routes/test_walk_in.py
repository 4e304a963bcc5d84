"""Who comes without a booking."""

from collections.abc import AsyncIterator

import pytest

from app import database
from tests.centre import Centre
from tests.visitor import Visitor

pytestmark = pytest.mark.anyio
DESK = "/tradate/sportello"


@pytest.fixture
async def centre(visitor: Visitor) -> AsyncIterator[Centre]:
    centre = await Centre().open()
    await visitor.as_staff(centre.staff["desk"].id)
    yield centre


async def test_who_comes_without_a_booking_is_booked_and_arrived_at_once(visitor: Visitor, centre: Centre) -> None:
    rosa = await centre.person("Rosa Colombo", 1000)
    page = await visitor.get(f"{DESK}/persone/{rosa}/prenota")
    page = await visitor.get(f"{DESK}/persone/{rosa}/adesso/aiuto")
    assert page.says("fino alle 13.00")
    form = page.form("adesso/aiuto")
    for _ in range(2):
        page = await visitor.follow(await visitor.submit(form))
    assert page.says("Pagato da Comune di Tradate − 10,00 €")
    assert page.says("Da incassare 8,00 €")
    assert await database.scalar("SELECT count(*) FROM booking") == 1
    assert (await centre.wallet("rosa"), await centre.paid_to_centre()) == ((0, 0, 0), 1000)
    assert await database.scalar("SELECT taken FROM slot") == 1


async def test_without_a_place_now_nothing_is_taken(visitor: Visitor, centre: Centre) -> None:
    rosa = await centre.person("Rosa Colombo", 1000)
    visitor.clock.move(hours=12)
    await visitor.as_staff(centre.staff["desk"].id)
    assert (await visitor.get(f"{DESK}/persone/{rosa}/adesso/aiuto")).says("Adesso non c'è posto")
    page = await visitor.post(f"{DESK}/persone/{rosa}/adesso/aiuto", {"chi": str(rosa), "visto": "", "_key": "k"})
    assert page.status == 422
    assert await database.scalar("SELECT count(*) FROM booking") == 0
