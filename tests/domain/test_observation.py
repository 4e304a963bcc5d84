"""What is looked for in vain is counted, in batches, without what anybody typed."""

from datetime import date
from types import ModuleType

import pytest

from app.domain import observation, territory
from app.domain.actor import SYSTEM
from tests.visitor import NOON

pytestmark = pytest.mark.anyio


async def test_counts_add_up_over_batches(database: ModuleType) -> None:
    here = await territory.create(
        "qui",
        "Qui",
        district="Qui",
        phone="0331 000 001",
        phone_cost="",
        opened_on=date(2026, 1, 7),
        actor=SYSTEM,
        now=NOON,
    )
    await observation.flush()
    for _ in range(3):
        await observation.count(here, "no_result", "badant", now=NOON)
    assert await database.scalar("SELECT count(*) FROM observation") == 0
    await observation.flush()
    await observation.count(here, "no_result", "badant", now=NOON)
    await observation.flush()
    rows = await database.rows("SELECT day, kind, subject, seen FROM observation")
    assert rows == [{"day": NOON.date(), "kind": "no_result", "subject": "badant", "seen": 4}]


async def test_a_full_batch_is_written_by_itself(database: ModuleType) -> None:
    here = await territory.create(
        "qui",
        "Qui",
        district="Qui",
        phone="0331 000 001",
        phone_cost="",
        opened_on=date(2026, 1, 7),
        actor=SYSTEM,
        now=NOON,
    )
    await observation.flush()
    for _ in range(observation.BATCH):
        await observation.count(here, "waiting", "corso", now=NOON)
    assert await database.scalar("SELECT seen FROM observation") == observation.BATCH
