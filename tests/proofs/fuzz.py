"""Forms filled in wrongly and bytes that nobody would send, as each kind of actor: no mistake of ours, no bare answer.

In rounds, each in a new copy of the world of tests/pages/world.py with a server of its own: there walkers press every
button of every page, with something wrong and rightly, while raw requests come from everywhere. Which routes there are,
what their forms hold and who may press is read from the pages themselves and from tests/matrix.py.
"""

import asyncio
import json
import os
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from random import Random, SystemRandom
from urllib.parse import urlsplit

import httpx

from app import database
from app.config import settings
from app.domain import session
from app.edge.session import cookie_name
from app.engines import Sqlite
from tests.copies import Copies
from tests.matrix import ACTORS, PEOPLE, doors
from tests.pages import canary, rules
from tests.pages.answer import Answer
from tests.pages.walk import viewer
from tests.pages.world import World
from tests.proving import raw
from tests.proving.client import Client, Reply
from tests.proving.figures import Figure, Trial, at_least, exactly, percentile, told
from tests.proving.mutate import mutated
from tests.proving.raw import Raw
from tests.proving.server import LOG, pressed, processes
from tests.proving.walker import PATIENCE, POSTS, Tally, Walker, patient, scripted
from tests.rows import insert
from tests.visitor import Who, begin_session

ENGINES = ("sqlite", "postgres")
UNIT, FULL, SMALL = "cases", 10_000, 250
RAW = 10  # raw requests to each case
OF_A_ROUND, RAW_OF_A_ROUND = 250, 1_900  # of cases at most: who finds nothing more to press leaves some of a share
EACH = 20  # times that each writing route is accepted, and refused, in the whole
SHARES = Counter(ACTORS) + Counter(viewer(door) for door in doors())  # of a round's cases: whoever may do more
AT_ONCE, ALONE = 24, 0.08  # raw requests at once, and the share of them that has a line of its own
FRESH = 240.0  # seconds until a world is built anew: times that are held end
RULES = (rules.policy, rules.other_sites, rules.caching, rules.public_answers)
OWN_ANSWERS = (400, 404, 413, 414, 431, 501, 505)  # of the server's parser, to what is no HTTP


async def fill() -> None:
    """Each round has a copy of its own."""


@dataclass
class Outcome:
    """`wrong` tells what an answer lacked, with the request it answers."""

    tally: Tally = field(default_factory=Tally)
    statuses: Counter[int] = field(default_factory=Counter)
    wrong: Counter[str] = field(default_factory=Counter)
    shown: dict[str, str] = field(default_factory=dict)
    seconds: list[float] = field(default_factory=list)
    by_actor: Counter[str] = field(default_factory=Counter)
    raw: int = 0
    alone: int = 0
    unanswered: int = 0
    by_parser: int = 0
    busy: float = 0.0

    @property
    def addresses(self) -> list[str]:
        """Of objects that exist, as pages name them."""
        return [path for paths in self.tally.pool.paths.values() for path in paths] or ["/"]

    def is_enough(self, size: int) -> bool:
        """Who was pressed too seldom gets as many rounds again, and no more."""
        is_done = self.tally.cases >= size and self.raw >= size * RAW
        return is_done and (self.tally.fewest >= _wanted(size) or self.tally.cases >= 2 * size)

    def judge_raw(self, asked: Raw, reply: Reply | None) -> None:
        if not asked.is_http and (reply is None or _is_of_the_parser(asked, reply)):
            self.unanswered += reply is None
            self.by_parser += reply is not None
            return
        self.note(asked.data, reply)

    def note(self, asked: bytes, reply: Reply | None) -> None:
        """Every request is answered, with all its headers."""
        if reply is None:
            self.complain("no answer", asked)
            return
        self.statuses[reply.status] += 1
        self.seconds.append(reply.seconds)
        if reply.status >= 500 and reply.status != 503:
            self.complain("5xx", asked)
        if reply.status == 503 and not reply.header("retry-after"):
            self.complain("503 without Retry-After", asked)
        for problem in _problems(asked, reply):
            self.complain("header: " + problem, asked)

    def complain(self, what: str, asked: bytes) -> None:
        self.wrong[what] += 1
        self.shown.setdefault(what, repr(asked[:300]))


def _is_of_the_parser(asked: Raw, reply: Reply) -> bool:
    """Nothing but a status, or frames of HTTP/2: there is nothing in it that a header could protect."""
    if not reply.said.startswith(b"HTTP/1."):
        return b"HTTP/2.0" in asked.data
    head, _, body = reply.said.partition(b"\r\n\r\n")
    return reply.status in OWN_ANSWERS and not body and b"content-security-policy" not in head.lower()


