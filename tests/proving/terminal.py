"""w3m and lynx in a terminal, with keys pressed as somebody presses them; what they show is what they save to a file.

Both write a number before what can be reached; w3m writes none before a button, which is found by searching for it.
"""

import asyncio
import fcntl
import os
import pty
import re
import shutil
import signal
import struct
import termios
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from tests.proving.journey import Kind, Missing, NotHere

SIZE = struct.pack("HHHH", 60, 160, 0, 0)  # lines and columns
SECONDS, LOOK = 20, 0.05
SILENT = 1.0  # seconds after a key that needs no answer
SAVED = 5.0  # seconds until a file that was not written counts as none
NOWHERE = {"http_proxy": "http://127.0.0.1:9/", "no_proxy": "127.0.0.1"}  # a key gone astray leads to no other site
BEFORE = {  # how the number stands to the words of what is reached
    "link": r"\[(\d+)\]\s*{}",
    "button": r"\(\[(\d+)\]BUTTON\)\s*{}",
    "choice": r"\[(\d+)\]\([ *]\)\s*{}",
    "field": r"^\W*{}.*?\[(\d+)\][\[_]",
}


@dataclass(frozen=True)
class Keys:
    """`save` ends with the name of the file, `go` moves to a number, `typed` fills a field in and leaves it."""

    program: str
    version: re.Pattern[bytes]
    arguments: tuple[str, ...]
    save: tuple[str, ...]
    go: str
    typed: tuple[str, ...]
    search: tuple[str, ...] = ()
    quiet: float = 0.15  # seconds after which what it shows is whole
    settings: tuple[str, str] = ("", "")  # a file of its own, and what stands in it


W3M = Keys(
    "w3m",
    re.compile(rb"w3m/(\S+),"),
    ("-o", "display_link_number=1", "-o", "use_cookie=1", "-o", "accept_cookie=1", "-o", "confirm_qq=0"),
    ("S", "{}\r"),
    "{}[",
    ("\r", "{}\r"),
    ("{}g", "/{}\r"),
    quiet=0.03,  # it takes what is typed ahead
)
LYNX = Keys(
    "lynx",
    re.compile(rb"Lynx Version (\S+)"),
    ("-accept_all_cookies", "-tna", "-nocolor", "-delay=0"),
    ("p", "\r", "\x15{}\r"),
    "{}g\r",
    ("\r", "{}", "\t"),
    settings=(".lynxrc", "keypad_mode=LINKS_AND_FORM_FIELDS_ARE_NUMBERED\n"),
)


@dataclass
class Terminal:
    name: str
    keys: Keys
    origin: str
    folder: Path
    screen: int = -1
    process: int = 0
    seen: str = ""
    errors: list[str] | None = None
    heard: float = 0

    async def open(self, path: str) -> None:
        self.process, self.screen = _started([self.keys.program, *self.keys.arguments, self.origin + path], self.folder)
        asyncio.get_running_loop().add_reader(self.screen, self._drain)

    async def reach(self, kind: Kind, words: str, typed: str = "") -> None:
        if not self.seen:
            await self._look()
        number = re.search(BEFORE[kind].replace("{}", re.escape(words)), self.seen, re.MULTILINE | re.DOTALL)
        if number is not None:
            await self._press(self.keys.go.format(number[1]))
        elif kind == "button" and self.keys.search:
            line = self._line_of(words)
            await self._press(*(key.format(each) for key, each in zip(self.keys.search, (line, words), strict=True)))
        else:
            raise Missing(f"{words}: nothing bears these words")
        await self._press(*(key.format(typed) for key in (self.keys.typed if typed else ("\r",))))
        self.seen = ""

    async def says(self, words: str) -> bool:
        give_up = time.monotonic() + SECONDS
        while time.monotonic() < give_up:
            await self._look()
            if words in " ".join(self.seen.split()):
                return True
        return False

    async def has_worker(self) -> bool | None:
        return None

    def close(self) -> None:
        if self.process:
            asyncio.get_running_loop().remove_reader(self.screen)
            with suppress(ProcessLookupError):
                os.kill(self.process, signal.SIGKILL)
            os.waitpid(self.process, 0)
            os.close(self.screen)

    async def _look(self) -> None:
        """Nothing, where it does not come to save."""
        file = self.folder / "page"
        file.unlink(missing_ok=True)
        await self._press(*(key.format(file) for key in self.keys.save))
        for _ in range(int(SAVED / LOOK)):
            if file.exists() and file.stat().st_size:
                await asyncio.sleep(LOOK)
                self.seen = file.read_text(errors="replace").partition("\nReferences\n")[0]
                return
            await asyncio.sleep(LOOK)
        self.seen = ""

    def _line_of(self, words: str) -> int:
        """The one before it; a button stands on a line of its own, else at the end of one or at its beginning."""
        lines = [line.strip() for line in self.seen.splitlines()]
        tests = (str.__eq__, lambda line, end: line.endswith(" " + end), lambda line, start: line.startswith(start))
        for is_it in tests:
            for number, line in enumerate(lines):
                if is_it(line, words):
                    return number  # counted from 1, this is the line before
        raise Missing(f"{words}: nothing bears these words")

    async def _press(self, *keys: str) -> None:
        """Each when the one before has been answered: what is typed ahead may be thrown away."""
        for key in keys:
            pressed_at = time.monotonic()
            os.write(self.screen, key.encode())
            while not self._is_quiet(pressed_at):  # noqa: ASYNC110
                await asyncio.sleep(self.keys.quiet / 5)

    def _is_quiet(self, since: float) -> bool:
        now = time.monotonic()
        return now > since + SILENT if self.heard < since else now > self.heard + self.keys.quiet

    def _drain(self) -> None:
        with suppress(OSError):
            if os.read(self.screen, 65536):
                self.heard = time.monotonic()
                return
        asyncio.get_running_loop().remove_reader(self.screen)


def _started(command: list[str], home: Path) -> tuple[int, int]:
    """Who has never been anywhere: without anybody's settings and cookies."""
    process, screen = pty.fork()
    if process == 0:
        told = {"HOME": str(home), "PATH": os.environ["PATH"], "TERM": "vt100", "LC_ALL": "C.UTF-8", **NOWHERE}
        os.execvpe(command[0], command, told)
    fcntl.ioctl(screen, termios.TIOCSWINSZ, SIZE)
    return process, screen


@asynccontextmanager
async def terminal(keys: Keys, origin: str, folder: Path) -> AsyncIterator[Terminal]:
    """NotHere where this machine does not have it."""
    if not shutil.which(keys.program):
        raise NotHere(keys.program)
    home = folder / keys.program
    home.mkdir()
    if keys.settings[0]:
        (home / keys.settings[0]).write_text(keys.settings[1])
    asked = await asyncio.create_subprocess_exec(keys.program, "-version", stdout=asyncio.subprocess.PIPE)
    version = keys.version.search((await asked.communicate())[0])
    assert version
    opened = Terminal(f"{keys.program} {version[1].decode()}", keys, origin, home)
    try:
        yield opened
    finally:
        opened.close()
