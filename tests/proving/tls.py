"""What stands in front of an installation: TLS, and a door that only sends on to it; one of each for every actor.

A scanner has no session, so the actor's is put into each request on its way.
"""

import asyncio
import ssl
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.gateways.push_service import certificate

HOST = "localhost"


@dataclass(frozen=True)
class Front:
    """Ports on this machine: `http` sends every address on to `https`."""

    http: int
    https: int


@asynccontextmanager
async def fronts(backend: int, cookies: Mapping[str, str], folder: Path) -> AsyncIterator[dict[str, Front]]:
    """By actor; `cookies` is what each one's browser sends, '' for nothing."""
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificate(folder, HOST))
    async with AsyncExitStack() as stack:
        yield {actor: await _front(stack, backend, cookie, tls) for actor, cookie in cookies.items()}


async def _front(stack: AsyncExitStack, backend: int, cookie: str, tls: ssl.SSLContext) -> Front:
    async def pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await _answer(writer, await _asked(backend, _with(await _head(reader), cookie)))

    async def send_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        path = (await _head(reader)).split(b" ")[1]
        there = f"https://{HOST}:{front.https}".encode() + path
        await _answer(writer, b"HTTP/1.1 301 X\r\nLocation: %s\r\nContent-Length: 0\r\n\r\n" % there)

    secure = await stack.enter_async_context(await asyncio.start_server(pass_on, HOST, 0, ssl=tls))
    plain = await stack.enter_async_context(await asyncio.start_server(send_on, HOST, 0))
    front = Front(plain.sockets[0].getsockname()[1], secure.sockets[0].getsockname()[1])
    return front


async def _head(reader: asyncio.StreamReader) -> bytes:
    try:
        return await reader.readuntil(b"\r\n\r\n")
    except (asyncio.IncompleteReadError, OSError):
        return b"GET / HTTP/1.1\r\n\r\n"


def _with(head: bytes, cookie: str) -> bytes:
    first, *lines = head.removesuffix(b"\r\n\r\n").split(b"\r\n")
    kept = [line for line in lines if not line.lower().startswith((b"cookie:", b"connection:"))]
    own = [b"Cookie: " + cookie.encode()] if cookie else []
    return b"\r\n".join([first, *kept, *own, b"Connection: close", b"", b""])


async def _asked(port: int, request: bytes) -> bytes:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(request)
    said = await reader.read()
    writer.close()
    return said


async def _answer(writer: asyncio.StreamWriter, said: bytes) -> None:
    writer.write(said)
    try:
        await writer.drain()
        writer.close()
    except OSError:
        pass
