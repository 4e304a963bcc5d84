"""A61: at the centre, at home, online, by phone: each service says its mode in words."""

import pytest

from app import database
from tests.pages.answer import words
from tests.visitor import Visitor

pytestmark = pytest.mark.anyio
WORDS = {"centre": "Al centro", "home": "A casa tua", "online": "In video", "phone": "Al telefono"}


@pytest.mark.parametrize("mode", WORDS)
async def test_list_and_page_say_it(citizen: Visitor, mode: str) -> None:
    slug = await database.scalar(
        "SELECT s.slug FROM service s JOIN territory t ON t.id = s.territory_id "
        "WHERE t.slug = 'tradate' AND s.mode = {} AND s.status = 'published' ORDER BY s.id",
        mode,
    )
    listed = await citizen.get(f"/tradate/servizi?modo={mode}")
    cards = [words(card) for card in listed.all("//li[@class='card']")]
    assert cards and all(WORDS[mode] in card for card in cards)
    assert (await citizen.get(f"/tradate/servizi/{slug}")).says(WORDS[mode])
