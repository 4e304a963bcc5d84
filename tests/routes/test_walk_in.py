"""Who comes without a booking."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from app import database
from tests.centre import NOON, Centre
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
    form = {"chi": str(rosa), "luogo": str(centre.places["aiuto"]), "quanti": "1", "visto": "", "_key": "k"}
    page = await visitor.post(f"{DESK}/persone/{rosa}/adesso/aiuto", form)
    assert page.status == 422
    assert page.says("Questo orario è appena stato preso")
    assert await database.scalar("SELECT count(*) FROM booking") == 0


@pytest.mark.parametrize("mode", ["home", "phone", "online"])
async def test_nobody_comes_for_what_happens_elsewhere(visitor: Visitor, centre: Centre, mode: str) -> None:
    rosa = await centre.person("Rosa Colombo", 9000)
    now, book = f"{DESK}/persone/{rosa}/adesso/aiuto", f"{DESK}/persone/{rosa}/prenota/aiuto"
    services = f"{DESK}/persone/{rosa}/prenota"
    assert {now, book} <= {str(to) for to in (await visitor.get(services)).all("//a/@href")}
    form = (await visitor.get(now)).form("adesso/aiuto")
    await database.execute("UPDATE service SET mode = {} WHERE slug = 'aiuto'", mode)
    links = [str(to) for to in (await visitor.get(services)).all("//a/@href")]
    assert book in links and now not in links
    assert (await visitor.get(now)).status == (await visitor.submit(form)).status == 404
    await centre.book("rosa", "aiuto", NOON + timedelta(days=1))
    await visitor.as_staff(centre.staff["operator"].id)
    assert not (await visitor.get(services)).says("Aiuto in casa"), "who may only let people in at the door"
    assert await database.scalar("SELECT count(*) FROM booking") == 1


async def test_who_is_booked_for_now_is_not_booked_again(visitor: Visitor, centre: Centre) -> None:
    rosa = await centre.person("Rosa Colombo", 9000)
    page = await visitor.get(f"{DESK}/persone/{rosa}/adesso/aiuto")
    code = await centre.book("rosa", "aiuto")
    refused = await visitor.submit(page.form("adesso/aiuto"))
    assert refused.status == 422 and refused.says("Questa persona ha già questo orario.")
    booked = await visitor.get(refused.link("Guarda la prenotazione"))
    assert booked.path == f"{DESK}/prenotazioni/{code}" and booked.says("È qui")
    assert await database.scalar("SELECT count(*) FROM booking") == 1
    assert await centre.wallet("rosa") == (9000, 1800, 7200)


@pytest.mark.parametrize("capacity", [1, 9], ids=["full", "with places left"])
async def test_who_has_this_time_is_said_before_anything_else(visitor: Visitor, centre: Centre, capacity: int) -> None:
    """At the door the question is not whether there is a place: this person has it."""
    rosa = await centre.person("Rosa Colombo", 9000)
    await database.execute("UPDATE service SET capacity = {} WHERE slug = 'aiuto'", capacity)
    code = await centre.book("rosa", "aiuto")
    page = await visitor.get(f"{DESK}/persone/{rosa}/adesso/aiuto")
    assert page.says("Rosa ha già questo orario: oggi alle 12.00") and not page.says("Adesso non c'è posto")
    assert not page.forms("//form[@method='post'][contains(@action, 'adesso')]")
    booked = await visitor.get(page.link("Guarda la prenotazione"))
    assert booked.path == f"{DESK}/prenotazioni/{code}" and booked.says("È qui")


async def test_who_was_booked_for_earlier_today_may_come_again(visitor: Visitor, centre: Centre) -> None:
    rosa = await centre.person("Rosa Colombo", 9000)
    await centre.book("rosa", "aiuto", NOON - timedelta(hours=2))
    page = await visitor.get(f"{DESK}/persone/{rosa}/adesso/aiuto")
    page = await visitor.follow(await visitor.submit(page.form("adesso/aiuto")))
    assert page.says("Rosa Colombo") and await database.scalar("SELECT count(*) FROM booking") == 2


async def test_hours_and_kilometres_cost_what_they_are(visitor: Visitor, centre: Centre) -> None:
    rosa = await centre.person("Rosa Colombo", 10000)
    page = await visitor.get(f"{DESK}/persone/{rosa}/adesso/aiuto")
    page = await visitor.submit(page.form(method="get"), quanti="3")
    assert page.says("Il servizio costa 54,00 €")
    assert page.says("Paga Comune di Tradate − 54,00 €")
    page = await visitor.follow(await visitor.submit(page.form("adesso/aiuto")))
    assert page.says("3 ore")
    assert await centre.wallet("rosa") == (4600, 0, 4600)
    page = await visitor.get(f"{DESK}/persone/{rosa}/adesso/spesa?quanti=12")
    page = await visitor.follow(await visitor.submit(page.form("adesso/spesa")))
    assert page.says("12 chilometri")
    assert await centre.wallet("rosa") == (4000, 0, 4000)
    found = await database.rows("SELECT quantity, seats, price, state FROM booking ORDER BY price DESC")
    assert [tuple(row.values()) for row in found] == [(3, 1, 5400, "arrived"), (12, 1, 600, "arrived")]


async def test_the_place_is_asked_where_there_are_several(visitor: Visitor, centre: Centre) -> None:
    rosa = await centre.person("Rosa Colombo", 1000)
    other = await centre.another_place("aiuto", "Casa Betulla")
    page = await visitor.get(f"{DESK}/persone/{rosa}/adesso/aiuto")
    page = await visitor.submit(page.form(method="get"), luogo=str(other), quanti="1")
    page = await visitor.follow(await visitor.submit(page.form("adesso/aiuto")))
    assert page.says("Casa Betulla")
    assert await database.scalar("SELECT service_place_id FROM booking") == other


async def test_the_service_asks_what_it_needs_to_know(visitor: Visitor, centre: Centre) -> None:
    rosa = await centre.person("Rosa Colombo", 1000)
    await database.execute("UPDATE question SET is_required = {}", True)
    form = (await visitor.get(f"{DESK}/persone/{rosa}/adesso/compiti")).form("adesso/compiti")
    name = next(field for field, _ in form.fields if field.startswith("q") and field != "quanti")
    page = await visitor.submit(form)
    assert (page.status, page.says("Scrivi una risposta")) == (422, True)
    page = await visitor.follow(await visitor.submit(page.form("adesso/compiti"), **{name: "arachidi"}))
    await visitor.as_staff(centre.staff["operator"].id)
    assert (await visitor.get(DESK)).says("Allergie? arachidi")


async def test_a_quantity_that_is_not_offered_is_said(visitor: Visitor, centre: Centre) -> None:
    rosa = await centre.person("Rosa Colombo", 1000)
    form = (await visitor.get(f"{DESK}/persone/{rosa}/adesso/aiuto")).form("adesso/aiuto")
    page = await visitor.submit(form, quanti="5")
    assert (page.status, page.says("Scrivi un numero da 1 a 4")) == (422, True)
    assert (await visitor.submit(form, luogo=str(centre.places["compiti"]))).status == 404
    assert (await visitor.submit(form, chi=str(await centre.person("Sara Haddad")))).status == 404
    assert await database.scalar("SELECT count(*) FROM booking") == 0


async def test_a_parent_at_the_door_pays_for_the_child(visitor: Visitor, centre: Centre) -> None:
    amina, yusuf = await centre.person("Amina Haddad", 5000), await centre.child("Yusuf Haddad", "amina")
    page = await visitor.get(f"{DESK}/persone/{amina}/adesso/compiti")
    page = await visitor.submit(page.form(method="get"), chi=str(yusuf))
    await visitor.follow(await visitor.submit(page.form("adesso/compiti")))
    row = await database.row("SELECT booked_by, receiver_id, payer_id FROM booking")
    assert row == {"booked_by": amina, "receiver_id": yusuf, "payer_id": amina}
    assert await centre.wallet("amina") == (4100, 0, 4100)
