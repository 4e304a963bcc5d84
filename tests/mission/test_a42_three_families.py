"""A42: childhood, elderly, disability: fixed doors, each with something behind it in every territory."""

import pytest

from app.seed.content import TERRITORIES
from tests.pages.answer import words
from tests.visitor import Visitor

pytestmark = pytest.mark.anyio
DOORS = ("Bambini e ragazzi", "Anziani", "Disabilità e fragilità")


@pytest.mark.parametrize("territory", TERRITORIES)
@pytest.mark.parametrize("door", DOORS)
async def test_each_door_leads_to_help(citizen: Visitor, territory: str, door: str) -> None:
    home = await citizen.get(f"/{territory}")
    page = await citizen.get(home.link(door))
    assert page.title == door and page.all("//li[@class='card']")
    chosen = page.all("//a[@aria-current='true']")
    assert [words(link) for link in chosen] == [door]
