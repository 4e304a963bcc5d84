"""A mail server that speaks SMTP (RFC 5321) and answers as a test wants."""

import asyncio
import email
import email.policy
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage


@dataclass
class SmtpServer:
    """`answers` replaces the answer to a command; an empty one cuts the line."""

    port: int = 0
    answers: dict[str, str] = field(default_factory=dict)
    letters: list[EmailMessage] = field(default_factory=list)
    written: list[str] = field(default_factory=list)  # as it came, line by line
    recipients: list[str] = field(default_factory=list)

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await self._say(writer, "220 test")
            while line := (await reader.readline()).decode().strip():
                await self._answer(line, reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass  # whoever wrote is gone
        finally:
            writer.close()

    async def _answer(self, line: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        command = line.split(" ")[0].split(":")[0].upper()
        answer = self.answers.get(command, {"EHLO": "250 test", "DATA": "354 go on", "QUIT": "221 bye"}.get(command))
        if answer == "":
            writer.transport.abort()
            raise ConnectionError
        await self._say(writer, answer or "250 ok")
        if command == "RCPT":
            self.recipients.append(line.partition("<")[2].partition(">")[0])
        if command == "DATA" and (answer or "").startswith("354"):
            raw = (await reader.readuntil(b"\r\n.\r\n")).replace(b"\r\n..", b"\r\n.")[:-3]
            if not self.answers.get("."):
                self.written.append(raw.decode().replace("\r\n", "\n"))
                self.letters.append(email.message_from_bytes(raw, policy=email.policy.default))
            await self._say(writer, self.answers.get(".", "250 taken"))

    async def _say(self, writer: asyncio.StreamWriter, text: str) -> None:
        writer.write(f"{text}\r\n".encode())
        await writer.drain()


@asynccontextmanager
async def smtp_server() -> AsyncIterator[SmtpServer]:
    running = SmtpServer()
    server = await asyncio.start_server(running.talk, "127.0.0.1", 0)
    running.port = server.sockets[0].getsockname()[1]
    try:
        yield running
    finally:
        server.close()
