"""A person's own first page."""

import pytest

from tests.people import Cast
from tests.timetable import ELEVEN, TEN, Timetable, book, person
from tests.visitor import Visitor

pytestmark = pytest.mark.anyio


async def test_what_comes_next_and_the_credit_in_one_sentence(visitor: Visitor, cast: Cast) -> None:
    town = await Timetable(cast).open()
    place, hidden = await town.service(), await town.service("ascolto", is_confidential=True)
    await town.credit(cast.rosa.id, 6900)
    codes = [await book(place, TEN, await person(cast.rosa.id)), await book(hidden, ELEVEN, await person(cast.rosa.id))]
    await visitor.as_person(cast.rosa)
    page = await visitor.get("/tradate/io")
    assert page.title == "Ciao Rosa" and page.says("Hai 69,00 €. 50,00 € sono già impegnati. Puoi usare 19,00 €.")
    assert [str(a)[-8:] for a in page.all("//main//h3/a/@href")] == codes
    await visitor.as_person(cast.elena)
    page = await visitor.get("/tradate/io")
    assert [str(a)[-8:] for a in page.all("//main//h3/a/@href")] == codes[:1] and page.says("per Rosa")
    visitor.clock.move(days=3)
    await visitor.as_person(cast.rosa)
    page = await visitor.get("/en/tradate/io")
    assert page.says("You have no appointments.") and page.says("Already past")


async def test_it_is_for_who_signed_in(visitor: Visitor, cast: Cast) -> None:
    answer = await visitor.get("/tradate/io")
    assert answer.status == 303 and "/tradate/entra" in answer.location
