"""The session cookie: read once a request, set only when who is there changes."""

import secrets
from collections.abc import Mapping
from datetime import datetime

from litestar.datastructures import Cookie

from app.domain import session, vault
from app.domain.session import SessionFacts
from app.domain.verb import Key

_NAME = "vicino"
_DEVICE = "vicino_phone"
_DEVICE_DAYS = 400
OWN_PHONE_DAYS = 180


def cookie_name(is_https: bool) -> str:
    return f"__Host-{_NAME}" if is_https else _NAME


async def read(cookies: Mapping[str, str], *, is_https: bool, now: datetime) -> SessionFacts | None:
    token = cookies.get(cookie_name(is_https), "")
    if not token or len(token) > 64:
        return None
    found = await session.load(token, now)
    if found is not None:
        await session.seen(found, now)
    return found


def cookie(token: str, *, is_https: bool, lasts_days: int = 0) -> Cookie:
    """`lasts_days` 0 ends with the browser; an own phone keeps it."""
    return Cookie(
        key=cookie_name(is_https),
        value=token,
        path="/",
        httponly=True,
        samesite="lax",
        secure=is_https,
        max_age=lasts_days * 86400 or None,
    )


def no_cookie(*, is_https: bool) -> Cookie:
    return _forgotten(cookie_name(is_https), is_https)


def device_name(is_https: bool) -> str:
    return f"__Host-{_DEVICE}" if is_https else _DEVICE


def device_cookie(key: str, *, is_https: bool) -> Cookie:
    """Knows an own phone again, also after its session was closed."""
    return Cookie(
        key=device_name(is_https),
        value=key,
        path="/",
        httponly=True,
        samesite="lax",
        secure=is_https,
        max_age=_DEVICE_DAYS * 86400,
    )


def no_device_cookie(*, is_https: bool) -> Cookie:
    return _forgotten(device_name(is_https), is_https)


def _forgotten(name: str, is_https: bool) -> Cookie:
    return Cookie(key=name, value="", path="/", httponly=True, secure=is_https, max_age=0)


def anonymous_token(key: Key | None) -> str:
    """The same for the same form: after a double click both answers carry the same session."""
    return vault.peppered("anonymous", key.value)[:40] if key else secrets.token_urlsafe(24)
