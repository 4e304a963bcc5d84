"""A service that sends texts and speaks docs/sms.md: token, keys, answers as a test wants, and statuses."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

TOKEN = "the-token-of-the-tests"
HANG, RESET = -1, -2


@dataclass(frozen=True)
class Text:
    to: str
    sender: str
    text: str
    status_url: str

    @property
    def status_path(self) -> str:
        return urlsplit(self.status_url).path


@dataclass
class SmsServer:
    """`sent` are the texts that went to a phone, by key; `asked` counts the requests. HANG and RESET are no answers."""

    status: int = 202
    headers: dict[str, str] = field(default_factory=dict)
    sent: dict[str, Text] = field(default_factory=dict)
    asked: int = 0
    port: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1/texts"

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while await self._one(reader, writer):
                pass
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    async def _one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
        headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in head[1:] if line)}
        body = await reader.readexactly(int(headers.get("content-length", "0")))
        self.asked += 1
        status = self._judged(head[0], headers, body)
        if status == HANG:
            await asyncio.sleep(60)
        if status == RESET:
            writer.transport.abort()
            return False
        lines = [f"HTTP/1.1 {status} X", "Content-Length: 0", *(f"{n}: {v}" for n, v in self.headers.items())]
        writer.write(("\r\n".join(lines) + "\r\n\r\n").encode())
        await writer.drain()
        return True

    def _judged(self, request: str, headers: dict[str, str], body: bytes) -> int:
        key = headers.get("idempotency-key", "")
        if headers.get("authorization") != f"Bearer {TOKEN}":
            return 401
        if not request.startswith("POST /v1/texts ") or not key or headers.get("content-type") != "application/json":
            return 400
        if key in self.sent:
            return 202
        if 200 <= self.status < 300:
            told = json.loads(body)
            self.sent[key] = Text(told["to"], told["from"], told["text"], told["status_url"])
        return self.status


@asynccontextmanager
async def sms_server() -> AsyncIterator[SmsServer]:
    service = SmsServer()
    server = await asyncio.start_server(service.answer, "127.0.0.1", 0)
    service.port = server.sockets[0].getsockname()[1]
    try:
        yield service
    finally:
        server.close()
