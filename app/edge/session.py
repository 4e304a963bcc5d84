"""The session cookie: read once a request, set only when who is there changes."""

from collections.abc import Mapping
from datetime import datetime

from litestar.datastructures import Cookie

from app.domain import session
from app.domain.session import SessionFacts

_NAME = "vicino"


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
    return Cookie(key=cookie_name(is_https), value="", path="/", httponly=True, secure=is_https, max_age=0)
