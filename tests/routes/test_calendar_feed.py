"""One's own appointments under a secret address: made, renewed and ended by the person, asked by a calendar outside."""

from typing import Any

import pytest
from icalendar import Calendar

from app import database
from app.domain import attempt, cancellation, delegation, move
from app.domain.actor import SYSTEM
from tests.people import Cast, Someone
from tests.timetable import ELEVEN, NOW, TEN, Timetable, book, person
from tests.visitor import ORIGIN, Page, Visitor

pytestmark = pytest.mark.anyio
PAGE = "/tradate/io/calendario"


@pytest.fixture
async def town(visitor: Visitor, cast: Cast) -> Timetable:
    return await Timetable(cast).open()


async def made(visitor: Visitor, who: Someone) -> str:
    """The path of a new secret address of theirs."""
    await visitor.as_person(who)
    page = await visitor.get(PAGE)
    return shown(await visitor.follow(await visitor.submit(page.form(PAGE), fai="crea")))


def shown(page: Page) -> str:
    (address,) = page.all("//input[@readonly]/@value")
    return str(address).removeprefix(ORIGIN)


async def asked(visitor: Visitor, path: str, **headers: str) -> Page:
    """By a calendar: without cookies."""
    return await visitor.somebody_else().get(path, **headers)


def events(page: Page) -> dict[str, Any]:
    found = Calendar.from_ical(page.text)
    return {str(event["SUMMARY"]): event for event in found.walk("VEVENT")}


async def test_the_address_is_shown_once_and_the_calendar_says_what_where_when(
    visitor: Visitor, town: Timetable
) -> None:
    place = await town.service()
    await town.credit(town.cast.amina.id, 900)
    code = await book(place, TEN, await person(town.cast.amina.id))
    path = await made(visitor, town.cast.amina)
    assert (
        await database.scalar("SELECT count(*) FROM calendar_feed WHERE secret_hash LIKE {}", path.split("/")[3]) == 0
    )
    page = await asked(visitor, path)
    assert page.status == 200 and page.headers["content-type"].startswith("text/calendar")
    assert page.headers["cache-control"] == "private,no-cache" and page.headers["x-robots-tag"] == "none"
    assert "set-cookie" not in page.headers
    event = events(page)["Aiuto compiti"]
    assert event.decoded("DTSTART") == TEN and str(event["STATUS"]) == "CONFIRMED"
    assert event["DTSTART"].params["TZID"] == "Europe/Rome" and "BEGIN:VTIMEZONE" in page.text
    assert str(event["LOCATION"]) == "Centro Lanterna, Via dei Prati 3, Tradate"
    assert str(event["UID"]) == f"{code}@vicino"
    assert "€" not in page.text and "9,00" not in page.text and "25" not in str(event.get("DESCRIPTION", ""))
    assert not (await visitor.get(PAGE)).all("//input[@readonly]")


async def test_after_ten_minutes_and_to_others_the_address_is_not_shown(visitor: Visitor, town: Timetable) -> None:
    await visitor.as_person(town.cast.amina)
    done = await visitor.submit((await visitor.get(PAGE)).form(PAGE), fai="crea")
    assert shown(await visitor.get(done.location))
    other = await visitor.somebody_else().as_person(town.cast.tomas)
    assert not (await other.get(done.location)).all("//input[@readonly]")
    visitor.clock.move(minutes=11)
    assert not (await visitor.get(done.location)).all("//input[@readonly]")


async def test_the_same_form_twice_makes_one_address(visitor: Visitor, town: Timetable) -> None:
    await visitor.as_person(town.cast.amina)
    form = (await visitor.get(PAGE)).form(PAGE)
    first, again = await visitor.submit(form, fai="crea"), await visitor.submit(form, fai="crea")
    assert shown(await visitor.follow(first)) == shown(await visitor.follow(again))
    assert await database.scalar("SELECT count(*) FROM calendar_feed") == 1


