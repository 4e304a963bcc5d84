"""Another time, chosen on a page."""

import pytest

from tests.people import Cast
from tests.timetable import ELEVEN, TEN, Timetable, book, hold, nobody, person
from tests.visitor import Visitor

pytestmark = pytest.mark.anyio


@pytest.fixture
async def town(visitor: Visitor, cast: Cast) -> Timetable:
    return await Timetable(cast).open()


async def test_moved_with_the_same_code(visitor: Visitor, town: Timetable) -> None:
    place = await town.service()
    code = await book(place, TEN, await person(town.cast.amina.id))
    await visitor.as_person(town.cast.amina)
    page = await visitor.get((await visitor.get(f"/tradate/prenotazioni/{code}")).link("Sposta"))
    form = page.form("/sposta")
    await hold(place, ELEVEN, await nobody())
    refused = await visitor.submit(form, orario=ELEVEN.isoformat())
    assert refused.status == 422 and refused.says("Questo orario è appena stato preso.")
    unread = await visitor.submit(form, orario="0001-01-01T00:00:00+14:00")
    assert unread.status == 422 and unread.all("//*[@id='orario-error']")
    friday = TEN.replace(day=27)
    first, second = [await visitor.submit(form, orario=friday.isoformat()) for _ in range(2)]
    assert first.location == second.location == f"/tradate/prenotazioni/{code}"
    assert (await visitor.follow(first)).says("venerdì 27 novembre")


async def test_times_stand_under_their_days(visitor: Visitor, town: Timetable) -> None:
    """As on the page where the first one was chosen: few days, then more; never the time one has."""
    place = await town.service(rule="FREQ=WEEKLY;BYDAY=TH,FR", hours=("09:00", "12:00"))
    code = await book(place, TEN, await person(town.cast.amina.id))
    await visitor.as_person(town.cast.amina)
    page = await visitor.get(f"/tradate/prenotazioni/{code}/sposta")
    days = [str(day) for day in page.all("//legend/strong/text()")]
    assert days[0] == "giovedì 26 novembre" and len(days) == len(set(days)) > 1
    times = [str(time) for time in page.all("//input[@name='orario']/@value")]
    assert TEN.isoformat() not in times and TEN.replace(hour=8).isoformat() in times
    later = await visitor.get(page.link("Altri giorni"))
    last = str(later.all("//input[@name='orario']/@value")[-1])
    moved = await visitor.submit(later.form("/sposta"), orario=last)
    assert moved.status == 303 and not (await visitor.follow(moved)).says("26 novembre")


async def test_nowhere_to_go(visitor: Visitor, town: Timetable) -> None:
    place = await town.service(rule="FREQ=WEEKLY;BYDAY=TH", hours=("10:00", "11:00"), horizon_days=3)
    code = await book(place, TEN, await person(town.cast.amina.id))
    await visitor.as_person(town.cast.amina)
    page = await visitor.get(f"/tradate/prenotazioni/{code}/sposta")
    assert page.says("Non ci sono altri orari liberi. La tua prenotazione resta com'è.")
    refused = await visitor.post(page.path, {"_key": "k"})
    assert refused.status == 422
