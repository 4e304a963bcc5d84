"""Choosing where and when: only days with times, the first one ticked, nothing lost when it goes wrong."""

import pytest

from app import database
from tests.people import PIN, Cast
from tests.timetable import TEN, Timetable, hold, nobody
from tests.visitor import Page, Visitor

pytestmark = pytest.mark.anyio
PATH = "/tradate/prenota/compiti"


@pytest.fixture
async def town(visitor: Visitor, cast: Cast) -> Timetable:
    return await Timetable(cast).open()


async def test_only_days_with_times_and_the_first_is_ticked(visitor: Visitor, town: Timetable) -> None:
    await town.service(rule="FREQ=WEEKLY;BYDAY=TH,FR")
    page = await visitor.get(PATH)
    days = [str(day) for day in page.all("//legend/strong/text()")]
    assert len(days) == 5 and days[0].startswith("giovedì 26 novembre")
    ticked = page.all("//input[@name='orario'][@checked]/@value")
    assert [str(value) for value in ticked] == [TEN.replace(hour=8).isoformat()]
    later = await visitor.get(page.link("Altri giorni"))
    assert days[0] not in later.visible_text and later.says("Primi giorni")


async def test_no_time_left(visitor: Visitor, town: Timetable) -> None:
    place = await town.service(horizon_days=1, hours=("09:00", "10:00"))
    page = await visitor.get(PATH)
    await hold(place, TEN.replace(day=25, hour=8), await nobody())
    refused = await visitor.submit(page.form("/orario"))
    assert refused.status == 422 and refused.says("Questo orario è appena stato preso.")
    assert refused.says("Adesso non ci sono orari liberi.") and refused.says("Avvisatemi quando c'è posto")
    assert (await visitor.post(f"{PATH}/orario", {"_key": "k", "luogo": str(place)})).status == 422


async def test_a_time_let_go_is_free_at_once_for_others(visitor: Visitor, town: Timetable) -> None:
    await town.service(hours=("09:00", "10:00"), horizon_days=1)
    page = await visitor.follow(await visitor.submit((await visitor.get(PATH)).form("/orario")))
    other = visitor.somebody_else()
    assert (await other.get(PATH)).says("Adesso non ci sono orari liberi.")
    leave = next(str(to) for to in page.all("//button/@formaction") if str(to).endswith("/lascia"))
    form = page.form("/altro-tempo")
    for _ in range(2):
        done = await visitor.submit(form, to=leave)
        assert done.location == PATH
    assert (await other.get(PATH)).form("/orario")
    assert await database.scalar("SELECT ended_by FROM slot_hold") == "released"


async def test_the_same_time_again_leads_to_the_booking_that_is_there(visitor: Visitor, town: Timetable) -> None:
    """Where it is chosen by somebody known, and at the last press in another tab."""
    await town.service(capacity=9)
    other = visitor.somebody_else()
    for tab in (visitor, other):
        await tab.as_person(town.cast.rosa)
    page, late = [await tab.follow(await _chosen(tab)) for tab in (visitor, other)]
    done = await visitor.submit(page.form("/riepilogo"))
    for refused in (await other.submit(late.form("/riepilogo")), await _chosen(other)):
        assert refused.status == 422 and refused.says("Hai già prenotato questo orario.")
        assert refused.link("Guarda la prenotazione") == done.location
    assert await database.scalar("SELECT count(*) FROM booking") == 1


async def test_who_signs_in_after_choosing_hears_at_once_that_the_time_is_theirs_already(
    visitor: Visitor, town: Timetable
) -> None:
    await town.service(capacity=9)
    await visitor.as_person(town.cast.rosa)
    booked = await visitor.submit((await visitor.follow(await _chosen(visitor))).form("/riepilogo"))
    guest = visitor.somebody_else()
    doors = await guest.follow(await _chosen(guest))
    entrance = await guest.get(doors.link("Ho la tessera"))
    entered = await guest.submit(entrance.form("/entra"), card=town.cast.rosa.card, pin=PIN, phone="mine")
    told = await guest.follow(entered)
    assert told.status == 422 and told.says("Hai già prenotato questo orario.")
    assert told.link("Guarda la prenotazione") == booked.location


async def test_a_form_that_comes_again_after_the_booking_leads_where_it_led(visitor: Visitor, town: Timetable) -> None:
    """A slow line sends a press twice, and the second one arrives late."""
    await town.service(capacity=9)
    await visitor.as_person(town.cast.rosa)
    form = (await visitor.get(PATH)).form("/orario")
    chosen = await visitor.submit(form)
    booked = await visitor.submit((await visitor.follow(chosen)).form("/riepilogo"))
    again = await visitor.submit(form)
    assert (again.status, again.location) == (303, chosen.location)
    assert (await visitor.get(again.location)).location == booked.location


async def _chosen(tab: Visitor) -> Page:
    return await tab.submit((await tab.get(PATH)).form("/orario"))


