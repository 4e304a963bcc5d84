"""The list of services: what is asked in vain is answered, and counted without anybody."""

import pytest

from app import database
from app.domain import observation, search, synonym
from app.domain.actor import SYSTEM
from tests.visitor import NOON, Visitor

pytestmark = pytest.mark.anyio


async def test_nothing_found_gives_a_telephone_and_a_call(citizen: Visitor) -> None:
    page = await citizen.get("/tradate/servizi?q=Wrzyszcz+qwxyzk")
    assert page.says("Con queste parole non c'è niente.") and page.says("0331 000 001")
    assert page.link("Chiamatemi voi") == "/tradate/chiamatemi"
    await observation.flush()
    rows = await database.rows("SELECT subject, seen FROM observation WHERE kind = 'no_result'")
    assert rows == [{"subject": "", "seen": 1}]


async def test_what_nobody_serves_says_where_to_go(citizen: Visitor) -> None:
    await synonym.add_not_offered("cartomante", "Qui non c'è. Prova al bar.", "0331 000 099", actor=SYSTEM, now=NOON)
    page = await citizen.get("/tradate/servizi?q=una+cartomante")
    assert page.says("Qui non c'è. Prova al bar. 0331 000 099")


async def test_too_narrow_a_choice_shows_something_near(citizen: Visitor) -> None:
    page = await citizen.get("/tradate/servizi?categoria=home-care&prezzo=0")
    assert page.says("Con queste scelte non c'è niente.") and page.says("Servizi simili") and page.says("Aiuto in casa")


async def test_an_old_first_date_is_not_said(citizen: Visitor) -> None:
    citizen.clock.move(days=2)
    page = await citizen.get("/tradate/servizi")
    assert page.says("Data da controllare: apri la pagina") and not page.says("Primo posto:")


async def test_the_list_is_the_same_bytes_and_is_not_sent_twice(citizen: Visitor) -> None:
    page = await citizen.get("/tradate/servizi")
    again = await citizen.get("/tradate/servizi", if_none_match=page.headers["etag"])
    assert again.status == 304


async def test_of_too_many_the_first_are_shown_and_their_number_is_not_that_of_all(
    citizen: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "MOST", 2)
    monkeypatch.setattr(search, "CANDIDATES", 3)
    assert (await citizen.get("/tradate/servizi?q=casa")).says("I primi 3 servizi")
    assert (await citizen.get("/en/tradate/servizi?q=casa")).says("The first 3 services")
