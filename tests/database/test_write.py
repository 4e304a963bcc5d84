"""One transaction, all or nothing, whatever goes wrong round it."""

import asyncio
import contextlib
from datetime import UTC, date, datetime, timedelta
from types import ModuleType
from typing import Any

import pytest

from app import database as engine_room
from app import engines, turns
from app.database import TransactionError, rows, scalar, write

DEFERRED = [
    "CREATE TABLE parent (id BIGINT PRIMARY KEY)",
    "CREATE TABLE child (id BIGINT PRIMARY KEY,"
    " parent_id BIGINT NOT NULL REFERENCES parent(id) DEFERRABLE INITIALLY DEFERRED)",
]
NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


@pytest.fixture
async def tables(database: ModuleType) -> None:
    for statement in DEFERRED:
        await database.execute(statement)


async def add_parent(number: int) -> int:
    await engine_room.execute("INSERT INTO parent (id) VALUES ({})", number)
    return number


async def parents() -> list[int]:
    return [found["id"] for found in await rows("SELECT id FROM parent ORDER BY id")]


async def test_what_is_written_stays(tables: None) -> None:
    assert await write(lambda: add_parent(1)) == 1
    assert await parents() == [1]


async def test_a_refusal_leaves_nothing(tables: None) -> None:
    async def refuse() -> None:
        await add_parent(1)
        raise LookupError

    with pytest.raises(LookupError):
        await write(refuse)
    assert await parents() == []


async def test_a_failing_commit_leaves_nothing_and_hinders_nobody(tables: None) -> None:
    async def orphan() -> None:
        await add_parent(1)
        await engine_room.execute("INSERT INTO child (id, parent_id) VALUES (1, 99)")

    for _ in range(15):  # more often than the pool has connections
        with pytest.raises(Exception, match=r"(?i)foreign key"):
            await write(orphan)
        assert not engine_room.in_write()
    assert await write(lambda: add_parent(2)) == 2
    assert await parents() == [2]


async def test_writes_and_snapshots_do_not_nest(tables: None) -> None:
    async def read_inside() -> None:
        async with engine_room.snapshot():
            pass

    async def outer(inner: Any) -> None:
        await add_parent(1)
        await inner

    for inner in (write(lambda: add_parent(2)), read_inside()):
        with pytest.raises(TransactionError):
            await write(lambda inner=inner: outer(inner))  # type: ignore[misc]
    with pytest.raises(TransactionError):
        async with engine_room.snapshot():
            await write(lambda: add_parent(3))
    assert await parents() == []


async def test_another_task_may_not_query_inside(tables: None) -> None:
    async def with_a_task() -> None:
        await add_parent(1)
        await asyncio.gather(add_parent(2))

    with pytest.raises(TransactionError):
        await write(with_a_task)
    assert await parents() == []


async def test_a_task_cancelled_in_the_middle_leaves_nothing(tables: None) -> None:
    inside = asyncio.Event()

    async def wait() -> None:
        await add_parent(1)
        inside.set()
        await asyncio.sleep(30)

    task = asyncio.create_task(write(wait))
    await inside.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await write(lambda: add_parent(2)) == 2
    assert await parents() == [2]