async def test_a_time_taken_meanwhile_leaves_the_choice_open(visitor: Visitor, town: Timetable) -> None:
    place = await town.service(hours=("09:00", "11:00"))
    page = await visitor.get(PATH)
    await hold(place, TEN.replace(day=25, hour=8), await nobody())
    refused = await visitor.submit(page.form("/orario"))
    assert refused.status == 422 and not refused.all("//input[@name='orario'][@checked]")
    silent = await visitor.submit(refused.form("/orario"))
    assert silent.status == 422 and silent.all("//*[@id='orario-error']") and silent.says("Scegli un orario.")


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("luogo", "²"),
        ("luogo", "9" * 30),
        ("quanti", "²"),
        ("quanti", "9" * 5000),
        ("da", "9999-12-31"),
        ("da", "ieri"),
    ],
)
async def test_strange_addresses_are_forgiven_or_missing(
    visitor: Visitor, town: Timetable, name: str, typed: str
) -> None:
    await town.service(unit="hour", max_quantity=3)
    assert (await visitor.get(f"{PATH}?{name}={typed}")).status in (200, 404)


@pytest.mark.parametrize(
    "typed", ["", "ieri", "2026-11-26T10:00:00", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "²"]
)
async def test_a_time_nobody_can_read(visitor: Visitor, town: Timetable, typed: str) -> None:
    await town.service()
    page = await visitor.get(PATH)
    refused = await visitor.submit(page.form("/orario"), orario=typed)
    assert refused.status == 422 and refused.says("Scegli un orario.")
    assert await database.scalar("SELECT count(*) FROM slot") == 0


async def test_the_same_instant_written_otherwise_is_the_same_slot(visitor: Visitor, town: Timetable) -> None:
    await town.service(capacity=2)
    page = await visitor.get(PATH)
    for typed in ("2026-11-26T10:00:00+01:00", "2026-11-26T09:00:00+00:00"):
        assert (await visitor.submit(page.form("/orario"), orario=typed, _key=typed)).status == 303
    assert await database.scalar("SELECT count(*) FROM slot") == 1


async def test_how_many_hours_changes_the_times(visitor: Visitor, town: Timetable) -> None:
    await town.service(unit="hour", max_quantity=3)
    page = await visitor.get(PATH)
    page = await visitor.submit(page.form("/prenota/compiti", method="get"), quanti="3")
    assert page.says("dalle 9.00 alle 12.00") and not page.says("dalle 10.00 alle 13.00")
    held = await visitor.submit(page.form("/orario"))
    assert held.status == 303 and await database.scalar("SELECT quantity FROM slot_hold") == 3
    for wrong in ("0", "4", "x"):
        refused = await visitor.submit(page.form("/orario"), quanti=wrong, _key=wrong)
        assert refused.status == 422 and refused.says("Scrivi un numero da 1 a 3.")


async def test_too_many_hours_for_any_day_can_be_taken_back(visitor: Visitor, town: Timetable) -> None:
    await town.service(unit="hour", max_quantity=5)
    page = await visitor.submit((await visitor.get(PATH)).form("/prenota/compiti", method="get"), quanti="5")
    assert page.says("Adesso non ci sono orari liberi.")
    assert (await visitor.submit(page.form("/prenota/compiti", method="get"), quanti="2")).all(
        "//input[@name='orario']"
    )


async def test_two_places_are_asked_one_is_not(visitor: Visitor, town: Timetable) -> None:
    first = await town.service()
    other = await town.another_place("Oratorio")
    await database.execute(
        "INSERT INTO service_place (service_id, place_id) VALUES ({}, {})", town.services["compiti"], other
    )
    asked = await visitor.follow(await visitor.get(PATH))
    assert asked.title == "Dove vuoi andare?" and asked.says("Oratorio")
    page = await visitor.get(asked.link("Centro Lanterna"))
    assert page.title == "Scegli il giorno e l'ora" and dict(page.form("/orario").fields)["luogo"] == str(first)
    assert (await visitor.post(f"{PATH}/orario", {"_key": "k", "luogo": "999999"})).status == 404


async def test_what_is_not_booked_by_time_is_missing(visitor: Visitor, town: Timetable) -> None:
    await town.service(action="request")
    for path in (PATH, "/tradate/prenota/niente"):
        assert (await visitor.get(path)).status == 404


async def test_one_library_many_families(visitor: Visitor, cast: Cast, town: Timetable) -> None:
    """Strangers of one address share a limit; who has signed in does not."""
    await town.service(capacity=15)
    families = (cast.amina, cast.tomas, cast.rosa, cast.elena, cast.omar, cast.paolo)
    for person in families:
        await visitor.as_person(person)
        assert (await visitor.submit((await visitor.get(PATH)).form("/orario"), chi=str(person.id))).status == 303
    strangers = []
    for _ in range(5):
        visitor.as_nobody()
        strangers.append((await visitor.submit((await visitor.get(PATH)).form("/orario"))).status)
    assert strangers == [303, 303, 303, 303, 422]
