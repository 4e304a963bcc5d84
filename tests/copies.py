"""Databases for tests: a template is built once, each test works on a copy of it."""

import asyncio
import itertools
import os
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from app import database
from app.config import settings
from app.domain import observation
from app.engines import Sqlite

FAST = " STRATEGY file_copy"  # five times quicker where the disk is not waited for; the only way before 15
_numbers = itertools.count(1)


class Copies:
    """Templates by name; on PostgreSQL a name is a database, on SQLite a folder with the file in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "secrets").mkdir(mode=0o700, exist_ok=True)
        self.templates: list[str] = []
        if isinstance(database.DB, Sqlite):
            database.DB.synchronous = "OFF"  # nothing here must survive a power cut

    def build(self, name: str, fill: Callable[[], Awaitable[Any]], base: str | None = None) -> str:
        """In a thread: fixtures of browser tests already have a loop in this one."""
        with ThreadPoolExecutor(1) as thread:
            template = thread.submit(asyncio.run, self._build(name, fill, base)).result()
        self.templates.append(template)
        return template

    async def _build(self, name: str, fill: Callable[[], Awaitable[Any]], base: str | None) -> str:
        template = _unique(name)
        await self._copy(base, template)
        self.point_at(template)
        await database.start()
        try:
            await fill()
        finally:
            await database.stop()
        return template

    @asynccontextmanager
    async def fresh(self, template: str | None = None) -> AsyncIterator[str]:
        name = _unique("test")
        await self._copy(template, name)
        self.point_at(name)
        yield name
        await self._drop(name)

    def point_at(self, name: str) -> None:
        self.current = name
        observation._pending.clear()  # counted in another database
        for variable, value in self.environment(name).items():
            os.environ[variable] = value
        if isinstance(database.DB, Sqlite):
            database.DB.path = str(self.folder / name / "vicino.sqlite")
        else:
            database.DB.config["database"] = name

    def environment(self, name: str) -> dict[str, str]:
        """What another process must be told to work on this database."""
        if isinstance(database.DB, Sqlite):
            return {"VICINO_DATA": str(self.folder / name), "VICINO_DATABASE_URL": ""}
        url = urlsplit(settings().database_url)._replace(path=f"/{name}").geturl()
        return {"VICINO_DATA": str(self.folder), "VICINO_DATABASE_URL": url}

    async def _copy(self, template: str | None, name: str) -> None:
        if isinstance(database.DB, Sqlite):
            (self.folder / name).mkdir(parents=True)
            (self.folder / name / "secrets").symlink_to(self.folder / "secrets")  # other processes read the same
            if template:
                shutil.copy(self.folder / template / "vicino.sqlite", self.folder / name)
        else:
            await _administer(f"CREATE DATABASE {name} TEMPLATE {template or 'template0'}{FAST}")

    async def _drop(self, name: str) -> None:
        if isinstance(database.DB, Sqlite):
            shutil.rmtree(self.folder / name, ignore_errors=True)
        else:
            await _administer(f"DROP DATABASE {name} WITH (FORCE)")

    def drop_templates(self) -> None:
        for template in self.templates:
            asyncio.run(self._drop(template))


def _unique(name: str) -> str:
    return f"{name}_{os.getpid()}_{next(_numbers)}"


async def _administer(statement: str) -> None:
    import asyncpg

    connection = await asyncpg.connect(settings().database_url)
    try:
        is_old = connection.get_server_version().major < 15
        await connection.execute(statement.replace(FAST, "") if is_old else statement)
    finally:
        await connection.close()
