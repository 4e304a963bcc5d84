"""Forms pressed without a line on three phones of one person: workers stopped, answers lost, clocks wrong."""

import asyncio
from collections import Counter
from datetime import UTC, datetime
from itertools import cycle
from random import Random, SystemRandom
from urllib.parse import urlsplit

from app import database
from app.addresses import url
from app.domain import verify
from tests.proving import town
from tests.proving.figures import Figure, Trial, at_least, exactly, told
from tests.proving.gate import Gate, gate_to
from tests.proving.handset import Fields, Handset, chromium, handset
from tests.proving.server import LOG, processes
from tests.proving.town import PRICE
from tests.servers import served
from tests.timetable import Timetable, book, person
from tests.visitor import begin_session

ENGINES = ("sqlite", "postgres")
UNIT, FULL, SMALL = "forms", 500, 20
CLOCKS = (0, -26, 26)  # hours
TWICE = 5  # every fifth booking is cancelled on two phones
KILLED_EVERY, LOSES, PATIENCE = 10, 0.25, 240  # forms; of the answers; seconds until everything must be settled
WAITING = {"", "gone"}


async def prove(trial: Trial) -> list[Figure]:
    chance = Random(trial.seed or SystemRandom().randrange(1, 2**32))
    distinct = trial.size * TWICE // (TWICE + 1)
    who, codes = await _booked(trial, distinct)
    tokens = [await begin_session("person", who, now=datetime.now(UTC)) for _ in CLOCKS]
    log = trial.folder / LOG
    async with (
        served(processes=processes(), module=trial.server, log=log) as origin,
        gate_to(urlsplit(origin).port or 0, chance) as (line, gate),
        chromium() as browser,
    ):
        phones = [await handset(browser, line, token, hours) for token, hours in zip(tokens, CLOCKS, strict=True)]
        pressed = await _press(phones, gate, _on_phones(codes, trial.size))
        waited = [len(await phone.written()) for phone in phones]
        killed = await _send(phones, gate, chance, trial.size // KILLED_EVERY)
        states = await _states(phones)
    return [*_pressure(trial, sum(waited), killed, gate, pressed), *await _kept(trial, distinct, states)]


async def _booked(trial: Trial, number: int) -> tuple[int, list[str]]:
    """Somebody with that many bookings, each at another time and paid from one purse."""
    timetable = await Timetable(trial.cast).open()
    place, times = await town.roomy(timetable, "corso")
    (who,) = await town.crowd(trial.cast, 1, number * PRICE)
    now = datetime.now(UTC)
    actor = await person(who.id, now)
    return who.id, [await book(place, time, actor, who.id, now=now) for time in times[:number]]


def _on_phones(codes: list[str], size: int) -> list[list[str]]:
    """What is cancelled on which phone: some of it on another one, too."""
    shares: list[list[str]] = [[] for _ in CLOCKS]
    for number, code in enumerate([*codes, *codes[::TWICE]][:size]):
        shares[(number + number // len(codes)) % len(shares)].append(code)
    return shares


async def _press(phones: list[Handset], gate: Gate, shares: list[list[str]]) -> int:
    """Each form is opened while there is a line, and pressed when it is gone."""
    opened: list[list[tuple[str, Fields]]] = []
    for phone, codes in zip(phones, shares, strict=True):
        paths = [url("cancellation", territory="tradate", code=code) for code in codes]
        opened.append([(path, await phone.fields_of(path)) for path in paths])
    gate.cut()
    for phone, forms in zip(phones, opened, strict=True):
        for path, fields in forms:
            await phone.press(path, fields)
    return sum(map(len, opened))


async def _send(phones: list[Handset], gate: Gate, chance: Random, kills: int) -> int:
    """On a bad line, the workers stopped again and again; then on a good one until nothing waits any more."""
    gate.is_open, gate.loses, killed = True, LOSES, 0
    for phone in cycle(phones):
        if killed == kills:
            break
        looking = asyncio.create_task(phone.look())
        await asyncio.sleep(chance.uniform(0, 0.6))
        await phone.stop_worker()
        killed += 1
        await looking
    gate.loses = 0.0
    async with asyncio.timeout(PATIENCE):
        while WAITING & (await _states(phones)).keys():
            await asyncio.gather(*(phone.look() for phone in phones))
            await asyncio.sleep(1)
    return killed


async def _states(phones: list[Handset]) -> Counter[str]:
    return Counter([state for phone in phones for state in (await phone.written()).values()])


def _pressure(trial: Trial, waited: int, killed: int, gate: Gate, pressed: int) -> list[Figure]:
    return [
        told("server processes", processes()),
        exactly("forms pressed without a line", pressed, trial.size),
        exactly("forms written down on the phones", waited, trial.size),
        exactly("times a worker was stopped", killed, trial.size // KILLED_EVERY),
        at_least("answers lost on the way back", gate.lost, trial.size // 50),
        told("hours that the clocks go wrong", max(map(abs, CLOCKS))),
    ]


async def _kept(trial: Trial, distinct: int, states: Counter[str]) -> list[Figure]:
    """A second cancellation of the same booking is refused: its phone lists it, so that the person knows."""
    cancelled = await database.scalar("SELECT count(*) FROM booking WHERE state = 'cancelled'")
    voids = "SELECT count(*) FROM transfer WHERE kind = 'void'"
    twice = "SELECT count(*) - count(DISTINCT hold_id) FROM transfer WHERE kind = 'void'"
    return [
        exactly("forms that still wait", sum(states[state] for state in WAITING), 0),
        exactly("forms told as done", states["done"], distinct),
        exactly("conflicts listed for an answer", states["yours"], trial.size - distinct),
        exactly("bookings cancelled", cancelled, distinct),
        exactly("holds given back", await database.scalar(voids), distinct),
        exactly("holds given back twice", await database.scalar(twice), 0),
        exactly("findings of the ledger", len(await verify.verify(now=datetime.now(UTC))), 0),
    ]
