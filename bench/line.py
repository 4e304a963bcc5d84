"""A proxy in front of the served application: it notes every answer whole and, as one shared slow line, delays it.

Nothing a browser fetches is missed: pages, files, what a service worker or a preloaded connection asks for. The delay
counts what a phone would wait for: opening a connection (TCP, then TLS 1.3), the round trip, the line's rate shared by
all connections, and the growing window of each (10 segments first, doubled as they are acknowledged).
"""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from urllib.parse import urlsplit

SEGMENT, OVERHEAD, FIRST_WINDOW = 1460, 40, 10
HANDSHAKES = 2  # round trips before the first request: TCP, then TLS 1.3


@dataclass(frozen=True, slots=True)
class Speed:
    """Bytes a second down and up, seconds for a round trip."""

    down: float
    up: float
    round_trip: float

    @classmethod
    def of(cls, down_kbit: float, up_kbit: float, milliseconds: float) -> "Speed":
        return cls(down_kbit * 125, up_kbit * 125, milliseconds / 1000)


SPEEDS = {
    "slow 3G": Speed.of(400, 400, 400),
    "EDGE": Speed.of(240, 200, 800),
    "GPRS": Speed.of(50, 20, 1000),
}


@dataclass(frozen=True, slots=True)
class Exchange:
    """A request and its answer; bytes as they were sent, heads included in `head`."""

    method: str
    path: str
    status: int
    head: int
    body: int
    media_type: str
    encoding: str

    @property
    def sent(self) -> int:
        return self.head + self.body


@dataclass
class Line:
    """`speed` None is as fast as it goes; `is_down` breaks every connection.

    A browser that knows no dictionaries does not fetch them; Chromium does even when told not to use them: where it
    plays the other, `notes_dictionaries` is False.
    """

    target: str
    speed: Speed | None = None
    is_down: bool = False
    notes_dictionaries: bool = True
    exchanges: list[Exchange] = field(default_factory=list)
    down_free: float = 0.0
    up_free: float = 0.0
    open: dict[asyncio.Task[None], asyncio.StreamWriter] = field(default_factory=dict)

    async def connect(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self.open[task] = writer
        with suppress(OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            if not self.is_down:
                await self._carry(reader, writer)
        del self.open[task]
        writer.close()

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        loop = asyncio.get_running_loop()
        usable_at = loop.time() + (self.speed.round_trip * HANDSHAKES if self.speed else 0)
        window = Window()
        host, port = self.target.split(":")
        from_server, to_server = await asyncio.open_connection(host, int(port))
        try:
            while True:
                request = await _message(reader)
                await self._wait_up(len(request[0]) + len(request[1]), usable_at)
                to_server.write(request[0] + request[1])
                answer = await _message(from_server)
                if self.notes_dictionaries or not _header(answer[0], b"use-as-dictionary"):
                    self.exchanges.append(_exchange(request[0], *answer))
                await self._send(writer, answer[0] + answer[1], window)
        finally:
            to_server.close()

    async def _wait_up(self, size: int, usable_at: float) -> None:
        if self.speed is None:
            return
        loop = asyncio.get_running_loop()
        self.up_free = max(loop.time(), self.up_free, usable_at) + (size + OVERHEAD) / self.speed.up
        await asyncio.sleep(self.up_free + self.speed.round_trip / 2 - loop.time())

    async def _send(self, writer: asyncio.StreamWriter, answer: bytes, window: "Window") -> None:
        if self.speed is None:
            writer.write(answer)
            await writer.drain()
            return
        loop = asyncio.get_running_loop()
        arrives = loop.time()
        for at in range(0, len(answer), SEGMENT):
            segment = answer[at : at + SEGMENT]
            await window.room(len(segment))
            self.down_free = max(loop.time(), self.down_free) + (len(segment) + OVERHEAD) / self.speed.down
            arrives = self.down_free + self.speed.round_trip / 2
            loop.call_at(arrives, _deliver, writer, segment)
            loop.call_at(arrives + self.speed.round_trip / 2, window.acknowledge, len(segment))
        await asyncio.sleep(arrives - loop.time())

    def cut(self) -> None:
        """The line goes down under everybody."""
        self.is_down = True
        for task, writer in list(self.open.items()):
            writer.close()
            task.cancel()


class Window:
    """How much one connection may have under way."""

    def __init__(self) -> None:
        self.size, self.under_way, self.freed = FIRST_WINDOW * SEGMENT, 0, asyncio.Event()

    async def room(self, size: int) -> None:
        while self.under_way + size > self.size:
            self.freed.clear()
            await self.freed.wait()
        self.under_way += size

    def acknowledge(self, size: int) -> None:
        self.under_way -= size
        self.size += size
        self.freed.set()


@asynccontextmanager
async def line_to(origin: str, speed: Speed | None = None) -> AsyncIterator[tuple[str, Line]]:
    """The origin of the same site behind a line."""
    line = Line(urlsplit(origin).netloc, speed)
    server = await asyncio.start_server(line.connect, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", line
    finally:
        server.close()
        tasks = list(line.open)
        line.cut()
        await asyncio.gather(*tasks, return_exceptions=True)


def _deliver(writer: asyncio.StreamWriter, segment: bytes) -> None:
    if not writer.is_closing():
        writer.write(segment)


async def _message(reader: asyncio.StreamReader) -> tuple[bytes, bytes]:
    """Head and body of a request or an answer that tells its length."""
    head = await reader.readuntil(b"\r\n\r\n")
    length = re.search(rb"\r\ncontent-length: *(\d+)", head, re.IGNORECASE)
    has_body = length and not re.match(rb"HTTP/1\.1 (204|304)", head)
    return head, await reader.readexactly(int(length[1])) if length and has_body else b""


def _exchange(request: bytes, head: bytes, body: bytes) -> Exchange:
    method, path = request.split(b" ", 2)[:2]
    return Exchange(
        method.decode(),
        path.decode(),
        int(head[9:12]),
        len(head),
        len(body),
        _header(head, b"content-type").partition(";")[0],
        _header(head, b"content-encoding"),
    )


def _header(head: bytes, name: bytes) -> str:
    found = re.search(rb"\r\n" + name + rb": *([^\r]*)", head, re.IGNORECASE)
    return found[1].decode("latin-1") if found else ""
