"""The world of tests/pages/world.py, built once; each walk works on a copy of it."""

from collections.abc import AsyncIterator

import pytest

from app import database as engine_room
from tests.copies import Copies
from tests.matrix import ACTORS
from tests.pages.walk import Walked, walk
from tests.pages.world import World
from tests.visitor import NOON, Clock, Visitor


@pytest.fixture(scope="session")
def built(copies: Copies, migrated: str) -> tuple[World, str]:
    world = World(NOON)
    return world, copies.build("world", world.fill, base=migrated)


@pytest.fixture(scope="session")
def walked(copies: Copies, built: tuple[World, str]) -> Walked:
    seen = Walked()
    copies.build("walked", lambda: walk(built[0], seen), base=built[1])
    return seen


@pytest.fixture
async def world(copies: Copies, built: tuple[World, str]) -> AsyncIterator[World]:
    async with copies.fresh(built[1]):
        await engine_room.start()
        yield built[0]
        await engine_room.stop()


@pytest.fixture
async def visitors(world: World) -> dict[str, Visitor]:
    """A browser for each actor, signed in where that can be."""
    clock = Clock()
    return {name: _visitor(world, name, clock) for name in ACTORS}


@pytest.fixture
async def hasty_visitors(world: World) -> dict[str, Visitor]:
    clock = Clock()
    return {name: _visitor(world, name, clock, is_hasty=True) for name in ACTORS}


def _visitor(world: World, actor: str, clock: Clock, *, is_hasty: bool = False) -> Visitor:
    made = Visitor(clock, is_hasty=is_hasty)
    if token := world.tokens.get(actor):
        made.carry(token)
    return made
