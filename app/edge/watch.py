"""Round everything: each request is counted, timed and told in one line, whatever becomes of it."""

import time
from secrets import token_hex

from litestar.enums import ScopeType
from litestar.types import ASGIApp, HTTPScope, Message, Receive, Scope, Send

from app import addresses
from app.edge import incoming, log, metrics
from app.engines import tally


def watched(app: ASGIApp) -> ASGIApp:
    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == ScopeType.HTTP:
            await _watch(app, scope, receive, send)
        else:
            await app(scope, receive, send)

    return answer


async def _watch(app: ASGIApp, scope: HTTPScope, receive: Receive, send: Send) -> None:
    began, method, statements = time.perf_counter(), scope["method"], [0]
    route = addresses.name_of(incoming.language(scope["path"])[1]) or "none"
    status = 500

    async def sent(message: Message) -> None:
        nonlocal status
        if message["type"] == "http.response.start":
            status = message["status"]
        await send(message)

    tally.set(statements)
    log.request.set({"request": token_hex(6), "route": route})
    try:
        await app(scope, receive, sent)
    finally:
        took = time.perf_counter() - began
        metrics.note(route, status, took, statements[0])
        log.answered(method, status, took, statements[0])
