"""The page a form leads to, in the answer to the form: what the browser would have fetched next, to the letter."""

import pytest

from app import database
from app.edge import one_trip, static
from tests.people import PIN, Cast
from tests.timetable import Timetable
from tests.visitor import Visitor

pytestmark = pytest.mark.anyio
WISH = {"prefer": "return=representation"}


async def test_signing_in_brings_the_page_it_leads_to(visitor: Visitor, cast: Cast) -> None:
    typed = {"card": cast.amina.card, "pin": PIN, "phone": "mine", "_key": "k1"}
    done = await visitor.post("/tradate/entra", typed, **WISH)
    assert done.status == 200 and done.headers["content-location"] == "/tradate/io"
    assert "location" not in done.headers and done.title == "Ciao Amina"
    assert {cookie.name for cookie in visitor.client.cookies.jar} == {"vicino", "vicino_phone"}
    same = await visitor.get("/tradate/io")
    assert done.visible_text == same.visible_text
    assert done.headers["cache-control"] == same.headers["cache-control"] and done.headers["own"] == same.headers["own"]


async def test_a_browser_that_does_not_ask_is_redirected(visitor: Visitor, cast: Cast) -> None:
    typed = {"card": cast.amina.card, "pin": PIN, "phone": "mine", "_key": "k1"}
    done = await visitor.post("/tradate/entra", typed)
    assert done.status == 303 and done.location == "/tradate/io" and "content-location" not in done.headers


async def test_a_redirect_to_a_redirect_is_followed_to_the_page(visitor: Visitor, cast: Cast) -> None:
    """The sign-in page sends who is inside already to where they wanted to be."""
    typed = {"card": cast.tomas.card, "pin": PIN, "phone": "mine", "poi": "/tradate/entra", "_key": "k1"}
    done = await visitor.post("/tradate/entra", typed, **WISH)
    assert done.status == 200 and done.headers["content-location"] == "/tradate/io" and done.title == "Ciao Tomas"


async def test_what_is_told_on_the_way_arrives(visitor: Visitor, cast: Cast) -> None:
    await visitor.as_person(cast.tomas)
    done = await visitor.post("/tradate/chiudi", {"_key": "k"}, **WISH)
    assert done.status == 200 and done.headers["content-location"] == "/tradate"
    assert not list(visitor.client.cookies.jar) and not done.says("Tomas")


async def test_what_is_refused_is_shown_where_it_was_typed(visitor: Visitor, cast: Cast) -> None:
    typed = {"card": cast.amina.card, "pin": "000111", "phone": "mine", "_key": "k1"}
    refused = await visitor.post("/tradate/entra", typed, **WISH)
    assert refused.status == 422 and "content-location" not in refused.headers


async def test_a_form_sent_twice_has_one_effect_and_shows_one_page(visitor: Visitor, cast: Cast) -> None:
    await (await Timetable(cast).open()).service(rule="FREQ=WEEKLY;BYDAY=TH,FR")
    await visitor.as_person(cast.tomas)
    form = (await visitor.get("/tradate/prenota/compiti")).form("/orario")
    pairs = dict(form.fields) | {"chi": str(cast.tomas.id)}
    once = await visitor.post("/tradate/prenota/compiti/orario", pairs, **WISH)
    twice = await visitor.post("/tradate/prenota/compiti/orario", pairs, **WISH)
    assert once.status == twice.status == 200
    assert once.headers["content-location"] == twice.headers["content-location"]
    assert await database.scalar("SELECT count(*) FROM slot_hold") == 1


@pytest.mark.parametrize("said", ["https://evil.example/x", "//evil.example", "/\\evil.example", ""])
def test_nothing_of_another_site_is_followed(said: str) -> None:
    assert one_trip.place(303, [(b"location", said.encode())]) == ""
    assert one_trip.place(200, [(b"location", b"/tradate")]) == ""


async def test_the_sheet_is_named_as_on_every_page_that_follows(visitor: Visitor, cast: Cast) -> None:
    typed = {"card": cast.amina.card, "pin": PIN, "phone": "mine", "_key": "k1"}
    done = await visitor.post("/tradate/entra", typed, **WISH)
    assert f'href="{static.address(static.CRITICAL)}"' in done.text
