"""S2: the catalogue's public pages, against raw ASGI that sends as many bytes it had ready."""

from collections.abc import AsyncIterator

import httpx

from bench.against import Server, compare, raw
from bench.dynamic import BROWSER
from bench.figure import Figure
from bench.site import Site, served

LEAST = 0.5


async def measure() -> AsyncIterator[Figure]:
    async with served() as site:
        for name in ("territory", "catalogue", "service"):
            url = _address(site, name)
            async with raw("/ready", ready_bytes=await _sent(url)) as reference:
                yield await compare(f"S2 {name}", Server(url, site.pid, BROWSER), reference, least=LEAST)


def _address(site: Site, name: str) -> str:
    return site.url(name, slug="aiuto-compiti") if name == "service" else site.url(name)


async def _sent(url: str) -> int:
    """How long the page is as it is sent."""
    async with httpx.AsyncClient() as client, client.stream("GET", url, headers=BROWSER) as answer:
        return int(answer.headers["content-length"])
