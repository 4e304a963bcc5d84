"""When the sender of messages wakes up next: for the first that waits, or for the first lease that ends."""

from datetime import datetime, timedelta
from types import ModuleType

import pytest

from app.domain import message
from tests.people import Cast
from tests.rows import insert
from tests.visitor import NOON

pytestmark = pytest.mark.anyio


async def due(cast: Cast, in_hours: float, *, leased_hours: float | None = None, state: str = "due") -> datetime:
    due_at = NOON + timedelta(hours=in_hours)
    lease = None if leased_hours is None else NOON + timedelta(hours=leased_hours)
    await insert(
        "message",
        person_id=cast.rosa.id,
        kind="reminder",
        due_at=due_at,
        useless_after=due_at + timedelta(days=1),
        state=state,
        lease_until=lease,
        created_at=NOON,
    )
    return due_at


async def test_nothing_is_due(database: ModuleType, cast: Cast) -> None:
    assert await message.next_due() is None
    await due(cast, -1, state="sent")
    assert await message.next_due() is None


async def test_the_first_that_waits(database: ModuleType, cast: Cast) -> None:
    await due(cast, 9)
    first = await due(cast, 2)
    await due(cast, 1, state="cancelled")
    assert await message.next_due() == first


async def test_one_that_is_leased_waits_for_the_end_of_its_lease(database: ModuleType, cast: Cast) -> None:
    await due(cast, -3, leased_hours=1)
    assert await message.next_due() == NOON + timedelta(hours=1)
    await due(cast, 0.5)
    assert await message.next_due() == NOON + timedelta(hours=0.5)


async def test_a_lease_that_ended_before_the_moment_counts_for_nothing(database: ModuleType, cast: Cast) -> None:
    at = await due(cast, 5, leased_hours=-1)
    assert await message.next_due() == at
