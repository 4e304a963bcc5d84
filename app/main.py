"""The only composition root: what the application is made of, in order."""

import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, nullcontext
from datetime import datetime
from functools import cache
from typing import Any

from litestar import Litestar, Request, Response
from litestar.exceptions import HTTPException
from litestar.plugins import PluginProtocol
from litestar.plugins.core import MsgspecDIPlugin
from litestar.response import Redirect
from litestar.types import ASGIApp

from app import database
from app.config import Settings, secrets, settings
from app.domain import clock, observation
from app.domain.errors import AlreadyBooked, Refusal, SignInNeeded
from app.edge import dictionary, headers, landing, ready
from app.edge.here import Here
from app.edge.load import at_the_door
from app.edge.outer import Edge
from app.edge.request import VicinoRequest
from app.edge.watch import watched
from app.i18n import LANGUAGES
from app.routes import ROUTES
from app.views import draw, render
from app.views.error import BusyPage, ErrorPage
from app.views.shell import shell
from app.worker import Worker, beside, gateways

log = logging.getLogger("vicino")


def create_app(
    configured: Settings | None = None, now: Callable[[], datetime] = clock.now, ready_bytes: int = ready.MOST_BYTES
) -> ASGIApp:
    """The ASGI application; `now` is the clock of every request, `ready_bytes` how much of public pages is kept."""
    chosen = configured or settings()
    for language in LANGUAGES:
        dictionary.learn(language, shell)
    edge = Edge(
        application(),
        now=now,
        is_https=chosen.is_https,
        trusted_proxies=chosen.trusted_proxies,
        plain=plain,
        busy=busy,
        ready_bytes=ready_bytes,
    )
    return at_the_door(watched(edge), edge.load, edge.refusal)


class Plain(Litestar):
    """Without the framework's plugins for pydantic and attrs, which no handler uses and a start would wait for."""

    @staticmethod
    def _get_default_plugins(plugins: list[PluginProtocol]) -> list[PluginProtocol]:
        return [*plugins, MsgspecDIPlugin()]


@cache
def application() -> Litestar:
    """Made once a process: it knows no clock and keeps nothing of a request."""
    return Plain(
        route_handlers=ROUTES,
        request_class=VicinoRequest,
        exception_handlers={Refusal: on_refusal, HTTPException: on_http_error, Exception: on_fault},
        openapi_config=None,
        logging_config=None,  # ours stands: the framework's would repeat what libraries say of addresses
        lifespan=[life],
    )


@asynccontextmanager
async def life(_: Litestar) -> AsyncIterator[None]:
    await database.start()
    try:
        async with beside(Worker(gateways(settings(), secrets()))) if settings().runs_worker else nullcontext():
            yield
    finally:
        await observation.flush()
        await database.stop()


def on_refusal(request: Request[Any, Any, Any], refusal: Refusal) -> Response[Any]:
    assert isinstance(request, VicinoRequest)
    if isinstance(refusal, SignInNeeded) and (door := landing.door(request.here)):
        back = {"poi": request.here.path} if request.method == "GET" else None
        # The address may hold a person's code, and their browser would keep it; staff's hold no more than their list.
        told = {"cache-control": "no-store"} if door == "sign_in" else {}
        return Redirect(request.here.url(door, query=back), status_code=303, headers=told)
    if isinstance(refusal, AlreadyBooked):  # Back, after the booking was made
        page = "desk_booking" if request.here.actor.kind == "staff" else "booking"
        return Redirect(request.here.url(page, code=refusal.arguments["code"]), status_code=303)
    return render(request, ErrorPage.of(refusal.status, request.here, refusal), status=refusal.status, refusal=refusal)


def on_http_error(request: Request[Any, Any, Any], error: HTTPException) -> Response[Any]:
    assert isinstance(request, VicinoRequest)
    status = 404 if error.status_code == 400 else error.status_code
    answer = render(request, ErrorPage.of(status, request.here), status=status)
    for name, value in (error.headers or {}).items():
        answer.headers[name] = value
    return answer


def on_fault(request: Request[Any, Any, Any], error: Exception) -> Response[Any]:
    """Busy says when to come back; everything else is a mistake of ours, logged and never shown."""
    assert isinstance(request, VicinoRequest)
    status = 503 if database.is_busy(error) else 500
    log.error("request failed", exc_info=error)
    answer = Response(plain(status, request.here), status_code=status, media_type="text/html")
    answer.headers["cache-control"] = "no-store"
    if status == 503:
        answer.headers["retry-after"] = headers.RETRY_AFTER
    return answer


def plain(status: int, here: Here) -> bytes:
    """A page for what never reached a handler."""
    return draw(ErrorPage.of(status, here), here.as_public()).encode()


@cache
def busy(language: str) -> bytes:
    """The small page for who comes when too many are at work."""
    here = Here(language=language, now=clock.now(), path="/")
    return draw(BusyPage.of(here), here).encode()
