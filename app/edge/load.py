"""How much is at work at once: who comes when all places are taken is told to come back, at the cost of nothing.

Beyond what a machine can do, more requests at a time only wait longer, until nobody is answered in time. So each
process works on a bounded number and refuses the rest before session and database are asked. Where answers become slow
there are fewer places, as processes share one database and are not equally busy; where they are quick again, more.
"""

import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from functools import cache

from litestar.enums import ScopeType
from litestar.types import ASGIApp, HTTPResponseBodyEvent, HTTPResponseStartEvent, HTTPScope, Receive, Scope, Send

from app.edge import incoming, metrics
from app.edge.headers import Headers

MOST, FEWEST = 72.0, 16.0  # places in one process
SLOW = 1.5  # seconds: longer than anybody likes to wait after a press
FEWER, MORE = 0.95, 0.25  # times so many after a slow answer, so many more after a quick one
SAFE = {"GET", "HEAD"}
Refusal = Callable[[str], tuple[Headers, bytes]]


class Load:
    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.clock = clock
        self.places = MOST
        self.taken = 0

    @property
    def is_full(self) -> bool:
        return self.taken >= int(self.places)

    @contextmanager
    def at_work(self) -> Iterator[None]:
        began = self.clock()
        self.taken += 1
        try:
            yield
        finally:
            self.taken -= 1
            is_slow = self.clock() - began > SLOW
            self.places = max(FEWEST, self.places * FEWER) if is_slow else min(MOST, self.places + MORE)


def at_the_door(app: ASGIApp, load: Load, refusal: Refusal) -> ASGIApp:
    """Refuses writes before anything is done or written down: every moment spent here is taken from who is inside.

    What is only read goes in, as it may be ready. `refusal(language)` are the headers and the body.
    """

    def answer(scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        if load.is_full and scope["type"] == ScopeType.HTTP and scope["method"] not in SAFE:
            return refuse(scope, send)
        return app(scope, receive, send)

    async def refuse(scope: HTTPScope, send: Send) -> None:
        metrics.refused()
        start, body = told(incoming.language(scope["path"])[0])
        await send(start)
        await send(body)

    @cache
    def told(language: str) -> tuple[HTTPResponseStartEvent, HTTPResponseBodyEvent]:
        pairs, body = refusal(language)
        start: HTTPResponseStartEvent = {"type": "http.response.start", "status": 503, "headers": pairs}
        return start, {"type": "http.response.body", "body": body, "more_body": False}

    return answer
