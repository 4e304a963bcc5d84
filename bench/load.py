"""Asking as fast as a server answers: Debian's wrk where it is installed, else a generator of our own."""

import asyncio
import re
import shutil
import time
from dataclasses import dataclass
from urllib.parse import urlsplit

from bench import processes

CONNECTIONS = 16
LEAST_BUSY = 0.5  # of one core: below this something else was measured


@dataclass(frozen=True, slots=True)
class Round:
    """`busy` is the share of one core the server used."""

    per_second: float
    busy: float
    failed: int


def generator() -> str:
    return "wrk" if shutil.which("wrk") else "own generator"


async def press(url: str, pid: int, *, headers: dict[str, str], seconds: float) -> Round:
    """One round of requests on kept connections, each sent as soon as the last one is answered."""
    before, began = processes.cpu_seconds(pid), time.monotonic()
    run = _wrk if shutil.which("wrk") else _own
    per_second, failed = await run(url, headers, seconds)
    busy = (processes.cpu_seconds(pid) - before) / (time.monotonic() - began)
    return Round(per_second, busy, failed)


async def _wrk(url: str, headers: dict[str, str], seconds: float) -> tuple[float, int]:
    given = [part for name, value in headers.items() for part in ("-H", f"{name}: {value}")]
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{max(1, round(seconds))}s", *given, url]
    process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
    said, _ = await process.communicate()
    return read_wrk(said.decode())


def read_wrk(said: str) -> tuple[float, int]:
    """Requests a second, and answers that were none."""
    rate = re.search(r"Requests/sec:\s+([\d.]+)", said)
    if rate is None:
        raise RuntimeError(f"wrk said: {said}")
    other = re.search(r"Non-2xx or 3xx responses: (\d+)", said)
    broken = re.search(r"Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)", said)
    return float(rate[1]), int(other[1] if other else 0) + sum(map(int, broken.groups() if broken else ()))


async def _own(url: str, headers: dict[str, str], seconds: float) -> tuple[float, int]:
    parts, until = urlsplit(url), time.monotonic() + seconds
    path = parts.path + (f"?{parts.query}" if parts.query else "")
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    sent = f"GET {path} HTTP/1.1\r\nhost: {parts.netloc}\r\n{lines}\r\n".encode()
    counts = await asyncio.gather(*(_ask(parts.hostname, parts.port, sent, until) for _ in range(CONNECTIONS)))
    return sum(good for good, _ in counts) / seconds, sum(bad for _, bad in counts)


async def _ask(host: str | None, port: int | None, sent: bytes, until: float) -> tuple[int, int]:
    reader, writer = await asyncio.open_connection(host, port)
    counts = [0, 0]
    try:
        while time.monotonic() < until:
            writer.write(sent)
            status, _, _ = await whole_answer(reader)
            counts[status >= 400] += 1
    finally:
        writer.close()
    return counts[0], counts[1]


async def whole_answer(reader: asyncio.StreamReader) -> tuple[int, bytes, bytes]:
    """One HTTP/1.1 answer that tells its length: status, head and body."""
    head = await reader.readuntil(b"\r\n\r\n")
    length = re.search(rb"content-length: (\d+)", head, re.IGNORECASE)
    body = await reader.readexactly(int(length[1])) if length else b""
    return int(head[9:12]), head, body
