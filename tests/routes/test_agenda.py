"""More appointments than a person's first page shows."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from app.domain import cancellation
from app.views import agenda, me
from tests.people import Cast
from tests.timetable import NOW, TEN, Timetable, book, person
from tests.visitor import Page, Visitor

pytestmark = pytest.mark.anyio
ALL = "Tutti i tuoi appuntamenti"


@pytest.fixture
async def codes(visitor: Visitor, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[list[str]]:
    """Seven of Rosa's, one a day: two are past, then one that was called off, then four to come."""
    monkeypatch.setattr(me, "MOST", 2)
    monkeypatch.setattr(me, "MOST_PAST", 2)
    monkeypatch.setattr(agenda, "A_PAGE", 3)
    town = await Timetable(cast).open()
    place, rosa = await town.service(), await person(cast.rosa.id)
    found = [await book(place, TEN + timedelta(days=day), rosa) for day in range(7)]
    await cancellation.cancel(found[2], "ill", actor=rosa, now=NOW)
    visitor.clock.move(days=(TEN - NOW).days + 2)
    await visitor.as_person(cast.rosa)
    yield found


def listed(page: Page) -> list[str]:
    return [str(address)[-8:] for address in page.all("//main//h3/a/@href")]


async def test_the_first_page_says_where_the_others_are(visitor: Visitor, codes: list[str]) -> None:
    page = await visitor.get("/tradate/io")
    assert listed(page) == [codes[3], codes[4], codes[2], codes[1]]
    assert page.text.count(ALL) == 2 and page.link(ALL) == "/tradate/io/appuntamenti"


async def test_all_of_them_first_those_to_come_then_back_in_time(visitor: Visitor, codes: list[str]) -> None:
    pages = [await visitor.get("/tradate/io/appuntamenti")]
    for _ in range(2):
        pages.append(await visitor.get(pages[-1].link("Avanti")))
    assert [listed(page) for page in pages] == [codes[3:6], [codes[6], codes[2], codes[1]], [codes[0]]]
    assert pages[1].says("I prossimi appuntamenti") and pages[1].says("Già passati") and pages[1].says("Annullata")
    assert not pages[2].says("I prossimi appuntamenti") and not pages[2].says("Avanti")


async def test_a_page_there_is_none_of_leads_to_the_first(visitor: Visitor, codes: list[str]) -> None:
    for number in ("4", "1000", "-1", "due"):
        assert listed(await visitor.get(f"/tradate/io/appuntamenti?pagina={number}")) == codes[3:6], number


async def test_who_has_none_is_told_what_to_do(visitor: Visitor, cast: Cast) -> None:
    await visitor.as_person(cast.omar)
    page = await visitor.get("/tradate/io/appuntamenti")
    assert page.says("Non hai appuntamenti.") and page.link("Trova un servizio")
    assert not (await visitor.get("/tradate/io")).says(ALL)
