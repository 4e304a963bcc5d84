"""Three wished times in one form: the first that is free is booked, for the money that was shown."""

from datetime import date, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from app import database
from app.domain import answer, desk, plan, slot
from app.domain.actor import SYSTEM
from app.domain.plan import Calendar
from app.domain.service import DraftQuestion
from tests.people import Cast
from tests.timetable import ELEVEN, NOW, TEN, Timetable, book, hold, nobody, person, staff
from tests.visitor import Page, Visitor

pytestmark = pytest.mark.anyio
QUESTION = DraftQuestion("Che scuola fa?", "Per preparare i libri.", "Chi fa i compiti", True, ("Primaria", "Media"))
PATH = "/tradate/prenota/compiti"


@pytest.fixture
async def town(visitor: Visitor, cast: Cast) -> Timetable:
    return await Timetable(cast).open()


async def rosas(visitor: Visitor, town: Timetable, cents: int = 900, **terms: Any) -> tuple[int, Page]:
    place = await town.service(**terms)
    await town.credit(town.cast.rosa.id, cents)
    await visitor.as_person(town.cast.rosa)
    return place, await visitor.get((await visitor.get(PATH)).link("Rete debole? Chiedi con tre orari."))


def wished(*times: datetime) -> dict[str, str]:
    names = ("primo-orario", "secondo-orario", "terzo-orario")
    return {name: time.isoformat() for name, time in zip(names, times, strict=False)}


async def test_the_first_that_is_free_is_booked_for_the_money_that_was_shown(visitor: Visitor, town: Timetable) -> None:
    place, page = await rosas(visitor, town, cancel_hours=2)
    assert page.says("Costa 25,00 €. Paga Ufficio di Piano: 9,00 €. Paghi tu, quel giorno: 16,00 €.")
    assert page.headers["keep"] and page.headers["own"]
    await hold(place, TEN, await nobody())
    first, second = [await visitor.submit(page.form("/tre-orari"), **wished(TEN, ELEVEN)) for _ in range(2)]
    booked = await visitor.follow(first)
    assert second.location == first.location and booked.title == "È prenotato" and booked.says("alle 11")
    assert (await visitor.get("/tradate/io")).says("9,00 € sono già impegnati")
    assert (await visitor.get("/tradate/io/messaggi")).says("Aiuto compiti")


async def test_a_page_that_is_kept_is_used_again(visitor: Visitor, town: Timetable) -> None:
    """The same answers are the same wish, other answers another one: a phone without a line has only this page."""
    _, page = await rosas(visitor, town, 9000)
    places = [(await visitor.submit(page.form("/tre-orari"), **wished(time))).location for time in (TEN, ELEVEN, TEN)]
    assert places[0] == places[2] != places[1] and "/prenotazioni/" in places[1]
    assert await database.scalar("SELECT count(*) FROM booking") == 2


async def test_where_none_is_free_the_nearest_stand_in_their_place(visitor: Visitor, town: Timetable) -> None:
    place, page = await rosas(visitor, town)
    for time in (TEN, ELEVEN):
        await hold(place, time, await nobody())
    past = NOW - timedelta(days=1)
    asked = await visitor.submit(page.form("/tre-orari"), **wished(TEN, ELEVEN, past), nota="Porto la merenda.")
    assert asked.status == 422 and asked.says(
        "Nessuno di questi orari è più libero. Al loro posto ci sono i più vicini."
    )
    chosen = [str(time) for time in asked.all("//option[@selected]/@value")]
    assert chosen[0] == TEN.replace(hour=8).isoformat() and len(set(chosen)) == 3
    assert TEN.isoformat() not in chosen and asked.says("Porto la merenda.")
    booked = await visitor.follow(await visitor.submit(asked.form("/tre-orari")))
    assert booked.title == "È prenotato" and booked.says("alle 9")


