"""Somebody who opens every page there is and presses every button, after and before wrong presses of the same form."""

import asyncio
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from random import Random

from lxml import html

from app import addresses
from tests.gateways.push_service import Browser
from tests.matrix import Door, doors
from tests.pages.answer import route_of
from tests.pages.pressing import LEAVES, Press, presses_in
from tests.pages.world import World
from tests.proving.client import Client, Reply
from tests.proving.mutate import JSON, Pool, Sent, from_elsewhere, mutated, with_other_input

SIGN_IN = {"sign_in", "staff_sign_in", "funder_sign_in"}
NOT_CARRIED = {*SIGN_IN, "demo_story"}  # who signs in here would be somebody else from then on
GETS = [door for door in doors() if door.method == "GET" and door.let_in]
POSTS = {door.name: door for door in doors() if door.method == "POST"}
PATIENCE = 60.0  # seconds until an answer counts as none
LINKS_FIRST, LEFT_ALONE = 0.7, 0.7  # how often
WRONG = 1  # presses with something wrong, beside each right one


@dataclass
class Tally:
    """What came of everything that was sent; `leads` says which routes the forms of a page go to."""

    accepted: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    leads: dict[str, set[str]] = field(default_factory=dict)
    pool: Pool = field(default_factory=Pool)
    cases: int = 0

    def judge(self, route: str, reply: Reply) -> bool:
        """Whether it was accepted: done, or shown further. 503 is neither."""
        to_sign_in = route_of(reply.location) in SIGN_IN and route not in SIGN_IN and not POSTS[route].leads_to_sign_in
        is_done = reply.status in (200, 201, 204) or (reply.status == 303 and not to_sign_in)
        if reply.status < 500:
            (self.accepted if is_done else self.refused)[route] += 1
        return is_done

    def least(self, route: str) -> int:
        return min(self.accepted[route], self.refused[route])

    @property
    def fewest(self) -> int:
        return min(map(self.least, POSTS))

    def need(self, page: str) -> int:
        """How often what this page leads to was accepted; pages that nobody saw yet come first."""
        return min(
            (self.accepted[route] for route in self.leads.get(page, ())), default=10**9 if page in self.leads else 0
        )


