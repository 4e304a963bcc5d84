from datetime import timedelta
from types import ModuleType

import pytest

from app import database as engine_room
from app.domain import audit, seal
from app.domain.actor import SYSTEM
from app.domain.verb import verb
from app.domain.verify import verify
from tests.domain.money import NOW, Town, open_town, post_all
from tests.processes import together

record = verb(audit.record)


@pytest.fixture
async def town(database: ModuleType) -> Town:
    """One purse of 20,00: two transfers and three audit rows to be sealed."""
    town = await open_town()
    await town.give(await town.fund("comune", "100,00"), "amina", "20,00")
    return town


async def heads(chain: str = "transfer") -> list[tuple[str, str, int]]:
    found = await engine_room.rows("SELECT previous, head, items FROM seal WHERE chain = {} ORDER BY id", chain)
    return [(row["previous"], row["head"], row["items"]) for row in found]


async def test_what_is_committed_is_linked_once(town: Town) -> None:
    assert await seal.seal_pending(NOW, "worker-1") == 5
    assert await seal.seal_pending(NOW, "worker-1") == 0
    await post_all(await town.book("amina", "homework"))
    assert await seal.seal_pending(NOW, "worker-1") == 2
    (first_previous, first, two), (second_previous, second, more) = await heads()
    assert (first_previous, second_previous) == (seal.GENESIS, first)
    assert (two, more) == (2, 2)
    assert second != first


async def test_one_holder_at_a_time(town: Town) -> None:
    assert await seal.seal_pending(NOW, "worker-1") == 5
    await record("person.look", actor=SYSTEM, now=NOW)
    assert await seal.seal_pending(NOW + seal.LEASE / 2, "worker-2") == 0
    assert await seal.seal_pending(NOW + seal.LEASE, "worker-2") == 1
    await record("person.look", actor=SYSTEM, now=NOW)
    assert await seal.seal_pending(NOW + seal.LEASE, "worker-1") == 0


async def test_many_rows_make_several_seals(database: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seal, "BATCH", 3)
    for _ in range(7):
        await record("person.look", actor=SYSTEM, now=NOW)
    assert [await seal.seal_pending(NOW, "worker-1") for _ in range(4)] == [3, 3, 1, 0]
    assert [items for _, _, items in await heads("audit")] == [3, 3, 1]
    assert await verify(now=NOW) == []


async def test_a_row_older_than_the_look_back_is_sealed_by_verify(
    database: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(seal, "LOOK_BACK", 2)
    for number in (1, 9):
        await database.execute(
            "INSERT INTO audit (id, at, actor_kind, actor_id, what, digest) VALUES ({}, {}, 'system', 0, 'x', 'd')",
            *(10 - number, NOW),
        )
        await seal.seal_pending(NOW, "worker-1")
    assert [items for _, _, items in await heads("audit")] == [1]
    await seal.seal_all(NOW)
    assert [items for _, _, items in await heads("audit")] == [1, 1]


async def test_all_is_sealed_however_many_rows_and_gaps_there_are(
    database: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(seal, "BATCH", 3)
    for number in (1, 2, 3, 4, 6, 8, 11):
        await _look(number)
    await seal.seal_all(NOW)
    for number in (5, 12):
        await _look(number)
    await seal.seal_all(NOW)
    assert sum(items for _, _, items in await heads("audit")) == 9
    assert await database.scalar("SELECT count(DISTINCT row_id) FROM seal_item WHERE chain = 'audit'") == 9


async def _look(number: int) -> None:
    await engine_room.execute(
        "INSERT INTO audit (id, at, actor_kind, actor_id, what, digest) VALUES ({}, {}, 'system', 0, 'x', 'd')",
        *(number, NOW),
    )


async def test_a_seal_says_when(town: Town) -> None:
    rows = [(1, "a"), (2, "b")]
    sealed = seal.head("transfer", seal.GENESIS, NOW, rows)
    others = {
        seal.head("audit", seal.GENESIS, NOW, rows),
        seal.head("transfer", sealed, NOW, rows),
        seal.head("transfer", seal.GENESIS, NOW + timedelta(microseconds=1), rows),
        seal.head("transfer", seal.GENESIS, NOW, rows[::-1]),
        seal.head("transfer", seal.GENESIS, NOW, [(1, "a"), (3, "b")]),
        seal.head("transfer", seal.GENESIS, NOW, rows[:1]),
    }
    assert len(others | {sealed}) == 7


async def write_and_seal(number: int) -> None:
    for _ in range(10):
        await record("person.look", actor=SYSTEM, now=NOW, subject_id=number)
        await seal.seal_all(NOW)


@pytest.mark.slow
async def test_several_sealers_make_one_chain(database: ModuleType) -> None:
    await together(3, write_and_seal)
    await seal.seal_all(NOW)
    assert sum(items for _, _, items in await heads("audit")) == 30
    assert await verify(now=NOW) == []
