"""Several real processes at once: nothing lost, nothing sold twice."""

import asyncio
from datetime import UTC, datetime, timedelta
from types import ModuleType

import pytest

from app.database import DB, execute, rows, scalar, write
from tests.processes import together

pytestmark = pytest.mark.slow
PROCESSES = 4


async def add_often(number: int, times: int) -> int:
    async def add() -> None:
        held = await scalar("SELECT value FROM tally WHERE id = 1 " + LOCK[DB.engine_type])
        await execute("UPDATE tally SET value = {} WHERE id = 1", held + 1)

    await asyncio.gather(*(write(add) for _ in range(times)))
    return number


LOCK = {"sqlite": "", "postgres": "FOR UPDATE"}


async def take_places(number: int, slot_id: int, tries: int) -> int:
    async def take() -> bool:
        sql = "UPDATE slot SET taken = taken + 1 WHERE id = {} AND taken < capacity RETURNING taken"
        return bool(await rows(sql, slot_id))

    return sum(await asyncio.gather(*(write(take) for _ in range(tries))))


async def lock_crosswise(number: int, times: int) -> int:
    """Half of the processes take the two rows in the wrong order: the deadlocks must be tried again."""
    order = (1, 2) if number % 2 else (2, 1)

    async def both() -> None:
        for row_id in order:
            await execute("UPDATE tally SET value = value + 1 WHERE id = {}", row_id)
            await asyncio.sleep(0.002)

    for _ in range(times):
        await write(both)
    return number


@pytest.fixture
async def tally(database: ModuleType) -> None:
    await database.execute("CREATE TABLE tally (id BIGINT PRIMARY KEY, value BIGINT NOT NULL)")
    await database.execute("INSERT INTO tally (id, value) VALUES (1, 0), (2, 0)")


async def test_no_addition_is_lost(tally: None) -> None:
    assert await together(PROCESSES, add_often, 25) == list(range(PROCESSES))
    assert await scalar("SELECT value FROM tally WHERE id = 1") == 25 * PROCESSES


async def test_the_last_places_go_to_exactly_as_many(database: ModuleType) -> None:
    slot_id = await make_slot(capacity=7)
    assert sum(await together(PROCESSES, take_places, slot_id, 10)) == 7
    assert await scalar("SELECT taken FROM slot WHERE id = {}", slot_id) == 7


async def test_deadlocks_are_tried_again(tally: None) -> None:
    await together(PROCESSES, lock_crosswise, 5)
    assert [found["value"] for found in await rows("SELECT value FROM tally")] == [20, 20]


async def make_slot(capacity: int) -> int:
    """Only the counters matter here, so the rows round the slot are as few as the keys allow."""
    starts = datetime(2026, 3, 2, 9, tzinfo=UTC)
    await execute(
        "INSERT INTO territory (id, slug, name, district, phone, phone_cost, colour, is_demo, opened_on)"
        " VALUES (1, 'prova', 'Prova', '', '', '', '', {}, {})",
        True,
        starts.date(),
    )
    for statement in (
        "INSERT INTO municipality (id, territory_id, belfiore, istat, name, province, postcode)"
        " VALUES (1, 1, 'X000', '', 'Prova', '', '')",
        "INSERT INTO provider (id, slug, name, kind, phone) VALUES (1, 'prova', 'Prova', 'cooperative', '')",
        "INSERT INTO place (id, provider_id, municipality_id, name, address) VALUES (1, 1, 1, '', '')",
        "INSERT INTO category (id, code, name_it, name_en, matter, position) VALUES (1, 'prova', '', '', '', 1)",
    ):
        await execute(statement)
    await execute(
        "INSERT INTO service (id, territory_id, provider_id, category_id, slug, status, action, mode, price, unit,"
        " minutes, step_minutes, is_confidential, needs_approval, allows_guest, owner)"
        " VALUES (1, 1, 1, 1, 'prova', 'draft', 'book', 'centre', 0, 'visit', 60, 60, {}, {}, {}, '')",
        False,
        False,
        False,
    )
    await execute("INSERT INTO service_place (id, service_id, place_id) VALUES (1, 1, 1)")
    slot_id: int = await scalar(
        "INSERT INTO slot (service_place_id, starts_at, ends_at, capacity) VALUES (1, {}, {}, {}) RETURNING id",
        starts,
        starts + timedelta(hours=1),
        capacity,
    )
    return slot_id
