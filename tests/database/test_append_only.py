"""History is written once: the database itself refuses, whoever asks."""

from datetime import UTC, datetime
from types import ModuleType

import pytest

from app.database import DB, execute, rows

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
HISTORY = ["transfer", "audit", "seal", "seal_item"]
CHANGES = {
    "update": "UPDATE {table} SET {column} = {column}",
    "delete": "DELETE FROM {table}",
    "truncate": "TRUNCATE {table} CASCADE",
    "replace": "REPLACE INTO {table} SELECT * FROM {table}",
}
OF_ENGINE = {"sqlite": ["update", "delete", "replace"], "postgres": ["update", "delete", "truncate"]}


@pytest.fixture
async def history(database: ModuleType) -> None:
    for number in (1, 2):
        await execute(
            "INSERT INTO account (id, kind, is_bounded, opened_at) VALUES ({}, 'bank', {}, {})", number, False, NOW
        )
    await execute(
        "INSERT INTO transfer (kind, debit_account_id, credit_account_id, amount, actor_kind, actor_id, made_at,"
        " digest) VALUES ('issue', 1, 2, 500, 'staff', 1, {}, 'd')",
        NOW,
    )
    await execute(
        "INSERT INTO audit (at, actor_kind, actor_id, what, digest) VALUES ({}, 'staff', 1, 'looked', 'd')", NOW
    )
    await execute(
        "INSERT INTO seal (id, chain, previous, head, items, sealed_at) VALUES (1, 'transfer', '', 'h', 1, {})", NOW
    )
    await execute("INSERT INTO seal_item (chain, row_id, seal_id, position) VALUES ('transfer', 1, 1, 1)")


@pytest.mark.parametrize("change", OF_ENGINE[DB.engine_type])
@pytest.mark.parametrize("table", HISTORY)
async def test_history_is_not_changed(history: None, table: str, change: str) -> None:
    before = await rows(f"SELECT * FROM {table}")
    assert before
    column = "chain" if table.startswith("seal") else "actor_kind"
    with pytest.raises(Exception, match="append-only"):
        await execute(CHANGES[change].format(table=table, column=column))
    assert await rows(f"SELECT * FROM {table}") == before


async def test_a_hold_resolves_once(history: None) -> None:
    insert = (
        "INSERT INTO transfer (kind, debit_account_id, credit_account_id, amount, hold_id, actor_kind, actor_id,"
        " made_at, digest) VALUES ({}, 1, 2, 500, 1, 'staff', 1, {}, 'd')"
    )
    await execute(insert, "post", NOW)
    with pytest.raises(Exception, match=r"(?i)unique"):
        await execute(insert, "void", NOW)


async def test_cents_are_whole(history: None) -> None:
    with pytest.raises(Exception, match="integer cents"):
        await execute(
            "INSERT INTO transfer (kind, debit_account_id, credit_account_id, amount, actor_kind, actor_id, made_at,"
            " digest) VALUES ('issue', 1, 2, {}, 'staff', 1, {}, 'd')",
            12.5,
            NOW,
        )
