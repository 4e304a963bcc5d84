"""Speaks HTTP/1.1 without ceremony: one request at a time on a connection, thousands a second from one process."""

import asyncio
import time
from collections import deque
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast
from urllib.parse import urlencode

from app.edge.form import KEY

ESTABLISHED = "01"
BACK_AFTER = 0.25  # seconds
MOST_LINES = 900  # a little below what a server process takes by itself


@dataclass(frozen=True, slots=True)
class Reply:
    """`said` as it came over the wire, head and body; `seconds` from asking to the last byte of it."""

    said: bytes
    seconds: float

    @property
    def status(self) -> int:
        return int(self.said[9:12])

    @property
    def location(self) -> str:
        return self.header("location")

    def header(self, name: str) -> str:
        """'' where there is none."""
        for line in self.said.partition(b"\r\n\r\n")[0].split(b"\r\n"):
            if line.lower().startswith(name.encode() + b":"):
                return line.partition(b":")[2].strip().decode("latin-1")
        return ""


class _Line(asyncio.Protocol):
    """One connection: whoever sent is told the answer, or None when the connection broke."""

    def __init__(self) -> None:
        self.data = bytearray()
        self.transport: asyncio.Transport | None = None
        self.told: Callable[[bytes | None], None] | None = None
        self.whole = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)  # uvloop's is one without saying so

    def ask(self, request: bytes) -> "asyncio.Future[bytes | None]":
        answer: asyncio.Future[bytes | None] = asyncio.get_running_loop().create_future()
        self.send(request, lambda said: None if answer.done() else answer.set_result(said))
        return answer

    def send(self, request: bytes, told: Callable[[bytes | None], None]) -> None:
        assert self.transport is not None
        self.data.clear()
        self.whole = 0
        self.told = told
        self.transport.write(request)

    def data_received(self, data: bytes) -> None:
        self.data += data
        if not self.whole and (end := self.data.find(b"\r\n\r\n")) >= 0:
            self.whole = end + 4 + _content_length(bytes(self.data[:end]))
        if self.whole and len(self.data) >= self.whole:
            self._tell(bytes(self.data))

    def connection_lost(self, exc: Exception | None) -> None:
        self.transport = None
        self._tell(None)

    def _tell(self, said: bytes | None) -> None:
        told, self.told = self.told, None
        if told is not None:
            told(said)


@dataclass
class Client:
    """Keeps connections open and opens more where all are in use, up to a bound, as a proxy in front does; then who
    came first has the next one. More than the server takes would wait for the kernel, half a minute at a time.

    `lines` are open or being opened. `put_off` counts the refusals after which `insist` asked again.
    """

    port: int
    in_flight: int = 0
    put_off: int = 0
    idle: list[_Line] = field(default_factory=list)
    pressing: set[asyncio.Task[None]] = field(default_factory=set)
    lines: int = 0
    waiting: deque["asyncio.Future[_Line | None]"] = field(default_factory=deque)

    async def ask(self, request: bytes) -> Reply | None:
        """The answer, or None where the connection broke before it was whole."""
        began = time.perf_counter()
        line = await self._line()
        if line is None:
            return None
        self.in_flight += 1
        try:
            said = await line.ask(request)
        finally:
            self.in_flight -= 1
            self._free(line)
        return None if said is None else Reply(said, time.perf_counter() - began)

    async def insist(self, request: bytes) -> Reply | None:
        """As who is told to come back does, with the same form; sooner, to press harder."""
        while (reply := await self.ask(request)) is not None and reply.status == 503:
            self.put_off += 1
            await asyncio.sleep(BACK_AFTER)
        return reply

    def press(self, request: bytes, told: Callable[[Reply | None], None]) -> None:
        """As `ask`, at the least cost for whoever presses thousands of times a second: no task where a line is idle."""
        line = self._idle()
        if line is None:
            self.pressing.add(task := asyncio.create_task(self._pressed(request, told)))
            task.add_done_callback(self.pressing.discard)
            return
        began = time.perf_counter()
        self.in_flight += 1

        def answered(said: bytes | None) -> None:
            self.in_flight -= 1
            self._free(line)
            told(None if said is None else Reply(said, time.perf_counter() - began))

        line.send(request, answered)

    async def _pressed(self, request: bytes, told: Callable[[Reply | None], None]) -> None:
        told(await self.ask(request))

    async def _line(self) -> _Line | None:
        if line := self._idle():
            return line
        if self.lines < MOST_LINES:
            return await self._opened()
        self.waiting.append(freed := asyncio.get_running_loop().create_future())
        return await freed or await self._opened()

    async def _opened(self) -> _Line | None:
        self.lines += 1
        try:
            return (await asyncio.get_running_loop().create_connection(_Line, "127.0.0.1", self.port))[1]
        except OSError:
            self.lines -= 1
            self._wake(None)
            return None

    def _idle(self) -> _Line | None:
        """None while others wait, too."""
        while self.idle and not self.waiting:
            if (line := self.idle.pop()).transport is not None:
                return line
            self.lines -= 1
        return None

    def _free(self, line: _Line) -> None:
        if line.transport is None:
            self.lines -= 1
            self._wake(None)
        elif not self._wake(line):
            self.idle.append(line)

    def _wake(self, line: _Line | None) -> bool:
        """Who waits longest has this line, or opens one of their own; False where nobody waits."""
        while self.waiting:
            if not (first := self.waiting.popleft()).done():
                first.set_result(line)
                return True
        return False

    def close(self) -> None:
        for line in self.idle:
            if line.transport is not None:
                line.transport.close()
        self.idle.clear()


def post(path: str, form: Mapping[str, str], *, key: str, token: str, address: str = "10.0.0.1") -> bytes:
    """A form as a browser of today sends it, by the session of `token`; `address` as a proxy tells it."""
    body = urlencode({**form, KEY: key}).encode()
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: vicino={token}\r\nX-Forwarded-For: {address}\r\n"
        "Sec-Fetch-Site: same-origin\r\nAccept-Encoding: br\r\n"
        f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


@dataclass
class Seen:
    """Samples taken while a proof presses: requests sent and not answered, and connections as the kernel has them."""

    in_flight: list[float] = field(default_factory=list)
    connections: list[float] = field(default_factory=list)


@asynccontextmanager
async def watched(client: Client, every: float = 0.02) -> AsyncIterator[Seen]:
    seen = Seen()

    async def watch() -> None:
        while True:
            seen.in_flight.append(client.in_flight)
            seen.connections.append(connections(client.port))
            await asyncio.sleep(every)

    watching = asyncio.create_task(watch())
    try:
        yield seen
    finally:
        watching.cancel()


def connections(port: int) -> int:
    """Established at the server's side of the port, accepted and not yet closed."""
    lines = Path("/proc/net/tcp").read_text().splitlines()[1:]
    ends = [line.split()[1:4] for line in lines]
    return sum(1 for local, _, state in ends if local.endswith(f":{port:04X}") and state == ESTABLISHED)


def _content_length(head: bytes) -> int:
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            return int(line.partition(b":")[2])
    return 0
