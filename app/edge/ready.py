"""Public pages drawn once and sent to everybody as bytes, until what they say may have changed.

Nothing personal gets in: a page is kept only when its class says public, when it was asked for without any cookie, and
when its address holds no name that the page does not know. What editors write is seen within a second in every
process, by a version that the database counts; free times and hours of the day are at most 30 seconds old.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl

from litestar.types import HTTPScope

from app import addresses
from app.domain import content, observation
from app.domain.observation import Counted
from app.edge import compression, dictionary, headers, incoming, sheet
from app.edge.headers import Headers

FIRST = ("start", "territory")
MOST_BYTES = 32 * 1024 * 1024
NO_TIME = timedelta(0)
OLDEST = timedelta(seconds=30)
LOOK_EVERY = timedelta(seconds=0.5)
LONGEST_QUERY = 200
PATIENCE = 1.0  # seconds: whoever takes longer to draw a page is not waited for

Keeper = Callable[[int, Headers, bytes], "ReadyPage | None"]
Key = tuple[str, bytes]  # the address with its language, and the query as it came


@dataclass(slots=True)
class ReadyPage:
    """`counted` is what drawing it counted, and so what every showing counts."""

    body: bytes = field(repr=False)
    etag: bytes
    headers: Headers
    drawn_at: datetime
    counted: tuple[Counted, ...] = ()
    packed: dict[str, tuple[Headers, bytes]] = field(default_factory=dict, repr=False)
    shelf: "Shelf | None" = field(default=None, repr=False)
    is_first: bool = False  # of a visit, for most who ask

    def packed_for(self, asked: Mapping[str, str]) -> tuple[Headers, bytes]:
        """Its headers and the bytes, packed the first time somebody asks for them."""
        known, is_held = dictionary.held(asked), sheet.is_held(asked)
        encoding = "dcz" if known else compression.best(asked, compression.KEPT)
        name = known.held if known else f"{encoding} linked" if is_held else encoding
        if name not in self.packed:
            packers = compression.FIRST if self.is_first else compression.KEPT
            packer = known.kept if known else packers.get(encoding, bytes)
            body = packer(sheet.linked(self.body) if is_held else self.body)
            self.packed[name] = [*self.headers, *headers.of_packed(encoding, body), headers.vary(encoding)], body
            if self.shelf and body is not self.body:
                self.shelf.used += len(body)
        return self.packed[name]

    @property
    def size(self) -> int:
        return len(self.body) + sum(len(body) for _, body in self.packed.values() if body is not self.body)


class Shelf:
    """So many bytes of pages; who was not asked for the longest goes first."""

    def __init__(self, most_bytes: int) -> None:
        self.most_bytes = most_bytes
        self.used = 0
        self.pages: OrderedDict[Key, ReadyPage] = OrderedDict()

    def find(self, key: Key) -> ReadyPage | None:
        if key in self.pages:
            self.pages.move_to_end(key)
        return self.pages.get(key)

    def put(self, key: Key, page: ReadyPage) -> None:
        self._remove(self.pages.pop(key, None))
        self.pages[key], page.shelf = page, self
        self.used += page.size
        while self.used > self.most_bytes:
            self._remove(self.pages.popitem(last=False)[1])

    def _remove(self, page: ReadyPage | None) -> None:
        if page is not None:
            self.used -= page.size
            page.shelf = None

    def clear(self) -> None:
        while self.pages:
            self._remove(self.pages.popitem()[1])


class Ready:
    """Addresses with a query have a shelf of their own, so that no invention of queries pushes out the others.

    However many ask for a page that is not ready, one of them draws it: the others wait for that.
    """

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self.drawing: dict[Key, asyncio.Event] = {}
        self.plain, self.asked = Shelf(most_bytes * 3 // 4), Shelf(most_bytes // 4)
        self.version = -1
        self.looked_at = datetime.min.replace(tzinfo=UTC)

    async def find(self, key: Key, now: datetime) -> ReadyPage | None:
        if not self.plain.most_bytes:
            return None
        await self.seen_version(now)
        page = self._fresh(key, now)
        if page is None and (drawn := self.drawing.get(key)):
            with suppress(TimeoutError):
                await asyncio.wait_for(drawn.wait(), PATIENCE)
            page = self._fresh(key, now)
        return page

    def _fresh(self, key: Key, now: datetime) -> ReadyPage | None:
        page = self._shelf(key).find(key)
        return page if page and NO_TIME <= now - page.drawn_at < OLDEST else None

    def at_hand(self, key: Key, now: datetime) -> ReadyPage | None:
        """What can be sent at once, without a question to the database."""
        return self._fresh(key, now) if abs(now - self.looked_at) < LOOK_EVERY else None

    @contextmanager
    def drawn(self, key: Key | None) -> Iterator[None]:
        """Whoever asks for the same meanwhile waits until it is kept, or until it is told that nothing was."""
        if key is None or key in self.drawing:
            yield
            return
        done = self.drawing[key] = asyncio.Event()
        try:
            yield
        finally:
            done.set()
            self.drawing.pop(key, None)

    def keeper(self, key: Key, scope: HTTPScope, asked: Mapping[str, str], now: datetime) -> Keeper | None:
        """Keeps what is drawn for this request, if anybody else would have been told the same."""
        version, counted = self.version, observation.listen()

        def keep(status: int, pairs: Headers, body: bytes) -> ReadyPage | None:
            given, names = dict(pairs), scope["state"].get("asks")
            if names is None or not knows(names, key[1]) or status != 200 or b"set-cookie" in given:
                return None
            is_first = addresses.name_of(incoming.language(key[0])[1]) in FIRST
            page = ReadyPage(body, given[b"etag"], pairs, now, tuple(counted), is_first=is_first)
            if version == self.version:  # as it was before the page was drawn
                self._shelf(key).put(key, page)
            if waited_for := self.drawing.get(key):
                waited_for.set()  # nobody waits until a slow line has taken this answer
            return page

        return None if "cookie" in asked else keep

    async def seen_version(self, now: datetime) -> int:
        """Of the content, asked of the database twice a second."""
        if abs(now - self.looked_at) >= LOOK_EVERY:
            version = await content.version()
            if version != self.version:
                self.plain.clear()
                self.asked.clear()
            self.version, self.looked_at = version, now
        return self.version

    def _shelf(self, key: Key) -> Shelf:
        return self.asked if key[1] else self.plain


def key(scope: HTTPScope, asked: Mapping[str, str]) -> Key | None:
    """None for what is never ready: a write, a piece of a page, an address written in another way than we write it."""
    path = scope["path"]
    is_ours = "//" not in path and (path.count("/") < 3 or not path.endswith("/"))
    is_page = scope["method"] in ("GET", "HEAD") and not incoming.is_partial(asked)
    query = scope["query_string"]
    return (path, query) if is_page and is_ours and len(query) <= LONGEST_QUERY else None


def knows(names: Collection[str], query: bytes) -> bool:
    """Whether a page that reads these names is all that this query asks for."""
    return all(name in names for name, _ in parse_qsl(query.decode("latin-1"), keep_blank_values=True))