def _problems(asked: bytes, reply: Reply) -> list[str]:
    """What tests/pages/rules.py asks of the headers of every answer, but how long they are."""
    head, _, body = reply.said.partition(b"\r\n\r\n")
    lines = [line.partition(b": ") for line in head.split(b"\r\n")[1:]]
    asked_for = asked.split(b" ")[1].decode("latin-1") if asked.count(b" ") > 1 else "/"
    path = "/" + (urlsplit(asked_for).path if "://" in asked_for[:9] else asked_for).strip("/")
    if b"hx-request-type: partial" in asked.lower():
        body = b""  # no window can be made of what a script fetched: a document's own headers mean nothing there
    headers = httpx.Headers([(name, value) for name, _, value in lines])
    answer = Answer(path, reply.status, headers, _unpacked(headers, body))
    return [f"{rule.__name__}: {one}" for rule in RULES for one in rule(answer)] + canary.leaks(answer)


def _unpacked(headers: httpx.Headers, body: bytes) -> str:
    return httpx.Response(200, headers=headers, content=body).text


async def prove(trial: Trial[None]) -> list[Figure]:
    seed = trial.seed or SystemRandom().randrange(1, 2**32)
    print(f"seed: {seed}", flush=True)
    outcome, chance = Outcome(), Random(seed)
    await database.stop()
    try:
        with _as_before():
            async for world in _worlds():
                await _round(trial, world, outcome, Random(chance.random()))
                if outcome.is_enough(trial.size):
                    break
    finally:
        await database.start()
    return [*_pressure(trial, outcome), *_kept(trial, outcome)]


@contextmanager
def _as_before() -> Iterator[None]:
    """Copies lead to databases of their own: afterwards everything leads again where it led."""
    engine, before = database.DB, {name: os.environ[name] for name in ("VICINO_DATA", "VICINO_DATABASE_URL")}
    where = engine.path if isinstance(engine, Sqlite) else dict(engine.config)
    try:
        yield
    finally:
        os.environ |= before
        if isinstance(engine, Sqlite):
            engine.path = str(where)
        else:
            engine.config = where


async def _worlds() -> AsyncIterator[World]:
    """A copy for each round; nobody has the database open when it is yielded."""
    copies, template, built = Copies(settings().data), "", 0.0
    world = World(datetime.now(UTC))
    try:
        while True:
            if not template or time.monotonic() > built + FRESH:
                world, built = World(datetime.now(UTC)), time.monotonic()
                template = await asyncio.to_thread(copies.build, "fuzz", partial(_build, world))
            async with copies.fresh(template):
                yield world
    finally:
        await asyncio.to_thread(copies.drop_templates)


async def _build(world: World) -> None:
    await database.migrate()
    await world.fill()


async def _round(trial: Trial[None], world: World, outcome: Outcome, chance: Random) -> None:
    cookies = await _sessions(world)
    async with pressed(trial) as client:
        began = time.perf_counter()
        walkers = {actor: _walker(actor, cookies, world, client, outcome, chance) for actor in ACTORS}
        share, sent_by = RAW_OF_A_ROUND // AT_ONCE + 1, list(cookies.values())
        pressing = [_press_raw(share, client, sent_by, outcome, chance) for _ in range(AT_ONCE)]
        walking = [walker.walk() for walker in walkers.values()]
        await asyncio.gather(*walking, *pressing, _press_scripts(walkers, cookies))
        outcome.busy += time.perf_counter() - began
    for actor, walker in walkers.items():
        outcome.by_actor[actor] += len(walker.done)


async def _sessions(world: World) -> dict[str, str]:
    """One more for each actor, so that nobody's walk ends because raw bytes signed somebody out; owner has a phone."""
    await database.start()
    try:
        now, name = datetime.now(UTC), cookie_name(False)
        own = {"key_hash": "fuzz", "name": "Telefono", "added_at": now, "last_seen_at": now}
        device = await insert("device", person_id=world.ids["owner"], **own)
        started = partial(session.start, "person", now=now, browser="t", person_id=world.ids["owner"], device_id=device)
        phone = (await database.write(started))[1]
        more = {actor: await begin_session(_kind(actor), world.ids[actor], now=now) for actor in world.tokens}
        tokens = {f"{actor} again": token for actor, token in more.items()} | world.tokens | {"phone": phone}
        return {"anonymous": ""} | {actor: f"{name}={token}" for actor, token in tokens.items()}
    finally:
        await database.stop()


def _wanted(size: int) -> int:
    return EACH * size // FULL


def _kind(actor: str) -> Who:
    return "person" if actor in PEOPLE else "staff"


def _walker(
    actor: str, cookies: dict[str, str], world: World, client: Client, outcome: Outcome, chance: Random
) -> Walker:
    """Half of them with a browser that says nothing of where a post comes from."""
    return Walker(
        actor,
        world,
        client,
        outcome.tally,
        Random(chance.random()),
        noted=outcome.note,
        most=OF_A_ROUND * SHARES[actor] // SHARES.total(),
        address=f"10.2.{chance.randrange(250)}.{ACTORS.index(actor) + 1}",
        cookies=dict([pair.partition("=")[::2]]) if (pair := cookies.get(actor, "")) else {},
    )


