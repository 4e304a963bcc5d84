"""Letters that came back: reports of delivery (RFC 3464) in the mailbox that ours are sent from, read over IMAP.

Only such reports are looked at; everything else in the mailbox stays as it is, unread.
"""

import asyncio
import email
import imaplib
import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from email.message import Message
from typing import Any, Protocol, TypeAlias

TIME_OUT = 20.0
MOST = 50  # reports at a time
LARGEST = 65536  # bytes of one; what it says comes first, the letter itself may be long
OTHERS_FAULT = (imaplib.IMAP4.error, OSError, ssl.SSLError)  # a wrong password, a line that is down

Text: TypeAlias = "Message[str, str]"


@dataclass(frozen=True, slots=True)
class Returned:
    """`letter` is the Message-ID of ours without its domain; '' where a report is of no failure, or of nobody."""

    uid: str
    letter: str


class Mailbox(Protocol):
    async def read(self) -> list[Returned]:
        """Reports that nobody has marked yet. Raises OSError where it cannot be asked."""

    async def mark(self, reports: Sequence[Returned]) -> None:
        """They are not read again."""


class NoMailbox:
    async def read(self) -> list[Returned]:
        return []

    async def mark(self, reports: Sequence[Returned]) -> None:
        pass


@dataclass(frozen=True, slots=True)
class ImapMailbox:
    host: str
    port: int
    user: str
    password: str
    tls: str
    folder: str

    async def read(self) -> list[Returned]:
        return await asyncio.to_thread(self._read)

    async def mark(self, reports: Sequence[Returned]) -> None:
        if reports:
            await asyncio.to_thread(self._mark, reports)

    def _read(self) -> list[Returned]:
        with self._opened() as line:
            found = _said(line.uid("SEARCH", "UNSEEN", "HEADER", "Content-Type", "delivery-status"))
            uids = found[0].decode().split() if found and found[0] else []
            return [Returned(uid, returned(_body(line, uid))) for uid in uids[:MOST]]

    def _mark(self, reports: Sequence[Returned]) -> None:
        with self._opened() as line:
            _said(line.uid("STORE", ",".join(one.uid for one in reports), "+FLAGS.SILENT", r"(\Seen)"))

    @contextmanager
    def _opened(self) -> Iterator[imaplib.IMAP4]:
        trusted, line = ssl.create_default_context(), None
        try:
            line = self._connected(trusted)
            if self.tls == "starttls":
                line.starttls(trusted)
            line.login(self.user, self.password)
            _said(line.select(self.folder))
            yield line
            with suppress(*OTHERS_FAULT):
                line.logout()
        except OTHERS_FAULT as error:
            raise OSError(f"the mailbox: {error}") from error
        finally:
            with suppress(OSError):
                if line:
                    line.shutdown()

    def _connected(self, trusted: ssl.SSLContext) -> imaplib.IMAP4:
        if self.tls == "tls":
            return imaplib.IMAP4_SSL(self.host, self.port, ssl_context=trusted, timeout=TIME_OUT)
        return imaplib.IMAP4(self.host, self.port, timeout=TIME_OUT)


def returned(report: bytes) -> str:
    """The letter that a report of delivery says will never arrive, '' where it says nothing of the kind."""
    parts = list(email.message_from_bytes(report).walk())
    return next(filter(None, map(_letter, parts)), "") if any(map(_has_failed, parts)) else ""


def _has_failed(part: Text) -> bool:
    """One block of lines for the report, one for each recipient; 'delayed' is still on its way."""
    blocks = part.get_payload() if part.get_content_type() == "message/delivery-status" else []
    return any(str(one.get("Action", "")).strip().lower() == "failed" for one in blocks if isinstance(one, Message))


def _letter(part: Text) -> str:
    """From the letter as it came back, or from its headers alone."""
    name = _original(part).get("Message-ID", "")
    return str(name).strip().strip("<>").partition("@")[0]


def _original(part: Text) -> Text:
    said = part.get_payload()
    if part.get_content_type() == "message/rfc822" and isinstance(said, list):
        return next((one for one in said if isinstance(one, Message)), Message())
    if part.get_content_type() == "text/rfc822-headers":
        return email.message_from_string(str(said))
    return Message()


def _said(answer: tuple[str, list[Any]]) -> list[Any]:
    kind, said = answer
    if kind != "OK":
        raise imaplib.IMAP4.error(str(said))
    return said


def _body(line: imaplib.IMAP4, uid: str) -> bytes:
    """Asked for so that it stays unread."""
    found = _said(line.uid("FETCH", uid, f"(BODY.PEEK[]<0.{LARGEST}>)"))
    return next((bytes(one[1]) for one in found if isinstance(one, tuple)), b"")
