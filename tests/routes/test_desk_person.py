"""Somebody served at the desk: found, looked at for a reason, booked for, let in without a booking."""

from collections.abc import AsyncIterator
from datetime import date, timedelta

import pytest

from app import database
from app.domain import cancellation, check_in, code, household
from tests.centre import NOON, Centre, at
from tests.rows import insert
from tests.visitor import Page, Visitor

pytestmark = pytest.mark.anyio
DESK = "/tradate/sportello"


@pytest.fixture
async def centre(visitor: Visitor) -> AsyncIterator[Centre]:
    centre = await Centre().open()
    await visitor.as_staff(centre.staff["desk"].id)
    yield centre


async def _find(visitor: Visitor, typed: str) -> Page:
    page = await visitor.get(f"{DESK}/cerca")
    return await visitor.submit(page.form("cerca"), cerca=typed)


async def test_every_way_to_say_who_leads_to_the_person(visitor: Visitor, centre: Centre) -> None:
    rosa = await centre.person("Rosa Colombo", contacts=(("call", "0331 000 111"),))
    card = code.mint(10)
    await insert("card", code=card, person_id=rosa, printed_at=NOON, bound_at=NOON)
    for typed in (
        card.lower(),
        f"{card[:4]} {card[4:]}",
        f"https:--vicino.it-tradate-t-{card}",
        f"httpsç--vicino.it-t£{card}",
        "colombo",
        "Colombo Rosa",
        "0331 000111",
        "+39 0331000111",
    ):
        assert (await _find(visitor, typed)).location.endswith(f"/sportello/persone/{rosa}"), typed
    assert (await _find(visitor, "bianchi")).says("Non troviamo nessuno")
    assert (await _find(visitor, " ")).status == 422


async def test_a_health_card_identifies_and_moves_no_money(visitor: Visitor, centre: Centre) -> None:
    from stdnum.it import codicefiscale

    plain = "CLMRSO80C41L319"
    fiscal = plain + codicefiscale.calc_check_digit(plain)
    rosa = await centre.person("Rosa Colombo", 5000, fiscal_code=fiscal)
    for typed in (fiscal, f"*{fiscal}*", f"({fiscal}(", f"%{fiscal}COLOMBO ROSA"):
        assert (await _find(visitor, typed)).location.endswith(f"/sportello/persone/{rosa}"), typed
    assert await centre.wallet("rosa") == (5000, 0, 5000)


async def test_a_booking_of_today_is_one_step_away(visitor: Visitor, centre: Centre) -> None:
    await centre.person("Amina Haddad", 15000)
    booked = await centre.book("amina", "compiti")
    assert (await _find(visitor, booked)).location.endswith(f"/prenotazioni/{booked}")
    assert (await _find(visitor, "haddad")).location.endswith(f"/prenotazioni/{booked}")
    await centre.person("Sara Haddad")
    page = await _find(visitor, "haddad")
    assert page.status == 200
    assert page.says("Amina Haddad")
    assert page.says("Sara Haddad")


async def test_a_look_asks_why_and_the_person_can_read_it(visitor: Visitor, centre: Centre) -> None:
    rosa = await centre.person("Rosa Colombo", 24000, contacts=(("call", "0331 000 111"),))
    await centre.book("rosa", "aiuto", NOON + timedelta(days=1))
    asked = await visitor.get(f"{DESK}/persone/{rosa}")
    assert not asked.says("Colombo")
    assert await database.scalar("SELECT count(*) FROM audit WHERE what = 'person.looked'") == 0
    for _ in range(2):
        page = await visitor.submit(asked.form(method="get"), motivo="credit")
        assert page.says("Ha 240,00 €. 18,00 € sono già impegnati. Può usare 222,00 €.")
        assert page.says("0331 000 111")
    looks = await database.rows("SELECT purpose, actor_id FROM audit WHERE what = 'person.looked'")
    assert looks == [{"purpose": "credit", "actor_id": centre.staff["desk"].id}]
    visitor.clock.move(minutes=16)
    await visitor.get(f"{DESK}/persone/{rosa}?motivo=credit")
    assert await database.scalar("SELECT count(*) FROM audit WHERE what = 'person.looked'") == 2


async def test_what_came_of_the_last_bookings_is_told_on_the_telephone(visitor: Visitor, centre: Centre) -> None:
    rosa = await centre.person("Rosa Colombo", 24000)
    operator = centre.staff["operator"]
    came, missed = [
        await centre.book("rosa", what, at(hour)) for what, hour in (("aiuto", "11:00"), ("spesa", "12:00"))
    ]
    called_off = await centre.book("rosa", "compiti", NOON + timedelta(days=2))
    secret = await centre.book("rosa", "ascolto", at("10:00"))
    to_come = await centre.book("rosa", "compiti", NOON + timedelta(days=3))
    for each in (came, secret):
        await check_in.arrive(each, nonce=each, device_at=NOON, actor=operator, now=NOON)
    await check_in.absent(missed, "transport", nonce="three", actor=operator, now=NOON)
    await cancellation.cancel(called_off, "ill", actor=centre.staff["desk"], now=NOON)
    page = await visitor.get(f"{DESK}/persone/{rosa}?motivo=booking")
    listed = [str(each).split()[-1] for each in page.all("//ul[@class='day']//p[@class='quiet']/text()")]
    assert listed == [to_come, called_off, missed, came]
    assert page.says("Già passati") and page.says("Arrivo alle 12.00") and page.says("Annullata")
    assert page.says("Assenza: trasporto saltato")
    visitor.clock.move(days=60)
    await visitor.as_staff(centre.staff["desk"].id)
    assert (await visitor.get(f"{DESK}/persone/{rosa}?motivo=booking")).says("24 novembre 2026")


