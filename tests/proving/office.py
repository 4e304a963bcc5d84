"""A push service and a mail server of our own for a proof: real TLS and HTTP, each message decrypted, each letter read.

What the push service answers stands in the address of each phone; a phone that was told says so to the web server.
"""

import asyncio
import ssl
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from py_vapid import Vapid

from tests.gateways.push_service import Browser, certificate
from tests.gateways.smtp_server import SmtpServer, smtp_server

HOST = "127.0.0.1"
RETRY_AFTER = 300  # seconds, where the push service says when to come back
ANSWERS: dict[str, tuple[str, ...]] = {
    "201": ("201 X",),
    "404": ("404 X",),
    "410": ("410 X",),
    "413": ("413 X",),
    "429": (f"429 X\r\nRetry-After: {RETRY_AFTER}", "201 X"),
    "late": ("429 X\r\nRetry-After: 86000",),
    "500": ("500 X", "503 X", "201 X"),
    "hang": ("hang", "201 X"),
    "reset": ("reset", "201 X"),
    "redirect": ("307 X\r\nLocation: /201/0",),
    "garbage": ("garbage", "201 X"),
}


@dataclass(frozen=True, slots=True)
class Taken:
    """A push as it came: `tag` and `receipt` from inside, the others from its headers; `at` by the wall clock.

    `is_loud`: a repeat with the same tag would make itself heard once more.
    """

    number: int
    at: float
    tag: str
    receipt: str
    topic: str
    ttl: int
    size: int
    is_loud: bool


@dataclass
class Office:
    """`pushes` by the number in the phone's address, `letters` are Message-IDs by recipient.

    `shown` is told the receipt's address of each push that a phone shows; `asked` counts requests of each number.
    """

    pushes: dict[int, list[Taken]] = field(default_factory=lambda: defaultdict(list))
    letters: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    asked: dict[int, int] = field(default_factory=lambda: defaultdict(int))
    shown: Callable[[str], None] = lambda address: None
    browser: Browser = field(default_factory=Browser)
    signatures: set[str] = field(default_factory=set)
    forged: int = 0
    handed: int = 0
    port: int = 0
    smtp: SmtpServer = field(default_factory=SmtpServer)
    more: asyncio.Event = field(default_factory=asyncio.Event)

    def endpoint(self, answer: str, number: int) -> str:
        return f"https://{HOST}:{self.port}/{answer}/{number}"

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while await self._one(reader, writer):
                pass
        except (asyncio.IncompleteReadError, asyncio.CancelledError, OSError):
            pass  # whoever sent was killed, or the proof is over
        finally:
            writer.close()

    async def _one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
        headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in head[1:] if line)}
        body = await reader.readexactly(int(headers["content-length"]))
        _, kind, number = head[0].split(" ")[1].split("/")
        answers = ANSWERS[kind]
        answer = answers[min(self.asked[int(number)], len(answers) - 1)]
        self.asked[int(number)] += 1
        if answer.startswith("201"):
            self._take(int(number), headers, body)
        return await _answered(answer, writer)

    def _take(self, number: int, headers: dict[str, str], body: bytes) -> None:
        """A phone reads only what was meant for it and signed by the server it subscribed to."""
        signature = headers["authorization"]
        if signature not in self.signatures:
            self.forged += not Vapid.verify(signature)
            self.signatures.add(signature)
        payload = self.browser.opened(body)
        told = (payload["tag"], payload["receipt"], headers["topic"], int(headers["ttl"]), len(body))
        self.pushes[number].append(Taken(number, time.time(), *told, bool(payload.get("renotify"))))
        self._count()
        self.shown(payload["receipt"])

    def _count(self) -> None:
        self.handed += 1
        self.more.set()

    async def reached(self, handed: int, patience: float) -> bool:
        """Until so many pushes came in all, or none came for so many seconds."""
        while self.handed < handed:
            self.more.clear()
            try:
                await asyncio.wait_for(self.more.wait(), patience)
            except TimeoutError:
                return False
        return True

    def read_letters(self) -> None:
        """What a mailbox knows a letter by; the letters themselves would fill the memory."""
        for letter in self.smtp.letters:
            self.letters[str(letter["To"])].append(str(letter["Message-ID"]))
        self.smtp.letters.clear()


async def _answered(answer: str, writer: asyncio.StreamWriter) -> bool:
    """Whether the connection stays."""
    if answer == "reset":
        writer.transport.abort()
        return False
    if answer == "hang":
        await asyncio.sleep(60)
    writer.write(b"\x00\xffnonsense\r\n\r\n" if answer == "garbage" else f"HTTP/1.1 {answer}\r\n".encode())
    writer.write(b"Content-Length: 0\r\n\r\n")
    await writer.drain()
    return answer != "garbage"


@asynccontextmanager
async def office(folder: Path) -> AsyncIterator[Office]:
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificate(folder))
    async with smtp_server() as mail:
        opened = Office(smtp=mail)
        server = await asyncio.start_server(opened.talk, HOST, 0, ssl=tls, backlog=1024)
        opened.port = server.sockets[0].getsockname()[1]
        try:
            yield opened
        finally:
            server.close()


def environment(opened: Office, folder: Path) -> dict[str, str]:
    """What an installation is told, so that it sends here and nowhere else; the demo would keep copies."""
    return {
        "VICINO_DEMO": "0",
        "VICINO_PUSH_HOSTS": f"{HOST}:{opened.port}",
        "VICINO_PUSH_CONTACT": "mailto:prova@vicino.example",
        "SSL_CERT_FILE": str(certificate(folder)),
        "SMTP_HOST": HOST,
        "SMTP_PORT": str(opened.smtp.port),
        "SMTP_TLS": "none",
    }


def keys(opened: Office) -> dict[str, Any]:
    """As any phone here subscribed: one browser stands for all."""
    phone = opened.browser.subscription("")
    return {"p256dh": phone.p256dh, "auth": phone.auth}
