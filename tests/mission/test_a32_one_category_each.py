"""A32: services to person, education, recreation: each has exactly one category, from the controlled list."""

import pytest

from app import database
from app.seed import content
from tests.pages.answer import words
from tests.visitor import Visitor

pytestmark = pytest.mark.anyio


async def test_every_service_has_one_category_of_the_list(citizen: Visitor) -> None:
    rows = await database.rows(
        "SELECT s.slug, c.code, t.slug AS territory FROM service s LEFT JOIN category c ON c.id = s.category_id "
        "JOIN territory t ON t.id = s.territory_id WHERE s.status <> 'draft' AND t.slug <> 'canarino'"
    )
    allowed = {category.code for category in content.load_categories()}
    assert len(rows) >= 60 and {row["code"] for row in rows} <= allowed


async def test_the_page_names_it_and_leads_to_its_like(citizen: Visitor) -> None:
    page = await citizen.get("/tradate/servizi/aiuto-compiti")
    topics = page.all("//*[@data-element='service-topic']")
    assert words(topics[0]) == "Aiuto compiti"
    same = await citizen.get(str(topics[0].get("href")))
    assert same.title == "Aiuto compiti" and same.says("Studio in piccolo gruppo")
