"""P1, P2, P4 and P10: what every citizen page costs a browser that was never here, everything fetched."""

from collections.abc import AsyncIterator, Sequence
from urllib.parse import urlsplit

import httpx

from app import addresses
from bench.browser import chromium, phone, still
from bench.figure import Figure
from bench.line import Exchange, Line, line_to
from bench.site import Site, served
from tests.matrix import ROWS, Door, actors

MOST_SENT, MOST_FIRST, MOST_SCRIPT, MOST_DECODED = 24 * 1024, 14_000, 14 * 1024, 42 * 1024
MOST_HEADERS, MOST_FRAGMENT_HEADERS = 800, 350
LANGUAGES = ("it", "en")


async def measure() -> AsyncIterator[Figure]:
    async with served() as site, line_to(site.origin) as (origin, line), chromium() as browser:
        decoded: dict[str, int] = {}
        worst: dict[str, list[tuple[float, str]]] = {}
        for path in await citizen_pages(site):
            line.exchanges.clear()
            async with phone(browser, origin, site.owner) as (_, page):
                await page.goto(origin + path, wait_until="load")
                await still(line.exchanges)
            for name, value in (await _weights(path, line, site.origin, decoded)).items():
                worst.setdefault(name, []).append((value, path))
        fragment = await fragment_headers(site)
        for figure in figures(worst):
            yield figure
        yield Figure("P10 headers of a fragment", fragment, "B", most=MOST_FRAGMENT_HEADERS)


def figures(worst: dict[str, list[tuple[float, str]]]) -> list[Figure]:
    """The heaviest page of each kind of weight, and how many are over."""
    bounds = {
        "P1 sent in all": MOST_SENT,
        "P2 first flight": MOST_FIRST,
        "P4 script sent": MOST_SCRIPT,
        "P4 script decoded": MOST_DECODED,
        "P10 headers of a page": MOST_HEADERS,
    }
    found = []
    for name, most in bounds.items():
        value, path = max(worst[name])
        over = sum(value > most for value, _ in worst[name])
        note = f"heaviest of {len(worst[name])} pages is {path}, {over} over"
        found.append(Figure(name, value, "B", most=most, note=note))
    return found


async def citizen_pages(site: Site, languages: Sequence[str] = LANGUAGES) -> list[str]:
    """Every page a person may open, as tests/matrix.py knows them."""
    found = []
    async with httpx.AsyncClient(headers={"cookie": site.owner}) as client:
        for language in languages:
            for door in (Door(*row.split(" ", 1)) for row in ROWS):
                if door.method != "GET" or not actors(ROWS[str(door)]) & {"owner", "anonymous"}:
                    continue
                path = addresses.url(door.name, language=language, **site.world.parts_of(door))
                answer = await client.get(site.origin + path)
                if answer.status_code == 200 and answer.headers["content-type"].startswith("text/html"):
                    found.append(path)
    return found


async def _weights(path: str, line: Line, origin: str, decoded: dict[str, int]) -> dict[str, float]:
    page = next(one for one in line.exchanges if one.path == path)
    scripts = [one for one in line.exchanges if "javascript" in one.media_type]
    for one in scripts:
        if one.path not in decoded:
            decoded[one.path] = await _plain_length(origin + one.path)
    return {
        "P1 sent in all": sum(one.sent for one in line.exchanges),
        "P2 first flight": page.sent,
        "P4 script sent": sum(one.sent for one in scripts),
        "P4 script decoded": sum(decoded[one.path] for one in scripts),
        "P10 headers of a page": page.head,
    }


async def _plain_length(url: str) -> int:
    async with httpx.AsyncClient() as client:
        return len((await client.get(url, headers={"accept-encoding": "identity"})).content)


async def fragment_headers(site: Site) -> int:
    """Bytes of the head of what htmx asks for."""
    headers = {"hx-request": "true", "hx-request-type": "partial", "cookie": site.owner}
    async with line_to(site.origin) as (origin, line), httpx.AsyncClient() as client:
        await client.get(origin + urlsplit(site.url("catalogue")).path, headers=headers)
        return heads(line.exchanges)


def heads(exchanges: Sequence[Exchange]) -> int:
    return max(one.head for one in exchanges)