async def test_a_time_that_nobody_offers_yet_is_answered_with_those_that_are(
    visitor: Visitor, town: Timetable, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The times up to its day are not looked through: years of them would keep everybody waiting."""
    _, page = await rosas(visitor, town)
    looked: list[int] = []

    def starts(calendar: Calendar, first: date, last: date, **terms: timedelta) -> list[datetime]:
        looked.append((last - first).days)
        return plan.starts(calendar, first, last, **terms)

    monkeypatch.setattr(slot, "plan", SimpleNamespace(starts=starts))
    asked = await visitor.submit(page.form("/tre-orari"), **wished(TEN.replace(year=2099)))
    assert asked.status == 422 and len(asked.all("//option[@selected]/@value")) == 3
    assert looked and max(looked) < 120


async def test_the_first_times_stand_there_however_far_they_are(visitor: Visitor, town: Timetable) -> None:
    _, page = await rosas(visitor, town, rule="FREQ=MONTHLY;BYMONTHDAY=20", horizon_days=60)
    assert "domenica 20 dicembre" in str(page.all("//option[@value!='']/text()")[0])


async def test_more_than_was_shown_is_never_paid(visitor: Visitor, town: Timetable) -> None:
    _, page = await rosas(visitor, town)
    await database.execute("UPDATE service SET price = 3000")
    changed = await visitor.submit(page.form("/tre-orari"), **wished(TEN))
    assert changed.status == 422 and changed.says("Il modo di pagare è cambiato.")
    assert changed.says("Costa 30,00 €.") and await database.scalar("SELECT count(*) FROM booking") == 0
    assert (await visitor.follow(await visitor.submit(changed.form("/tre-orari")))).title == "È prenotato"


async def test_each_who_can_receive_has_their_own_price(visitor: Visitor, town: Timetable) -> None:
    await town.service(questions=(QUESTION,))
    await town.credit(town.cast.amina.id, 2500)
    await visitor.as_person(town.cast.amina)
    page = await visitor.get(f"{PATH}/tre-orari?luogo={await database.scalar('SELECT id FROM service_place')}")
    assert page.says("Yusuf per mio figlio o mia figlia. Costa 25,00 €.") and page.says("Tu non paghi niente.")
    silent = await visitor.submit(page.form("/tre-orari"))
    errors = [str(error) for error in silent.all("//*[contains(@class,'error')]/@id")]
    assert silent.status == 422 and {"primo-orario-error", "chi-error"} <= set(errors)
    name = str(page.all("//main//input[starts-with(@name,'q')][@type='radio']/@name")[0])
    told = {"chi": str(town.cast.yusuf.id), name: "Media"}
    booked = await visitor.follow(await visitor.submit(page.form("/tre-orari"), **wished(TEN), **told))
    assert booked.title == "È prenotato" and booked.says("Yusuf")


async def test_a_note_is_read_on_the_day_and_forgotten_a_month_later(visitor: Visitor, town: Timetable) -> None:
    _, page = await rosas(visitor, town)
    await visitor.submit(page.form("/tre-orari"), **wished(TEN), nota="Ho le stampelle.")
    within, zone = await desk.scope(await staff(town.cast.ines.id, TEN), town.cast.tradate), ZoneInfo("Europe/Rome")

    async def known() -> list[list[str]]:
        lines = await desk.day(within, TEN.date(), zone)
        return list((await desk.to_know(within, lines, TEN.date(), zone)).values())

    assert await known() == [["Ho le stampelle."]]
    assert await answer.delete_old(actor=SYSTEM, now=TEN + timedelta(days=29)) == 0
    assert await answer.delete_old(actor=SYSTEM, now=TEN + timedelta(days=31)) == 1
    assert await known() == []


async def test_who_has_the_time_already_is_not_booked_at_another(visitor: Visitor, town: Timetable) -> None:
    place, page = await rosas(visitor, town, capacity=3)
    await book(place, TEN, await person(town.cast.rosa.id))
    refused = await visitor.submit(page.form("/tre-orari"), **wished(TEN, ELEVEN))
    assert refused.status == 422 and refused.says("Hai già prenotato questo orario.")
    assert await database.scalar("SELECT count(*) FROM booking") == 1


async def test_a_phone_of_others_is_not_offered_it(visitor: Visitor, town: Timetable) -> None:
    await town.service()
    assert not (await visitor.get(PATH)).all("//a[contains(@href,'tre-orari')]")
