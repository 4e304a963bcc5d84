"""A line a fact, one object each, and nothing of what others say or throw."""

import asyncio
import logging
import sys
from types import ModuleType

import pytest

from app import database as engine_room
from app.domain import message
from app.gateways.mail import ConsoleMail
from app.gateways.sms import ConsoleSms
from app.worker import Gateways, Worker
from tests.appointments import NOW, START, Diary
from tests.edge.logged import leaks, logging_as_served, read
from tests.test_worker import Outside, Pushes

pytestmark = pytest.mark.anyio
SECRET = "Rosa Colombo 333 1234567"


def said(capsys: pytest.CaptureFixture[str]) -> str:
    return capsys.readouterr().err


def test_a_line_cannot_be_broken_nor_forged(capsys: pytest.CaptureFixture[str]) -> None:
    with logging_as_served():
        logging.getLogger("vicino").warning('first\n{"level": "info"}\r\x1b[31m \u2028 "quoted"')
        lines = read(said(capsys))
    assert len(lines) == 1
    assert lines[0]["level"] == "warning" and lines[0]["said"].startswith("first\n")


def test_an_error_says_where_and_not_what(capsys: pytest.CaptureFixture[str]) -> None:
    with logging_as_served():
        try:
            try:
                raise KeyError(SECRET)
            except KeyError as first:
                raise ValueError(SECRET) from first
        except ValueError:
            logging.getLogger("vicino").exception("it failed")
        text = said(capsys)
    assert leaks(text, [SECRET, "1234567"]) == []
    line = read(text)[0]
    assert line["error"] == "ValueError < KeyError"
    assert "test_log.py" in line["trace"][-1]


def test_what_other_libraries_say_is_not_repeated(capsys: pytest.CaptureFixture[str]) -> None:
    with logging_as_served():
        logging.getLogger("httpx").warning("HTTP Request: POST https://push.example/%s", SECRET)
        logging.getLogger("asyncio").error(f"Task exception was never retrieved: {SECRET}")
        text = said(capsys)
    assert leaks(text, [SECRET, "push.example"]) == []
    assert [line["from"] for line in read(text)] == ["httpx", "asyncio"]
    assert all(line["place"].startswith("test_log.") for line in read(text))


def test_what_ends_the_program_is_a_line_too(capsys: pytest.CaptureFixture[str]) -> None:
    with logging_as_served():
        try:
            raise RuntimeError(SECRET)
        except RuntimeError:
            sys.excepthook(*sys.exc_info())
        text = said(capsys)
    assert read(text)[0]["level"] == "critical" and leaks(text, [SECRET]) == []


async def test_a_worker_names_nobody_it_tells(database: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    diary = await Diary().open()
    tomas, elena = await diary.person("tomas", "sms"), await diary.person("elena", "email")
    for person in (tomas, elena):
        await _put(person)
    with logging_as_served():
        console = Worker(Gateways(Pushes(Outside()), ConsoleMail(), ConsoleSms()), lambda: NOW)
        assert await console.once() == 2
        told = said(capsys)
        broken = Worker(Gateways(Pushes(Outside()), ConsoleMail(), Throwing()), lambda: NOW)
        await _put(tomas)
        assert await broken.once() == 1
        failed = said(capsys)
    contacts = [row["recipient"] for row in await database.rows("SELECT recipient FROM outbox_copy")]
    assert len(contacts) == 2 and len(read(told)) == 2
    assert leaks(told + failed, [*contacts, SECRET, "Tomas", "Elena"]) == []
    assert read(failed)[0]["error"] == "RuntimeError"


async def _put(person: int) -> None:
    put = message.put("credit_given", person, due_at=NOW, useless_after=START, now=NOW)
    await engine_room.write(lambda: put)


class Throwing:
    tells_status = False

    async def send(self, number: str, text: str, **_: object) -> None:
        await asyncio.sleep(0)
        raise RuntimeError(f"{SECRET} {number} {text}")
