"""Figures of the running for a monitor, in Prometheus' text format: no label ever names a person or an object.

What processes count they share through files in one folder; what the database knows is asked when somebody looks, so
that a dead worker or an old backup shows.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping
from functools import cache
from threading import Lock

from prometheus_client import CollectorRegistry, Counter, Histogram, start_http_server
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

LOOPBACK = "127.0.0.1"
_BUCKETS = (0.005, 0.02, 0.05, 0.1, 0.25, 1, 5)

_requests = Counter("vicino_requests", "Answers by route and class of status", ["route", "status"])
_seconds = Histogram("vicino_request_seconds", "Time to an answer", ["route"], buckets=_BUCKETS)
_statements = Counter("vicino_statements", "SQL statements sent for answers", ["route"])

Figures = Mapping[str, tuple[str, float]]  # a name, what it means, its value


def note(route: str, status: int, took: float, statements: int) -> None:
    """`took` in seconds."""
    count, time, sent = _series(route, f"{status // 100}xx")
    count.inc()
    time.observe(took)
    sent.inc(statements)


@cache
def _series(route: str, status: str) -> tuple[Counter, Histogram, Counter]:
    return _requests.labels(route, status), _seconds.labels(route), _statements.labels(route)


class Asked(Collector):
    """Figures that are read when somebody looks; where they cannot be read, `vicino_database_up` says so."""

    def __init__(self, figures: Callable[[], Awaitable[Figures]]) -> None:
        self.figures = figures
        self.one_at_a_time = Lock()

    def collect(self) -> Iterator[Metric]:
        try:
            with self.one_at_a_time:
                found: Figures = asyncio.run(self._read())
        except Exception:
            found = {"vicino_database_up": ("Whether the database answers", 0)}
        for name, (meaning, value) in found.items():
            yield GaugeMetricFamily(name, meaning, value)

    async def _read(self) -> Figures:
        async with asyncio.timeout(5):
            return {"vicino_database_up": ("Whether the database answers", 1), **await self.figures()}


def serve(port: int, folder: str, figures: Callable[[], Awaitable[Figures]]) -> None:
    """From a thread, to this machine only."""
    registry = CollectorRegistry()
    MultiProcessCollector(registry, path=folder)  # type: ignore[no-untyped-call]
    registry.register(Asked(figures))
    start_http_server(port, LOOPBACK, registry)
