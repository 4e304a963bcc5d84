"""The line between a phone and the server: it can be gone, and it can lose an answer on the way back."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from random import Random


@dataclass
class Gate:
    """`loses` is the chance that a connection ends when the first byte of an answer comes; `lost` counts these."""

    port: int
    chance: Random
    is_open: bool = True
    loses: float = 0.0
    lost: int = 0
    writers: set[asyncio.StreamWriter] = field(default_factory=set)

    def cut(self) -> None:
        self.is_open = False
        for writer in self.writers:
            writer.close()

    async def carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            if self.is_open:
                answers, asked = await asyncio.open_connection("127.0.0.1", self.port)
                self.writers |= {writer, asked}
                await asyncio.gather(self._ask(reader, asked), self._answer(answers, writer))
                self.writers -= {writer, asked}
        writer.close()

    async def _ask(self, reader: asyncio.StreamReader, asked: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while part := await reader.read(65_536):
                asked.write(part)
                await asked.drain()
        asked.close()

    async def _answer(self, answers: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while part := await answers.read(65_536):
                if self.chance.random() < self.loses:
                    self.lost += 1
                    break
                writer.write(part)
                await writer.drain()
        writer.close()


@asynccontextmanager
async def gate_to(port: int, chance: Random) -> AsyncIterator[tuple[str, Gate]]:
    """The address that a phone opens."""
    gate = Gate(port, chance)
    server = await asyncio.start_server(gate.carry, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", gate
    finally:
        gate.cut()
        server.close()
