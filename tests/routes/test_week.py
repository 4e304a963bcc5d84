"""The week of a centre: a page, a calendar file, a text for a chat; at the times that can really be booked."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from icalendar import Calendar

from app import database
from app.domain import plan_exception, week
from app.domain.actor import SYSTEM
from app.i18n import words as words_of
from app.views.week import Day, Line, plain
from tests.pages.answer import words
from tests.people import Cast
from tests.timetable import NOW, TEN, Timetable, book, person
from tests.visitor import Page, Visitor

pytestmark = pytest.mark.anyio
MONDAY = date(2026, 11, 23)  # of the week of NOW, a Tuesday


@pytest.fixture
async def town(visitor: Visitor, cast: Cast) -> Timetable:
    return await Timetable(cast).open()


def path(town: Timetable, more: str = "") -> str:
    return f"/tradate/centri/{town.place}/settimana{more}"


def days(page: Page) -> dict[str, list[str]]:
    found = page.all("//main//section")
    return {words(d.xpath(".//h2")[0]): [words(li) for li in d.xpath(".//li")] for d in found}  # type: ignore[index, arg-type, union-attr]


def text(page: Page) -> str:
    (field,) = page.all("//textarea")
    return str(field.text).strip()


async def open_week(town: Timetable, **more: Any) -> int:
    """Gymnastics for four, an hour on Thursdays and Fridays."""
    terms = {"rule": "FREQ=WEEKLY;BYDAY=TH,FR", "hours": ("10:00", "11:00"), "capacity": 4, **more}
    return await town.service("ginnastica", **terms)


async def test_what_is_done_stands_under_its_day_with_its_state(visitor: Visitor, town: Timetable) -> None:
    place = await open_week(town, capacity=2)
    page = await visitor.get(path(town))
    assert page.title == "La settimana a Centro Lanterna" and page.says("Da lunedì 23 novembre a domenica 29 novembre")
    assert days(page) == {
        "giovedì 26 novembre": ["10.00–11.00 Aiuto compiti"],
        "venerdì 27 novembre": ["10.00–11.00 Aiuto compiti"],
    }
    for who in (town.cast.amina, town.cast.tomas):
        await book(place, TEN, await person(who.id))
    assert days(await visitor.get(path(town)))["giovedì 26 novembre"] == ["10.00–11.00 Aiuto compiti (al completo)"]
    assert page.link("La prossima settimana") == path(town, "?settimana=prossima")
    coming = await visitor.get(path(town, "?settimana=prossima"))
    assert list(days(coming)) == ["giovedì 3 dicembre", "venerdì 4 dicembre"]


@pytest.mark.parametrize(
    "terms", [{"capacity": 1}, {"is_confidential": True}, {"mode": "home"}, {"mode": "online"}, {"action": "request"}]
)
async def test_what_is_for_one_or_nobody_elses_business_is_no_activity(
    visitor: Visitor, town: Timetable, terms: dict[str, Any]
) -> None:
    await open_week(town)
    await town.service("altro", **{"capacity": 4, **terms})
    page = await visitor.get(path(town))
    assert [line for lines in days(page).values() for line in lines] == ["10.00–11.00 Aiuto compiti"] * 2


async def test_closures_and_holidays_are_free_of_activities(visitor: Visitor, town: Timetable) -> None:
    await open_week(town, rule="FREQ=DAILY")
    await plan_exception.close_place(town.place, date(2026, 11, 26), "Lavori", actor=SYSTEM, now=NOW)
    assert "giovedì 26 novembre" not in days(await visitor.get(path(town)))
    visitor.clock.now = datetime.fromisoformat("2026-12-08T08:00:00+00:00")
    assert next(iter(days(await visitor.get(path(town))))) == "mercoledì 9 dicembre", "the 8th is a holiday"


async def test_what_follows_without_a_gap_is_one_line(visitor: Visitor, town: Timetable) -> None:
    await open_week(town, hours=("09:00", "12:00"), rule="FREQ=WEEKLY;BYDAY=TH")
    assert days(await visitor.get(path(town))) == {"giovedì 26 novembre": ["9.00–12.00 Aiuto compiti"]}


async def test_what_is_over_is_left_out_and_from_friday_the_next_week_is_shown(
    visitor: Visitor, town: Timetable
) -> None:
    await open_week(town)
    visitor.clock.now = TEN + timedelta(minutes=61)
    assert list(days(await visitor.get(path(town)))) == ["venerdì 27 novembre"]
    visitor.clock.now = TEN + timedelta(days=1)
    page = await visitor.get(path(town))
    assert page.says("Da lunedì 30 novembre a domenica 6 dicembre") and len(days(page)) == 2
    assert days(await visitor.get(page.link("Questa settimana"))) == {
        "venerdì 27 novembre": ["10.00–11.00 Aiuto compiti"]
    }


async def test_an_empty_week_says_what_to_do(visitor: Visitor, town: Timetable) -> None:
    await open_week(town, rule="FREQ=WEEKLY;BYDAY=MO")
    page = await visitor.get(path(town, "?settimana=questa"))
    assert page.says("In questa settimana non ci sono attività.")
    assert len(page.all("//main//div[contains(@class, 'panel')]//a")) == 2
    assert "Non ci sono attività." in text(page) and not page.says("Nel tuo calendario")


async def test_the_calendar_file_is_one_week_with_its_zone(visitor: Visitor, town: Timetable) -> None:
    await open_week(town)
    page = await visitor.get(path(town))
    answer = await visitor.get(page.link("Nel tuo calendario"))
    calendar = Calendar.from_ical(answer.text)
    starts = [event.decoded("DTSTART") for event in calendar.walk("VEVENT")]
    assert starts == [TEN, TEN + timedelta(days=1)]
    assert calendar.walk("VTIMEZONE")[0]["TZID"] == "Europe/Rome"
    again = Calendar.from_ical((await visitor.get(page.link("Nel tuo calendario"))).text)
    assert [e["UID"] for e in again.walk("VEVENT")] == [e["UID"] for e in calendar.walk("VEVENT")]


async def test_the_text_says_the_week_and_where_to_book(visitor: Visitor, town: Timetable) -> None:
    await open_week(town)
    assert text(await visitor.get(path(town))) == (
        "Centro Lanterna\nDa lunedì 23 novembre a domenica 29 novembre\n\n"
        "Giovedì 26 novembre\n10.00–11.00 Aiuto compiti\n\nVenerdì 27 novembre\n10.00–11.00 Aiuto compiti\n\n"
        f"Tutto e prenotazioni: http://127.0.0.1:8000{path(town)}"
    )


def test_a_full_week_stays_under_a_thousand_signs_and_keeps_its_address() -> None:
    lines = [
        Line(f"{hour}.00–{hour}.45", "Ginnastica dolce per tutti", "it", "", "al completo") for hour in range(8, 20)
    ]
    full = [Day(name, lines) for name in ("lunedì 23 novembre", "martedì 24 novembre")]
    centre = week.Centre(1, "Casa", "Via Roma 1", "Tradate", "Coop", "0331")
    told = plain(
        centre, "Da lunedì a domenica", full, "https://vicino.example/tradate/centri/1/settimana", words_of("it")
    )
    assert 900 < len(told) < 1000
    assert told.endswith(
        "\n... e altro ancora.\n\nTutto e prenotazioni: https://vicino.example/tradate/centri/1/settimana"
    )


async def test_centres_are_found_from_the_services_and_the_social_points(citizen: Visitor) -> None:
    points = await citizen.get("/tradate/social-point")
    centres = await citizen.get(points.link("Che cosa si fa nei centri, settimana per settimana"))
    page = await citizen.get(centres.link("Casa Girandola"))
    assert page.says("Aiuto compiti")
    service = await citizen.get("/tradate/servizi/aiuto-compiti")
    assert service.link("Il programma della settimana") == page.path
    assert not (await citizen.get("/tradate/servizi/aiuto-telefono")).says("Il programma della settimana")


async def test_a_territory_without_activities_says_so(visitor: Visitor, town: Timetable) -> None:
    assert (await visitor.get("/tradate/centri")).says("Qui non ci sono ancora attività di gruppo.")
    assert (await visitor.get(path(town))).status == 404


async def test_a_centre_of_another_territory_is_not_there(visitor: Visitor, town: Timetable) -> None:
    await open_week(town)
    for more in ("", "/calendario.ics", "/e-mail", "/e-mail/fatto"):
        assert (await visitor.get(path(town, more).replace("/tradate/", "/biella/"))).status == 404


async def test_an_english_week_has_english_words(citizen: Visitor) -> None:
    place = await database.scalar("SELECT id FROM place WHERE name = 'Casa Girandola'")
    page = await citizen.get(f"/en/tradate/centri/{place}/settimana")
    assert page.title == "The week at Casa Girandola" and page.says("Homework help") and "16:30" in text(page)
