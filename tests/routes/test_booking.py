"""The confirmation, the slip and the calendar file."""

from typing import Any

import pytest
from icalendar import Calendar

from app import database
from app.database import Row
from app.domain import cancellation, move
from app.edge.here import Here
from app.views import booking
from tests.people import Cast
from tests.timetable import ELEVEN, NOW, TEN, Timetable, as_guest, book, person
from tests.visitor import Visitor

pytestmark = pytest.mark.anyio


@pytest.fixture
async def town(visitor: Visitor, cast: Cast) -> Timetable:
    return await Timetable(cast).open()


async def calendar_of(visitor: Visitor, code: str) -> Any:
    answer = await visitor.get(f"/tradate/prenotazioni/{code}/calendario.ics")
    assert answer.headers["content-type"].startswith("text/calendar")
    return Calendar.from_ical(answer.text)


async def test_all_that_is_needed_to_arrive(visitor: Visitor, town: Timetable) -> None:
    place = await town.service(cancel_hours=2)
    await town.credit(town.cast.amina.id, 900)
    code = await book(place, TEN, await person(town.cast.amina.id))
    await visitor.as_person(town.cast.amina)
    page = await visitor.get(f"/tradate/prenotazioni/{code}")
    assert page.title == "È prenotato" and page.says("Lo zaino con i libri.") and page.says("Via dei Prati 3")
    assert page.says("Impegnato da Comune di Tradate 9,00 €") and page.says("al centro, quel giorno: 16,00 €")
    assert page.all("//figure//*[local-name()='svg']") and page.says(f"{code[:4]} {code[4:]}")
    slip = await visitor.get(f"/tradate/prenotazioni/{code.lower()}/foglio")
    assert slip.says("Il tuo appuntamento") and slip.says("0331 000 061")
    english = await visitor.get(f"/en/tradate/prenotazioni/{code}")
    assert english.title == "It is booked" and english.says("Set aside by Comune di Tradate 9.00 €")


async def test_each_reads_whose_home_it_is_and_how_they_are_told(visitor: Visitor, town: Timetable) -> None:
    place, cast = await town.service(mode="home"), town.cast
    code = await book(place, TEN, await person(cast.elena.id), receiver=cast.rosa.id)
    await visitor.as_person(cast.rosa)
    page = await visitor.get(f"/tradate/prenotazioni/{code}")
    assert page.says("Dove a casa tua") and page.says("Ti telefoniamo prima dell'appuntamento.")
    assert page.says("Al telefono diciamo così: Buongiorno, chiamo da Vicino") and not page.says("Ti avvisiamo")
    await visitor.as_person(cast.elena)
    page = await visitor.get(f"/tradate/prenotazioni/{code}")
    assert page.says("Dove a casa di Rosa Colombo") and page.says("Ti avvisiamo")
    assert not page.says("Ti telefoniamo") and page.says("Il messaggio sarà così: Vicino:")


async def test_a_page_that_is_drawn_while_its_reminders_are_withdrawn(
    visitor: Visitor, town: Timetable, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody cancels or moves it on another phone between two reads of the same page."""
    code = await book(await town.service(), TEN, await person(town.cast.elena.id))
    await visitor.as_person(town.cast.elena)
    when_told = booking._when_told

    async def withdrawn(mine: list[Row], person_id: int, here: Here) -> list[Row]:
        await database.execute("UPDATE message SET state = 'cancelled' WHERE kind = 'reminder'")
        return await when_told(mine, person_id, here)

    monkeypatch.setattr(booking, "_when_told", withdrawn)
    assert (await visitor.get(f"/tradate/prenotazioni/{code}")).title == "È prenotato"


async def test_nobody_is_asked_to_show_a_page_on_the_telephone(visitor: Visitor, town: Timetable) -> None:
    for mode, is_shown in (("centre", True), ("home", True), ("online", False), ("phone", False)):
        code = await book(await town.service(f"modo-{mode}", mode=mode), TEN, await person(town.cast.omar.id))
        await visitor.as_person(town.cast.omar)
        page = await visitor.get(f"/tradate/prenotazioni/{code}")
        assert page.says("Quel giorno mostra questa pagina") == is_shown, mode


async def test_the_calendar_file_follows_the_booking(visitor: Visitor, town: Timetable) -> None:
    place, amina = await town.service(), await person(town.cast.amina.id)
    code = await book(place, TEN, amina)
    await visitor.as_person(town.cast.amina)
    told = []
    for step in (None, "move", "cancel"):
        if step == "move":
            await move.move(code, ELEVEN, actor=amina, now=NOW)
        if step == "cancel":
            await cancellation.cancel(code, "ill", actor=amina, now=NOW)
        calendar = await calendar_of(visitor, code)
        event, zone = calendar.walk("VEVENT")[0], calendar.walk("VTIMEZONE")[0]
        assert zone["TZID"] == event["DTSTART"].params["TZID"] == "Europe/Rome"
        told.append((str(event["UID"]), int(event["SEQUENCE"]), str(event["STATUS"]), event.decoded("DTSTART")))
    assert {uid for uid, *_ in told} == {f"{code}@vicino"}
    assert [tuple(line[1:]) for line in told] == [
        (0, "CONFIRMED", TEN),
        (1, "CONFIRMED", ELEVEN),
        (2, "CANCELLED", ELEVEN),
    ]


async def test_a_home_address_stays_out_of_the_calendar(visitor: Visitor, town: Timetable) -> None:
    code = await book(await town.service(mode="home"), TEN, await person(town.cast.amina.id))
    await visitor.as_person(town.cast.amina)
    event = (await calendar_of(visitor, code)).walk("VEVENT")[0]
    assert str(event["LOCATION"]) == "a casa tua" and "Prati" not in str(event.to_ical())


async def test_a_foreign_code_is_no_code(visitor: Visitor, town: Timetable) -> None:
    place = await town.service(capacity=9)
    codes = [await book(place, TEN, await person(town.cast.rosa.id)), await as_guest(place, TEN, "300 0000 077")]
    for who in (visitor.as_nobody(), await visitor.as_person(town.cast.tomas)):
        for code in codes:
            for tail in ("", "/foglio", "/calendario.ics", "/annulla", "/sposta"):
                path, missing = (f"/tradate/prenotazioni/{each}{tail}" for each in (code, "ZZZZ9999"))
                found, nothing = await who.get(path), await who.get(missing)
                assert found.status == nothing.status == 404
                assert found.stable_text.replace(path, "") == nothing.stable_text.replace(missing, "")
            for verb in ("annulla", "sposta"):
                data = {"_key": "k", "motivo": "ill", "orario": ELEVEN.isoformat()}
                assert (await who.post(f"/tradate/prenotazioni/{code}/{verb}", data)).status == 404


async def test_of_a_confidential_service_the_delegate_and_the_desk_find_nothing(
    visitor: Visitor, town: Timetable
) -> None:
    await town.credit(town.cast.rosa.id, 900)
    code = await book(await town.service("ascolto", is_confidential=True), TEN, await person(town.cast.rosa.id))
    path = f"/tradate/prenotazioni/{code}"
    for sign_in in (visitor.as_person(town.cast.elena), visitor.as_staff(town.cast.desk.id)):
        assert (await (await sign_in).get(path)).status == 404
    assert (await (await visitor.as_person(town.cast.rosa)).get(path)).status == 200
    assert (await (await visitor.as_staff(town.cast.ines.id)).get(path)).status == 200
