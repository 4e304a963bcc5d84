"""Chromium as old phones have it, from packages for Node: unpacked once, and what is run is what was pinned."""

import fcntl
import hashlib
import os
import platform
import tarfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import brotli
from playwright.async_api import ConsoleMessage, Error, Page, async_playwright

from tests.node_packages import installed
from tests.proving.drawn import Drawn
from tests.proving.journey import NotHere
from tests.proving.visit import FLAGS

OURS = Path(__file__).parent / "old_browsers"
VIEW: Any = {"width": 360, "height": 640}


@dataclass(frozen=True)
class Packed:
    """`package` holds it; SHA-256 of the program and of the archive of its libraries, unpacked."""

    package: str
    program: str
    libraries: str


PACKED = {
    109: Packed(
        "@sparticuz/chromium",
        "a47ba3615bb98d97e25379af98cf01cef555b24ff2684c4852f63e546d95c11a",
        "910437492a4af07111dd70043e6f1af40a560aedb79e443c77866745f20191cd",
    ),
    89: Packed(
        "chrome-aws-lambda",
        "11ed5c0469187e8ef09789c665526cf6255118d5528470ad87ed54438d7c8f8d",
        "1cb4e3fe2a13ce52e3559926f10c0092075c542640831e23fb608e99d4ca7aca",
    ),
}


def unpacked(packed: Packed) -> Path:
    """The folder of its program, beside the environment's other packages."""
    held = _brought() / "node_modules" / packed.package / "bin"
    folder = held / packed.program[:12]
    with (held / "one-at-a-time").open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        if not (folder / "chromium").exists():
            folder.mkdir(exist_ok=True)
            libraries = _checked(held / "aws.tar.br", packed.libraries)
            with tarfile.open(fileobj=BytesIO(libraries)) as archive:
                archive.extractall(folder, filter="data")
            (folder / "new").write_bytes(_checked(held / "chromium.br", packed.program))
            (folder / "new").chmod(0o755)
            (folder / "new").rename(folder / "chromium")
    return folder


def _brought() -> Path:
    if platform.machine() != "x86_64":
        raise NotHere("it was built for x86_64")
    try:
        return installed(OURS, "old-browsers")
    except AssertionError as refused:
        raise NotHere("npm did not bring it") from refused


def _checked(file: Path, digest: str) -> bytes:
    body: bytes = brotli.decompress(file.read_bytes())
    assert hashlib.sha256(body).hexdigest() == digest, f"{file.name} holds another than was pinned"
    return body


@dataclass
class _Hands:
    page: Page

    async def run(self, script: str) -> Any:
        try:
            return await self.page.evaluate(script)
        except Error:
            return None

    async def open(self, address: str) -> None:
        await self.page.goto(address)

    async def click(self, x: int, y: int) -> None:
        await self.page.mouse.click(x, y)

    async def type(self, words: str) -> None:
        await self.page.keyboard.type(words)


@asynccontextmanager
async def chromium(version: int, origin: str) -> AsyncIterator[Drawn]:
    """On a phone's small screen."""
    folder = unpacked(PACKED[version])
    environment: Any = {**os.environ, "LD_LIBRARY_PATH": str(folder / "lib")}
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=folder / "chromium", args=FLAGS, env=environment, chromium_sandbox=False
        )
        try:
            context = await browser.new_context(locale="it-IT", viewport=VIEW)
            page = await context.new_page()
            said: list[str] = []
            page.on("pageerror", lambda error: said.append(str(error)))
            page.on("console", lambda message: said.extend(_error(message)))
            yield Drawn(f"Chromium {browser.version}", _Hands(page), origin, said)
        finally:
            await browser.close()


def _error(message: ConsoleMessage) -> list[str]:
    return [f"{message.text} ({message.location.get('url', '')})"] if message.type == "error" else []
