"""Vicino itself, served from a folder of its own that is thrown away, with the world of tests/pages in it."""

import shutil
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from app import addresses, database
from app.config import settings
from app.domain import card
from app.engines import Sqlite
from bench import processes
from tests.pages.world import World

ROOT = Path(__file__).parent.parent


@dataclass(frozen=True)
class Site:
    """`card` and the world's PIN sign in owner: somebody with a booking, a held time, a purse and a child."""

    origin: str
    world: World
    card: str
    pid: int
    folder: Path

    @property
    def owner(self) -> str:
        """The cookie header of owner, signed in."""
        return f"vicino={self.world.tokens['owner']}"

    def url(self, name: str, **parts: Any) -> str:
        return self.origin + self.path(name, **parts)

    def path(self, name: str, **parts: Any) -> str:
        return addresses.url(name, **{"territory": "tradate", **parts})


@asynccontextmanager
async def told() -> AsyncIterator[tuple[Path, World]]:
    """The world in a SQLite file of its own; the database is open until the end."""
    folder = beside("world")
    engine().path = str(folder / "vicino.sqlite")
    await database.start()
    try:
        await database.migrate()
        world = World(datetime.now(UTC))
        await world.fill()
        yield folder, world
    finally:
        await database.stop()
        shutil.rmtree(folder, ignore_errors=True)


def engine() -> Sqlite:
    """What an installation has that says nothing else."""
    assert isinstance(database.DB, Sqlite), "only the measures of scale run on PostgreSQL"
    return database.DB


def beside(name: str) -> Path:
    """A data folder of its own with the secrets of this run."""
    common = settings().data / "secrets"
    common.mkdir(mode=0o700, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix=f"{name}-", dir=settings().data))
    (folder / "secrets").symlink_to(common)
    return folder


@asynccontextmanager
async def elsewhere(folder: Path | None = None) -> AsyncIterator[None]:
    """The world's file is closed meanwhile; where another folder is named, its database is open instead."""
    before = engine().path
    await database.stop()
    try:
        if folder is None:
            yield
        else:
            engine().path = str(folder / "vicino.sqlite")
            await database.start()
            try:
                yield
            finally:
                await database.stop()
    finally:
        engine().path = before
        await database.start()


@asynccontextmanager
async def served() -> AsyncIterator[Site]:
    async with told() as (folder, world):
        held = await card.of(world.ids["owner"])
        assert held is not None
        async with server(folder) as (origin, pid):
            yield Site(origin, world, held.code, pid, folder)


@asynccontextmanager
async def server(folder: Path) -> AsyncIterator[tuple[str, int]]:
    """As an installation serves it: where, and its process."""
    port = processes.free_port()
    told = {"VICINO_DATA": str(folder), "PORT": str(port)}
    async with processes.running("-m", "app.cli", "serve", "--empty", **told) as pid:
        origin = f"http://127.0.0.1:{port}"
        await processes.answers(f"{origin}/healthz")
        yield origin, pid
