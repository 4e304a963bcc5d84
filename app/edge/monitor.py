"""Figures of the running for a monitor, in Prometheus' text format.

What processes count they share; what the database knows is asked when somebody looks, so that a dead worker or an old
backup shows.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping
from threading import Lock

from prometheus_client import CollectorRegistry, start_http_server
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

LOOPBACK = "127.0.0.1"

Figures = Mapping[str, tuple[str, float]]  # a name, what it means, its value


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
