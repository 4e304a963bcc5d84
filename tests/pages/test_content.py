"""Whatever public pages say counts a new version when it changes, by whatever hand; only free places need not."""

import asyncio
import re
import time
from collections.abc import Sequence
from typing import Any

import pytest

from app import database
from tests.matrix import doors
from tests.pages.walk import seen_by
from tests.pages.world import World
from tests.servers import Caller, served
from tests.visitor import Visitor

pytestmark = pytest.mark.anyio
FREE_PLACES = {"slot", "slot_hold", "booking", "resource", "slot_resource"}
TABLES = {
    "sqlite": "SELECT name FROM sqlite_schema WHERE type = 'table'",
    "postgres": "SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'",
}
WITH_TRIGGER = {
    "sqlite": "SELECT DISTINCT tbl_name AS name FROM sqlite_schema WHERE type = 'trigger' "
    "AND sql LIKE '%content_version%'",
    "postgres": "SELECT DISTINCT c.relname AS name FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid "
    "JOIN pg_proc p ON p.oid = t.tgfoid WHERE p.proname = 'count_content'",
}


@pytest.mark.slow
async def test_every_table_a_public_page_reads_counts_its_changes(
    world: World, visitors: dict[str, Visitor], monkeypatch: pytest.MonkeyPatch
) -> None:
    read: set[str] = set()
    fetch = database.DB.fetch

    async def listening(sql: str, args: Sequence[Any]) -> list[database.Row]:
        asked.update(re.findall(r'(?:FROM|JOIN) "?(\w+)', sql))
        return await fetch(sql, args)

    monkeypatch.setattr(database.DB, "fetch", listening)
    shown = 0
    asked: set[str] = set()
    for door in doors():
        asked.clear()
        page = await seen_by({**visitors, **dict.fromkeys(visitors, visitors["anonymous"])}, world, door)
        if page and page.is_public and page.is_html:
            read |= asked
            shown += 1
    tables = {row["name"] for row in await database.rows(TABLES[database.DB.engine_type])}
    counted = {row["name"] for row in await database.rows(WITH_TRIGGER[database.DB.engine_type])}
    assert shown >= 8 and counted <= tables
    assert (read & tables) - counted - {"content_version"} == FREE_PLACES & read


@pytest.mark.slow
async def test_another_process_shows_what_was_written_here_within_a_second(citizen: Visitor) -> None:
    async with served() as origin:
        reader = Caller(origin)
        for path in ("/tradate/servizi", "/tradate/servizi/aiuto-compiti", "/en/tradate/servizi"):
            before = await reader.get(path)
            assert "98,76" not in before.text and (await reader.get(path)).text == before.text
        await database.execute("UPDATE service SET price = 9876 WHERE slug = 'aiuto-compiti'")
        await asyncio.sleep(0.9)
        began = time.monotonic()
        for path, price in (("/tradate/servizi/aiuto-compiti", "98,76"), ("/en/tradate/servizi", "98.76")):
            assert price in (await reader.get(path)).text
        assert time.monotonic() - began < 10


async def test_a_change_that_fails_changes_no_page(citizen: Visitor) -> None:
    async def fails() -> None:
        await database.execute("UPDATE service SET price = 1")
        raise ZeroDivisionError

    before = await database.scalar("SELECT version FROM content_version")
    with pytest.raises(ZeroDivisionError):
        await database.write(fails)
    assert await database.scalar("SELECT version FROM content_version") == before
    await database.execute("UPDATE service SET price = 100")
    assert await database.scalar("SELECT version FROM content_version") > before
