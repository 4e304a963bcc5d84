"""Reminders over every change of the clocks: none at night, none after a cancel, none too late to be of use, none lost.

Most are planned and told by the rules alone, one of a hundred by the verbs, the rows and the worker of an installation.
"""

import importlib
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from random import Random, SystemRandom
from zoneinfo import ZoneInfo

from app.domain import reminder
from tests.proving.figures import Figure, Trial, at_least, exactly, told
from tests.proving.lived import Kept, kept
from tests.proving.nights import OTHERS, ROME, Life, changes, is_of_use, lives, night, owed, told_at

ENGINES = ("sqlite", "postgres")
UNIT, FULL, SMALL = "reminders", 1_000_000, 3_000
BY_VERBS = 100  # one of so many
ALL_ZONES = 1 + len(OTHERS)


@dataclass
class Found:
    """`hours` are the pairs of the hour a start and a booking have on Rome's walls; `crossed` changes of its clocks."""

    counts: Counter[str] = field(default_factory=Counter)
    zones: set[str] = field(default_factory=set)
    hours: set[tuple[int, int]] = field(default_factory=set)
    crossed: set[datetime] = field(default_factory=set)


async def prove(trial: Trial) -> list[Figure]:
    """The rules run in this process, so what a control replaces has to be replaced here."""
    importlib.import_module(trial.server)
    chance = Random(trial.seed or SystemRandom().randrange(1, 2**32))
    by_verbs = await kept(trial.cast, max(20, trial.size // BY_VERBS), chance)
    found = Found()
    for life in lives(chance):
        if found.counts["planned"] + by_verbs.planned >= trial.size:
            break
        _live(life, found)
    return [*_pressure(trial, found, by_verbs), *_held(found, by_verbs)]


def _live(life: Life, found: Found) -> None:
    counts = found.counts
    found.zones.add(life.zone.key)
    if life.zone.key == ROME:
        found.hours.add((_hour(life.starts_at, life.zone), _hour(life.booked_at, life.zone)))
        found.crossed |= {at for at in _near(life.starts_at.year) if life.booked_at < at <= life.starts_at}
    counts["bookings"] += 1
    counts["moves"] += life.moved_at is not None
    counts["cancels"] += life.cancelled_at is not None
    for known_at, starts_at, until in life.wishes:
        moments = reminder.moments(starts_at, life.zone, known_at)
        counts["planned"] += len(moments)
        counts["lost"] += len(owed(known_at, starts_at) - {each.lead_hours for each in moments})
        counts["twice"] += len(moments) - len({(each.lead_hours, each.due_at) for each in moments})
        for each in moments:
            counts["due at night"] += night(each.due_at, life.zone)
            counts["due too late"] += not (known_at < each.due_at and is_of_use(each.due_at, starts_at))
            _tell(told_at(each.due_at, life, starts_at), life, starts_at, until, counts)


def _tell(at: datetime | None, life: Life, starts_at: datetime, until: datetime | None, counts: Counter[str]) -> None:
    if until is not None and (at is None or at >= until):
        counts["withdrawn"] += 1
    elif at is None:
        counts["given up"] += 1
    else:
        counts["told"] += 1
        counts["told at night"] += night(at, life.zone)
        counts["told too late"] += not is_of_use(at, starts_at)


def _hour(at: datetime, zone: ZoneInfo) -> int:
    return at.astimezone(zone).hour


def _near(year: int) -> list[datetime]:
    """Changes that a booking of this year may cross."""
    return [at for at in changes(ROME) if year - 1 <= at.year <= year]


def _pressure(trial: Trial, found: Found, by_verbs: Kept) -> list[Figure]:
    counts = found.counts
    whole = trial.is_full
    return [
        at_least("reminders planned by the rules", counts["planned"], trial.size - by_verbs.planned),
        at_least("reminders planned by verbs", by_verbs.planned, trial.size // BY_VERBS if whole else 5),
        told("bookings made by the rules", counts["bookings"]),
        told("bookings made by verbs", by_verbs.bookings),
        told("moves by the rules", counts["moves"]),
        at_least("moves by verbs", by_verbs.moves, 100 if whole else 0),
        told("cancels by the rules", counts["cancels"]),
        at_least("cancels by verbs", by_verbs.cancels, 100 if whole else 0),
        at_least("changes of Rome's clocks between booking and start", len(found.crossed), 90 if whole else 1),
        at_least("pairs of an hour of start and one of booking", len(found.hours), 24 * 24 if whole else 24),
        at_least("zones", len(found.zones), ALL_ZONES if whole else 1),
        told("told by the rules", counts["told"]),
        at_least("told by the worker", by_verbs.told, by_verbs.planned // 5),
        told("withdrawn in time by the rules", counts["withdrawn"]),
        told("given up by the rules, as whoever tells came too late", counts["given up"]),
        told("given up or left to a call by the worker", by_verbs.failed),
        at_least("times the worker was put off", by_verbs.put_off, by_verbs.planned // 20),
    ]


def _held(found: Found, by_verbs: Kept) -> list[Figure]:
    counts = found.counts
    return [
        exactly("reminders due at night", counts["due at night"] + by_verbs.due_at_night, 0),
        exactly("reminders told at night", counts["told at night"] + by_verbs.told_at_night, 0),
        exactly("reminders told after a cancel, or of a time moved away", by_verbs.told_of_nothing, 0),
        exactly("reminders due or told too late", _late(counts) + by_verbs.told_too_late, 0),
        exactly("reminders planned twice, or told under two names", counts["twice"] + by_verbs.told_twice, 0),
        exactly("reminders lost", counts["lost"] + by_verbs.lost, 0),
    ]


def _late(counts: Counter[str]) -> int:
    return counts["due too late"] + counts["told too late"]
