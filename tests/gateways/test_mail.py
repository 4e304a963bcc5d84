"""Mail against a server that speaks SMTP."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from app.gateways import Permanent, Temporary
from app.gateways.mail import Letter, SmtpMail
from tests.gateways.smtp_server import SmtpServer, smtp_server

pytestmark = pytest.mark.anyio
NOW = datetime(2026, 11, 24, 11, tzinfo=UTC)
LETTER = Letter("tomas@ferrari.example", "Promemoria: martedì", "È domani.\n", "<p>È domani.</p>", "it")


@pytest.fixture
async def server() -> AsyncIterator[SmtpServer]:
    async with smtp_server() as running:
        yield running


async def send(server: SmtpServer, letter: Letter = LETTER) -> None:
    sender = "Vicino <avvisi@vicino.example>"
    gateway = SmtpMail("127.0.0.1", server.port, "", "", "none", sender, "vicino.example")
    await gateway.send(letter, tag="t4g", message_id=7, now=NOW)


async def test_what_arrives(server: SmtpServer) -> None:
    await send(server)
    (got,) = server.letters
    assert server.recipients == ["tomas@ferrari.example"]
    assert got["Subject"] == "Promemoria: martedì"
    assert got["Message-ID"] == "<t4g@vicino.example>"
    assert got["Auto-Submitted"] == "auto-generated"
    assert got["Date"] == "Tue, 24 Nov 2026 11:00:00 +0000"
    text, html = got.get_body(("plain",)), got.get_body(("html",))
    assert text is not None and text.get_content().strip() == "È domani."
    assert html is not None and html.get_content().strip() == "<p>È domani.</p>"


async def test_the_same_message_again_is_known_by_its_id(server: SmtpServer) -> None:
    await send(server)
    await send(server)
    first, second = server.letters
    assert first["Message-ID"] == second["Message-ID"]


@pytest.mark.parametrize("command", ["RCPT", "MAIL", "."])
async def test_an_answer_of_five_hundred_is_for_good(server: SmtpServer, command: str) -> None:
    server.answers[command] = "550 no such mailbox"
    with pytest.raises(Permanent):
        await send(server)
    assert server.letters == []


@pytest.mark.parametrize("command", ["RCPT", "MAIL", "DATA", "."])
async def test_an_answer_of_four_hundred_is_for_now(server: SmtpServer, command: str) -> None:
    server.answers[command] = "451 try again"
    with pytest.raises(Temporary):
        await send(server)
    assert server.letters == []


async def test_a_cut_line_is_for_now(server: SmtpServer) -> None:
    server.answers["DATA"] = ""
    with pytest.raises(Temporary):
        await send(server)


async def test_nobody_listening_is_for_now() -> None:
    with pytest.raises(Temporary):
        await send(SmtpServer(port=1))


@pytest.mark.parametrize("recipient", ["", "tomas", "a@b.example\r\nBcc: all@c.example", "a@b.example, c@d.example"])
async def test_what_is_no_address_is_for_good(server: SmtpServer, recipient: str) -> None:
    with pytest.raises(Permanent):
        await send(server, replace(LETTER, recipient=recipient))
    assert server.recipients == []


async def test_a_wrong_password_is_our_fault_and_not_the_address_s(server: SmtpServer) -> None:
    server.answers |= {"EHLO": "250-test\r\n250 AUTH PLAIN LOGIN", "AUTH": "535 wrong"}
    gateway = SmtpMail("127.0.0.1", server.port, "vicino", "x", "none", "a@vicino.example", "vicino.example")
    with pytest.raises(Temporary) as caught:
        await gateway.send(LETTER, tag="t", message_id=1, now=NOW)
    assert caught.value.after.total_seconds() == 600


async def test_one_tap_ends_what_was_asked_for(server: SmtpServer) -> None:
    """RFC 8058: the address stands whole in its header, however long it is."""
    address = f"https://{'vicino.' * 12}example/en/tradate/settimana/12-{'a' * 24}/basta"
    await send(server, replace(LETTER, unsubscribe=address))
    await send(server)
    with_it, without = server.letters
    assert with_it["List-Unsubscribe"] == f"<{address}>" and f"List-Unsubscribe: <{address}>\n" in server.written[0]
    assert with_it["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert "List-Unsubscribe" not in without
