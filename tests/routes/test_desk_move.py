"""A booking moved at the desk: who is served stands in the address, the look and the reason are written down."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from app import database
from tests.centre import NOON, Centre, at
from tests.visitor import Visitor

pytestmark = pytest.mark.anyio
DESK = "/tradate/sportello"
WEDNESDAY = at("12:00", days=1)


@pytest.fixture
async def centre(visitor: Visitor) -> AsyncIterator[Centre]:
    centre = await Centre().open()
    await visitor.as_staff(centre.staff["desk"].id)
    yield centre


async def test_moved_once_with_the_money_held_and_the_reason_told(visitor: Visitor, centre: Centre) -> None:
    rosa = await centre.person("Rosa Colombo", 5000)
    code = await centre.book("rosa", "aiuto", at("15:00"), quantity=2)
    page = await visitor.get(f"{DESK}/prenotazioni/{code}")
    page = await visitor.get(page.link("Sposta a un altro orario"))
    assert page.says("Nuovo orario per Rosa Colombo")
    assert page.says("2 ore")
    assert page.says("mercoledì 25 novembre")
    assert at("15:00").isoformat() not in [str(value) for value in page.all("//input[@name='orario']/@value")]
    form = page.form("/sposta")
    for _ in range(2):
        page = await visitor.follow(await visitor.submit(form, orario=WEDNESDAY.isoformat(), motivo="provider_ill"))
        assert page.says("mercoledì 25 novembre")
    assert await centre.wallet("rosa") == (5000, 3600, 1400)
    assert await database.scalar("SELECT count(*) FROM move") == 1
    told = await database.rows("SELECT what, purpose FROM audit WHERE person_id = {} AND actor_kind = 'staff'", rosa)
    assert [tuple(row.values()) for row in told] == [("person.looked", "booking"), ("booking.moved", "provider_ill")]
    await visitor.as_person(rosa)
    page = await visitor.get("/tradate/io/chi-ha-guardato")
    assert page.says("Ha spostato una prenotazione") and page.says("l'operatore sta male")


async def test_the_desk_may_move_when_the_person_no_longer_can(visitor: Visitor, centre: Centre) -> None:
    rosa = await centre.person("Rosa Colombo", 5000)
    code = await centre.book("rosa", "aiuto", NOON + timedelta(hours=1))
    page = await visitor.get(f"{DESK}/persone/{rosa}/prenotazioni/{code}/sposta")
    await visitor.follow(await visitor.submit(page.form("/sposta"), orario=WEDNESDAY.isoformat()))
    found = await database.row("SELECT s.starts_at FROM booking b JOIN slot s ON s.id = b.slot_id")
    assert found == {"starts_at": WEDNESDAY}


async def test_a_reason_and_a_free_time_are_asked(visitor: Visitor, centre: Centre) -> None:
    rosa = await centre.person("Rosa Colombo", 5000)
    code = await centre.book("rosa", "aiuto")
    form = (await visitor.get(f"{DESK}/persone/{rosa}/prenotazioni/{code}/sposta")).form("/sposta")
    page = await visitor.submit(form, orario="mai", motivo="sole")
    assert (page.status, page.says("Scegli un orario.")) == (422, True)
    page = await visitor.submit(form, orario=(NOON - timedelta(days=1)).isoformat())
    assert (page.status, page.says("Questo orario non è più disponibile")) == (422, True)
    assert await database.scalar("SELECT count(*) FROM move") == 0


async def test_another_persons_address_is_not_there(visitor: Visitor, centre: Centre) -> None:
    await centre.person("Rosa Colombo", 5000)
    sara = await centre.person("Sara Haddad")
    code = await centre.book("rosa", "aiuto")
    assert (await visitor.get(f"{DESK}/persone/{sara}/prenotazioni/{code}/sposta")).status == 404
    await visitor.as_staff(await Centre.stranger())
    rosa = centre.people["rosa"]
    assert (await visitor.get(f"{DESK}/persone/{rosa}/prenotazioni/{code}/sposta")).status == 404
