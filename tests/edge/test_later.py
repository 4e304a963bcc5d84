"""Forms that waited on a phone: for who wrote them alone, once, with an answer that a program understands."""

import re
from typing import Any

import pytest

from app import addresses, database
from app.domain import vault
from app.edge import later
from tests.matrix import doors
from tests.people import Cast, Someone
from tests.timetable import TEN, Timetable, book, person
from tests.visitor import Visitor

pytestmark = pytest.mark.anyio


def sign(someone: Someone) -> str:
    return vault.peppered("own", str(someone.id))[:12]


@pytest.fixture
async def code(visitor: Visitor, cast: Cast) -> str:
    """Of a booking of Tomas."""
    place = await (await Timetable(cast).open()).service()
    return await book(place, TEN, await person(cast.tomas.id))


async def cancelled() -> int:
    return int(await database.scalar("SELECT count(*) FROM booking WHERE state = 'cancelled'"))


def form(code: str) -> tuple[str, dict[str, str]]:
    return f"/tradate/prenotazioni/{code}/annulla", {"_key": "k1", "motivo": "ill"}


async def test_what_waited_is_done_once_and_says_where_it_led(visitor: Visitor, cast: Cast, code: str) -> None:
    await visitor.as_person(cast.tomas)
    path, typed = form(code)
    for _ in range(3):
        done = await visitor.post(path, typed, later=sign(cast.tomas))
        assert (done.status, done.text) == (204, "") and await cancelled() == 1
        assert done.headers["content-location"] == f"/tradate/prenotazioni/{code}"


async def test_what_a_script_calls_a_form_is_no_answer(visitor: Visitor, cast: Cast, code: str) -> None:
    """A double press of which only the second came after the script."""
    await visitor.as_person(cast.tomas)
    path, typed = form(code)
    for named in ({}, {"_says": "Vuoi annullare?"}):
        assert (await visitor.post(path, typed | named)).status == 303
    assert await cancelled() == 1


async def test_somebody_elses_form_is_not_done(visitor: Visitor, cast: Cast, code: str) -> None:
    path, typed = form(code)
    await visitor.as_person(cast.tomas)
    for whose in (sign(cast.amina), "", "none"):
        assert (await visitor.post(path, typed, later=whose)).status == 401
    await visitor.as_person(cast.amina)
    assert (await visitor.post(path, typed, later=sign(cast.tomas))).status == 401
    assert await cancelled() == 0


async def test_a_session_that_ended_does_nothing(visitor: Visitor, cast: Cast, code: str) -> None:
    path, typed = form(code)
    asked = await visitor.post(path, typed, later=sign(cast.tomas))
    assert (asked.status, asked.text, await cancelled()) == (401, "", 0)


async def test_what_is_refused_is_the_page_that_says_why(visitor: Visitor, cast: Cast, code: str) -> None:
    await visitor.as_person(cast.tomas)
    path, typed = form(code)
    await visitor.post(path, typed)
    refused = await visitor.post(path, typed | {"_key": "k2"}, later=sign(cast.tomas))
    assert refused.status == 422 and refused.says("Questa prenotazione è già chiusa.")


async def test_nobody_elses_page_tells_the_sign(visitor: Visitor, cast: Cast) -> None:
    await visitor.as_person(cast.tomas)
    assert (await visitor.get("/tradate/io")).headers["own"] == sign(cast.tomas) != sign(cast.amina)
    assert (await visitor.get("/tradate/io/famiglia")).headers["own"] == sign(cast.tomas)
    assert "keep" not in (await visitor.get("/tradate/io/famiglia")).headers


def test_the_worker_knows_which_forms_mean_nothing_later() -> None:
    """And lets all others wait, also those that nobody has thought of yet."""
    numbers = dict.fromkeys(("hold", "person", "given"), 7)
    parts: dict[str, Any] = {"territory": "x", "slug": "corso", "story": "rosa", "code": "K", **numbers}
    named = {door.name for door in doors() if door.method == "POST" and set(door.parts) <= set(parts)}
    found = {name for name in named if re.search(later.pattern(), addresses.url(name, **parts))}
    assert found == {*later.AT_ONCE, "staff_sign_in", "funder_sign_in"}
