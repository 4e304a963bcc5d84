"""The queues: requests with their promise, calls we owe, calls nobody else can make."""

from collections.abc import AsyncIterator

import pytest

from app import database
from app.domain import callback, request, territory
from app.domain.actor import ANONYMOUS, Actor
from app.domain.request import Wish
from tests.centre import NOON, Centre, state_of
from tests.visitor import FilledForm, Visitor

pytestmark = pytest.mark.anyio
DESK = "/tradate/sportello"


@pytest.fixture
async def centre(visitor: Visitor) -> AsyncIterator[Centre]:
    centre = await Centre().open()
    await visitor.as_staff(centre.staff["desk"].id)
    await centre.person("Rosa Colombo", 1500, contacts=(("call", "0331 000 111"),))
    yield centre


async def test_a_request_is_accepted_with_its_consequence_read(visitor: Visitor, centre: Centre) -> None:
    rosa = centre.people["rosa"]
    code = await request.ask(
        centre.services["trasporto"],
        Wish(rosa, "", "", "it", 1, {}),
        token="t" * 24,
        actor=Actor("person", rosa),
        now=NOON,
    )
    assert (await visitor.get(DESK)).says("Richieste (1)")
    page = await visitor.get(f"{DESK}/richieste")
    assert page.says("risposta entro venerdì 27 novembre")
    assert not page.says("In ritardo")
    visitor.clock.move(days=4)
    await visitor.as_staff(centre.staff["desk"].id)
    page = await visitor.get(f"{DESK}/richieste")
    assert page.says("In ritardo")
    page = await visitor.get(page.link("Rispondi").partition("#")[0])
    assert page.says("Se accetti: Comune di Tradate paga 15,00 €, la persona paga 5,00 €.")
    forms = [FilledForm.of(form) for form in page.all("//main//form")]
    yes = next(form for form in forms if ("fai", "accepted") in form.fields)
    page = await visitor.follow(await visitor.submit(yes))
    assert page.says("Impegnato da Comune di Tradate − 15,00 €")
    assert await state_of(code) == "confirmed"
    assert (await visitor.get(f"{DESK}/richieste")).says("Accettate, senza orario")


async def test_a_promised_call_is_made_and_closed(visitor: Visitor, centre: Centre) -> None:
    place = await territory.by_slug("tradate")
    assert place is not None
    await callback.ask(place, wished="morning", name="Nadia Verdi", phone="0331 000 222", actor=ANONYMOUS, now=NOON)
    page = await visitor.get(f"{DESK}/richieste")
    assert page.says("Nadia Verdi")
    assert page.says("0331 000 222")
    assert page.says("di mattina")
    form = page.form("richiamate")
    page = await visitor.follow(await visitor.submit(form, esito="no_answer"))
    assert page.says("Nadia Verdi")
    page = await visitor.follow(await visitor.submit(page.form("richiamate"), esito="helped"))
    assert page.says("Nessuno aspetta una telefonata")
    closed = await database.row("SELECT outcome, staff_id FROM callback")
    assert closed == {"outcome": "helped", "staff_id": centre.staff["desk"].id}
    page = await visitor.submit(form, esito="booked")
    assert page.status == 422


async def test_operators_make_no_calls(visitor: Visitor, centre: Centre) -> None:
    await visitor.as_staff(centre.staff["operator"].id)
    assert (await visitor.get(f"{DESK}/telefonate")).status == 404
    assert not (await visitor.get(f"{DESK}/richieste")).says("Da richiamare")
