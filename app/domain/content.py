"""Which state of the catalogue this is: counted by the database itself with every change of what public pages say.

What follows from the content alone is read once for each state and kept in this process: lists, counts, the words that
searches know. Free times and money are never kept here.
"""

from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable
from contextvars import ContextVar
from typing import Any, TypeVar

from app import database

MOST = 400  # answers, of a few kilobytes at most; who was not asked for the longest goes first
T = TypeVar("T")
_kept: OrderedDict[Hashable, Any] = OrderedDict()
_state = (0, 0)  # the opening of the database, and its version
_seen: ContextVar[int | None] = ContextVar("seen", default=None)  # the version that a request is answered of


async def version() -> int:
    counted: int = await database.scalar("SELECT version FROM content_version")
    return counted


def begin(seen: int) -> None:
    """A request begins: all that it asks is answered of this one state."""
    _seen.set(seen)


async def kept(key: Hashable, read: Callable[[], Awaitable[T]]) -> T:
    """What `read` answers, asked again only after the content changed. A write sees what it has not committed yet."""
    if database.in_write():
        return await read()
    seen = _seen.get()
    state = (database.opening(), await version() if seen is None else seen)
    _forget_unless(state)
    if key in _kept:
        _kept.move_to_end(key)
        found: T = _kept[key]
        return found
    found = await read()
    if state == _state:
        _kept[key] = found
        if len(_kept) > MOST:
            _kept.popitem(last=False)
    return found


def _forget_unless(state: tuple[int, int]) -> None:
    global _state
    if state != _state:
        _kept.clear()
        _state = state
