"""What is written down of the running: one JSON object a line, without a word about anybody.

A line says when, how bad, which request, and what our own code says in words that hold no personal data. Of an error it
says the type and where it happened, never its text: databases quote the values they refuse. Of other libraries it says
only where they spoke, because their words may hold an address or a telephone number.
"""

import json
import logging
import os
import sys
import time
import traceback
from collections.abc import Mapping
from contextvars import ContextVar
from datetime import UTC, datetime
from functools import lru_cache
from types import TracebackType
from typing import Any

from app.config import settings

OURS = ("vicino", "_granian")  # the server says when it starts and stops, and nothing of requests
METHODS = {"GET", "HEAD", "POST"}
DEEPEST = 12  # frames of an error
requests = logging.getLogger("vicino.request")
request: ContextVar[Mapping[str, str] | None] = ContextVar("request", default=None)  # its id and route


class Lines(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {"at": _instant(record.created), "level": record.levelname.lower(), "from": record.name}
        line |= {"said": record.getMessage()} if _is_ours(record.name) else {"place": _place(record)}
        line |= request.get() or {}
        if record.exc_info and record.exc_info[1]:
            line |= _error(record.exc_info[1])
        return json.dumps(line, ensure_ascii=True)


def answered(name: str, route: str, method: str, status: int, seconds: float, statements: int) -> None:
    """The line of a request, written without detours: there is one for each, and ready pages take microseconds."""
    if not requests.isEnabledFor(logging.INFO):
        return
    sys.stderr.write(
        f'{{"at": "{_instant(time.time())}", "level": "info", "from": "{requests.name}", '
        f'"request": "{name}", "route": "{route}", '
        f'"method": "{method if method in METHODS else "other"}", "status": {status}, '
        f'"ms": {seconds * 1000:.1f}, "statements": {statements}}}\n'
    )


def _instant(seconds: float) -> str:
    whole = int(seconds)
    return f"{_to_the_second(whole)}.{int((seconds - whole) * 1000):03d}Z"


@lru_cache(maxsize=1)
def _to_the_second(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat().removesuffix("+00:00")


def configuration() -> dict[str, Any]:
    """For logging.config, in this process and in those that answer."""
    level = settings().log_level.upper()
    loggers = {name: {"handlers": ["lines"], "level": level, "propagate": False} for name in OURS}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"lines": {"()": "app.edge.log.Lines"}},
        "handlers": {"lines": {"class": "logging.StreamHandler", "formatter": "lines", "stream": "ext://sys.stderr"}},
        "loggers": {**loggers, "granian.access": {"handlers": [], "propagate": False}},
        "root": {"handlers": ["lines"], "level": "WARNING"},
    }


def start() -> None:
    import logging.config

    logging.config.dictConfig(configuration())
    sys.excepthook = _on_the_way_out


def _on_the_way_out(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    logging.getLogger("vicino").critical("stopped by an error", exc_info=(kind, error, trace))


def _is_ours(name: str) -> bool:
    return name.partition(".")[0] in OURS


def _place(record: logging.LogRecord) -> str:
    return f"{record.module}.{record.funcName}:{record.lineno}"


def _error(error: BaseException) -> dict[str, object]:
    """Types from the outermost to the first cause, and the frames of the outermost."""
    frames = traceback.extract_tb(error.__traceback__)[-DEEPEST:]
    trace = [f"{_short(frame.filename)}:{frame.lineno} {frame.name}" for frame in frames]
    return {"error": " < ".join(_causes(error)), "trace": trace}


def _causes(error: BaseException | None) -> list[str]:
    names: list[str] = []
    while error is not None and len(names) < DEEPEST:
        names.append(f"{type(error).__module__}.{type(error).__qualname__}".removeprefix("builtins."))
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return names


def _short(path: str) -> str:
    """From the package on: where it is installed tells nothing."""
    parts = path.replace(os.sep, "/").rpartition("/site-packages/")[2].split("/")
    return "/".join(parts[parts.index("app") :] if "app" in parts else parts[-3:])
