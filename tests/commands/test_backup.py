"""A backup is made while everybody works, put back elsewhere, and found whole: by the commands, as real processes."""

import asyncio
import json
import re
import stat
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from types import ModuleType

import pytest

from app import database as engine_room
from app.config import SECRETS, kept, secrets
from app.domain import clock, condition, verify
from tests.copies import Copies
from tests.domain.money import Town, open_town, post_all
from tests.test_cli import vicino

pytestmark = [pytest.mark.anyio, pytest.mark.slow]


@pytest.fixture
async def town(database: ModuleType) -> Town:
    secrets()  # made by a start, or by whatever test came before
    town = await open_town()
    await town.fund("comune", "90000,00")
    await town.give(1, "amina", "2000,00")
    return town


@asynccontextmanager
async def elsewhere(copies: Copies) -> AsyncIterator[None]:
    """An installation of its own, with nothing in it; afterwards the test's own again."""
    own = copies.current
    await engine_room.stop()
    try:
        async with copies.fresh():
            yield
    finally:
        copies.point_at(own)
        await engine_room.start()


@asynccontextmanager
async def opened() -> AsyncIterator[None]:
    await engine_room.start()
    try:
        yield
    finally:
        await engine_room.stop()


@asynccontextmanager
async def load(*writers: Callable[[], Awaitable[object]]) -> AsyncIterator[None]:
    """Each writer writes again and again."""

    async def write(one: Callable[[], Awaitable[object]]) -> None:
        while True:
            await one()
            await asyncio.sleep(0.005)

    tasks = [asyncio.create_task(write(one)) for one in writers]
    try:
        yield
        assert not [task for task in tasks if task.done()]
    finally:
        for task in tasks:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task


async def made(where: Path) -> Path:
    said = await vicino("backup", str(where))
    found = re.search(r"(\S+vicino-\w+Z): (\d+) transfers", said)
    assert found, said
    return Path(found[1])


async def test_under_load_it_holds_all_that_was_acknowledged_before(town: Town, copies: Copies, tmp_path: Path) -> None:
    paid, is_loaded = list[int](), asyncio.Event()

    async def book_and_pay() -> None:
        booking = await town.book("amina", "homework")
        await post_all(booking)
        paid.append(booking)
        if len(paid) > 10:
            is_loaded.set()

    async with load(lambda: town.give(1, "amina", "1,00"), book_and_pay):
        await is_loaded.wait()
        before = await engine_room.scalar("SELECT MAX(id) FROM transfer")
        backup = await made(tmp_path)
    after = await engine_room.scalar("SELECT MAX(id) FROM transfer")
    assert after > before, "there was no load"
    wanted = [row["id"] for row in await engine_room.rows("SELECT id FROM transfer WHERE id <= {}", before)]
    async with elsewhere(copies):
        said = await vicino("restore", str(backup))
        assert "All is right." in said
        async with opened():
            there = {row["id"] for row in await engine_room.rows("SELECT id FROM transfer")}
            assert there.issuperset(wanted)
            assert len(there) == json.loads((backup / "manifest.json").read_text())["transfers"]
            assert await verify.verify(now=clock.now()) == []
            assert await half_paid() == 0


async def half_paid() -> int:
    """Bookings with money moved for them that no hold began, or the other way round."""
    return int(
        await engine_room.scalar(
            "SELECT COUNT(*) FROM transfer r LEFT JOIN transfer h ON h.id = r.hold_id "
            "WHERE r.kind = 'post' AND (h.id IS NULL OR h.booking_id <> r.booking_id)"
        )
    )


async def test_what_is_there_is_not_overwritten_unless_said(town: Town, copies: Copies, tmp_path: Path) -> None:
    backup = await made(tmp_path)
    assert (await condition.checks(now=clock.now())).backup_at is not None
    await town.give(1, "amina", "7,00")
    assert "stop serve and worker" in await vicino("restore", "--force", str(backup), status=1)
    await engine_room.stop()
    try:
        assert "--force" in await vicino("restore", str(backup), status=1)
        said = await vicino("restore", "--force", str(backup))
    finally:
        await engine_room.start()
    assert "All is right." in said
    assert await engine_room.scalar("SELECT COUNT(*) FROM transfer WHERE amount = 700") == 0


