"""S3: what of a request's CPU time compression takes: the same page asked for with it and without, in turns."""

import time
from collections.abc import AsyncIterator
from statistics import median
from typing import Any

from app.main import create_app
from bench.asked import ask
from bench.dynamic import BROWSER, NAVIGATION
from bench.figure import Figure
from bench.site import Site, served

MOST_PERCENT = 5.0
ROUNDS, REQUESTS, WARM_UP = 30, 5, 20
PAGES = ("me", "wallet", "catalogue", "service", "choose_slot")


async def measure() -> AsyncIterator[Figure]:
    async with served() as site:
        app = create_app()
        for name in PAGES:
            path = site.path(name, **{**site.world.parts, "slug": "aiuto-compiti"})
            taken = await _seconds(app, path, site)
            note = f"{taken[0] * 1e6:,.0f} us, {taken[1] * 1e6:,.0f} without; median of {ROUNDS} rounds"
            yield Figure(f"S3 {name}", share(*taken), "%", most=MOST_PERCENT, note=note)


def share(compressed: float, plain: float) -> float:
    """Percent of the time that is gone without compression."""
    return max(0.0, (compressed - plain) / compressed * 100)


async def _seconds(app: Any, path: str, site: Site) -> tuple[float, float]:
    """CPU seconds a request: as a browser asks, and as one would that takes no encoding."""
    cookie = {"cookie": site.owner}
    ways = (BROWSER | cookie, NAVIGATION | cookie)
    for headers in ways * WARM_UP:
        await ask(app, path, headers)
    found: tuple[list[float], list[float]] = ([], [])
    for _ in range(ROUNDS):
        for headers, seconds in zip(ways, found, strict=True):
            began = time.process_time()
            for _ in range(REQUESTS):
                await ask(app, path, headers)
            seconds.append((time.process_time() - began) / REQUESTS)
    return median(found[0]), median(found[1])
