"""Somebody who has been with us for years: each page stays as light as every other, and nothing is out of reach.

What a page may weigh is asked of each by the visitor (`tests/pages/rules.py`).
"""

from datetime import timedelta

import pytest

from app.domain import access, cancellation
from tests.people import Cast
from tests.timetable import NOW, TEN, Timetable, book, person, staff
from tests.visitor import Page, Visitor

pytestmark = pytest.mark.anyio
CALLED_OFF, TO_COME = 40, 24
IMMACULATE = 12  # days after TEN the centre is closed
IO = "/tradate/io"


async def every(visitor: Visitor, address: str) -> list[Page]:
    pages = [await visitor.get(address)]
    while pages[-1].all("//a[@rel='next']"):
        pages.append(await visitor.get(pages[-1].link("Avanti")))
    return pages


async def test_all_of_a_long_history_is_reached_in_light_pages(visitor: Visitor, cast: Cast) -> None:
    town = await Timetable(cast).open()
    purse = await town.credit(cast.amina.id, 90_000)
    place, amina = await town.service(), await person(cast.amina.id)
    for number in range(CALLED_OFF):
        code = await book(place, TEN, amina)
        await cancellation.cancel(code, "ill", actor=amina, now=NOW)
        await access.look(cast.amina.id, "money", actor=await staff(cast.desk.id), now=NOW - timedelta(days=number))
    for day in (day for day in range(TO_COME + 1) if day != IMMACULATE):
        await book(place, TEN + timedelta(days=day), amina)
    await visitor.as_person(cast.amina)
    found = {address: await every(visitor, f"{IO}/{address}") for address in ("appuntamenti", f"borsellino/{purse}")}
    found |= {
        address: await every(visitor, f"{IO}/{address}".rstrip("/")) for address in ("chi-ha-guardato", "messaggi", "")
    }
    lines = {
        address: sum(len(page.all("//main//h3 | //main//dd")) for page in pages) for address, pages in found.items()
    }
    assert lines["appuntamenti"] == CALLED_OFF + TO_COME
    assert lines[f"borsellino/{purse}"] == 1 + 2 * CALLED_OFF + TO_COME
    assert sum(len(page.all("//main//li[@class='card']")) for page in found["chi-ha-guardato"]) == CALLED_OFF
    assert len(found["messaggi"]) > 1 and found[""][0].says("Tutti i tuoi appuntamenti")
