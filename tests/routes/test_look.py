"""Who looked at my data: read by the person, and by who acts for them."""

from datetime import timedelta

import pytest

from app.domain import access
from tests.people import Cast
from tests.timetable import NOW, staff
from tests.visitor import Visitor

pytestmark = pytest.mark.anyio
PATH = "/tradate/io/chi-ha-guardato"


async def test_each_look_is_a_line(visitor: Visitor, cast: Cast) -> None:
    await access.look(cast.rosa.id, "money", actor=await staff(cast.desk.id), now=NOW)
    await visitor.as_person(cast.rosa)
    page = await visitor.get(PATH)
    assert page.says("Ha aperto la scheda per controllare i crediti") and page.says("Dora Sala, sportello")
    assert (await visitor.get(f"/en{PATH}")).says("Opened the file to check the credit")
    await visitor.as_person(cast.elena)
    mine = await visitor.get(PATH)
    assert not mine.says("Dora Sala")
    hers = await visitor.get(mine.link("Vedi per Rosa"))
    assert hers.title == "Chi ha guardato i dati di Rosa" and hers.says("Dora Sala")
    for other in (cast.tomas.id, 999_999, "x"):
        assert (await visitor.get(f"{PATH}?di={other}")).status == 404


async def test_the_oldest_look_can_be_read_too(visitor: Visitor, cast: Cast) -> None:
    """Of each booking that a desk opens there is one: more than a page holds."""
    await access.look(cast.rosa.id, "call", actor=await staff(cast.desk.id), now=NOW - timedelta(days=400))
    for days in range(20):
        await access.look(cast.rosa.id, "money", actor=await staff(cast.desk.id), now=NOW - timedelta(days=days))
    await visitor.as_person(cast.elena)
    first = await visitor.get((await visitor.get(PATH)).link("Vedi per Rosa"))
    assert len(first.all("//main//li[@class='card']")) == 20
    last = await visitor.get(first.link("Avanti"))
    assert last.title == "Chi ha guardato i dati di Rosa" and last.says("Pagina 2 di 2")
    assert len(last.all("//main//li[@class='card']")) == 1
    assert (await visitor.get(f"{PATH}?di={cast.rosa.id}&pagina=7")).says("Pagina 2 di 2")