@dataclass
class Walker:
    """One browser of `actor`; `noted` judges every answer, `most` cases are this one's share."""

    actor: str
    world: World
    client: Client
    tally: Tally
    chance: Random
    noted: Callable[[bytes, Reply | None], None]
    most: int
    address: str
    cookies: dict[str, str] = field(default_factory=dict)
    done: set[str] = field(default_factory=set)
    leaving: list[tuple[str, str]] = field(default_factory=list)
    followed: set[str] = field(default_factory=set)
    links: dict[str, list[str]] = field(default_factory=dict)
    cases: int = 0

    async def walk(self) -> None:
        to_open = [addresses.url(d.name, **self.world.parts_of(d)) for d in GETS if self.actor in d.let_in]
        self.chance.shuffle(to_open)
        while to_open and not self.cases >= self.most:
            to_open.sort(key=lambda path: self.tally.need(route_of(path)))
            await self._exhaust(to_open.pop(0))
        for path, kind in sorted(self.leaving, key=lambda left: self.tally.least(_route(left[1]))):
            await self._press(path, kind)

    async def _exhaust(self, path: str) -> None:
        """The pages this one leads to by links that were not followed yet, then every kind of press not tried yet."""
        found = await self._open(path)
        for link in self.links.pop(path, []) if self.chance.random() < LINKS_FIRST else []:
            if route_of(link) not in self.followed and self.cases < self.most:
                self.followed.add(route_of(link))
                await self._exhaust(link)
        for kind in sorted({press.kind for press in found}, key=lambda kind: self.tally.least(_route(kind))):
            if kind in self.done or self.cases >= self.most or self._is_known(_route(kind)):
                continue
            self.done.add(kind)
            if _route(kind) in LEAVES:
                self.leaving.append((path, kind))
            else:
                await self._press(path, kind)

    def _is_known(self, route: str) -> bool:
        """Pressed far more often than others: mostly left alone, so that these come to their turn."""
        return self.tally.least(route) > 4 * (self.tally.fewest + 1) and self.chance.random() < LEFT_ALONE

    async def _press(self, path: str, kind: str) -> None:
        """Wrong and right, in any order; what the right press led to comes before anything can undo it."""
        right = await self._find(path, kind)
        if right is None:
            return
        wrong = [mutated(right, self.tally.pool, self.chance) for _ in range(WRONG)]
        await self.try_wrong(from_elsewhere(right, self.tally.pool, self.chance))
        is_seldom = self.tally.accepted[right.route] <= self.tally.fewest + 1
        at = 0 if is_seldom else self.chance.randrange(WRONG + 1)
        for sent in wrong[:at]:
            await self.try_wrong(sent)
        right = (await self._find(path, kind) or right) if at else right
        reply = await self.send(right)
        if reply and reply.status == 303 and right.route not in LEAVES | NOT_CARRIED:
            await self._exhaust(reply.location)
        for sent in [*wrong[at:], with_other_input(right, self.chance)]:
            await self.try_wrong(sent)

    async def _find(self, path: str, kind: str) -> Sent | None:
        """The form as it is drawn now, with a key of its own."""
        press = next((press for press in await self._open(path) if press.kind == kind), None)
        if press is None or press.route not in POSTS:
            return None
        pairs = press.form.typed(dict(press.chosen))
        self.tally.pool.learn(press.route, press.to, pairs)
        return Sent(press.route, press.to, pairs)

    async def _open(self, path: str) -> list[Press]:
        reply = await self._ask(f"GET {path} HTTP/1.1\r\n", b"")
        if reply is None or reply.status != 200 or not reply.header("content-type").startswith("text/html"):
            return []
        body = reply.said.partition(b"\r\n\r\n")[2]
        drawn = html.document_fromstring(body)
        found = presses_in(drawn, path, self.world)
        links = [link.get("href", "") for link in drawn.iterfind(".//main//a[@href]")]
        self.links[path] = [link for link in links if route_of(link) in POSTS]
        self.tally.leads.setdefault(route_of(path), set()).update(press.route for press in found)
        return found

    async def try_wrong(self, sent: Sent) -> None:
        await self.send(sent)
        self.cases += 1
        self.tally.cases += 1

    async def send(self, sent: Sent) -> Reply | None:
        said = "".join(f"{name}: {value}\r\n" for name, value in sent.headers)
        kind = f"Content-Type: {sent.kind}\r\n" if sent.kind else ""
        reply = await self._ask(f"POST {_line(sent.path)} HTTP/1.1\r\n{said}{kind}", sent.body, sent.route)
        if reply:
            self.tally.judge(sent.route, reply)
        return reply

    async def _ask(self, start: str, body: bytes, route: str = "") -> Reply | None:
        cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        length = f"Content-Length: {len(body)}\r\n" if body or start.startswith("POST") else ""
        told = f"Host: 127.0.0.1\r\nX-Forwarded-For: {self.address}\r\nCookie: {cookie}\r\n{length}\r\n"
        request = (start + told).encode() + body
        reply = await patient(self.client, request)
        self.noted(request, reply)
        if reply and route not in NOT_CARRIED:
            self.cookies |= dict(_set(reply))
        return reply


async def patient(client: Client, request: bytes) -> Reply | None:
    """A line that was kept open may have been closed from the other end meanwhile: then once more, on a new one."""
    try:
        async with asyncio.timeout(PATIENCE):
            return await client.ask(request) or await Client(client.port).ask(request)
    except TimeoutError:
        return None


def _route(kind: str) -> str:
    return kind.partition("(")[0]


def scripted(world: World) -> Iterator[tuple[str, Sent]]:
    """Who sends what no page draws a form for: a script, the two workers, the service that sends texts."""
    phone = Browser().subscription(f"https://fcm.googleapis.com/send/{world.ids['owner']}")
    keys = [("endpoint", phone.endpoint), ("p256dh", phone.p256dh), ("auth", phone.auth)]
    yield "owner", Sent("push_subscription", _path("push_subscription", world), keys)
    yield "anonymous", Sent("push_receipt", _path("push_receipt", world), [])
    yield "anonymous", Sent("sms_status", _path("sms_status", world), [("status", "delivered")], JSON, ())
    note = {
        "nonce": "walked",
        "kind": "arrived",
        "code": world.parts["door.code"],
        "pledge": "",
        "at": "0",
        "sent": "9",
    }
    yield "operator", Sent("door_upload", _path("door_upload", world), list(note.items()))


def _path(name: str, world: World) -> str:
    return addresses.url(name, **world.parts_of(Door("POST", name)))


def _line(path: str) -> str:
    return path.partition("#")[0].replace(" ", "%20")


def _set(reply: Reply) -> Iterator[tuple[str, str]]:
    for line in reply.said.partition(b"\r\n\r\n")[0].split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.lower() == b"set-cookie":
            pair, _, kept = value.strip().decode("latin-1").partition(";")
            if "max-age=0" not in kept.lower():
                yield pair.partition("=")[0], pair.partition("=")[2]
