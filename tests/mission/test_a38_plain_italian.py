"""A38: plain Italian: Gulpease of each seeded text is 60 at least, and hard words link to what they mean."""

import pytest

from app import database
from app.domain.readability import gulpease
from tests.pages.answer import words
from tests.visitor import Visitor

pytestmark = pytest.mark.anyio
FIELDS = ("summary", "for_whom", "how_to", "needed", "obtained", "times", "conditions")


async def test_every_text_is_easy(citizen: Visitor) -> None:
    rows = await database.rows(
        "SELECT s.slug, x.* FROM service_text x JOIN service s ON s.id = x.service_id "
        "JOIN territory t ON t.id = s.territory_id WHERE x.language = 'it' AND t.slug <> 'canarino'"
    )
    hard = [row["slug"] for row in rows if gulpease(" ".join(row[field] for field in FIELDS)) < 60]
    assert len(rows) >= 60 and hard == []


async def test_a_hard_word_leads_to_its_meaning(citizen: Visitor) -> None:
    await database.execute(
        "UPDATE service_text SET needed = 'Porta il tuo ISEE.' WHERE language = 'it' AND service_id = "
        "(SELECT id FROM service WHERE slug = 'aiuto-compiti')"
    )
    page = await citizen.get("/tradate/servizi/aiuto-compiti")
    address = page.link("ISEE")
    glossary = await citizen.get(address.partition("#")[0])
    assert address.endswith("#isee") and "gratis al CAF" in words(glossary.all("//*[@id='isee']")[0])