async def test_a_task_cancelled_during_commit_waits_for_it(tables: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """When the cancelled task ends, the database has already decided."""
    committing = asyncio.Event()
    to_the_end = turns.to_the_end

    async def slow(work: Any) -> Any:
        async def late() -> Any:
            committing.set()
            await asyncio.sleep(0.1)
            return await work

        return await to_the_end(late())

    for module in (engines, turns):
        monkeypatch.setattr(module, "to_the_end", slow)
    task = asyncio.create_task(write(lambda: add_parent(1)))
    await committing.wait()
    task.cancel()
    await asyncio.sleep(0.01)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    monkeypatch.undo()
    assert await parents() == [1]
    assert await write(lambda: add_parent(2)) == 2


async def test_a_conflict_runs_the_verb_again(tables: None) -> None:
    class Conflict(Exception):
        sqlstate = "40001"

    tries = []

    async def conflicting() -> int:
        await add_parent(1)
        tries.append(1)
        if len(tries) < 3:
            raise Conflict
        return len(tries)

    assert await write(conflicting) == 3
    assert await parents() == [1]


async def test_a_snapshot_sees_one_moment(tables: None) -> None:
    await add_parent(1)
    async with engine_room.snapshot():
        before = await parents()
        await asyncio.create_task(_in_no_unit(add_parent(2)))
        assert await parents() == before == [1]
    assert await parents() == [1, 2]


async def _in_no_unit(work: Any) -> None:
    """A request of its own: it must not take part in the snapshot of the task that made it."""
    engines.current_unit.set(None)
    await work


async def test_a_snapshot_cannot_write(tables: None) -> None:
    with pytest.raises(Exception, match=r"(?i)read-?only"):
        async with engine_room.snapshot():
            await add_parent(1)
    assert await parents() == []


async def test_values_come_back_alike(database: ModuleType) -> None:
    await database.execute("CREATE TABLE kinds (at TIMESTAMPTZ, day DATE, told BOOLEAN, amount BIGINT)")
    rome = NOW.astimezone().replace(microsecond=0)
    wanted = {"at": rome, "day": date(2026, 3, 2), "told": True, "amount": 2**40}
    insert = "INSERT INTO kinds (at, day, told, amount) VALUES ({}, {}, {}, {}) RETURNING *"
    assert await database.row(insert, *wanted.values()) == wanted
    read = await database.row("SELECT * FROM kinds WHERE at < {} AND told = {}", NOW + timedelta(seconds=1), True)
    assert read == wanted
    assert read["at"].utcoffset() == timedelta(0)
    computed = await database.row("SELECT max(at) AS at, max(day) AS day, sum(amount) AS amount FROM kinds")
    assert database.instant(computed["at"]) == NOW
    assert database.day(computed["day"]) == wanted["day"]
    assert type(computed["amount"]) is int
    assert await database.heavy("SELECT day FROM kinds WHERE amount = {}", 2**40) == [{"day": wanted["day"]}]


async def test_an_instant_without_a_zone_is_refused(database: ModuleType) -> None:
    with pytest.raises(ValueError, match="time zone"):
        await scalar("SELECT count(*) FROM session WHERE started_at < {}", NOW.replace(tzinfo=None))


async def test_values_must_fill_all_places(database: ModuleType) -> None:
    with pytest.raises(ValueError, match="2 places for 1 values"):
        await rows("SELECT id FROM session WHERE id = {} OR id = {}", 1)


async def test_statements_are_counted(database: ModuleType) -> None:
    database.counter.reset()
    await rows("SELECT id FROM session")
    await rows("SELECT id FROM person")
    assert database.counter.statements == 2


async def test_a_story_is_told_whole_or_not_at_all(database: ModuleType) -> None:
    """What may be refused is tried, and taken back alone; a failure that nobody tried leaves nothing behind."""

    async def told(name: str, error: Exception | None = None) -> None:
        await database.execute("INSERT INTO household (name, created_at) VALUES ({}, {})", name, NOW)
        if error:
            raise error

    async def names() -> list[str]:
        return [row["name"] for row in await database.rows("SELECT name FROM household ORDER BY name")]

    async with database.whole():
        await database.write(lambda: told("first"))
        with contextlib.suppress(LookupError):
            async with database.attempt():
                await database.write(lambda: told("tried"))
                await database.write(lambda: told("refused", LookupError()))
        await database.write(lambda: told("second"))
    assert await names() == ["first", "second"]
    with pytest.raises(database.TransactionError, match="attempt"):
        async with database.whole():
            with contextlib.suppress(LookupError):
                await database.write(lambda: told("half", LookupError()))
            await database.write(lambda: told("more"))
    with pytest.raises(database.TransactionError, match="attempt"):
        async with database.whole():
            with contextlib.suppress(LookupError):
                await database.write(lambda: told("last", LookupError()))
    assert await names() == ["first", "second"]
