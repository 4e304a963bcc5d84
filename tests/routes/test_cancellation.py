"""Calling off on the page: what comes back is said before, once is enough, too late is said plainly."""

import pytest

from tests.people import Cast
from tests.timetable import TEN, Timetable, book, person
from tests.visitor import Visitor

pytestmark = pytest.mark.anyio


@pytest.fixture
async def town(visitor: Visitor, cast: Cast) -> Timetable:
    return await Timetable(cast).open()


async def test_what_comes_back_is_said_and_comes_back(visitor: Visitor, town: Timetable) -> None:
    await town.credit(town.cast.amina.id, 900)
    code = await book(await town.service(), TEN, await person(town.cast.amina.id))
    await visitor.as_person(town.cast.amina)
    booked = await visitor.get(f"/tradate/prenotazioni/{code}")
    page = await visitor.get(booked.link("Annulla la prenotazione"))
    assert page.title == "Vuoi annullare?" and page.says("9,00 € tornano a: Comune di Tradate.")
    form = page.form("/annulla")
    wrong = await visitor.submit(form, motivo="boh")
    assert wrong.status == 422 and wrong.all("//*[@id='motivo-error']")
    first, second = await visitor.submit(form, motivo="ill"), await visitor.submit(form, motivo="ill")
    assert first.status == second.status == 303 and first.location == second.location
    other = await visitor.submit(form, motivo="transport")
    assert other.status == 422 and other.link("Guarda che cosa hai già inviato").endswith(code)
    done = await visitor.follow(first)
    assert done.title == "Hai annullato" and done.says("Restituito a Comune di Tradate 9,00 €")
    assert (await visitor.get("/tradate/io/borsellino")).says("Hai 9,00 €. Puoi usarli tutti.")
    again = await visitor.submit((await visitor.get(page.path)).form("/annulla"), motivo="ill")
    assert again.status == 422 and again.says("Questa prenotazione è già chiusa.")


async def test_too_late(visitor: Visitor, town: Timetable) -> None:
    code = await book(await town.service(), TEN, await person(town.cast.amina.id))
    visitor.clock.move(days=1)
    await visitor.as_person(town.cast.amina)
    page = await visitor.get(f"/tradate/prenotazioni/{code}")
    assert page.says("È tardi per annullare da qui. Telefona a Coop Lanterna: 0331 000 061.")
    assert not page.all("//a[contains(@href, '/annulla')]")
    refused = await visitor.post(f"{page.path}/annulla", {"_key": "k", "motivo": "ill"})
    assert refused.status == 422 and refused.says("È troppo tardi per farlo da qui. Telefona al centro.")
