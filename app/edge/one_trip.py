"""What a form leads to, in the answer to the form: one journey of a slow line instead of two.

The service worker asks for it (`Prefer: return=representation`, RFC 7240). The redirect is then followed here, and the
page is sent with the address it stands at; the worker redirects the browser there and hands the page over. So history,
Back and reload are those of post, redirect, get. Browsers without a worker get the redirect itself.
"""

from collections.abc import Mapping
from http.cookies import SimpleCookie
from typing import cast
from urllib.parse import unquote

from litestar.types import HTTPScope

from app.edge import incoming
from app.edge.headers import Headers
from app.edge.landing import is_local

MOST_STEPS = 3
_OF_THE_FORM = (b"content-type", b"content-length", b"cookie")
_NOT_KEPT = (b"cache-control", b"no-store")
_OF_THE_WAY = (b"set-cookie", b"clear-site-data")


def is_wished(asked: Mapping[str, str]) -> bool:
    return asked.get("prefer") == "return=representation"


def place(status: int, pairs: Headers) -> str:
    """Where a redirect leads on this site; '' for every other answer."""
    said = dict(pairs).get(b"location", b"").decode("latin-1") if status == 303 else ""
    return said if is_local(said) else ""


def told_on_the_way(pairs: Headers) -> Headers:
    """What the browser must hear of a redirect that it does not see."""
    return [pair for pair in pairs if pair[0] in _OF_THE_WAY]


def arrived(pairs: Headers, told: Headers) -> Headers:
    """Of the page, as an answer to one person's form: nobody keeps it for others."""
    is_shared = told and dict(pairs).get(b"cache-control", b"").startswith(b"public")
    return [_NOT_KEPT, *(pair for pair in pairs if pair[0] not in (b"cache-control", b"etag"))] if is_shared else pairs


def onward(scope: HTTPScope, to: str, told: Headers) -> HTTPScope:
    """The request a browser would send next: `scope` is the form's, `told` are the headers met on the way."""
    path, _, query = to.partition("?")
    kept = [pair for pair in scope["headers"] if pair[0].lower() not in _OF_THE_FORM]
    asks = {
        "method": "GET",
        "path": unquote(path),
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "headers": [*kept, (b"cookie", _cookies(scope, told).encode("latin-1"))],
        "state": {},
    }
    return cast(HTTPScope, {**scope, **asks})


def _cookies(scope: HTTPScope, told: Headers) -> str:
    """Those it came with, changed as it was told."""
    held = incoming.cookies(incoming.headers(scope))
    for name, value in told:
        if name == b"set-cookie":
            for morsel in SimpleCookie(value.decode("latin-1")).values():
                held[morsel.key] = morsel.value if morsel["max-age"] != "0" else ""
    return "; ".join(f"{name}={value}" for name, value in held.items() if value)
