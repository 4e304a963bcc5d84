"""A newcomer's installation: the commands of the README as real processes, up to a booking paid over HTTP."""

import argparse
import asyncio
import os
import re
import sys
import time
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator, Iterator

import pytest

from app import cli
from app import database as engine_room
from app.commands.base import Parser
from tests.copies import Copies
from tests.servers import ROOT, Caller, free_port, ready, served, start, stop

PASSWORD, PIN, HOME = "cinque gatti al sole", "739164", "/valle-prova"
EXAMPLE = "docs/examples/territory.toml"


@pytest.fixture
async def nothing(copies: Copies) -> AsyncIterator[None]:
    """A database without a single table."""
    async with copies.fresh():
        yield


@pytest.fixture(scope="module")
def emptied(copies: Copies) -> str:
    """Only read: every command that is tried on it is refused."""
    return copies.build("nothing", engine_room.migrate)


async def vicino(*command: str, typed: str = "", status: int = 0) -> str:
    """What the command says; a refusal is one sentence and no traceback."""
    started = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "app.cli", *command),
        cwd=ROOT,
        env=dict(os.environ),
        stdin=PIPE,
        stdout=PIPE,
        stderr=PIPE,
    )
    said, complaint = (part.decode() for part in await started.communicate(typed.encode()))
    assert started.returncode == status, f"vicino {' '.join(command)}: {said}{complaint}"
    assert "Traceback" not in complaint
    return said + complaint


async def settle() -> tuple[str, list[str]]:
    """From nothing to a territory with a desk, a person with a card, and money: card code and sheet of codes."""
    await vicino("territory", "create", "Valle Prova", "--phone", "0331 000 900")
    assert "2 new services" in await vicino("service", "import", EXAMPLE)
    sheet = await vicino(
        "staff", "add", "dora", "Dora Sala", "--role", "desk", "--territory", "valle-prova", typed=PASSWORD + "\n"
    )
    card = await vicino(
        "person", "enrol", "--territory", "valle-prova", "--name", "Rosa Colombo", "--born", "14/3/1948"
    )
    code = re.search(r"Card of Rosa Colombo: (\w{4} \w{4} \w{2})\n", card)
    assert code, card
    await vicino("funder", "create", "comune", "Comune di Prova", "--said", "il Comune di Prova")
    until = ("--from", "1/1/2026", "--until", "31/12/2099")
    await vicino("fund", "create", "famiglie", "Comune di Prova", "--funder", "comune", *until, "--share", "75")
    assert "To give: 500.00" in await vicino("fund", "pay-in", "famiglie", "500", "--act", "determina-1/2026")
    given = await vicino("fund", "issue", "famiglie", "40,00", "--card", code[1], "--until", "31/12/2099")
    assert "Left to give: 460.00" in given
    return code[1], re.findall(r"\d+ (\w{4} \w{4})", sheet)


async def choose_pin(origin: str, card: str, codes: list[str]) -> None:
    """At the desk, with the screen turned to Rosa."""
    desk = Caller(origin)
    door = await desk.get(f"{HOME}/sportello/entra")
    asked = await desk.submit(door.form("/entra"), login="dora", password=PASSWORD)
    assert asked.says("Scrivi il codice numero 1")
    assert (await desk.submit(asked.form("/entra"), code=codes[0])).location == f"{HOME}/sportello"
    search = await desk.get(f"{HOME}/sportello")
    found = await desk.follow(await desk.submit(search.form("/cerca"), cerca=card))
    number = found.path.partition("/persone/")[2].split("?")[0]
    page = await desk.get(f"{HOME}/sportello/persone/{number}/pin")
    await desk.follow(await desk.submit(page.form("/pin"), pin=PIN, again=PIN))


async def book(origin: str, card: str) -> None:
    rosa = Caller(origin)
    door = await rosa.get(f"{HOME}/entra")
    assert (await rosa.submit(door.form("/entra"), card=card, pin=PIN, phone="others")).location == f"{HOME}/io"
    times = await rosa.get(f"{HOME}/prenota/aiuto-compiti")
    summary = await rosa.follow(await rosa.submit(times.form("/orario")))
    assert summary.says("Paga il Comune di Prova") and summary.says("− 9,00 €") and summary.says("3,00 €")
    booked = await rosa.follow(await rosa.submit(summary.form("/riepilogo")))
    assert booked.path.startswith(f"{HOME}/prenotazioni/") and booked.status == 200
    wallet = await rosa.get(f"{HOME}/io/borsellino")
    assert wallet.says("40,00 €") and wallet.says("31,00 €")


