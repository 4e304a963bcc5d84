"""The list of what a device wrote down and did not fit: each row says why, and a person decides with a reason."""

from collections.abc import AsyncIterator

import pytest

from app import database
from app.domain import cancellation, check_in, desk, door
from tests.centre import NOON, Centre, state_of
from tests.visitor import Visitor

pytestmark = pytest.mark.anyio
REVIEW = "/tradate/sportello/da-rivedere"


@pytest.fixture
async def centre(visitor: Visitor) -> AsyncIterator[Centre]:
    centre = await Centre().open()
    await centre.person("Amina Haddad", 15000)
    await visitor.as_staff(centre.staff["operator"].id)
    yield centre


async def written(centre: Centre, code: str, nonce: str = "n1") -> str:
    operator = centre.staff["operator"]
    pledge = door.pledge(operator, centre.territory, NOON.replace(hour=9))
    told = door.Told(nonce, "arrived", code, pledge, device_ms=0, sent_ms=3_600_000)
    return await door.take(told, await desk.scope(operator, centre.territory), actor=operator, now=NOON)


async def test_an_absence_marked_meanwhile_becomes_the_arrival_it_was(visitor: Visitor, centre: Centre) -> None:
    code = await centre.book("amina", "compiti")
    boss = centre.staff["coordinator"]
    await check_in.absent(code, "no_news", nonce="other", actor=boss, now=NOON)
    await written(centre, code)
    assert (await visitor.get("/tradate/sportello")).link("Da rivedere (1)").endswith(REVIEW)
    page = await visitor.get(REVIEW)
    for said in ("Amina Haddad", "Intanto era segnata un'assenza.", "alle 11.00, da Operatorina", "nessuna notizia"):
        assert page.says(said), said
    form = page.form("da-rivedere")
    refused = await visitor.submit(form, fai="arrived")
    assert refused.status == 422 and refused.says("Scegli una delle risposte.")
    (reason,) = {name for name, _ in refused.form("da-rivedere").fields if name.startswith("perche")} or {
        f"perche-{await database.scalar('SELECT id FROM door_note')}"
    }
    for _ in range(2):
        page = await visitor.follow(await visitor.submit(form, fai="arrived", **{reason: "seen"}))
        assert page.says("Niente da rivedere")
    assert (await state_of(code), await centre.paid_to_centre()) == ("arrived", 900)
    assert (await visitor.get("/tradate/sportello")).says("Arrivo alle 11.00")


async def test_what_was_cancelled_can_only_be_left(visitor: Visitor, centre: Centre) -> None:
    code = await centre.book("amina", "compiti")
    await cancellation.cancel(code, "ill", actor=centre.staff["coordinator"], now=NOON)
    await written(centre, code)
    page = await visitor.get(REVIEW)
    assert page.says("Intanto la prenotazione era annullata.") and not page.says("Segna come scritto")
    number = await database.scalar("SELECT id FROM door_note")
    await visitor.submit(page.form("da-rivedere"), fai="kept", **{f"perche-{number}": "did_not_come"})
    assert (await visitor.get(REVIEW)).says("Niente da rivedere")
    assert await centre.wallet("amina") == (15000, 0, 15000)


async def test_a_code_that_names_nothing_shows_nobody(visitor: Visitor, centre: Centre) -> None:
    await written(centre, "ZZZZ9999")
    page = await visitor.get(REVIEW)
    assert page.says("Codice ZZZZ 9999") and page.says("Nessuna prenotazione che puoi vedere ha questo codice.")


async def test_two_of_them_are_two_forms_with_their_own_reason(visitor: Visitor, centre: Centre) -> None:
    for number in (1, 2):
        await written(centre, f"ZZZZ999{number + 6}", f"n{number}")
    page = await visitor.get(REVIEW)
    assert len(page.forms("//main//form[contains(@action, 'da-rivedere')]")) == 2
