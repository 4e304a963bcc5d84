"""Mail over SMTP. The Message-ID hangs on the message, so a repeated one is known as such by the mailbox."""

import email.policy
import email.utils
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.errors import HeaderParseError
from email.headerregistry import Address, BaseHeader, HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage, Message
from email.policy import Policy
from typing import Protocol

import aiosmtplib
from aiosmtplib import SMTPException, SMTPRecipientsRefused, SMTPResponseException

from app.gateways import Permanent, Temporary, console

TIME_OUT = 20.0
OUR_FAULT = timedelta(minutes=10)  # a wrong password is mended by us, it is not the person's address that is bad


@dataclass(frozen=True, slots=True)
class Letter:
    recipient: str
    subject: str
    text: str
    html: str
    language: str
    unsubscribe: str = ""  # of what was asked for and may be ended with one tap (RFC 8058)


class _Whole(UnstructuredHeader, BaseHeader):
    """One long word on one line: folding would write an address in pieces that no mail program puts together."""

    def fold(self, *, policy: "Policy[Message[str, str]]") -> str:
        return f"{self.name}: {self}{policy.linesep}"


_HEADERS = HeaderRegistry()
_HEADERS.map_to_type("list-unsubscribe", _Whole)
_WRITING = email.policy.default.clone(header_factory=_HEADERS)


class Mail(Protocol):
    async def send(self, letter: Letter, *, tag: str, message_id: int, now: datetime) -> None:
        """Raises Temporary or Permanent. The same `tag` again is the same mail again."""


class ConsoleMail:
    async def send(self, letter: Letter, *, tag: str, message_id: int, now: datetime) -> None:
        await console.keep(
            "email", letter.recipient, letter.text, message_id=message_id, now=now, subject=letter.subject
        )


@dataclass(frozen=True, slots=True)
class SmtpMail:
    host: str
    port: int
    user: str
    password: str
    tls: str
    sender: str
    domain: str  # after the @ of every Message-ID

    async def send(self, letter: Letter, *, tag: str, message_id: int, now: datetime) -> None:
        written = self.written(letter, tag, now)
        try:
            await aiosmtplib.send(
                written,
                hostname=self.host,
                port=self.port,
                username=self.user or None,
                password=self.password or None,
                use_tls=self.tls == "tls",
                start_tls=self.tls == "starttls",
                timeout=TIME_OUT,
            )
        except (SMTPException, OSError, TimeoutError) as error:
            raise _failure(error) from error

    def written(self, letter: Letter, tag: str, now: datetime) -> EmailMessage:
        made = EmailMessage(_WRITING)
        try:
            made["To"] = Address(addr_spec=letter.recipient)
        except (HeaderParseError, ValueError, IndexError) as error:
            raise Permanent("not an address") from error
        made["From"] = self.sender
        made["Subject"] = letter.subject
        made["Date"] = email.utils.format_datetime(now)
        made["Message-ID"] = f"<{tag}@{self.domain}>"
        made["Content-Language"] = letter.language
        made["Auto-Submitted"] = "auto-generated"
        if letter.unsubscribe:
            made["List-Unsubscribe"] = f"<{letter.unsubscribe}>"
            made["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        made.set_content(letter.text)
        made.add_alternative(letter.html, subtype="html")
        return made


def _failure(error: Exception) -> Temporary | Permanent:
    if isinstance(error, SMTPRecipientsRefused):
        codes = [refused.code for refused in error.recipients]
        return Permanent(f"refused {codes}", is_gone=True) if min(codes) >= 500 else Temporary(f"refused {codes}")
    if isinstance(error, aiosmtplib.SMTPAuthenticationError):
        return Temporary(f"sign-in {error.code}", OUR_FAULT)
    if isinstance(error, SMTPResponseException) and error.code >= 500:
        return Permanent(f"answer {error.code}")
    return Temporary(type(error).__name__)