async def test_a_copy_that_was_cut_off_or_is_foreign_is_refused(town: Town, copies: Copies, tmp_path: Path) -> None:
    backup = await made(tmp_path)
    manifest = backup / "manifest.json"
    file = backup / json.loads(manifest.read_text())["file"]
    whole = file.read_bytes()
    async with elsewhere(copies):
        file.write_bytes(whole[:-100])
        assert "is not what was written" in await vicino("restore", str(backup), status=1)
        file.write_bytes(whole)
        told = json.loads(manifest.read_text())
        manifest.write_text(json.dumps(told | {"schema": [*told["schema"], "9999_later"]}))
        assert "newer Vicino" in await vicino("restore", str(backup), status=1)
        manifest.write_text(json.dumps(told | {"engine": "other"}))
        assert "This copy is of other" in await vicino("restore", str(backup), status=1)
        manifest.write_text("{}")
        assert "is no manifest" in await vicino("restore", str(backup), status=1)
        assert "is missing" in await vicino("restore", str(tmp_path), status=1)


async def test_a_register_shorter_than_its_backup_is_found(town: Town, tmp_path: Path) -> None:
    backup = await made(tmp_path)
    assert "All is right." in await vicino("ledger", "verify", "--against", str(backup))
    manifest = backup / "manifest.json"
    told = json.loads(manifest.read_text())
    told["heads"]["transfer"] = "ab" * 32
    manifest.write_text(json.dumps(told))
    said = await vicino("ledger", "verify", "--against", str(manifest), status=1)
    assert "transfer: the seal abab abab abab is no longer there" in said


async def test_nobody_else_reads_it_and_no_secret_is_in_it(town: Town, tmp_path: Path) -> None:
    backup = await made(tmp_path / "copies")
    assert stat.S_IMODE(backup.stat().st_mode) == 0o700
    assert {stat.S_IMODE(file.stat().st_mode) for file in backup.iterdir()} <= {0o600, 0o644}
    for file in backup.iterdir():
        assert not [name for name in SECRETS if kept(name).encode() in file.read_bytes()]


async def test_only_the_newest_are_kept(town: Town, tmp_path: Path) -> None:
    first = await made(tmp_path)
    await asyncio.sleep(1.1)
    (tmp_path / "mine").mkdir()
    assert f"Deleted: {first}" in await vicino("backup", str(tmp_path), "--keep", "1")
    assert len(list(tmp_path.glob("vicino-*"))) == 1 and (tmp_path / "mine").exists()


async def test_the_secrets_go_and_come_back_apart(town: Town, copies: Copies, tmp_path: Path) -> None:
    backup = await made(tmp_path / "copies")
    assert "somewhere else" in await vicino("backup", "--secrets", str(tmp_path / "copies" / "keys"), status=1)
    keys = tmp_path / "keys"
    assert "Keep it where" in await vicino("backup", "--secrets", str(keys))
    assert stat.S_IMODE(keys.stat().st_mode) == 0o600
    assert "cannot be written" in await vicino("backup", "--secrets", str(keys), status=1)
    told = json.loads(keys.read_text())
    assert len(told) == 5
    keys.write_text(json.dumps(told | {"pepper": "ab" * 32}))
    assert "Other secrets are in use here: pepper" in await vicino("restore", "--secrets", str(keys), status=1)
    keys.write_text(json.dumps(told))
    assert "5 secrets are in place" in await vicino("restore", "--secrets", str(keys))
    manifest = backup / "manifest.json"
    marks = json.loads(manifest.read_text())
    manifest.write_text(json.dumps(marks | {"secrets": marks["secrets"] | {"identity": "0"}}))
    async with elsewhere(copies):
        assert "Not the secrets of this copy: identity" in await vicino("restore", str(backup))


async def test_without_a_database_there_is_nothing_to_copy(copies: Copies, tmp_path: Path) -> None:
    async with copies.fresh():
        assert "no database to copy" in await vicino("backup", str(tmp_path), status=1)
    assert list(tmp_path.iterdir()) == []
