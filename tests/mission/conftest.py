"""The demo's catalogue of all territories, told once; each test walks a copy of it."""

from collections.abc import AsyncIterator

import pytest

from app import database as engine_room
from app.seed import catalogue
from tests.copies import Copies
from tests.visitor import NOON, Visitor


@pytest.fixture(scope="session")
def with_catalogue(copies: Copies, with_canary: str) -> str:
    return copies.build("catalogue", lambda: catalogue.seed(NOON), base=with_canary)


@pytest.fixture
async def citizen(copies: Copies, with_catalogue: str) -> AsyncIterator[Visitor]:
    """Somebody without an account, at noon of a Tuesday."""
    async with copies.fresh(with_catalogue):
        await engine_room.start()
        yield Visitor()
        await engine_room.stop()
