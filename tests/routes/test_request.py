"""Asking for what has no timetable."""

import pytest

from app import database
from app.domain.service import DraftQuestion
from tests.people import Cast
from tests.timetable import Timetable
from tests.visitor import Visitor

pytestmark = pytest.mark.anyio
PATH = "/tradate/richiedi/compiti"
QUESTION = DraftQuestion("Quante scale?", "Per sapere quanti venire.", "Chi viene", True)
GUEST = {"nome": "Carla Neri", "telefono": "300 0000 077", "indirizzo": "Via Larga 2"}


@pytest.fixture
async def town(visitor: Visitor, cast: Cast) -> Timetable:
    made = await Timetable(cast).open()
    await made.service(action="request", mode="home", questions=(QUESTION,), answer_days=3)
    return made


async def test_without_a_card(visitor: Visitor, town: Timetable) -> None:
    page = await visitor.get(PATH)
    assert page.says("Coop Lanterna ti risponde entro venerdì 27 novembre.")
    name = str(page.all("//input[starts-with(@name, 'q')]/@name")[0])
    wrong = await visitor.submit(page.form(), nome="Carla Neri", telefono="x", indirizzo="", **{name: "due"})
    assert wrong.status == 422 and wrong.all("//input[@value='Carla Neri']") and wrong.all("//input[@value='due']")
    assert wrong.all("//*[@id='telefono-error']") and wrong.all("//*[@id='indirizzo-error']")
    form = wrong.form()
    cookies = []
    for _ in range(2):
        visitor.client.cookies.clear()
        done = await visitor.submit(form, **GUEST, **{name: "due"})
        cookies.append((done.location, visitor.client.cookies["vicino"]))
    assert cookies[0] == cookies[1] and await database.scalar("SELECT count(*) FROM booking") == 1
    page = await visitor.follow(done)
    assert page.title == "La tua richiesta è arrivata" and page.says("Richiesta inviata")
    assert (await visitor.somebody_else().get(page.path)).location.startswith("/tradate/entra")


async def test_a_telephone_asks_twice(visitor: Visitor, town: Timetable) -> None:
    for asked in range(3):
        visitor.as_nobody()
        page = await visitor.get(PATH)
        name = str(page.all("//input[starts-with(@name, 'q')]/@name")[0])
        done = await visitor.submit(page.form(), **GUEST, **{name: "due"})
        assert done.status == (303 if asked < 2 else 422)
    assert done.says("Con questo telefono ci sono già 2 prenotazioni.")


async def test_for_one_of_mine(visitor: Visitor, town: Timetable) -> None:
    await visitor.as_person(town.cast.amina)
    page = await visitor.get(PATH)
    name = str(page.all("//input[starts-with(@name, 'q')]/@name")[0])
    typed = {"indirizzo": "Via Larga 2", name: "due"}
    strange = await visitor.submit(page.form(), chi=str(town.cast.giada.id), **typed)
    assert strange.status == 422 and strange.all("//*[@id='chi-error']")
    done = await visitor.submit(page.form(), chi=str(town.cast.yusuf.id), **typed)
    assert (await visitor.follow(done)).says("Yusuf Haddad")
    assert (await visitor.get("/tradate/io")).says("risposta entro venerdì 27 novembre")
    assert (await visitor.get(f"/en{PATH}")).title.startswith("Request: ")
