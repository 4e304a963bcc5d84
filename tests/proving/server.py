"""The real server under a proof, and whoever presses on it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import urlsplit

from app import database
from tests.proving.client import Client
from tests.proving.figures import Trial
from tests.servers import served

LOG = "server.log"


def processes() -> int:
    """What is served by default on SQLite, and four that share a PostgreSQL."""
    return 4 if database.DB.engine_type == "postgres" else 1


@asynccontextmanager
async def pressed(trial: Trial[Any]) -> AsyncIterator[Client]:
    async with served(processes=processes(), module=trial.server, log=trial.folder / LOG) as origin:
        client = Client(urlsplit(origin).port or 0)
        try:
            yield client
        finally:
            client.close()
