"""The digest of a row: the same bytes whichever engine stored it."""

import hashlib
import json
from collections.abc import Iterable
from datetime import UTC, datetime


def digest(fields: Iterable[object]) -> str:
    """SHA-256 over a JSON array: the caller fixes the order of the fields, instants are UTC with microseconds."""
    text = json.dumps([_plain(field) for field in fields], separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _plain(value: object) -> str | int | None:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if value is None or type(value) in (str, int):
        return value  # type: ignore[return-value]
    raise TypeError(f"{value!r} has no canonical form")
