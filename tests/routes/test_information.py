"""Pages that explain: in both languages, and only where there is a territory."""

import pytest

from tests.visitor import Visitor

pytestmark = pytest.mark.anyio
PAGES = {
    "come-funziona": ("Come funziona", "How it works"),
    "sul-telefono": ("Vicino sul tuo telefono", "Vicino on your phone"),
    "chi-vede-i-tuoi-dati": ("Chi vede i tuoi dati", "Who sees your data"),
    "accessibilita": ("Dichiarazione di accessibilità", "Accessibility statement"),
    "note-legali": ("Note legali", "Legal notes"),
}


@pytest.mark.parametrize("path", PAGES)
async def test_it_stands_in_both_languages(citizen: Visitor, path: str) -> None:
    italian, english = PAGES[path]
    assert (await citizen.get(f"/tradate/{path}")).title == italian
    assert (await citizen.get(f"/en/tradate/{path}")).title == english
    assert (await citizen.get(f"/nessuno/{path}")).status == 404


async def test_the_statement_says_what_the_form_of_agid_asks(citizen: Visitor) -> None:
    page = await citizen.get("/tradate/accessibilita")
    for part in ("Stato di conformità", "Contenuti non accessibili", "Segnala un problema", "Difensore civico"):
        assert page.says(part)
