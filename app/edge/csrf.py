"""Writes come from our own pages: by Fetch Metadata, else Origin, else a token for browsers that send neither."""

import hashlib
import hmac
import secrets
from collections.abc import Mapping

from litestar.datastructures import Cookie

from app import addresses

_FIRST = "vicino_first"
# What a mail program posts without opening a page (RFC 8058): the secret in the address is all its right, no cookie is.
_ONE_CLICK = ("week_end",)


def first_cookie_name(is_https: bool) -> str:
    """Of who has no session yet: what the first form's token is bound to."""
    return f"__Host-{_FIRST}" if is_https else _FIRST


def first_cookie(*, is_https: bool) -> Cookie:
    return Cookie(
        key=first_cookie_name(is_https),
        value=secrets.token_urlsafe(16),
        path="/",
        httponly=True,
        samesite="lax",
        secure=is_https,
    )


def needs_token(headers: Mapping[str, str]) -> bool:
    return "sec-fetch-site" not in headers


def is_same_origin(headers: Mapping[str, str], host: str) -> bool | None:
    """True or False where the browser says where the post came from, None where only a token can tell."""
    if site := headers.get("sec-fetch-site"):
        return site == "same-origin"
    origin = headers.get("origin")
    if origin and origin != "null":
        return origin.partition("://")[2] == host
    return None


def bears_its_right(path: str) -> bool:
    return addresses.name_of(path) in _ONE_CLICK


def mint(secret: str) -> str:
    """A token bound to `secret`, masked anew each time so that compression says nothing about it."""
    mask = secrets.token_bytes(16)
    return (mask + _masked(_digest(secret), mask)).hex()


def matches(token: str, secret: str) -> bool:
    try:
        raw = bytes.fromhex(token)
    except ValueError:
        return False
    return len(raw) == 32 and bool(secret) and hmac.compare_digest(_masked(raw[16:], raw[:16]), _digest(secret))


def _digest(secret: str) -> bytes:
    return hashlib.sha256(b"csrf:" + secret.encode()).digest()[:16]


def _masked(value: bytes, mask: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(value, mask, strict=True))
