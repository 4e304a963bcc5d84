"""What leaves: the headers every answer carries, its size, no body for HEAD."""

from litestar.types import HTTPScope, Message, Send

from app.edge import compression, headers, incoming, log, static


class Answer:
    """Adds to every response what it must carry, compresses it, and leaves out the body of HEAD."""

    def __init__(self, send: Send, scope: HTTPScope, always: list[tuple[bytes, bytes]]) -> None:
        self.send = send
        self.always = always
        self.is_head = scope["method"] == "HEAD"
        self.asked = incoming.headers(scope)
        self.request_id = (log.request.get() or {}).get("request", "")
        self.started = False
        self.start: Message | None = None

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.start = message
        elif message["type"] == "http.response.body":
            if message.get("more_body"):
                raise RuntimeError("streamed answers are not used here")
            assert self.start is not None and self.start["type"] == "http.response.start"
            await self._finish(self.start["status"], list(self.start["headers"]), message["body"])

    async def whole(self, status: int, body: bytes, media_type: bytes = b"text/html; charset=utf-8") -> None:
        pairs = [(b"content-type", media_type), (b"cache-control", b"no-store")]
        if status == 503:
            pairs.append((b"retry-after", headers.RETRY_AFTER.encode()))
        await self._finish(status, pairs, body)

    async def file(self, found: static.StaticFile, *, is_hashed: bool) -> None:
        cache = b"public, max-age=31536000, immutable" if is_hashed else b"no-cache"
        pairs = [
            (b"content-type", found.media_type.encode()),
            (b"cache-control", cache),
            (b"etag", f'"{found.etag}"'.encode()),
        ]
        body, encoding = compression.ready(found, self.asked.get("accept-encoding", ""))
        if encoding:
            pairs += [(b"content-encoding", encoding), (b"vary", b"accept-encoding")]
        await self._finish(200, pairs, body, is_ready=True)

    async def _finish(
        self, status: int, pairs: list[tuple[bytes, bytes]], body: bytes, *, is_ready: bool = False
    ) -> None:
        given = dict(pairs)
        if status == 200 and given.get(b"etag") == self.asked.get("if-none-match", "-").encode("latin-1"):
            status, body = 304, b""
        if not is_ready and body:
            body, more = compression.compress(body, given, self.asked.get("accept-encoding", ""))
            pairs = [p for p in pairs if p[0] != b"content-length"] + more
        pairs = [p for p in pairs if p[0] != b"content-length"]
        if status not in (204, 304):
            pairs.append((b"content-length", str(len(body)).encode()))
        pairs += [*self.always, (b"x-request-id", self.request_id.encode())]
        self.started = True
        await self.send({"type": "http.response.start", "status": status, "headers": pairs})
        await self.send({"type": "http.response.body", "body": b"" if self.is_head else body, "more_body": False})
