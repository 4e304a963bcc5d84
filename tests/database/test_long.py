"""What reads the whole register takes long: nobody waits for it, and all of it is of one moment."""

import asyncio
from contextvars import Context
from types import ModuleType

import pytest

from app import database as engine_room
from app.domain import condition, report, verify
from app.domain.actor import SYSTEM
from app.domain.seal import GENESIS
from tests.domain.money import NOW, Town, open_town, writable

pytestmark = pytest.mark.anyio
SLOW = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 300000) SELECT MAX(i) AS i FROM n"


@pytest.fixture
async def town(database: ModuleType) -> Town:
    town = await open_town()
    await town.give(await town.fund("comune", "100,00"), "amina", "50,00")
    return town


async def test_others_are_answered_while_a_report_is_read(database: ModuleType) -> None:
    answered = 0

    async def read() -> int:
        async with engine_room.snapshot(is_long=True):
            return int(await engine_room.scalar(SLOW))

    reading = asyncio.create_task(read())
    while not reading.done():
        await engine_room.scalar("SELECT 1")
        answered += 1
        await asyncio.sleep(0)
    assert await reading == 300_000
    assert answered > 2


async def test_a_long_snapshot_sees_one_moment(town: Town) -> None:
    async with engine_room.snapshot(is_long=True):
        before = await engine_room.scalar("SELECT COUNT(*) FROM audit")
        await asyncio.create_task(engine_room.execute("UPDATE person SET language = 'en'"), context=Context())
        assert await engine_room.scalar("SELECT COUNT(*) FROM person WHERE language = 'en'") == 0
        assert await engine_room.scalar("SELECT COUNT(*) FROM audit") == before
    assert await engine_room.scalar("SELECT COUNT(*) FROM person WHERE language = 'en'") > 0


async def test_a_long_snapshot_cannot_write(town: Town) -> None:
    with pytest.raises(Exception, match=r"(?i)read-?only"):
        async with engine_room.snapshot(is_long=True):
            await engine_room.execute("UPDATE person SET language = 'en'")


async def test_a_chain_whose_end_was_cut_off_is_known_by_its_head(town: Town) -> None:
    assert await verify.check(actor=SYSTEM, now=NOW) == []
    await town.give(1, "amina", "1,00")
    assert await verify.check(actor=SYSTEM, now=NOW) == []
    known = await verify.heads()
    assert await verify.against(known) == []
    last = await engine_room.row("SELECT id, items FROM seal WHERE chain = 'transfer' ORDER BY id DESC LIMIT 1")
    assert last is not None
    await _cut(last["id"])
    assert [f for f in await verify.verify(now=NOW) if f.startswith(("seal", "transfer"))] == []
    assert len(found := await verify.against(known)) == 1 and found[0].startswith("transfer: the seal ")
    assert await verify.against({"transfer": "", "audit": ""}) == []
    assert await verify.against({"audit": GENESIS}) != []


async def test_what_was_found_wrong_is_known_afterwards(town: Town) -> None:
    assert await verify.check(actor=SYSTEM, now=NOW) == []
    assert (await condition.checks(now=NOW.replace(hour=NOW.hour + 1))).findings == 0
    async with writable("transfer"):
        await engine_room.execute("UPDATE transfer SET amount = amount + 1 WHERE id = 2")
    findings = await verify.check(actor=SYSTEM, now=NOW.replace(hour=NOW.hour + 1))
    checks = await condition.checks(now=NOW.replace(hour=NOW.hour + 1))
    assert findings
    assert checks.findings == len(findings) and checks.verified_at == NOW
    seal = await report.last_seal()
    assert seal is not None and seal.verified_at == NOW


async def _cut(seal_id: int) -> None:
    """Whoever holds the database forgets the last seal and the rows under it, and mends the counters."""
    for table in ("transfer", "seal_item", "seal"):
        async with writable(table):
            await engine_room.execute(_CUTS[table], seal_id)
    await engine_room.execute("UPDATE account SET credits_posted = credits_posted - 100 WHERE kind = 'purse'")
    await engine_room.execute("UPDATE account SET debits_posted = debits_posted - 100 WHERE kind = 'fund'")


_CUTS = {
    "transfer": "DELETE FROM transfer WHERE id IN (SELECT row_id FROM seal_item WHERE chain = 'transfer' "
    "AND seal_id = {})",
    "seal_item": "DELETE FROM seal_item WHERE seal_id = {}",
    "seal": "DELETE FROM seal WHERE id = {}",
}
