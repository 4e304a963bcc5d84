"""What would stand in the log of an installation, as a test reads it."""

import json
import logging
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from app.edge import log

Lines = list[dict[str, Any]]


@contextmanager
def logging_as_served() -> Iterator[None]:
    """As `vicino serve` sets it up, and as it was again."""
    hook, root = sys.excepthook, logging.getLogger()
    before = (root.handlers[:], root.level)
    log.start()
    try:
        yield
    finally:
        sys.excepthook = hook
        root.handlers[:], root.level = before
        for name in log.OURS:
            ours = logging.getLogger(name)
            ours.handlers.clear()
            ours.propagate = True
            ours.setLevel(logging.NOTSET)


def read(text: str) -> Lines:
    """Each line is one object, whatever was written."""
    return [json.loads(line) for line in text.splitlines()]


def leaks(text: str, secrets: Sequence[str]) -> list[str]:
    """The line each secret stands in, in any spelling of capitals and with or without spaces."""
    lines = [(line, _plain(line)) for line in text.splitlines()]
    return [f"{secret!r} in {line}" for secret in secrets for line, plain in lines if _plain(secret) in plain]


def _plain(text: str) -> str:
    return "".join(text.casefold().split())
