"""What leaves: packed as the browser takes it, with the headers of a document or of a part, without a body for HEAD."""

from litestar.types import HTTPScope, Message, Send

from app.edge import compression, dictionary, headers, incoming, later, log, one_trip, sheet
from app.edge.headers import Headers
from app.edge.ready import Keeper, ReadyPage
from app.edge.static import StaticFile

_DROPPED = (b"content-length", b"server")


class Answer:
    """`document` are the headers of a whole page; `keeper` keeps what the application drew, where that may be.

    `onward` is where a redirect leads that is followed here, `told` what was said on the way there.
    """

    keeper: Keeper | None = None
    onward = ""
    started = False
    start: Message | None = None

    def __init__(self, send: Send, scope: HTTPScope, document: Headers) -> None:
        self.send = send
        self.document = document
        self.is_head = scope["method"] == "HEAD"
        self.asked = incoming.headers(scope)
        self.has_query = bool(scope["query_string"])
        self.steps_left = one_trip.MOST_STEPS if one_trip.is_wished(self.asked) else 0
        self.told: Headers = []

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.start = message
        elif message["type"] == "http.response.body":
            if message.get("more_body"):
                raise RuntimeError("streamed answers are not used here")
            assert self.start is not None and self.start["type"] == "http.response.start"
            pairs = [pair for pair in self.start["headers"] if pair[0] not in _DROPPED]
            if later.is_wished(self.asked) and (to := one_trip.place(self.start["status"], pairs)):
                await self._send(204, [(b"content-location", to.encode()), *headers.OF_PART], b"")
                return
            if self._leads_on(self.start["status"], pairs):
                return
            pairs = one_trip.arrived(pairs, self.told)
            kept = self.keeper(self.start["status"], pairs, message["body"]) if self.keeper else None
            await (self.page(kept) if kept else self._drawn(self.start["status"], pairs, message["body"]))

    def _leads_on(self, status: int, pairs: Headers) -> bool:
        if self.steps_left and (to := one_trip.place(status, pairs)):
            self.onward, self.steps_left = to, self.steps_left - 1
            self.told += one_trip.told_on_the_way(pairs)
            return True
        if self.onward and status != 303:
            self.told.append((b"content-location", self.onward.encode()))
        self.onward = ""
        return False

    async def refused(self, pairs: Headers, body: bytes) -> None:
        """One too many costs nothing more: not packed, and the headers are given."""
        await self._send(503, pairs, body)

    async def whole(self, status: int, body: bytes, media_type: bytes = b"text/html; charset=utf-8") -> None:
        pairs = [(b"content-type", media_type), (b"cache-control", b"no-store")]
        if status == 503:
            pairs.append((b"retry-after", headers.RETRY_AFTER.encode()))
        await self._drawn(status, pairs, body)

    async def file(self, found: StaticFile) -> None:
        if incoming.has(self.asked, found.etag):
            await self._unchanged(found.headers)
            return
        encoding = compression.best(self.asked, found.packed)
        body = found.packed[encoding]() if encoding else found.body
        await self._send(200, [*found.headers, *headers.of_packed(encoding, body), *found.carried], body)

    async def page(self, page: ReadyPage) -> None:
        if incoming.has(self.asked, page.etag):
            await self._unchanged(page.headers)
            return
        pairs, body = page.packed_for(self.asked)
        await self._send(200, [*pairs, *self.document], body)

    async def _drawn(self, status: int, pairs: Headers, body: bytes) -> None:
        given = dict(pairs)
        if status == 200 and incoming.has(self.asked, given.get(b"etag", b"")):
            await self._unchanged(pairs)
            return
        if not body:
            pairs = [pair for pair in pairs if pair[0] != b"content-type"]
        encoding, body = self._packed(given, body)
        pairs = [*pairs, *headers.of_packed(encoding, body, has_body=status != 204)]
        if given.get(b"cache-control", b"").startswith(b"public"):
            pairs.append(headers.vary(encoding))
        if status >= 400:
            pairs.append((b"x-request-id", (log.request.get() or {}).get("request", "").encode()))
        await self._send(status, [*pairs, *self._carried(given)], body)

    def _carried(self, given: dict[bytes, bytes]) -> Headers:
        is_page = given.get(b"content-type", b"").startswith(b"text/html") and not incoming.is_partial(self.asked)
        return self.document if is_page else headers.OF_PART

    def _packed(self, given: dict[bytes, bytes], body: bytes) -> tuple[str, bytes]:
        is_public = given.get(b"cache-control", b"").startswith(b"public")
        if not compression.is_worth_it(body, given.get(b"content-type", b"")) or (
            not is_public and self.has_query and incoming.is_from_elsewhere(self.asked)
        ):
            return "", body  # its length would tell another site what of its own words stands beside a secret
        if known := dictionary.held(self.asked):
            return "dcz", known.quick(body)
        if sheet.is_held(self.asked):
            body = sheet.linked(body)
        encoding = compression.best(self.asked, compression.QUICK)
        return encoding, compression.QUICK[encoding](body) if encoding else body

    async def _unchanged(self, pairs: Headers) -> None:
        kept = [pair for pair in pairs if pair[0] in (b"etag", b"cache-control", b"vary")]
        await self._send(304, [*kept, *headers.OF_UNCHANGED], b"")

    async def _send(self, status: int, pairs: Headers, body: bytes) -> None:
        self.started = True
        await self.send({"type": "http.response.start", "status": status, "headers": [*pairs, *self.told]})
        await self.send({"type": "http.response.body", "body": b"" if self.is_head else body, "more_body": False})
