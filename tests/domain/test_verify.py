"""Somebody with the keys of the database changes the past: verify says where."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta, timezone
from types import ModuleType

import pytest

from app import database as engine_room
from app.domain import ledger
from app.domain.actor import SYSTEM
from app.domain.digest import digest
from app.domain.verb import verb
from app.domain.verify import verify
from tests.domain.money import NOW, Town, open_town, post_all, writable

Change = Callable[[], Awaitable[None]]


@pytest.fixture
async def town(database: ModuleType) -> Town:
    """Transfers: 1 pay in, 2 issue, 3 hold, 4 post, 5 hold; accounts: 1 fund, 5 purse, 6 payable."""
    town = await open_town()
    await town.give(await town.fund("comune", "100,00"), "amina", "50,00")
    await post_all(await town.book("amina", "homework"))
    await town.book("amina", "homework")
    assert await verify(now=NOW) == []
    return town


async def tamper(table: str, change: str, *values: object) -> None:
    async with writable(table):
        await engine_room.execute(change, *values)


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("amount", 1201),
        ("booking_id", 77),
        ("reason", "other"),
        ("actor_id", 9),
        ("actor_kind", "staff"),
        ("made_at", NOW + timedelta(microseconds=1)),
        ("credit_account_id", 2),
        ("debit_account_id", 2),
        ("corrects_id", 1),
    ],
)
async def test_a_changed_transfer_is_found(town: Town, column: str, value: object) -> None:
    await tamper("transfer", f"UPDATE transfer SET {column} = {{}} WHERE id = 4", value)
    assert "transfer 4: the row is not what its digest says" in await verify(now=NOW)


async def test_a_changed_look_is_found(town: Town) -> None:
    await tamper("audit", "UPDATE audit SET actor_id = 1 WHERE id = 2")
    assert await verify(now=NOW) == ["audit 2: the row is not what its digest says"]


async def test_a_changed_row_with_a_new_digest_breaks_its_seal(town: Town) -> None:
    row = await engine_room.row("SELECT * FROM transfer WHERE id = 4")
    assert row is not None
    forged = digest((row | {"reason": "other"})[name] for name in ledger.FIELDS)
    await tamper("transfer", "UPDATE transfer SET reason = 'other', digest = {} WHERE id = 4", forged)
    assert await verify(now=NOW) == ["seal 1: its rows are not what it sealed"]


async def test_a_missing_row_is_found(town: Town) -> None:
    await tamper("transfer", "DELETE FROM transfer WHERE id = 4")
    assert await verify(now=NOW) == [
        "transfer 4: sealed, and no longer there",
        "account 5: its counters are not the sums of its transfers",
        "fund 1: its identity is 1200 cents apart",
    ]


async def test_an_added_row_is_found(town: Town) -> None:
    fields = ("pay_in", 4, 1, 100, None, None, None, "", "system", 0, NOW)
    places = ", ".join(["{}"] * 12)
    columns = ", ".join((*ledger.FIELDS, "digest"))
    await engine_room.execute(f"INSERT INTO transfer ({columns}) VALUES ({places})", *fields, digest(fields))
    assert await verify(now=NOW) == [
        "account 1: its counters are not the sums of its transfers",
        "fund 1: its identity is 100 cents apart",
    ]


@pytest.mark.parametrize(
    ("change", "finding"),
    [
        ("UPDATE seal SET head = 'x' WHERE id = 1", "seal 1: its rows are not what it sealed"),
        ("UPDATE seal SET previous = 'x' WHERE id = 1", "seal 1: does not follow the seal before it"),
        ("UPDATE seal SET items = 4 WHERE id = 1", "seal 1: 5 rows of 4"),
    ],
)
async def test_a_changed_seal_is_found(town: Town, change: str, finding: str) -> None:
    await tamper("seal", change)
    assert finding in await verify(now=NOW)


@pytest.mark.parametrize(
    ("change", "finding"),
    [
        ("DELETE FROM seal_item WHERE chain = 'transfer' AND row_id = 4", "seal 1: 4 rows of 5"),
        (
            "UPDATE seal_item SET position = 9 - position WHERE chain = 'transfer'",
            "seal 1: its rows are not what it sealed",
        ),
    ],
)
async def test_a_changed_link_is_found(town: Town, change: str, finding: str) -> None:
    await tamper("seal_item", change)
    assert finding in await verify(now=NOW)


@pytest.mark.parametrize(
    ("change", "findings"),
    [
        (
            "UPDATE account SET credits_posted = credits_posted + 1 WHERE id = 5",
            ["account 5: its counters are not the sums of its transfers", "fund 1: its identity is -1 cents apart"],
        ),
        (
            "UPDATE account SET debits_pending = 0 WHERE id = 5",
            ["account 5: its counters are not the sums of its transfers"],
        ),
        (
            "UPDATE account SET credits_pending = 1 WHERE id = 5",
            ["account 5: its counters are not the sums of its transfers"],
        ),
        ("UPDATE account SET credits_posted = 1 WHERE id = 6", ["account 6: an unbounded account has no counters"]),
    ],
)
async def test_a_changed_counter_is_found(town: Town, change: str, findings: list[str]) -> None:
    await engine_room.execute(change)
    found = await verify(now=NOW)
    assert [finding for finding in found if finding in findings] == findings


async def test_more_taken_than_given_is_found(town: Town) -> None:
    await tamper("transfer", "UPDATE transfer SET amount = 1 WHERE id = 2")
    assert "account 5: its transfers take more than it got" in await verify(now=NOW)


async def test_a_hold_resolved_twice_is_found(town: Town) -> None:
    await engine_room.execute("DROP INDEX transfer_hold")
    held = await engine_room.row("SELECT * FROM transfer WHERE id = 3")
    assert held is not None
    row = held | {"kind": "post", "hold_id": 3}
    columns = (*ledger.FIELDS, "digest")
    row["digest"] = digest(row[name] for name in ledger.FIELDS)
    await engine_room.execute(
        f"INSERT INTO transfer ({', '.join(columns)}) VALUES ({', '.join(['{}'] * len(columns))})",
        *(row[name] for name in columns),
    )
    assert "hold 3: resolved more than once" in await verify(now=NOW)


@pytest.mark.parametrize("change", ["amount = 1201", "credit_account_id = 2", "booking_id = 5", "hold_id = 2"])
async def test_a_resolution_of_something_else_is_found(town: Town, change: str) -> None:
    await tamper("transfer", f"UPDATE transfer SET {change} WHERE id = 4")
    finding = "transfer 4: does not resolve a hold of the same accounts, booking and size"
    assert finding in await verify(now=NOW)


async def test_more_given_back_than_paid_is_found(town: Town) -> None:
    refund = verb(ledger.transfer)
    for _ in range(2):
        await refund("refund", debit=6, credit=5, cents=700, actor=SYSTEM, now=NOW, corrects_id=4)
    assert await verify(now=NOW) == ["transfer 4: gives back more than was paid"]


def test_the_same_bytes_for_the_same_row() -> None:
    """A digest written today must still hold in ten years: this one was computed once."""
    at_noon = datetime(2026, 7, 1, 12, 0, 0, 5, tzinfo=UTC)
    fields = ("post", 5, 6, 1200, 3, None, 1001, "", "system", 0)
    kept = "fcc5d58ba54da7ecc9133174b0ee9b4130857811dd0643278d8900d906ad4a43"
    assert digest((*fields, at_noon)) == kept
    assert digest((*fields, at_noon.astimezone(timezone(timedelta(hours=2))))) == kept
    with pytest.raises(TypeError):
        digest([1.5])
    with pytest.raises(TypeError):
        digest([True])
