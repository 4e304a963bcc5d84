"""The world of tests/pages/world.py, built once; each walk works on a copy of it."""

from collections.abc import AsyncIterator

import pytest

from app import database as engine_room
from tests.copies import Copies
from tests.pages.world import World
from tests.visitor import NOON, Visitor


@pytest.fixture(scope="session")
def built(copies: Copies, migrated: str) -> tuple[World, str]:
    world = World(NOON)
    return world, copies.build("world", world.fill, base=migrated)


@pytest.fixture
async def world(copies: Copies, built: tuple[World, str]) -> AsyncIterator[World]:
    async with copies.fresh(built[1]):
        await engine_room.start()
        yield built[0]
        await engine_room.stop()


@pytest.fixture
async def visitors(world: World) -> dict[str, Visitor]:
    """A browser for each actor, signed in where that can be."""
    found = {"anonymous": Visitor()}
    for name, token in world.tokens.items():
        found[name] = Visitor()
        found[name].carry(token)
    return found
