"""The clock is passed in; only edges read it."""

from datetime import UTC, datetime


def now() -> datetime:
    return datetime.now(UTC)
