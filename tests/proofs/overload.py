"""Ten times more presses than the server can take, a minute long: some are refused quickly, the others as ever."""

import asyncio
import itertools
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

from app import database
from app.domain import verify
from tests.proving.booker import Booker, bookers, codes, told_twice
from tests.proving.client import Client, Reply
from tests.proving.figures import Figure, Trial, at_least, at_most, exactly, percentile, told
from tests.proving.server import pressed, processes
from tests.proving.town import PRICE

ENGINES = ("sqlite", "postgres")
UNIT, FULL, SMALL = "seconds", 60, 4
PEOPLE, SERVICES, CREDIT = 600, 20, 200 * PRICE
AT_CAPACITY = 64  # presses at once while the capacity is measured: a full house of which nobody is refused
TIMES_OVER, MARGIN = 10, 1.05
LARGEST_REFUSAL = 1024  # bytes


@dataclass
class Outcome:
    """What came of a stretch of time; `seconds` are waits of accepted presses from the moment they were due."""

    asked: int = 0
    late: list[float] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    keys: set[str] = field(default_factory=set)
    refusals: list[Reply] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)

    def note(self, key: str, reply: Reply | None, seconds: float) -> None:
        self.statuses[reply.status if reply else 0] += 1
        if reply and reply.status == 303:
            self.seconds.append(seconds)
            self.keys.add(key)
        elif reply and reply.status == 503:
            self.refusals.append(reply)


async def prove(trial: Trial) -> list[Figure]:
    people = await bookers(trial.cast, PEOPLE, services=SERVICES, cents=CREDIT)
    async with pressed(trial) as client:
        measured = max(2, trial.size // 6)
        await _closed(client, people, 1)
        usual = await _closed(client, people, measured)
        capacity = len(usual.keys) / measured
        began = time.perf_counter()
        rush = await _open(client, people, capacity * TIMES_OVER * MARGIN, trial.size)
        lasted = time.perf_counter() - began
    return [
        *_pressure(usual, rush, capacity, trial.size),
        *_answers(rush),
        at_least("accepted a second, in capacities", len(rush.keys) / lasted / capacity, 0.7),
        at_most("slowest hundredth of the accepted, times usual", _slow(rush) / _slow(usual), 5),
        *await _effects(people),
    ]


async def _press(client: Client, booker: Booker, outcome: Outcome, due: float) -> None:
    done = asyncio.get_running_loop().create_future()
    _send(client, booker, outcome, due, lambda: done.set_result(None))
    await done


def _send(
    client: Client, booker: Booker, outcome: Outcome, due: float, done: Callable[[], object] = lambda: None
) -> None:
    key = booker.key

    def told(reply: Reply | None) -> None:
        outcome.note(key, reply, time.perf_counter() - due)
        if reply and reply.status == 303:
            booker.accepted(key, reply.location)
        done()

    outcome.asked += 1
    outcome.late.append(time.perf_counter() - due)
    client.press(booker.request, told)


async def _closed(client: Client, people: list[Booker], seconds: float) -> Outcome:
    """As many as the server likes: the next press follows the answer to the last."""
    outcome, end, turn = Outcome(), time.perf_counter() + seconds, itertools.cycle(people)

    async def hand() -> None:
        while (now := time.perf_counter()) < end:
            await _press(client, next(turn), outcome, now)

    await asyncio.gather(*(hand() for _ in range(AT_CAPACITY)))
    return outcome


async def _open(client: Client, people: list[Booker], rate: float, seconds: float) -> Outcome:
    """Presses come when they come, whether or not the last ones were answered; `rate` a second."""
    outcome, turn, waiting, nobody = Outcome(), itertools.cycle(people), 0, asyncio.Event()

    def done() -> None:
        nonlocal waiting
        waiting -= 1
        if not waiting:
            nobody.set()

    for due in _moments(time.perf_counter(), rate, seconds):
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        waiting += 1
        nobody.clear()
        _send(client, next(turn), outcome, due, done)
    await nobody.wait()
    return outcome


def _moments(began: float, rate: float, seconds: float) -> Iterator[float]:
    return (began + number / rate for number in range(int(rate * seconds)))


def _slow(outcome: Outcome) -> float:
    return percentile(outcome.seconds, 99)


def _pressure(usual: Outcome, rush: Outcome, capacity: float, seconds: float) -> list[Figure]:
    return [
        told("server processes", processes()),
        told("capacity, presses accepted a second", capacity),
        told("slowest hundredth at capacity, seconds", _slow(usual)),
        at_least("presses a second, in capacities", rush.asked / seconds / capacity, TIMES_OVER),
        at_least("refused, of all pressed", len(rush.refusals) / rush.asked, 0.5),
    ]


def _answers(rush: Outcome) -> list[Figure]:
    others = {status: n for status, n in rush.statuses.items() if status not in (303, 503)}
    return [
        told("presses sent late, slowest hundredth, seconds", percentile(rush.late, 99)),
        told("slowest hundredth of the accepted, seconds", _slow(rush)),
        told("slowest hundredth of the refused, seconds", percentile([r.seconds for r in rush.refusals], 99)),
        at_most(
            "largest refusal, bytes with headers", max((len(r.said) for r in rush.refusals), default=0), LARGEST_REFUSAL
        ),
        exactly("refusals without Retry-After", sum(1 for r in rush.refusals if not r.header("retry-after")), 0),
        exactly("presses without an answer", others.pop(0, 0), 0),
        exactly("answers that are neither yes nor later", sum(others.values()), 0),
    ]


async def _effects(people: list[Booker]) -> list[Figure]:
    return [
        exactly("keys with more than one effect", told_twice(people), 0),
        exactly("bookings in the database", await database.scalar("SELECT count(*) FROM booking"), len(codes(people))),
        exactly("findings of the ledger", len(await verify.verify(now=datetime.now(UTC))), 0),
    ]
