"""Letters that came back, read from a mailbox that other people use too."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from app.gateways.returned_mail import ImapMailbox, Returned, returned
from tests.gateways.imap_server import PASSWORD, ImapServer, imap_server

pytestmark = pytest.mark.anyio
LETTER = "t4g.12"
NEWSLETTER = b"From: tomas@ferrari.example\r\nSubject: Grazie\r\n\r\nA domani.\r\n"


def report(letter: str = LETTER, *, action: str = "failed", original: str = "message/rfc822") -> bytes:
    """As a mail server writes it (RFC 3464), with the letter or its headers behind."""
    lines = [
        "From: MAILER-DAEMON@mx.example.org",
        "To: avvisi@vicino.example",
        "Subject: Undelivered Mail Returned to Sender",
        'Content-Type: multipart/report; report-type=delivery-status; boundary="B"',
        *("", "--B", "Content-Type: text/plain", "", "I am sorry."),
        *("", "--B", "Content-Type: message/delivery-status", "", "Reporting-MTA: dns; mx.example.org"),
        *("", "Final-Recipient: rfc822; tomas@ferrari.example", f"Action: {action}", "Status: 5.1.1"),
        *("", "--B", f"Content-Type: {original}", "", f"Message-ID: <{letter}@vicino.example>"),
        *("Subject: Promemoria", "", "--B--", ""),
    ]
    return "\r\n".join(lines).encode()


@pytest.fixture
async def server() -> AsyncIterator[ImapServer]:
    async with imap_server() as running:
        yield running


def mailbox(server: ImapServer, password: str = PASSWORD) -> ImapMailbox:
    return ImapMailbox("127.0.0.1", server.port, "avvisi@vicino.example", password, "none", "INBOX")


async def test_only_reports_are_opened_and_only_once(server: ImapServer) -> None:
    server.letters = {3: NEWSLETTER, 5: report(), 8: report("another.13", original="text/rfc822-headers")}
    reports = await mailbox(server).read()
    assert reports == [Returned("5", LETTER), Returned("8", "another.13")]
    assert server.opened == [5, 8] and not server.seen, "what is not handled yet is found again"
    await mailbox(server).mark(reports)
    assert server.seen == {5, 8} and await mailbox(server).read() == []


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        NEWSLETTER,
        report(action="delayed"),
        report(action="relayed"),
        report().partition(b"Message-ID")[0],
        b"\xff" * 99,
    ],
    ids=["empty", "a letter", "delayed", "relayed", "cut off", "junk"],
)
def test_what_says_nothing_of_a_failure(raw: bytes) -> None:
    assert returned(raw) == ""


async def test_a_refused_mailbox_keeps_no_line_open(server: ImapServer) -> None:
    with pytest.raises(OSError, match="AUTHENTICATIONFAILED") as refused:
        await mailbox(server, "sbagliata").read()
    await asyncio.wait_for(server.hung_up.wait(), 5)
    assert refused.value.__cause__ is not None  # which still holds the line


async def test_a_mailbox_that_cannot_be_asked(server: ImapServer) -> None:
    with pytest.raises(OSError, match="AUTHENTICATIONFAILED"):
        await mailbox(server, "sbagliata").read()
    server.is_down = True
    with pytest.raises(OSError, match="the mailbox"):
        await mailbox(server).read()
