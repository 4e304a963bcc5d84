"""Dove abiti?"""

import pytest

from app import database
from app.domain import vault
from tests.visitor import Visitor

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("typed", ["Tradate", "tradat", "venegono", "21049", "Castiglione Olona (VA)"])
async def test_a_municipality_leads_to_its_territory(citizen: Visitor, typed: str) -> None:
    page = await citizen.submit((await citizen.get("/")).form("/", method="get"), comune=typed)
    assert (page.status, page.location) == (303, "/tradate")


async def test_in_english_it_leads_to_the_english_page(citizen: Visitor) -> None:
    assert (await citizen.get("/en/?comune=Cremona")).location == "/en/cremona"


async def test_a_missing_municipality_may_leave_a_number_once(citizen: Visitor) -> None:
    page = await citizen.get("/?comune=Gallarate")
    assert page.title == "Il tuo Comune non c'è ancora" and page.says("Vicino Tradate")
    form = (await citizen.get(page.link("Avvisatemi quando arriva"))).form("il-tuo-comune")
    assert ("comune", "Gallarate") in form.fields
    wrong = await citizen.submit(form, telefono="12")
    assert wrong.status == 422 and wrong.says("C'è qualcosa da sistemare")
    for _ in range(2):  # a double click
        done = await citizen.follow(await citizen.submit(form, telefono="300 0000 009"))
        assert done.title == "Abbiamo il tuo numero"
    rows = await database.rows("SELECT name, phone_encrypted FROM missing_municipality")
    assert [row["name"] for row in rows] == ["Gallarate"] and "300" not in rows[0]["phone_encrypted"]
    assert vault.decrypt_unowned("missing_municipality", rows[0]["phone_encrypted"]) == "3000000009"