@pytest.mark.anyio
@pytest.mark.slow
@pytest.mark.timeout(120)
async def test_from_nothing_to_a_booking_paid_from_credit(nothing: None) -> None:
    card, codes = await settle()
    assert len(codes) == len(set(codes)) == 40
    told = await vicino("service", "reminders", "valle-prova", "aiuto-compiti", "24", "72")
    assert "72, 24 hours before" in told
    async with served() as origin:
        assert (await Caller(origin).get("/prova")).status == 404
        await choose_pin(origin, card, codes)
        await book(origin, card)
    assert "All is right." in await vicino("ledger", "verify")


@pytest.mark.anyio
@pytest.mark.slow
async def test_without_a_territory_the_start_page_says_what_to_do(nothing: None) -> None:
    async with served() as origin:
        start_page = await Caller(origin).get("/")
        assert start_page.says("bin/vicino territory create")
        assert (await Caller(origin).get("/prova")).status == 404
        assert (await Caller(origin).get("/valle-prova")).status == 404


@pytest.mark.anyio
@pytest.mark.slow
async def test_a_server_that_is_told_to_stop_does_so_and_the_next_one_finds_everything(nothing: None) -> None:
    await vicino("service", "import", EXAMPLE)
    port = free_port()
    for expected in (1, 2):
        server = await start(port)
        await ready(f"http://127.0.0.1:{port}")
        caller = Caller(f"http://127.0.0.1:{port}")  # its connection stays open
        page = await caller.get(f"{HOME}/prenota/aiuto-compiti")
        assert (await caller.submit(page.form("/orario"))).status == 303
        began = time.monotonic()
        await stop(server)
        assert time.monotonic() - began < 5
        await engine_room.start()
        assert await engine_room.scalar("SELECT count(*) FROM slot_hold") == expected
        await engine_room.stop()


@pytest.mark.slow
async def test_who_leaves_works_here_no_more(nothing: None) -> None:
    """First one of two roles, then the account with its open sessions."""
    await vicino("territory", "create", "Valle Prova", "--phone", "0331 000 900")
    where = ("--territory", "valle-prova")
    await vicino("staff", "add", "dora", "Dora Sala", "--role", "desk", *where, typed=PASSWORD + "\n")
    assert "is desk no more" in await vicino("staff", "end", "dora", "--role", "desk")
    assert "is no desk now" in await vicino("staff", "end", "dora", "--role", "desk", status=1)
    assert "can sign in no more" in await vicino("staff", "end", "dora")
    await engine_room.start()
    ended = await engine_room.row(
        "SELECT w.suspended_at IS NOT NULL AS gone, r.until_at IS NOT NULL AS ended "
        "FROM staff w JOIN role r ON r.staff_id = w.id"
    )
    await engine_room.stop()
    assert ended and all(ended.values())


REFUSED = [
    ("territory create Valle --phone telefono", "telephone number"),
    ("territory create Prova --phone 0331000900", "This word is in use"),
    ("territory create Valle --slug Va/lle --phone 0331000900", "This word is in use"),
    ("service import nowhere.toml", "this file is missing"),
    ("service import docs", "cannot be read"),
    ("staff add dora Dora --role desk --territory nowhere", "There is no territory yet."),
    ("staff add dora Dora --role king --territory nowhere", "invalid choice"),
    ("staff end nobody", "Nobody signs in as 'nobody'."),
    ("staff sheet nobody", "Nobody signs in as 'nobody'."),
    ("person enrol --territory x --name Rosa --born 30/2/1948", "Write the date"),
    ("fund create a A --funder x --from 1/1/2026 --until 2/1/2026", "There is no funder yet."),
    ("fund pay-in x 12,345 --act a", "Write an amount in euro"),
    ("fund pay-in x -5 --act a", "Write an amount in euro"),
    ("fund pay-in x 5 --act a", "There is no fund yet."),
    ("fund issue x 5 --card ABC --until 2026-12-31", "There is no fund yet."),
    ("", "required: COMMAND"),
]


@pytest.mark.parametrize(("typed", "sentence"), REFUSED)
def test_what_cannot_be_is_refused_in_a_sentence(
    copies: Copies,
    emptied: str,
    typed: str,
    sentence: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    copies.point_at(emptied)
    monkeypatch.setattr(sys, "argv", ["vicino", *typed.split()])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    said = f"{ended.value.code} {capsys.readouterr().err}"
    assert sentence in said
    assert ended.value.code not in (0, None)


def test_every_command_says_what_it_does() -> None:
    commands = list(_commands(cli.parser()))
    assert {"vicino serve", "vicino fund pay-in", "vicino person enrol"} <= {each.prog for each in commands}
    for each in commands:
        assert each.description and each.description.endswith("."), each.prog


def _commands(parser: argparse.ArgumentParser) -> Iterator[argparse.ArgumentParser]:
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for child in action.choices.values():
                assert isinstance(child, Parser)
                yield child
                yield from _commands(child)
