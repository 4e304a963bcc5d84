"""More people in a day than one page, or one list of work, shows."""

from collections.abc import AsyncIterator

import pytest

from app.domain import desk
from app.views import desk as desk_views
from tests.centre import Centre
from tests.routes.test_door import device, opened
from tests.visitor import Visitor

pytestmark = pytest.mark.anyio
DESK = "/tradate/sportello"
PEOPLE = ("Amina", "Elena", "Ines", "Omar", "Rosa", "Tomas", "Zoe")


@pytest.fixture
async def codes(visitor: Visitor, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[list[str]]:
    """Seven who come at noon, by name."""
    monkeypatch.setattr(desk_views, "PAGE", 3)
    monkeypatch.setattr(desk, "MOST", 4)
    centre = await Centre().open()
    found = []
    for name in PEOPLE:
        await centre.person(f"{name} Sala", 5000)
        found.append(await centre.book(name.lower(), "compiti"))
    await visitor.as_staff(centre.staff["desk"].id)
    yield found


async def test_each_is_on_one_page_and_all_are_counted(visitor: Visitor, codes: list[str]) -> None:
    page, seen = await visitor.get(DESK), list[str]()
    while True:
        assert page.says("7 attese, 0 arrivate")
        seen += [str(row.get("id")).removeprefix("r-") for row in page.all("//ul[@id='scelti']/li")]
        if not page.says("Altri nomi"):
            break
        page = await visitor.get(page.link("Altri nomi"))
    assert seen == codes


async def test_a_press_on_the_last_page_counts_and_leads_back_there(visitor: Visitor, codes: list[str]) -> None:
    page = await visitor.get(f"{DESK}?pagina=3")
    page = await visitor.follow(await visitor.submit(page.form("arrivi"), fai=f"arrived {codes[-1]}"))
    assert page.says("7 attese, 1 arrivata") and page.says("Zoe Sala") and not page.says("Amina Sala")


async def test_who_comes_last_is_found_by_name(visitor: Visitor, codes: list[str]) -> None:
    page = await visitor.get(DESK)
    page = await visitor.follow(await visitor.submit(page.form("cerca"), cerca="Zoe Sala"))
    assert page.says("Zoe Sala") and codes[-1] in page.text


async def test_a_device_at_the_door_has_everybody(visitor: Visitor, codes: list[str]) -> None:
    assert [one["code"] for one in opened(*await device(visitor))] == codes
