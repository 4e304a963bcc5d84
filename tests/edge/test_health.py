"""Ready means: the database answers, its tables are of this version, a worker works, the disk has room."""

import asyncio
from datetime import timedelta

import pytest

from app import database
from app.domain import seal
from app.edge import health
from tests.visitor import NOON, Visitor

pytestmark = pytest.mark.anyio


async def test_a_process_lives_without_a_database(visitor: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    async def never(*_: object) -> None:
        raise ConnectionError

    monkeypatch.setattr(database, "rows", never)
    alive = await visitor.get("/healthz")
    assert (alive.status, alive.text) == (200, "ok\n")
    ready = await visitor.get("/readyz")
    assert (ready.status, ready.text) == (503, "not ready: database\n")


async def test_ready_when_a_worker_is_at_work(visitor: Visitor) -> None:
    assert (await visitor.get("/readyz")).text == "not ready: worker\n"
    await seal.seal_pending(now=NOON, holder="w")
    ready = await visitor.get("/readyz")
    assert (ready.status, ready.text) == (200, "ok\n")
    visitor.clock.move(minutes=2)
    silent = await visitor.get("/readyz")
    assert (silent.status, silent.text) == (503, "not ready: worker\n")
    assert silent.headers["retry-after"].isdigit()
    assert silent.headers["cache-control"] == "no-store"


async def test_tables_of_an_older_version_are_not_ready(visitor: Visitor) -> None:
    await seal.seal_pending(now=NOON, holder="w")
    await database.execute("DELETE FROM schema_version WHERE name LIKE '0007%'")
    assert (await visitor.get("/readyz")).text == "not ready: migrations\n"


async def test_an_empty_database_is_not_ready(fresh_database: None) -> None:
    await database.start()
    try:
        await database.execute("ALTER TABLE schema_version RENAME TO forgotten")
        assert await health.unready(NOON) == ["migrations"]
    finally:
        await database.stop()


async def test_a_full_disk_is_not_ready(visitor: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    await seal.seal_pending(now=NOON + timedelta(seconds=1), holder="w")
    monkeypatch.setattr(health, "FULL", 1)
    monkeypatch.setattr(health, "LITTLE", 1 << 60)
    assert (await visitor.get("/readyz")).text == "not ready: disk\n"


async def test_a_silent_database_is_not_waited_for(visitor: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    async def silent(*_: object) -> None:
        await asyncio.sleep(30)

    monkeypatch.setattr(database, "rows", silent)
    monkeypatch.setattr(health, "PATIENCE", 0.1)
    assert (await visitor.get("/readyz")).text == "not ready: database\n"
