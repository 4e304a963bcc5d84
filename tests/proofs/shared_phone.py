"""Somebody's visit on a phone, signed out at its end: then nothing of them is in any file of the browser's profile.

Words that stand nowhere else are in their name, contacts, credit, codes and in what they type. Each visit has a profile
of its own, which is searched when the browser is closed; on a phone of their own a form waits for the line, too.
What the browser writes down itself, as where one was, no site can take away: it may hold addresses, and no person.
"""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import product
from random import Random
from urllib.parse import urlsplit

import httpx

from app.addresses import url
from app.domain import card, person, pin
from app.domain.person import NewPerson
from tests import people
from tests.proving import town, visit
from tests.proving.figures import Figure, Trial, at_least, exactly, told
from tests.proving.gate import gate_to
from tests.proving.profile import found, is_browsers_own
from tests.proving.server import LOG
from tests.proving.visit import Visit
from tests.servers import served
from tests.timetable import WHO, Timetable, book
from tests.timetable import person as begun

ENGINES = ("sqlite",)
ALL = tuple(product(("mine", "others"), ("sign_out", "leave_phone"), (True, False)))  # whose phone, which door, a line
WAYS = tuple(ALL[number] for number in (0, 3, 5, 6, 1, 2, 4, 7))  # the first four see each of these twice
UNIT, FULL, SMALL = "visits", len(WAYS), 4
PIN, GIVEN, FAMILY, FUND, TYPED = "739164", "Zaffirina", "Quercialunga", "Borsa Ametista", "ildegardina"
SMS, MAIL = "3004817236", "zaffirina@quercialunga.example"
DICTIONARY = re.compile(r'rel="compression-dictionary" href="([^"]+)"')


@dataclass(frozen=True)
class Known:
    """Whose visits these are; one booking is cancelled on each, the last is looked at on all."""

    card: str
    codes: tuple[str, ...]
    purse: int


async def fill() -> Known:
    cast = await people.fill()
    new = NewPerson(GIVEN, FAMILY, date(1991, 4, 2), contacts=(("sms", SMS), ("email", MAIL)))
    who = await person.enrol(new, territory_id=cast.tradate, needs_card=True, **WHO)
    await pin.choose(who, PIN, **WHO)
    timetable = await Timetable(cast).open()
    purse = await timetable.credit(who, 100_000, date(2027, 12, 31), fund_name=FUND)
    place, times = await town.roomy(timetable, "corso")
    now = datetime.now(UTC)
    actor = await begun(who, now)
    codes = [await book(place, time, actor, who, now=now) for time in times[: FULL + 1]]
    held = await card.of(who)
    assert held
    return Known(held.code, tuple(codes), purse)


async def prove(trial: Trial[Known]) -> list[Figure]:
    known = trial.cast
    words = (GIVEN, FAMILY, SMS, MAIL, FUND, TYPED, known.card, *known.codes)
    visits = [
        Visit(trial.folder / f"profile-{number}", *way, words)  # type: ignore[arg-type]
        for number, way in enumerate(WAYS[: trial.size])
    ]
    async with served(module=trial.server, log=trial.folder / LOG) as origin:
        dictionaries = await _dictionaries(origin)
        for number, one in enumerate(visits):
            await _pay(one, known, known.codes[number], urlsplit(origin).port or 0)
    return [*_pressure(known, visits), *_left(known, visits, dictionaries)]


async def _pay(one: Visit, known: Known, code: str, port: int) -> None:
    """In two windows: the door is open in one, the other walks with and without a line."""
    home, last = url("me", territory="tradate"), url("booking", territory="tradate", code=known.codes[-1])
    own = [
        url(name, territory="tradate") for name in ("wallet", "messages", "contacts", "household", "devices", "looks")
    ]
    purse = url("purse", territory="tradate", purse=known.purse)
    async with gate_to(port, Random(1)) as (line, gate), visit.browser(one.folder, line) as opened:
        page, door = opened.pages[0], await opened.new_page()
        await visit.enter(page, one, known.card, PIN)
        await door.goto(home)
        if one.door == "leave_phone":
            await door.goto(url("leave_phone", territory="tradate"))
        await visit.walk(page, one, [home, *own, purse, last])
        await visit.press_without_a_line(page, gate, one, url("cancellation", territory="tradate", code=code), TYPED)
        await visit.walk(page, one, [home, last])
        gate.is_open = one.has_line
        await visit.leave(door, one)
        for window in (door, page):
            await visit.go_back(window, one)


async def _dictionaries(origin: str) -> dict[bytes, bytes]:
    """Without them what a browser kept could not be read."""
    async with httpx.AsyncClient(base_url=origin) as client:
        named = DICTIONARY.findall((await client.get("/tradate")).text)
        bodies = [(await client.get(path)).content for path in named]
    return {hashlib.sha256(body).digest(): body for body in bodies}


def _pressure(known: Known, visits: Sequence[Visit]) -> list[Figure]:
    own = [one for one in visits if one.phone == "mine"]
    shown = {GIVEN, SMS, MAIL, FUND, known.codes[-1]}
    return [
        at_least("pages seen", sum(one.pages for one in visits), 10 * len(visits)),
        exactly("visits that were shown every word", sum(1 for one in visits if shown <= one.seen), len(visits)),
        exactly("forms that waited when their owner left", sum(one.waited for one in own), len(own)),
        exactly("forms that waited on phones of others", sum(one.waited for one in visits if one not in own), 0),
        exactly("times somebody was warned", sum(one.warned for one in own), len(own)),
        at_least("pages looked at after leaving", sum(one.pages_after for one in visits), 9 * len(visits)),
    ]


def _left(known: Known, visits: Sequence[Visit], dictionaries: dict[bytes, bytes]) -> list[Figure]:
    personal = (GIVEN, FAMILY, SMS, f"{SMS[:3]} {SMS[3:]}", MAIL, FUND, PIN)
    shown = {GIVEN, SMS, MAIL, FUND, known.codes[-1]}
    codes = [way for code in (known.card, *known.codes) for way in (code, f"{code[:4]} {code[4:]}")]
    files = sum(1 for one in visits for file in one.folder.rglob("*") if file.is_file())
    kept = [
        (one, file, word)
        for one in visits
        for file, word in found(one.folder, (*personal, TYPED, *codes), dictionaries)
    ]
    sites = [(one, file, word) for one, file, word in kept if not is_browsers_own(file)]
    persons = [(one, file, word) for one, file, word in kept if is_browsers_own(file) and word in personal]
    for one in visits:
        print(
            f"{one.phone}, {one.door}, {one.has_line}: {shown - one.seen} not seen, {one.seen_after} after", flush=True
        )
    for one, file, word in [*sites, *persons]:
        print(f"{one.phone}, {one.door}, {'with' if one.has_line else 'without'} a line: {word} in {file}", flush=True)
    return [
        at_least("files searched", files, 100 * len(visits)),
        at_least("dictionaries known to the search", len(dictionaries), 1),
        exactly("words found in what the site had kept", len(sites), 0),
        exactly("words of a person in what the browser notes itself", len(persons), 0),
        told("codes and typed words in what the browser notes itself", len(kept) - len(sites) - len(persons)),
        exactly("words shown by Back after leaving", sum(len(one.seen_after) for one in visits), 0),
    ]