async def test_a_calendar_follows_a_move_and_a_cancellation(visitor: Visitor, town: Timetable) -> None:
    place, amina = await town.service(), await person(town.cast.amina.id)
    code = await book(place, TEN, amina)
    path = await made(visitor, town.cast.amina)
    before = await asked(visitor, path)
    assert (await asked(visitor, path, if_none_match=before.headers["etag"])).status == 304
    await move.move(code, ELEVEN, actor=amina, now=NOW)
    moved = await asked(visitor, path, if_none_match=before.headers["etag"])
    event = events(moved)["Aiuto compiti"]
    assert moved.status == 200 and event.decoded("DTSTART") == ELEVEN and int(event["SEQUENCE"]) == 1
    await cancellation.cancel(code, "ill", actor=amina, now=NOW)
    assert str(events(await asked(visitor, path))["Aiuto compiti"]["STATUS"]) == "CANCELLED"


async def test_it_shows_whom_one_may_see_and_only_as_long(visitor: Visitor, town: Timetable) -> None:
    """As the list on one's page: the child's, and of who trusts one, until they no longer do."""
    cast, place = town.cast, await town.service(capacity=4)
    await book(place, TEN, await person(cast.amina.id), receiver=cast.yusuf.id)
    await book(place, ELEVEN, await person(cast.rosa.id))
    assert set(events(await asked(visitor, await made(visitor, cast.amina)))) == {"Aiuto compiti (per Yusuf)"}
    path = await made(visitor, cast.elena)
    assert set(events(await asked(visitor, path))) == {"Aiuto compiti (per Rosa)"}
    given = await database.scalar("SELECT id FROM delegation WHERE delegate_id = {}", cast.elena.id)
    await delegation.revoke(given, actor=SYSTEM, now=NOW)
    assert events(await asked(visitor, path)) == {}


async def test_of_a_confidential_service_it_says_only_that_there_is_one(visitor: Visitor, town: Timetable) -> None:
    cast, place = town.cast, await town.service("ascolto", is_confidential=True)
    await book(place, TEN, await person(cast.rosa.id))
    page = await asked(visitor, await made(visitor, cast.rosa))
    (event,) = events(page).values()
    assert str(event["SUMMARY"]) == "Appuntamento" and "LOCATION" not in event and event.decoded("DTSTART") == TEN
    assert "Aiuto compiti" not in page.text and "Lanterna" not in page.text
    assert events(await asked(visitor, await made(visitor, cast.elena))) == {}


async def test_renewed_and_ended_addresses_are_as_unknown_ones(visitor: Visitor, town: Timetable) -> None:
    first = await made(visitor, town.cast.amina)
    second = await made(visitor, town.cast.amina)
    assert first != second and (await asked(visitor, second)).status == 200
    page = await visitor.get(PAGE)
    done = await visitor.follow(await visitor.submit(page.form(PAGE), fai="togli"))
    assert done.says("Crea l'indirizzo")
    unknown = await asked(visitor, first.replace(first.split("/")[3], "f" * 32))
    elsewhere = await asked(visitor, second.replace("/tradate/", "/biella/"))
    for path in (first, second):
        gone = await asked(visitor, path)
        assert gone.status == unknown.status == elsewhere.status == 404
        assert gone.visible_text == unknown.visible_text


async def test_who_asks_too_often_is_told_to_wait(visitor: Visitor, town: Timetable) -> None:
    path = await made(visitor, town.cast.amina)
    ((most, _),) = attempt.LIMITS["feed"]
    await asked(visitor, path)
    await database.execute("UPDATE attempt SET failed = {} WHERE scope LIKE 'feed:%'", most)
    late = await asked(visitor, path)
    assert late.status == 429 and int(late.headers["retry-after"]) > 0
    other = await made(visitor, town.cast.tomas)
    assert (await asked(visitor, other)).status == 200
    visitor.clock.move(minutes=16)
    assert (await asked(visitor, path)).status == 200


async def test_a_button_that_is_not_ours_makes_nothing(visitor: Visitor, town: Timetable) -> None:
    await visitor.as_person(town.cast.amina)
    for typed in ({"fai": "crea"}, {"fai": "altro", "_key": "k"}, {}):
        assert (await visitor.post(PAGE, typed)).status == 422
    assert await database.scalar("SELECT count(*) FROM calendar_feed") == 0


async def test_a_calendar_in_english_has_english_words(visitor: Visitor, town: Timetable) -> None:
    await book(await town.service(mode="phone"), TEN, await person(town.cast.omar.id))
    path = await made(visitor, town.cast.omar)
    (event,) = events(await asked(visitor, f"/en{path}")).values()
    assert "phone" in str(event["LOCATION"])
