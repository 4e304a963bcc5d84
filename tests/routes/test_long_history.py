"""Somebody who has been with us for years: each page stays as light as every other, and nothing is out of reach.

What a page may weigh is asked of each by the visitor (`tests/pages/rules.py`).
"""

from datetime import timedelta

import pytest

from app import database
from app.domain import access, cancellation
from tests.people import Cast
from tests.timetable import NOW, TEN, Timetable, book, person, staff
from tests.visitor import Visitor

pytestmark = pytest.mark.anyio
CALLED_OFF, TO_COME = 40, 24
IMMACULATE = 12  # days after TEN the centre is closed
IO = "/tradate/io"


async def counted(visitor: Visitor, address: str, what: str) -> int:
    """How many of it stand on all pages of this list."""
    page = await visitor.get(address)
    here = len(page.all(f"//main//{what}"))
    return here + (await counted(visitor, page.link("Avanti"), what) if page.all("//a[@rel='next']") else 0)


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
    assert await counted(visitor, f"{IO}/appuntamenti", "li[@class='card']") == CALLED_OFF + TO_COME
    assert await counted(visitor, f"{IO}/borsellino/{purse}", "dd") == 1 + 2 * CALLED_OFF + TO_COME
    assert await counted(visitor, f"{IO}/chi-ha-guardato", "li[@class='card']") == CALLED_OFF
    told = await database.scalar(
        "SELECT count(*) FROM message WHERE person_id = {} AND due_at <= {} AND state <> 'cancelled'",
        *(cast.amina.id, visitor.clock.now),
    )
    assert await counted(visitor, f"{IO}/messaggi", "section[contains(@class, 'panel')]") == told > 10
    assert (await visitor.get(IO)).says("Tutti i tuoi appuntamenti")
