"""Writers of the same moment may share a COMMIT; what each is told is what the database holds."""

import asyncio
import re
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from types import ModuleType

import pytest

from app import database as engine_room
from app.turns import MOST
from tests.database.test_write import add_parent, parents, tables

__all__ = ["tables"]
pytestmark = pytest.mark.anyio
MANY = 60
Verb = Callable[[], Awaitable[int]]


async def refuse(number: int) -> int:
    await add_parent(number)
    raise LookupError


async def orphan(number: int) -> int:
    """Noticed at the COMMIT alone."""
    await engine_room.execute("INSERT INTO child (id, parent_id) VALUES ({}, 9999)", number)
    return await add_parent(number)


async def told(verbs: Mapping[int, Verb]) -> list[int]:
    """Who was told that it is done, of many who come at the same moment."""
    answers = await asyncio.gather(*map(engine_room.write, verbs.values()), return_exceptions=True)
    return [number for number, answer in zip(verbs, answers, strict=True) if answer == number]


async def test_a_refusal_takes_back_its_own_alone(tables: None) -> None:
    verbs = {n: partial(add_parent if n % 3 else refuse, n) for n in range(MANY)}
    assert await told(verbs) == await parents() == [n for n in range(MANY) if n % 3]


async def test_who_was_told_is_there_also_when_a_commit_fails(tables: None) -> None:
    verbs = {n: partial(orphan if n == MANY // 2 else add_parent, n) for n in range(MANY)}
    done = await told(verbs)
    assert done == await parents()
    assert MANY // 2 not in done and len(done) >= MANY - MOST
    assert await engine_room.write(lambda: add_parent(1000)) == 1000


async def test_who_is_refused_for_what_another_wrote_sees_it(tables: None) -> None:
    async def write() -> list[int] | None:
        """What there was to be seen at once, for who was refused."""
        try:
            await engine_room.write(lambda: add_parent(1))
        except Exception as refusal:
            assert re.search(r"(?i)unique|duplicate", str(refusal)), refusal
            return await parents()
        return None

    seen = await asyncio.gather(*(write() for _ in range(6)))
    assert sorted(seen, key=bool) == [None, *[[1]] * 5]


@pytest.mark.parametrize("waiting", [1, 3])
async def test_who_goes_away_while_waiting_strands_nobody(tables: None, waiting: int) -> None:
    inside, go_on = asyncio.Event(), asyncio.Event()

    async def slow() -> int:
        inside.set()
        await go_on.wait()
        return await add_parent(1)

    first = asyncio.create_task(engine_room.write(slow))
    await inside.wait()
    others = [asyncio.create_task(engine_room.write(partial(add_parent, n))) for n in range(2, 2 + waiting)]
    await asyncio.sleep(0)
    go_on.set()
    for one in others:
        one.cancel()
    done, _ = await asyncio.wait({first, *others}, timeout=5)
    assert first in done and first.result() == 1
    assert all(one.cancelled() for one in others) and await parents() == [1]
    assert await engine_room.write(lambda: add_parent(50)) == 50


async def test_the_disk_is_waited_for_once(tables: None, database: ModuleType) -> None:
    if database.DB.engine_type != "sqlite":
        pytest.skip("PostgreSQL shares its writes by itself")
    said: list[str] = []
    database.DB.writer.set_trace_callback(said.append)
    await told({n: partial(add_parent, n) for n in range(MANY)})
    assert len(await parents()) == MANY
    assert MANY / MOST <= said.count("COMMIT") <= MANY / MOST + 2
