"""The demo shows what each person got, and what stands there was said by the real worker."""

from collections.abc import AsyncIterator
from functools import partial

import pytest

from app import database
from app.config import secrets, settings
from app.domain import reminder
from app.routes import demo_message
from app.worker import Worker, gateways
from tests.appointments import NOW, START, Diary
from tests.pages.answer import words
from tests.visitor import Visitor

pytestmark = pytest.mark.anyio


@pytest.fixture
async def diary(visitor: Visitor) -> AsyncIterator[Diary]:
    visitor.clock.now = NOW
    yield await Diary().open()


async def test_every_channel_in_its_language(visitor: Visitor, diary: Diary) -> None:
    await diary.person("omar", "sms", language="en")
    await diary.person("tomas", "email")
    await diary.person("elena", "push")
    for name in diary.people:
        await database.write(partial(reminder.plan, await diary.book(name), [], START, now=NOW))
    await Worker(gateways(settings(), secrets()), visitor.clock).once()
    page = await visitor.get("/prova/messaggi")
    assert page.says("Omar Prova")
    (english,) = page.all("//article//div[@lang='en']")
    assert "Your booking is confirmed." in words(english)
    assert page.says("Prenotazione confermata: martedì 24 novembre")
    assert page.says("Avviso sul telefono phone-")
    states = await database.rows("SELECT DISTINCT kind, state FROM message WHERE kind = 'confirmed' ORDER BY state")
    assert [row["state"] for row in states] == ["received", "sent"], "a phone that does not exist has shown its copy"


async def test_it_is_there_in_a_demo_only(visitor: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    assert (await visitor.get("/prova/messaggi")).says("Non è ancora partito nessun messaggio.")

    class Real:
        is_demo = False

    monkeypatch.setattr(demo_message, "settings", Real)
    assert (await visitor.get("/prova/messaggi")).status == 404