async def _press_scripts(walkers: dict[str, Walker], cookies: dict[str, str]) -> None:
    """The writes that no page draws; owner's are of their own phone."""
    for actor, right in scripted(walkers["owner"].world):
        one = walkers[actor]
        pair = cookies["phone" if actor == "owner" else f"{actor} again"] if actor != "anonymous" else ""
        browser = replace(one, cookies=dict([pair.partition("=")[::2]]) if pair else {})
        wrong = [mutated(right, one.tally.pool, one.chance) for _ in range(3)]
        for sent in (right, *wrong, replace(right, path=f"{right.path}x")):
            await browser.send(sent)
        one.tally.cases += len(wrong) + 1


async def _press_raw(count: int, client: Client, cookies: list[str], outcome: Outcome, chance: Random) -> None:
    """Whatever else becomes of it, it is answered: by a page, or, where it is no HTTP, at least by a closed line."""
    for _ in range(count):
        own = outcome.addresses
        if chance.random() < ALONE:
            asked = raw.on_a_line_of_its_own(chance, cookies, own)
            reply = await _alone(client.port, asked)
            outcome.alone += 1
        else:
            asked = raw.request(chance, cookies, own)
            reply = await patient(client, asked.data)
        outcome.raw += 1
        outcome.judge_raw(asked, reply)


async def _alone(port: int, asked: Raw) -> Reply | None:
    began, said = time.perf_counter(), b""
    try:
        async with asyncio.timeout(PATIENCE):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(asked.data)
            if not asked.is_http:
                writer.write_eof()
            said = (await reader.read()).removeprefix(b"HTTP/1.1 100 Continue\r\n\r\n")
            writer.close()
    except (OSError, TimeoutError) as error:
        said = b"" if isinstance(error, OSError) else b"HTTP/1.1 000 hung"
    return Reply(said, time.perf_counter() - began) if said else None


def _pressure(trial: Trial[None], outcome: Outcome) -> list[Figure]:
    tally, wanted = outcome.tally, _wanted(trial.size)
    sent = outcome.statuses.total() + outcome.unanswered
    for name in sorted(POSTS):
        print(f"POST {name}: {tally.accepted[name]} accepted, {tally.refused[name]} refused", flush=True)
    return [
        told("server processes", processes()),
        at_least("cases: forms with something wrong", tally.cases, trial.size),
        at_least("raw requests", outcome.raw, trial.size * RAW),
        told("of these on a line of their own", outcome.alone),
        told("closed without an answer, being no HTTP", outcome.unanswered),
        told("refused by the HTTP parser, being no HTTP", outcome.by_parser),
        exactly("kinds of actor that walked", sum(1 for cases in outcome.by_actor.values() if cases), len(ACTORS)),
        told("writing routes", len(POSTS)),
        at_least("times a writing route was accepted (fewest)", min(tally.accepted[name] for name in POSTS), wanted),
        at_least("times a writing route was refused (fewest)", min(tally.refused[name] for name in POSTS), wanted),
        told("requests a second", sent / outcome.busy),
        told("slowest hundredth, seconds", percentile(outcome.seconds, 99)),
    ]


def _kept(trial: Trial[None], outcome: Outcome) -> list[Figure]:
    for what, count in outcome.wrong.most_common():
        print(f"{what}, {count} times, first: {outcome.shown[what]}", flush=True)
    errors = _tracebacks(trial.folder / LOG)
    for what, count in errors.most_common():
        print(f"in the log, {count} times: {what}", flush=True)
    print("answers: " + ", ".join(f"{n} {status}" for status, n in sorted(outcome.statuses.items())), flush=True)
    wrong = outcome.wrong
    return [
        exactly("5xx but deliberate 503", wrong["5xx"], 0),
        exactly("503 without Retry-After", wrong["503 without Retry-After"], 0),
        told("deliberate 503", outcome.statuses[503]),
        exactly("requests without an answer", wrong["no answer"], 0),
        exactly("tracebacks in the log", sum(errors.values()), 0),
        exactly("headers missing or wrong", sum(n for what, n in wrong.items() if what.startswith("header")), 0),
    ]


def _tracebacks(log: Path) -> Counter[str]:
    """Errors by type and innermost place; whatever is no line of ours was said by somebody who did not expect to."""
    found: Counter[str] = Counter()
    for text in log.read_text(errors="replace").splitlines():
        if text.startswith('{"at"'):
            if '"error"' in text:
                line = json.loads(text)
                said = line.get("error") or line.get("said") or line.get("place")
                found[f"{said} at {line.get('trace', [])[-1:]} on {line.get('route')}"] += 1
        elif not text.startswith("Vicino: "):
            found[text[:200]] += 1
    return found
