"""What arrives, read once: headers, cookies, language, body."""

from collections.abc import Mapping
from typing import Any

from litestar.types import HTTPScope, Receive

from app import i18n

MOST_BYTES = 64 * 1024
MOST_DIGITS = 18


def headers(scope: HTTPScope) -> dict[str, str]:
    """Servers send the names in small letters (ASGI)."""
    return {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}


def cookies(asked: Mapping[str, str]) -> dict[str, str]:
    """As browsers send them. Values of ours need no quotes, and what others set is never read."""
    pairs = (pair.partition("=") for pair in asked.get("cookie", "").split(";"))
    return {name.strip(): value.strip() for name, _, value in pairs}


def is_sensible(path: str) -> bool:
    """Nothing of ours has signs that cannot be printed, nor a number that no database holds."""
    return path.startswith("/") and path.isprintable() and not any(map(_is_too_large, path.split("/")))


def _is_too_large(part: str) -> bool:
    """Signs, spaces and underscores belong to a number, too."""
    digits = part.strip().lstrip("+-").replace("_", "")
    return len(digits) > MOST_DIGITS and digits.isdigit()


def language(path: str) -> tuple[str, str]:
    """The language an address names, and the address without it."""
    before, _, after = path.partition("/")
    first, *rest = after.split("/", 1)
    if not before and first in i18n.LANGUAGES and first != i18n.DEFAULT:
        return first, "/" + (rest[0] if rest else "")
    return i18n.DEFAULT, path


def is_partial(asked: Mapping[str, str]) -> bool:
    """A hint only: htmx asks for a block of the page, not the whole."""
    return asked.get("hx-request-type") == "partial"


def is_from_elsewhere(asked: Mapping[str, str]) -> bool:
    """Another site leads here."""
    return asked.get("sec-fetch-site", "none") in ("cross-site", "same-site")


def has(asked: Mapping[str, str], etag: bytes) -> bool:
    """Whether the browser says it holds these very bytes."""
    said = asked.get("if-none-match", "")
    return bool(said and etag) and (said == "*" or etag.decode() in [one.strip() for one in said.split(",")])


async def body(receive: Receive) -> bytes | None:
    """All of it, or None when there is more than anybody types."""
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


def replayed(read: bytes) -> Receive:
    """For the application, which reads it again."""

    async def receive() -> Any:
        return {"type": "http.request", "body": read, "more_body": False}

    return receive
