"""Whatever is sent, nobody gets a server error: every route, with addresses, forms and headers nobody would type."""

import itertools
import random
import re
import socket
from collections.abc import Iterator
from urllib.parse import quote, urlencode, urlsplit

import httpx
import pytest

from app import addresses
from tests.matrix import Door, doors
from tests.pages import rules
from tests.pages.answer import Answer
from tests.pages.junk import COOKIES, LINES, NAMES, NUMBERS, STRANGE, TYPED, WORDS
from tests.pages.walk import viewer
from tests.pages.world import World
from tests.servers import served
from tests.visitor import OWN_PAGE, Visitor

pytestmark = pytest.mark.anyio
BATCHES = 8
DOORS = {str(door): door for door in doors()}


@pytest.mark.slow
@pytest.mark.timeout(120)
@pytest.mark.parametrize("batch", range(BATCHES))
async def test_every_route(batch: int, world: World, hasty_visitors: dict[str, Visitor]) -> None:
    """A dozen routes in one world; those that end a session come last."""
    for name in sorted(DOORS, key=lambda name: DOORS[name].leads_to_sign_in)[batch::BATCHES]:
        await _press(DOORS[name], world, hasty_visitors)


async def _press(door: Door, world: World, visitors: dict[str, Visitor]) -> None:
    chance, visitor = random.Random(str(door)), visitors[viewer(door)]
    own = addresses.url(door.name, **world.parts_of(door))
    for path in sorted({*_spoilt(door, world, chance), own}):
        await _ask(visitor, door.method, path, typed=chance.choice(TYPED))
    for typed in chance.sample(TYPED, 3):
        await _ask(visitor, door.method, own, typed=typed)
    await _ask(visitor, chance.choice(STRANGE), own)
    await _ask(visitor, door.method, own, cookie=chance.choice(COOKIES))


def _spoilt(door: Door, world: World, chance: random.Random) -> Iterator[str]:
    """The address with one part that cannot be, two ways for each part."""
    parts = {part: quote(str(value), safe="") for part, value in world.parts_of(door).items()}
    for part in parts:
        is_number = f"{{{part}:int}}" in addresses.PATTERNS[door.name]
        for junk in chance.sample(NUMBERS if is_number else WORDS, 2):
            segments = addresses.PATTERNS[door.name].split("/")
            filled = [junk if s.startswith(f"{{{part}") else _own(s, parts) for s in segments]
            yield "/".join(filled)


def _own(segment: str, parts: dict[str, str]) -> str:
    return parts[segment[1:-1].partition(":")[0]] if segment.startswith("{") else segment


async def _ask(visitor: Visitor, method: str, path: str, *, typed: str = "", cookie: str = "") -> None:
    pairs = [(name, typed) for name in itertools.chain(NAMES, NAMES[::3])] if typed else []
    sent = urlencode(pairs, errors="surrogatepass")[: 60 * 1024]
    headers = {**OWN_PAGE, "content-type": "application/x-www-form-urlencoded"}
    if cookie:
        headers["cookie"] = cookie
    asked = [(name.encode(), value.encode("latin-1")) for name, value in headers.items()]
    if method == "GET" and sent:
        path, sent = f"{path}?{sent[:4000]}", ""
    response = await visitor.client.request(method, path, headers=asked, content=sent or None)
    _check(response, f"{method} {path[:200]} with {typed[:40]!r}{cookie}")


def _check(response: httpx.Response, said: str) -> None:
    answer = Answer.of(response)
    found = [*rules.policy(answer), *rules.other_sites(answer)]
    assert response.status_code < 500, f"{said}: {response.status_code}"
    assert not found, f"{said}: {found}"


@pytest.mark.parametrize(
    "body", [b"\xff\xfe\x00" * 1000, b"a" * 70_000, b"&&&===;;;", b"%", b'{"orario": 1}', b"_key=" + b"k" * 9000]
)
@pytest.mark.parametrize(
    "kind", ["application/x-www-form-urlencoded", "multipart/form-data", "application/json", "\xff/\xfe"]
)
async def test_odd_bodies(body: bytes, kind: str, world: World, hasty_visitors: dict[str, Visitor]) -> None:
    headers = [(b"content-type", kind.encode("latin-1")), (b"sec-fetch-site", b"same-origin")]
    for name in ("hold", "sign_in", "summary", "push_subscription", "push_receipt", "enrolment"):
        visitor = hasty_visitors["desk" if name == "enrolment" else "owner"]
        path = addresses.url(name, **world.parts_of(Door("POST", name)))
        _check(await visitor.client.post(path, headers=headers, content=body), f"{name} {kind} {body[:20]!r}")


@pytest.mark.slow
async def test_on_the_wire(world: World) -> None:
    """Bytes that no client library would send; a refusal of the server itself is fine."""
    async with served() as origin:
        for line in LINES:
            answer = _sent(urlsplit(origin).port or 0, line)
            assert answer == b"" or re.match(rb"HTTP/1.1 [234]\d\d", answer), (line[:80], answer[:80])
        assert _sent(urlsplit(origin).port or 0, b"GET /healthz HTTP/1.1").startswith(b"HTTP/1.1 200")


def _sent(port: int, line: bytes) -> bytes:
    with socket.create_connection(("127.0.0.1", port), timeout=5) as line_to:
        head, gap, body = line.partition(b"\r\n\r\n")
        line_to.sendall(head + b"\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n" + (body if gap else b""))
        return line_to.recv(400)
