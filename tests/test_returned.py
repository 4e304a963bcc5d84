"""A letter that comes back after it was taken: the next channel tells it, or somebody calls."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from types import ModuleType

import pytest

from app.domain import receipt
from app.domain.actor import SYSTEM
from tests.appointments import START, Diary
from tests.gateways.imap_server import ImapServer, imap_server
from tests.gateways.test_returned_mail import NEWSLETTER, mailbox, report
from tests.test_worker import Day, planned, states, tries

pytestmark = pytest.mark.anyio


@pytest.fixture
async def diary(database: ModuleType) -> AsyncIterator[Diary]:
    yield await Diary().open()


@pytest.fixture
async def server() -> AsyncIterator[ImapServer]:
    async with imap_server() as running:
        yield running


@pytest.fixture
def day(server: ImapServer) -> Day:
    day = Day()
    day.worker.outside = replace(day.worker.outside, mailbox=mailbox(server))
    return day


async def comes_back(day: Day, server: ImapServer, letter: str = "") -> None:
    server.letters[max(server.letters, default=0) + 1] = report(letter or day.outside.sent[-1][2])
    day.now += timedelta(minutes=2)
    await day.worker.read_returned()


async def test_the_next_channel_tells_it(diary: Diary, day: Day, server: ImapServer, database: ModuleType) -> None:
    await diary.person("tomas", "email", "sms")
    await planned(diary, "tomas")
    server.letters[1] = NEWSLETTER
    assert await day.work() == ["email"]
    await comes_back(day, server)
    assert await day.work() == ["sms"]
    assert await tries(database) == [("email", "failed"), ("sms", "sent")]
    assert (server.opened, server.seen) == ([2], {2})
    await comes_back(day, server, letter=day.outside.sent[0][2])
    assert await day.work() == [], "a second report of the same letter changes nothing"


async def test_who_has_nothing_else_is_called_while_there_is_time(diary: Diary, day: Day, server: ImapServer) -> None:
    await diary.person("tomas", "email", "call")
    await planned(diary, "tomas")
    day.now = START - timedelta(hours=13)
    await day.work()
    await comes_back(day, server)
    await day.work()
    assert ("reminder", "to_call") in await states()


async def test_too_late_it_has_failed(diary: Diary, day: Day, server: ImapServer) -> None:
    await diary.person("tomas", "email", "sms")
    await planned(diary, "tomas")
    day.now = START - timedelta(hours=13)
    await day.work()
    day.now = START
    await comes_back(day, server)
    assert await day.work() == [] and (await states())[-1] == ("reminder", "failed")


@pytest.mark.parametrize("letter", ["0" * 24 + ".1", ".", "nothing", "x." + "9" * 30, "x.²", "0" * 24 + ".999999"])
async def test_an_invented_report_changes_nothing(diary: Diary, day: Day, server: ImapServer, letter: str) -> None:
    await diary.person("tomas", "email", "sms")
    await planned(diary, "tomas")
    await day.work()
    before = await states()
    await comes_back(day, server, letter)
    assert await day.work() == [] and await states() == before
    assert not await receipt.came_back(letter, actor=SYSTEM, now=day.now)


async def test_a_mailbox_that_is_down_stops_nothing(diary: Diary, day: Day, server: ImapServer) -> None:
    await diary.person("tomas", "email", "sms")
    await planned(diary, "tomas")
    server.is_down = True
    await comes_back(day, server, "x")
    assert await day.work() == ["email"]
    server.is_down = False
    await comes_back(day, server)
    assert await day.work() == ["sms"]
