"""The first page of a territory, and making one."""

from datetime import date

import pytest

from app.domain import territory
from app.domain.actor import SYSTEM
from app.domain.errors import InvalidInput
from tests.visitor import NOON, Visitor

pytestmark = pytest.mark.anyio


async def test_everything_one_needs_stands_first(citizen: Visitor) -> None:
    page = await citizen.get("/tradate")
    text = page.visible_text
    order = [
        "Trova e prenota un aiuto per te e la tua famiglia",
        "Guardare è gratis. Non serve registrarsi.",
        "Di cosa hai bisogno?",
        "Bambini e ragazzi",
        "Anziani",
        "Disabilità e fragilità",
        "Hai una tessera, un buono o un codice?",
        "Preferisci parlare con una persona?",
        "0331 000 001",
        "aperto ora, fino alle 13",
        "Social Point",
    ]
    places = [text.index(words) for words in order]
    assert places == sorted(places)
    assert page.link("Entra").startswith("/tradate/entra")


async def test_the_search_box_leads_to_the_catalogue(citizen: Visitor) -> None:
    page = await citizen.submit((await citizen.get("/tradate")).form("servizi", method="get"), q="badante")
    assert page.title == "Risultati per «badante»" and page.says("Cerca badante")


@pytest.mark.parametrize(("slug", "colour"), [("prova", "blue"), ("", "blue"), ("rho", "#123456")])
async def test_words_and_colours_that_do_not_fit_are_refused(citizen: Visitor, slug: str, colour: str) -> None:
    with pytest.raises(InvalidInput):
        await territory.create(
            slug,
            "Rho",
            district="Rho",
            phone="02 000 001",
            phone_cost="",
            opened_on=date(2026, 1, 7),
            colour=colour,
            actor=SYSTEM,
            now=NOON,
        )
