"""Round the whole application: language, territory, session, origin of writes, headers on every status, HEAD, size."""

import ipaddress
import logging
import uuid
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import parse_qs

from litestar.enums import ScopeType
from litestar.types import ASGIApp, HTTPScope, Message, Receive, Scope, Send

from app import addresses, database, i18n
from app.domain import territory
from app.domain.actor import ANONYMOUS
from app.edge import compression, csrf, headers, session, static
from app.edge.form import TOKEN
from app.edge.here import Here

MOST_BYTES = 64 * 1024
MOST_DIGITS = 18
SAFE = {"GET", "HEAD"}
log = logging.getLogger("vicino")


class Edge:
    """`plain(status, here)` draws a page for what never reaches the application."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        now: Callable[[], datetime],
        is_https: bool,
        trusted_proxies: Sequence[str],
        plain: Callable[[int, Here], bytes],
    ) -> None:
        self.app = app
        self.now = now
        self.is_https = is_https
        self.trusted_proxies = [ipaddress.ip_network(network, strict=False) for network in trusted_proxies]
        self.plain = plain
        self.always = headers.always(headers.content_security_policy(static.critical_css()), is_https=is_https)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != ScopeType.HTTP:
            await self.app(scope, receive, send)
            return
        answer = Answer(send, scope, self.always)
        try:
            await self._answer(scope, receive, answer)
        except Exception as error:
            log.exception("request failed", extra={"request": answer.request_id})
            if answer.started:
                raise
            status = 503 if database.is_busy(error) else 500
            await answer.whole(status, self.plain(status, _nowhere(scope, self.now())))

    async def _answer(self, scope: HTTPScope, receive: Receive, answer: "Answer") -> None:
        found = _static(scope["path"])
        if found is not None:
            await answer.file(found, is_hashed=scope["path"] != "/sw.js")
            return
        if not _is_sensible(scope["path"]):
            await answer.whole(404, self.plain(404, _nowhere(scope, self.now())))
            return
        method, asked = scope["method"], _headers(scope)
        here = await self._here(scope, asked)
        if method not in SAFE:
            body = await _body(receive)
            if body is None:
                await answer.whole(413, self.plain(413, here))
                return
            if not self._is_ours(asked, here, body):
                await answer.whole(403, self.plain(403, here))
                return
            receive = _replayed(body)
        scope.setdefault("state", {})["here"] = here
        scope["state"]["address"] = here.address
        scope["state"]["is_https"] = self.is_https
        if method == "HEAD":
            scope["method"] = "GET"
        await self.app(scope, receive, answer)

    async def _here(self, scope: HTTPScope, asked: Mapping[str, str]) -> Here:
        """Strips the language prefix from the path, as handlers never see it."""
        now = self.now()
        language, path = _language(scope["path"])
        scope["path"], scope["raw_path"] = path, path.encode()
        slug = path.split("/")[1]
        place = await territory.by_slug(slug) if slug and slug not in addresses.RESERVED else None
        cookies = _cookies(asked)
        found = await session.read(cookies, is_https=self.is_https, now=now)
        return Here(
            language=language,
            now=now,
            path=path,
            query=scope["query_string"].decode("latin-1"),
            territory=place,
            actor=found.actor if found else ANONYMOUS,
            actor_name=found.given_name if found else "",
            acting_for=found.acting_for if found else 0,
            acting_for_name=found.acting_for_name if found else "",
            needs_token=csrf.needs_token(asked),
            token_secret=found.csrf if found else cookies.get(csrf.FIRST_COOKIE, ""),
            address=self._address(scope, asked),
            is_demo=place.is_demo if place else slug != "healthz" and await territory.has_demo(),
        )

    def _is_ours(self, asked: Mapping[str, str], here: Here, body: bytes) -> bool:
        said = csrf.is_same_origin(asked, asked.get("host", ""))
        if said is not None:
            return said
        token = parse_qs(body.decode("latin-1")).get(TOKEN, [""])[0]
        return csrf.matches(token, here.token_secret)

    def _address(self, scope: HTTPScope, asked: Mapping[str, str]) -> str:
        client = scope.get("client")
        peer = client[0] if client else ""
        forwarded = asked.get("x-forwarded-for", "").rpartition(",")[2].strip()
        return forwarded if forwarded and self._is_proxy(peer) else peer

    def _is_proxy(self, peer: str) -> bool:
        try:
            address = ipaddress.ip_address(peer)
        except ValueError:
            return False
        return any(address in network for network in self.trusted_proxies)


class Answer:
    """Adds to every response what it must carry, compresses it, and leaves out the body of HEAD."""

    def __init__(self, send: Send, scope: HTTPScope, always: list[tuple[bytes, bytes]]) -> None:
        self.send = send
        self.always = always
        self.is_head = scope["method"] == "HEAD"
        self.asked = _headers(scope)
        self.request_id = uuid.uuid4().hex[:12]
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

    async def whole(self, status: int, body: bytes) -> None:
        pairs = [(b"content-type", b"text/html; charset=utf-8"), (b"cache-control", b"no-store")]
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


def _static(path: str) -> static.StaticFile | None:
    if path == "/sw.js":
        return static.service_worker()
    return static.by_address().get(path) if path.startswith("/static/") else None


def _is_sensible(path: str) -> bool:
    """Nothing of ours has signs that cannot be printed, nor a number that no database holds."""
    first, *parts = path.split("/")
    return not first and path.isprintable() and not any(len(part) > MOST_DIGITS and part.isdigit() for part in parts)


def _language(path: str) -> tuple[str, str]:
    _, first, *rest = path.split("/", 2)
    if first in i18n.LANGUAGES and first != i18n.DEFAULT:
        return first, "/" + (rest[0] if rest else "")
    return i18n.DEFAULT, path


def _headers(scope: HTTPScope) -> dict[str, str]:
    return {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}


def _cookies(asked: Mapping[str, str]) -> dict[str, str]:
    try:
        return {name: morsel.value for name, morsel in SimpleCookie(asked.get("cookie", "")).items()}
    except CookieError:
        return {}


async def _body(receive: Receive) -> bytes | None:
    parts: list[bytes] = []
    size = 0
    while True:
        message: Any = await receive()
        part = message.get("body", b"")
        size += len(part)
        if size > MOST_BYTES:
            return None
        parts.append(part)
        if not message.get("more_body"):
            return b"".join(parts)


def _replayed(body: bytes) -> Receive:
    async def receive() -> Any:
        return {"type": "http.request", "body": body, "more_body": False}

    return receive


def _nowhere(scope: HTTPScope, now: datetime) -> Here:
    return Here(language=i18n.DEFAULT, now=now, path=scope["path"])
