"""Round everything: each request is counted, timed and told in one line, whatever becomes of it."""

import time
from collections.abc import Awaitable
from functools import lru_cache
from random import getrandbits

from litestar.enums import ScopeType
from litestar.types import ASGIApp, HTTPScope, Message, Receive, Scope, Send

from app import addresses
from app.edge import incoming, log, metrics
from app.engines import tally


def watched(app: ASGIApp) -> ASGIApp:
    def answer(scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        return _watch(app, scope, receive, send) if scope["type"] == ScopeType.HTTP else app(scope, receive, send)

    return answer


async def _watch(app: ASGIApp, scope: HTTPScope, receive: Receive, send: Send) -> None:
    began, method, statements, status = time.perf_counter(), scope["method"], [0], 500
    name, route = f"{getrandbits(48):012x}", _route(scope["path"])

    def sent(message: Message) -> Awaitable[None]:
        nonlocal status
        if message["type"] == "http.response.start":
            status = message["status"]
        return send(message)

    tally.set(statements)
    log.request.set({"request": name, "route": route})
    try:
        await app(scope, receive, sent)
    finally:
        took = time.perf_counter() - began
        metrics.note(route, status, took, statements[0])
        log.answered(name, route, method, status, took, statements[0])


@lru_cache(maxsize=256)
def _route(path: str) -> str:
    return addresses.name_of(incoming.language(path)[1]) or "none"