async def test_an_operator_sees_only_their_own_bookings_people(visitor: Visitor, centre: Centre) -> None:
    rosa = await centre.person("Rosa Colombo", 24000)
    await visitor.as_staff(centre.staff["operator"].id)
    assert (await visitor.get(f"{DESK}/persone/{rosa}?motivo=credit")).status == 404
    await centre.book("rosa", "aiuto", NOON + timedelta(days=1))
    page = await visitor.get(f"{DESK}/persone/{rosa}?motivo=arrival")
    assert page.says("Aiuto in casa")
    assert not page.says("240,00")
    assert (await visitor.get(f"{DESK}/persone/{rosa}/prenota/aiuto")).status == 404


async def test_booking_for_a_person_takes_five_presses_and_names_four_parties(visitor: Visitor, centre: Centre) -> None:
    rosa = await centre.person("Rosa Colombo", 24000)
    found = await _find(visitor, "colombo")  # 1
    page = await visitor.follow(found)
    page = await visitor.submit(page.form(method="get"), motivo="booking")  # 2
    page = await visitor.get(page.link("Prenota"))
    page = await visitor.get(f"{DESK}/persone/{rosa}/prenota/aiuto")
    form = page.form("prenota/aiuto")
    chosen = next(str(v) for v in page.all("//input[@name='orario']/@value"))
    page = await visitor.follow(await visitor.submit(form, orario=chosen))  # 3
    assert page.says("Paga Comune di Tradate")
    assert page.says("− 18,00 €")
    confirm = page.form("conferma")
    for _ in range(2):
        page = await visitor.follow(await visitor.submit(confirm))  # 4, twice: a double click
    assert page.says("Impegnato da Comune di Tradate")
    rows = await database.rows("SELECT booked_by, receiver_id, payer_id, staff_id, state FROM booking")
    staff = centre.staff["desk"].id
    assert rows == [{"booked_by": rosa, "receiver_id": rosa, "payer_id": rosa, "staff_id": staff, "state": "confirmed"}]
    assert await centre.wallet("rosa") == (24000, 1800, 22200)


async def test_a_time_the_person_has_leads_to_its_booking(visitor: Visitor, centre: Centre) -> None:
    rosa = await centre.person("Rosa Colombo", 24000)
    tomorrow = NOON + timedelta(days=1)
    code = await centre.book("rosa", "aiuto", tomorrow)
    page = await visitor.get(f"{DESK}/persone/{rosa}/prenota/aiuto")
    refused = await visitor.submit(page.form("prenota/aiuto"), orario=tomorrow.isoformat())
    assert refused.status == 422 and refused.says("Questa persona ha già questo orario.")
    assert refused.link("Guarda la prenotazione") == f"{DESK}/prenotazioni/{code}"
    assert await database.scalar("SELECT count(*) FROM slot_hold WHERE ended_at IS NULL") == 0


async def test_a_parent_served_books_for_a_child(visitor: Visitor, centre: Centre) -> None:
    amina, yusuf = await centre.person("Amina Haddad", 15000), await centre.person("Yusuf Haddad")
    await insert(
        "delegation",
        person_id=yusuf,
        delegate_id=amina,
        kind="parent",
        may_see=True,
        may_book=True,
        may_spend=True,
        from_on=date(2026, 1, 7),
    )
    await database.execute("UPDATE identity SET born_on = {} WHERE person_id = {}", date(2019, 3, 1), yusuf)
    await household.declare_minor(yusuf, amina, actor=centre.staff["desk"], now=NOON)
    page = await visitor.get(f"{DESK}/persone/{amina}/prenota/compiti")
    chosen = next(str(v) for v in page.all("//input[@name='orario']/@value"))
    page = await visitor.submit(page.form("prenota/compiti"), orario=chosen, chi=str(yusuf))
    page = await visitor.follow(page)
    page = await visitor.follow(await visitor.submit(page.form("conferma")))
    row = await database.row("SELECT booked_by, receiver_id, payer_id FROM booking")
    assert row == {"booked_by": amina, "receiver_id": yusuf, "payer_id": amina}
    assert await centre.wallet("amina") == (15000, 900, 14100)


async def test_someone_elses_hold_is_not_there(visitor: Visitor, centre: Centre) -> None:
    rosa, sara = await centre.person("Rosa Colombo", 24000), await centre.person("Sara Haddad")
    page = await visitor.get(f"{DESK}/persone/{rosa}/prenota/aiuto")
    chosen = next(str(v) for v in page.all("//input[@name='orario']/@value"))
    held = await visitor.submit(page.form("prenota/aiuto"), orario=chosen)
    number = held.location.rpartition("/")[2]
    assert (await visitor.get(f"{DESK}/persone/{sara}/conferma/{number}")).status == 404
    other = visitor.somebody_else()
    await other.as_staff(centre.staff["area_manager"].id)
    assert (await other.get(f"{DESK}/persone/{rosa}/conferma/{number}")).status == 404
