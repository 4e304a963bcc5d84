"""What each process counts of its answers for a monitor; where none is set up, nothing is counted nor its library read.

Processes share what they count through files in one folder. No label ever names a person or an object.
"""

import os
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from prometheus_client import Counter, Histogram

FOLDER = "PROMETHEUS_MULTIPROC_DIR"  # the library looks there, too
_BUCKETS = (0.005, 0.02, 0.05, 0.1, 0.25, 1, 5)


def note(route: str, status: int, took: float, statements: int) -> None:
    """`took` in seconds."""
    if _is_read():
        count, time, sent = _series(route, f"{status // 100}xx")
        count.inc()
        time.observe(took)
        sent.inc(statements)


def refused() -> None:
    if _is_read():
        _families()[3].inc()


@cache
def _is_read() -> bool:
    return FOLDER in os.environ


@cache
def _series(route: str, status: str) -> "tuple[Counter, Histogram, Counter]":
    requests, seconds, statements, _ = _families()
    return requests.labels(route, status), seconds.labels(route), statements.labels(route)


@cache
def _families() -> "tuple[Counter, Histogram, Counter, Counter]":
    from prometheus_client import Counter, Histogram

    return (
        Counter("vicino_requests", "Answers by route and class of status", ["route", "status"]),
        Histogram("vicino_request_seconds", "Time to an answer", ["route"], buckets=_BUCKETS),
        Counter("vicino_statements", "SQL statements sent for answers", ["route"]),
        Counter("vicino_refused", "Writes that were told to come back, as too many were at work"),
    )
