"""A15: about a thousand services in one territory, found without an account, within the byte budget."""

import pytest

from app import database
from app.domain.search import index
from app.seed import funds
from tests.visitor import NOON, Visitor

pytestmark = pytest.mark.anyio


async def test_the_list_is_public_and_pages_go_on_without_repeating(citizen: Visitor) -> None:
    seen: list[str] = []
    address = "/tradate/servizi"
    while address:
        page = await citizen.get(address)
        assert page.is_public
        names = [str(a.get("href")) for a in page.all("//li[@class='card']//h2/a")]
        assert len(names) <= 20
        seen += names
        following = page.all("//a[@rel='next']/@href")
        address = str(following[0]) if following else ""
    published = await database.scalar(
        "SELECT count(*) FROM service s JOIN territory t ON t.id = s.territory_id "
        "WHERE t.slug = 'tradate' AND s.status = 'published'"
    )
    assert len(seen) == len(set(seen)) == published >= 35


async def test_filters_narrow_the_list_and_each_answer_keeps_them(citizen: Visitor) -> None:
    choosing = await citizen.get("/tradate/servizi?scegli=1")
    names = [str(name) for name in choosing.all("//main//select/@name")]
    assert names == ["categoria", "modo", "prezzo", "comune"]  # and the credit, once somebody gives one
    page = await citizen.get("/tradate/servizi?categoria=home-care&modo=home&prezzo=2000&comune=L319")
    assert page.says("Aiuto in casa")
    assert not page.says("Assistenza a casa anche nel fine settimana")  # 20,50 €
    assert page.says("A casa tua") and page.says("Fino a 20,00 €") and page.says("Togli le scelte")
    for name in ("famiglia", "categoria", "modo", "prezzo", "comune", "credito"):
        assert (await citizen.get(f"/tradate/servizi?{name}=<script>")).status == 200


async def test_two_providers_of_the_same_help_look_the_same(citizen: Visitor) -> None:
    page = await citizen.get("/tradate/servizi?categoria=home-care")
    assert page.says("Due cooperative offrono questo aiuto. Scegli tu.")
    shapes = {tuple(child.tag for child in card.iter()) for card in page.all("//li[@class='card']")}
    assert len(shapes) == 1


@pytest.mark.slow
async def test_a_thousand_services_cost_no_more_than_forty(citizen: Visitor) -> None:
    await citizen.get("/tradate")
    few = await citizen.get("/tradate/servizi")
    await database.write(lambda: _grow(1000))
    many, one = await citizen.get("/tradate/servizi"), await citizen.get("/tradate/servizi/copia-500")
    assert not few.says("1043 servizi") and many.says("1043 servizi")
    assert many.statements == few.statements <= 6
    assert many.sent < 9_000 and one.sent < 9_000
    found = await citizen.get("/tradate/servizi?q=copia+aiuto")
    assert found.statements <= 8 and found.all("//li[@class='card']")


async def _grow(number: int) -> None:
    """Copies of one service: the same row and texts under other names."""
    source = await database.row("SELECT * FROM service WHERE slug = 'aiuto-compiti'")
    assert source is not None
    text = await database.row("SELECT * FROM service_text WHERE service_id = {} AND language = 'it'", source.pop("id"))
    assert text is not None
    for i in range(number):
        service = {**source, "slug": f"copia-{i}"}
        service_id = await _copy("service", service)
        await _copy("service_text", {**text, "service_id": service_id, "name": f"Copia {i}"})
        await index(service_id)


async def _copy(table: str, values: database.Row) -> int:
    places = ", ".join(["{}"] * len(values))
    found = await database.rows(
        f"INSERT INTO {table} ({', '.join(values)}) VALUES ({places}) RETURNING *", *values.values()
    )
    return int(found[0].get("id", 0))


async def test_a_credit_narrows_the_list_and_its_price_is_said(citizen: Visitor) -> None:
    await funds.seed(NOON)
    listed = await citizen.get("/tradate/servizi?credito=famiglie-2026")
    assert listed.says("Aiuto compiti") and not listed.says("Pasti a casa") and listed.says("Famiglie 2026")
    page = await citizen.get("/tradate/servizi/aiuto-compiti")
    assert page.says("12,00 €") and page.says("Con il credito Famiglie 2026 (Comune di Tradate) paghi 3,00 €.")
