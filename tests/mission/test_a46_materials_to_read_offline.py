"""A46: a saved material page opens with no network.

What a phone keeps, and that it opens with the line cut, is asked of Chromium in tests/browser/test_material.py; here
that each material is such a page: public, without a query, and whole, so that nothing is missing when it is read.
"""

import pytest

from app import database
from tests.pages.answer import words
from tests.visitor import Page, Visitor

pytestmark = pytest.mark.anyio


async def test_each_material_is_a_page_that_a_phone_keeps_whole(citizen: Visitor) -> None:
    told = await database.rows(
        "SELECT s.slug, m.title, m.text FROM material m JOIN service s ON s.id = m.service_id "
        "JOIN territory t ON t.id = s.territory_id WHERE t.slug = 'tradate' ORDER BY m.id"
    )
    assert {row["slug"] for row in told} == {"aiuto-compiti", "logopedia", "italiano-a1"}
    for one in told:
        service = await citizen.get(f"/tradate/servizi/{one['slug']}")
        listed = await citizen.get(service.link("Materiali da leggere"))
        page = await citizen.get(listed.link(one["title"]))
        assert is_kept(page) and page.title == one["title"]
        assert "".join(signs(words(page.all("//main")[0]))).find("".join(signs(one["text"]))) >= 0


def is_kept(page: Page) -> bool:
    """As service_worker/pages.js decides it, for what is nobody's."""
    is_page = page.status == 200 and page.headers["content-type"].startswith("text/html")
    return is_page and page.headers["cache-control"].startswith("public") and "?" not in page.path


def signs(text: str) -> list[str]:
    return [sign for sign in text if sign.isalnum()]
