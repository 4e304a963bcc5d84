"""One purse, sixty-four hands: a household comes by at the desk and pays from it, half of the forms come twice."""

import asyncio
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from app import database
from app.addresses import url
from app.domain import verify
from tests.proving import town
from tests.proving.client import Client, Reply, post, watched
from tests.proving.figures import Figure, Trial, at_least, exactly, percentile, told
from tests.proving.server import pressed, processes
from tests.proving.town import PRICE, Citizen
from tests.timetable import Timetable
from tests.visitor import begin_session

ENGINES = ("sqlite", "postgres")
UNIT, FULL, SMALL = "spends", 10_000, 256
AT_ONCE, AT_LEAST = 64, 48
SERVICES = 50  # going on at the same time: nobody has the same time twice, but comes by at each


@dataclass(frozen=True)
class House:
    """Who lives together; `purse` is everybody's."""

    people: list[Citizen]
    purse: int
    desk: str

    def spend(self, number: int, key: str) -> bytes:
        """Each number is another of them at another service."""
        who = self.people[number // SERVICES]
        path = url("walk_in", territory="tradate", person=who.id, slug=f"mensa-{number % SERVICES}")
        form = {"chi": str(who.id), "visto": f"{self.purse}:{PRICE},own:0"}
        return post(path, form, key=key, token=self.desk)


async def prove(trial: Trial) -> list[Figure]:
    """Two in three of the different spends are covered: the rest must be refused."""
    covered = trial.size // 3
    house = await _house(trial, covered * PRICE)
    told_for: dict[str, list[Reply | None]] = defaultdict(list)
    async with pressed(trial) as client, watched(client) as seen:
        spends = _spends(trial.size)
        await asyncio.gather(*(_hand(client, spends, house, told_for) for _ in range(AT_ONCE)))
    return [
        *_pressure(trial, seen.in_flight, seen.connections, told_for),
        *await _outcome(house.purse, covered, told_for, client.put_off),
    ]


async def _house(trial: Trial, cents: int) -> House:
    timetable = await Timetable(trial.cast).open()
    for number in range(SERVICES):
        await town.all_day(timetable, f"mensa-{number}")
    people, purse = await town.community(trial.cast, trial.size // 2 // SERVICES + 1, cents)
    return House(people, purse, await begin_session("staff", trial.cast.desk.id, now=datetime.now(UTC)))


def _spends(size: int) -> Iterator[tuple[int, str]]:
    """Each key twice, so that half of the spends repeat one: every second pair side by side, the rest far apart."""
    distinct = size // 2
    for number in range(0, distinct, 2):
        near, far = (number, f"near-{number}"), (number + 1, f"far-{number}")
        yield from (near, near, far)
    for number in range(0, distinct, 2):
        yield number + 1, f"far-{number}"


async def _hand(
    client: Client, spends: Iterator[tuple[int, str]], house: House, told_for: dict[str, list[Reply | None]]
) -> None:
    for number, key in spends:
        told_for[key].append(await client.insist(house.spend(number, key)))


def _pressure(
    trial: Trial, in_flight: list[float], connections: list[float], told_for: dict[str, list[Reply | None]]
) -> list[Figure]:
    replies = [reply for several in told_for.values() for reply in several]
    return [
        told("server processes", processes()),
        exactly("spends asked for", len(replies), trial.size),
        exactly("spends that repeat a key", len(replies) - len(told_for), trial.size // 2),
        at_least("at once, sent and not answered (median)", percentile(in_flight, 50), AT_LEAST),
        at_least("connections at the server (median)", percentile(connections, 50), AT_LEAST),
    ]


async def _outcome(purse: int, covered: int, told_for: dict[str, list[Reply | None]], put_off: int) -> list[Figure]:
    replies = [reply for several in told_for.values() for reply in several]
    statuses = Counter(reply.status if reply else 0 for reply in replies)
    bookings = {key: {r.location for r in several if r and r.status == 303} for key, several in told_for.items()}
    paid = {code for codes in bookings.values() for code in codes}
    spent = await _spent(purse)
    return [
        exactly("keys accepted", sum(1 for codes in bookings.values() if codes), covered),
        exactly("keys with more than one effect", sum(1 for codes in bookings.values() if len(codes) > 1), 0),
        exactly("bookings in the database", await database.scalar("SELECT count(*) FROM booking"), len(paid)),
        exactly("spent, cents", spent, covered * PRICE),
        exactly("overspend, cents", max(0, spent - covered * PRICE), 0),
        exactly("findings of the ledger", len(await verify.verify(now=datetime.now(UTC))), 0),
        exactly("answers that are neither yes nor no", sum(n for s, n in statuses.items() if s not in (303, 422)), 0),
        exactly("5xx", sum(n for s, n in statuses.items() if s >= 500), 0),
        told("deliberate 503, asked again", put_off),
    ]


async def _spent(purse: int) -> int:
    """Counted from the transfers, not from the account's counters."""
    return int(
        await database.scalar(
            "SELECT coalesce(sum(t.amount), 0) FROM transfer t JOIN purse p ON p.account_id = t.debit_account_id "
            "LEFT JOIN transfer r ON r.hold_id = t.id WHERE p.id = {} AND (t.kind = 'post' OR t.kind = 'hold' AND "
            "r.id IS NULL)",
            purse,
        )
    )
