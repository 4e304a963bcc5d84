"""A69: no page says utente, beneficiario or assistito."""

import re

import pytest

from app import database
from tests.visitor import Visitor

pytestmark = pytest.mark.anyio
FORBIDDEN = re.compile(r"\b(utent[ei]|beneficiari\w*|assistit[oaie])\b", re.IGNORECASE)
PAGES = ("", "/servizi", "/social-point", "/come-funziona", "/chi-vede-i-tuoi-dati", "/accessibilita", "/note-legali")


@pytest.mark.slow
async def test_no_page_says_it(citizen: Visitor) -> None:
    services = await database.rows(
        "SELECT t.slug AS territory, s.slug FROM service s JOIN territory t ON t.id = s.territory_id "
        "WHERE s.status <> 'draft' AND t.slug <> 'canarino'"
    )
    paths = ["/", "/tradate/chiamatemi", *(f"/tradate{page}" for page in PAGES)]
    paths += [f"/{row['territory']}/servizi/{row['slug']}" for row in services]
    said = {path: FORBIDDEN.findall((await citizen.get(path)).visible_text) for path in paths}
    assert {path: words for path, words in said.items() if words} == {} and len(paths) > 60


def test_the_words_would_be_found() -> None:
    assert FORBIDDEN.findall("L'utente e gli assistiti, beneficiarie") == ["utente", "assistiti", "beneficiarie"]
