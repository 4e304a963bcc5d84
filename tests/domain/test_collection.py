"""The own share at the desk: paid, noted as unpaid, undone; the public part never moves with it."""

from collections.abc import AsyncIterator

import pytest

from app import database as engine_room
from app.domain import booking, check_in, collection
from app.domain.errors import AlreadyClosed, NotFound
from tests.centre import NOON, Centre

pytestmark = pytest.mark.anyio


@pytest.fixture
async def centre(database: object) -> AsyncIterator[Centre]:
    centre = await Centre().open()
    await centre.person("Amina Haddad", 15000)
    yield centre


async def _arrived(centre: Centre) -> str:
    code = await centre.book("amina", "compiti")
    await check_in.arrive(code, nonce="n", device_at=NOON, actor=centre.staff["operator"], now=NOON)
    return code


async def _due(code: str) -> int:
    return await collection.due_cents((await booking.by_code(code)).id)


async def test_unpaid_stays_due_and_never_cancels_the_public_part(centre: Centre) -> None:
    code, operator = await _arrived(centre), centre.staff["operator"]
    await collection.collect(code, "not_paid", actor=operator, now=NOON)
    assert (await _due(code), await centre.paid_to_centre()) == (300, 900)
    await collection.collect(code, "cash", actor=operator, now=NOON)
    assert (await _due(code), await centre.paid_to_centre()) == (0, 900)
    with pytest.raises(AlreadyClosed):
        await collection.collect(code, "card", actor=operator, now=NOON)


async def test_nothing_is_due_before_arrival_and_after_undo(centre: Centre) -> None:
    code = await centre.book("amina", "compiti")
    operator = centre.staff["operator"]
    with pytest.raises(AlreadyClosed):
        await collection.collect(code, "cash", actor=operator, now=NOON)
    await check_in.arrive(code, nonce="a", device_at=NOON, actor=operator, now=NOON)
    await collection.collect(code, "cash", actor=operator, now=NOON)
    await check_in.undo(code, nonce="b", actor=operator, now=NOON)
    assert await engine_room.scalar("SELECT undone_at FROM collection") == NOON
    await check_in.arrive(code, nonce="c", device_at=NOON, actor=operator, now=NOON)
    assert await _due(code) == 300


async def test_only_staff_who_work_there_collect(centre: Centre) -> None:
    code = await _arrived(centre)
    for actor in (centre.staff["operator"].__class__("staff", 77), centre.staff["operator"].__class__("person", 1)):
        with pytest.raises(NotFound):
            await collection.collect(code, "cash", actor=actor, now=NOON)
    assert await engine_room.scalar("SELECT count(*) FROM collection") == 0
