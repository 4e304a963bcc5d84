"""S1: pages drawn for one person, against raw ASGI that only draws bench/reference.html."""

from collections.abc import AsyncIterator

from bench.against import Server, compare, raw
from bench.figure import Figure
from bench.site import served

LEAST = 0.4
PAGES = ("me", "wallet", "choose_slot", "booking", "details")
# As every page but the first is asked for: from one of ours, by pressing something.
NAVIGATION = {"sec-fetch-site": "same-origin", "sec-fetch-mode": "navigate", "sec-fetch-dest": "document"}
BROWSER = NAVIGATION | {"accept-encoding": "gzip, deflate, br, zstd"}


async def measure() -> AsyncIterator[Figure]:
    async with served() as site, raw("/page") as reference:
        headers = BROWSER | {"cookie": site.owner}
        for name in PAGES:
            ours = Server(site.url(name, **{**site.world.parts, "slug": "aiuto-compiti"}), site.pid, headers)
            yield await compare(f"S1 {name}", ours, reference, least=LEAST)
        search = Server(site.url("catalogue") + "?q=compiti", site.pid, BROWSER)
        yield await compare("S1 search", search, reference, least=LEAST)
