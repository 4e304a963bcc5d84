"""Round the whole application: language, territory, session, origin of writes, headers on every status, HEAD, size."""

import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from urllib.parse import parse_qs

from litestar.enums import ScopeType
from litestar.types import ASGIApp, HTTPScope, Receive, Scope, Send

from app import addresses, database, i18n
from app.domain import content, observation, territory
from app.domain.actor import ANONYMOUS
from app.edge import client, csrf, headers, health, incoming, later, one_trip, ready, session, static
from app.edge.answer import Answer
from app.edge.form import TOKEN
from app.edge.here import Here
from app.edge.load import SAFE, Load
from app.edge.places import Places
from app.edge.ready import Key, Ready, ReadyPage

log = logging.getLogger("vicino")


class Edge:
    """`plain(status, here)` draws a page for what never reaches the application, `busy(language)` for one too many."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        now: Callable[[], datetime],
        is_https: bool,
        trusted_proxies: Sequence[str],
        plain: Callable[[int, Here], bytes],
        busy: Callable[[str], bytes],
        ready_bytes: int = ready.MOST_BYTES,
    ) -> None:
        self.app = app
        self.now = now
        self.is_https = is_https
        self.address_of = client.address_behind(trusted_proxies)
        self.plain = plain
        self.busy = busy
        self.load = Load()
        self.ready = Ready(ready_bytes)
        self.places = Places(keeps=ready_bytes > 0)
        self.document = headers.of_document(is_https=is_https)

    def refusal(self, language: str) -> tuple[headers.Headers, bytes]:
        """What is told at the door."""
        body = self.busy(language)
        pairs = [
            (b"content-type", b"text/html; charset=utf-8"),
            (b"cache-control", b"no-store"),
            (b"retry-after", headers.RETRY_AFTER.encode()),
            (b"content-length", b"%d" % len(body)),
        ]
        return [*pairs, *self.document], body

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != ScopeType.HTTP:
            await self.app(scope, receive, send)
            return
        answer = Answer(send, scope, self.document)
        try:
            await self._answer(scope, receive, answer)
        except Exception as error:
            log.exception("request failed")
            if answer.started:
                raise
            status = 503 if database.is_busy(error) else 500
            await answer.whole(status, self.plain(status, self._nowhere(scope)))

    async def _answer(self, scope: HTTPScope, receive: Receive, answer: Answer) -> None:
        key, now = ready.key(scope, answer.asked), self.now()
        if key is not None and (page := self.ready.at_hand(key, now)):
            await self._show(page, answer, now)
            return
        if scope["path"] in health.PATHS:
            await answer.whole(*await health.answer(scope["path"], now), b"text/plain; charset=utf-8")
            return
        found = static.found(scope["path"])
        if found is not None:
            await answer.file(found)
            return
        if not incoming.is_sensible(scope["path"]):
            await answer.whole(404, self.plain(404, self._nowhere(scope)))
            return
        if key is not None and await self._was_ready(key, scope, answer):
            return
        with self.ready.drawn(key if answer.keeper else None):
            await self._drawn(scope, receive, answer)

    async def _drawn(self, scope: HTTPScope, receive: Receive, answer: Answer) -> None:
        body = b"" if scope["method"] in SAFE else await incoming.body(receive)  # may take long on a slow line
        if self.load.is_full:
            await answer.refused(*self.refusal(incoming.language(scope["path"])[0]))
            return
        with self.load.at_work():
            await self._work(scope, receive, answer, body)

    async def _was_ready(self, key: Key, scope: HTTPScope, answer: Answer) -> bool:
        now = self.now()
        page = await self.ready.find(key, now)
        if page is None:
            answer.keeper = self.ready.keeper(key, scope, answer.asked, now)
            return False
        await self._show(page, answer, now)
        return True

    async def _show(self, page: ReadyPage, answer: Answer, now: datetime) -> None:
        if "cookie" in answer.asked:  # who reads is not idle
            await session.read(incoming.cookies(answer.asked), is_https=self.is_https, now=now)
        for counted in page.counted:
            await observation.count(*counted, now=now)
        await answer.page(page)

    async def _work(self, scope: HTTPScope, receive: Receive, answer: Answer, body: bytes | None) -> None:
        here = await self._here(scope, answer.asked)
        if scope["method"] not in SAFE:
            if refused := _refusal(answer.asked, here, body):
                await answer.whole(refused, self.plain(refused, here))
                return
            if later.is_of_another(answer.asked, here):
                await answer.whole(401, b"")
                return
            receive = incoming.replayed(body or b"")
        await self._pass_on(scope, receive, answer, here)

    async def _pass_on(self, scope: HTTPScope, receive: Receive, answer: Answer, here: Here) -> None:
        scope.setdefault("state", {}).update(here=here, address=here.address, is_https=self.is_https)
        if scope["method"] == "HEAD":
            scope["method"] = "GET"
        as_it_came = scope.copy()
        await self.app(scope, receive, answer)
        if answer.onward:
            after = one_trip.onward(as_it_came, answer.onward, answer.told)
            await self._pass_on(after, incoming.replayed(b""), answer, await self._here(after, incoming.headers(after)))

    async def _here(self, scope: HTTPScope, asked: Mapping[str, str]) -> Here:
        """Strips the language prefix from the path, as handlers never see it."""
        now = self.now()
        language, path = incoming.language(scope["path"])
        scope["path"], scope["raw_path"] = path, path.encode()
        slug = path.split("/")[1]
        is_named = slug and slug not in addresses.RESERVED
        seen = await self.ready.seen_version(now) if self.places.keeps else await content.version()
        content.begin(seen)
        place = await self.places.find(slug, seen) if is_named else None
        cookies = incoming.cookies(asked)
        found = await session.read(cookies, is_https=self.is_https, now=now)
        return Here(
            language=language,
            now=now,
            path=path,
            query=scope["query_string"].decode("latin-1"),
            territory=place,
            actor=found.actor if found else ANONYMOUS,
            actor_name=found.given_name if found else "",
            needs_token=csrf.needs_token(asked),
            token_secret=found.csrf if found else cookies.get(csrf.first_cookie_name(self.is_https), ""),
            address=self.address_of(scope, asked),
            is_demo=place.is_demo if place else await territory.has_demo(),
        )

    def _nowhere(self, scope: HTTPScope) -> Here:
        return Here(language=i18n.DEFAULT, now=self.now(), path=scope["path"])


OF_SERVERS = "sms_status"  # sent by no browser: the address is its secret, and no cookie counts


def _refusal(asked: Mapping[str, str], here: Here, body: bytes | None) -> int:
    """The status of a write that goes no further, 0 for one that may."""
    if body is None:
        return 413
    return 0 if _is_ours(asked, here, body) else 403


def _is_ours(asked: Mapping[str, str], here: Here, body: bytes) -> bool:
    said = csrf.is_same_origin(asked, asked.get("host", ""))
    if said is not None:
        return said
    if addresses.name_of(here.path) == OF_SERVERS:
        return True
    token = parse_qs(body.decode("latin-1")).get(TOKEN, [""])[0]
    return csrf.matches(token, here.token_secret) or csrf.bears_its_right(here.path)
