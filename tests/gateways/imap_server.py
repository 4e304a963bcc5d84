"""A mailbox that speaks as much of IMAP (RFC 3501) as whoever reads reports of delivery needs."""

import asyncio
import email
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

PASSWORD = "segreta"


@dataclass
class ImapServer:
    """`letters` by their number; `opened` are those that somebody asked for, `seen` those that are marked as read."""

    port: int = 0
    letters: dict[int, bytes] = field(default_factory=dict)
    opened: list[int] = field(default_factory=list)
    seen: set[int] = field(default_factory=set)
    is_down: bool = False
    hung_up: asyncio.Event = field(default_factory=asyncio.Event)

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            writer.write(b"* OK here\r\n")
            while (line := (await reader.readline()).decode().strip()) and not self.is_down:
                tag, _, command = line.partition(" ")
                for said in self._answers(command):
                    writer.write(said + b"\r\n")
                writer.write(f"{tag} {self._ends(command)}\r\n".encode())
                await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass  # whoever asked is gone
        finally:
            self.hung_up.set()
            writer.close()

    def _ends(self, command: str) -> str:
        is_refused = command.startswith("LOGIN") and PASSWORD not in command
        return "NO [AUTHENTICATIONFAILED] no" if is_refused else "OK done"

    def _answers(self, command: str) -> list[bytes]:
        name = command.removeprefix("UID ").split(" ")[0].upper()
        if name == "CAPABILITY":
            return [b"* CAPABILITY IMAP4rev1"]
        if name == "SELECT":
            return [f"* {len(self.letters)} EXISTS".encode(), b"* OK [UIDVALIDITY 1] as always"]
        if name == "SEARCH":
            return [" ".join(["* SEARCH", *map(str, self._found(command))]).encode()]
        if name == "FETCH":
            return self._fetched(command)
        if name == "STORE":
            self.seen |= {
                int(number) for number in command.split(" ")[2].split(",") if r"+FLAGS.SILENT (\Seen)" in command
            }
        return [b"* BYE bye"] if name == "LOGOUT" else []

    def _found(self, command: str) -> list[int]:
        """'UNSEEN HEADER name words', as RFC 3501 has them."""
        (name, words), is_unseen = re.findall(r'HEADER "?([\w-]+)"? "?([\w-]+)"?', command)[0], "UNSEEN" in command
        held = {number: email.message_from_bytes(raw) for number, raw in self.letters.items()}
        found = [number for number, letter in held.items() if words in str(letter.get(name, ""))]
        return [number for number in found if not (is_unseen and number in self.seen)]

    def _fetched(self, command: str) -> list[bytes]:
        number, most = re.findall(r"FETCH (\d+) \(BODY\.PEEK\[\]<0\.(\d+)>\)", command)[0]
        self.opened.append(int(number))
        raw = self.letters[int(number)][: int(most)]
        return [f"* 1 FETCH (UID {number} BODY[]<0> {{{len(raw)}}}".encode() + b"\r\n" + raw + b")"]


@asynccontextmanager
async def imap_server() -> AsyncIterator[ImapServer]:
    running = ImapServer()
    server = await asyncio.start_server(running.talk, "127.0.0.1", 0)
    running.port = server.sockets[0].getsockname()[1]
    try:
        yield running
    finally:
        server.close()
