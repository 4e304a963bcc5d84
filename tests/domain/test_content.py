"""What follows from the content alone is read once for each state of it, and never of another state."""

import asyncio
from collections.abc import Awaitable, Callable
from types import ModuleType
from typing import TypeVar

import pytest

from app.domain import content
from tests.people import Cast

pytestmark = pytest.mark.anyio
T = TypeVar("T")


class Shelf:
    """Something read of the content: the district, and how often it was looked up."""

    def __init__(self, database: ModuleType) -> None:
        self.database = database
        self.reads = 0

    async def read(self) -> str:
        self.reads += 1
        return str(await self.database.scalar("SELECT district FROM territory WHERE slug = 'tradate'"))

    async def ask(self, key: str = "district") -> str:
        return await content.kept(key, self.read)

    async def change(self, district: str) -> None:
        async def write() -> None:
            await self.database.execute("UPDATE territory SET district = {} WHERE slug = 'tradate'", district)

        await self.database.write(write)


@pytest.fixture
def shelf(database: ModuleType, cast: Cast) -> Shelf:
    return Shelf(database)


async def of_its_own(request: Callable[[], Awaitable[T]]) -> T:
    """As the server answers each request: what one of them has begun with, another does not see."""

    async def begun() -> T:
        return await request()

    return await asyncio.create_task(begun())


async def test_it_is_read_once_until_the_content_changes(shelf: Shelf) -> None:
    first = await shelf.ask()
    assert [await shelf.ask() for _ in range(3)] == [first] * 3 and shelf.reads == 1
    await shelf.ask("another question")
    assert shelf.reads == 2
    await shelf.change("Nuovo distretto")
    assert await shelf.ask() == "Nuovo distretto" and shelf.reads == 3


async def test_a_request_is_answered_of_the_state_it_began_with(shelf: Shelf) -> None:
    """One version is asked a request, however many of its answers are kept; the next request sees the change."""
    before = await shelf.ask()

    async def request() -> list[str]:
        content.begin(await content.version())
        await shelf.change("Nuovo distretto")
        return [await shelf.ask(), await shelf.ask()]

    assert await of_its_own(request) == [before, before] and shelf.reads == 1
    assert await of_its_own(shelf.ask) == "Nuovo distretto"


async def test_what_was_read_while_the_content_changed_is_not_kept(shelf: Shelf) -> None:
    """The reader is overtaken by a request of the newer state, whose shelf its older answer must not reach."""

    async def overtaken() -> str:
        found = await shelf.read()
        await shelf.change("Nuovo distretto")
        await of_its_own(lambda: content.kept("overtaking", shelf.read))
        return found

    old = await content.kept("district", overtaken)
    assert old != "Nuovo distretto"
    assert await shelf.ask() == "Nuovo distretto"


async def test_a_write_reads_what_it_has_written_and_leaves_nothing_behind(shelf: Shelf) -> None:
    before = await shelf.ask()

    async def write() -> str:
        await shelf.database.execute("UPDATE territory SET district = 'Mai confermato' WHERE slug = 'tradate'")
        raise InterruptedError(await shelf.ask())

    with pytest.raises(InterruptedError, match="Mai confermato"):
        await shelf.database.write(write)
    assert await shelf.ask() == before


async def test_another_database_has_answers_of_its_own(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    await shelf.ask()
    monkeypatch.setattr(shelf.database, "opening", lambda: 10_000)
    await shelf.ask()
    assert shelf.reads == 2


async def test_only_so_many_are_kept_and_the_longest_unasked_goes_first(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(content, "MOST", 3)
    for key in ("a", "b", "c", "a", "d"):
        await shelf.ask(key)
    assert shelf.reads == 4
    for key in ("a", "c", "d"):
        await shelf.ask(key)
    assert shelf.reads == 4
    await shelf.ask("b")
    assert shelf.reads == 5
