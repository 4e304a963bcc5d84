"""What is due arrives: through every answer of a push service, in time, and whoever is killed while sending."""

import importlib
import os
from random import Random, SystemRandom
from unittest.mock import patch

from app.gateways import web_push
from tests.proving.answers import RIGHT, Answered, answered
from tests.proving.figures import Figure, Trial, at_least, at_most, exactly, percentile, told
from tests.proving.office import Office, environment, keys, office
from tests.proving.pace import A_CROWD, Pace, late, pace
from tests.proving.reminded import agenda
from tests.proving.server import processes
from tests.proving.survivors import KILL_EVERY, Survived, survived

ENGINES = ("sqlite", "postgres")
UNIT, FULL, SMALL = "reminders", 100_000, 200
IMPATIENT = 3.0  # seconds that a silent service is given in a small trial; a busy machine may need one to answer
HURRIED, KILLED = 100_000, 200_000  # the first numbers of the second and third crowd


async def prove(trial: Trial) -> list[Figure]:
    """A part of it runs in this process, so what a control replaces is replaced here, too."""
    importlib.import_module(trial.server)
    chance = Random(trial.seed or SystemRandom().randrange(1, 2**32))
    patience = web_push.TIME_OUT if trial.is_full else IMPATIENT
    each = max(1, trial.size // 2_000)
    async with office(trial.folder) as opened:
        with patch.dict(os.environ, environment(opened, trial.folder)):
            where = await agenda(trial.cast, keys(opened))
            answers = await answered(where, opened, trial.folder, each, patience, 1)
            timed = await pace(trial, where, opened, HURRIED)
            after = await survived(trial, where, opened, KILLED, chance)
    return [*_answers(answers, each), *_pace(trial, timed), *_survived(trial, after), *_pushes(opened)]


def _answers(found: Answered, each: int) -> list[Figure]:
    return [
        told("kinds of answer of the push service", len(RIGHT)),
        exactly("answers with the right outcome", found.right, each * len(RIGHT)),
        exactly("asked again before Retry-After", found.too_soon, 0),
        exactly("followed to where a push service sends on", found.followed, 0),
    ]


def _pace(trial: Trial, found: Pace) -> list[Figure]:
    rest = found.wanted - len(range(0, found.wanted, 10))
    handed = len(found.even), len(found.at_once), len(found.with_silent)
    return [
        told("server processes", processes()),
        exactly("evenly due reminders handed over", handed[0], found.wanted),
        at_most("seconds late, 95 of 100, evenly due", late(found.even, 95), 10),
        at_most("seconds late, 999 of 1,000, evenly due", late(found.even, 99.9), 60),
        told("seconds late, median, evenly due", late(found.even, 50)),
        exactly("reminders due at once handed over", handed[1], found.wanted if found.wanted >= A_CROWD else 0),
        told("seconds late, 95 of 100, all due at once", late(found.at_once, 95)),
        told("handed over a second, all due at once", handed[1] / max(0.001, late(found.at_once, 100))),
        told("pushes a second without rows, words and processes", found.bare),
        told("receipts of phones", found.receipts),
        told("receipts refused or cut off", found.receipts_refused),
        at_least("phones whose service was silent", found.silent, found.wanted // 10),
        exactly("the others handed over beside them", handed[2], rest),
        at_most("seconds that silence delays the others, 95 of 100", _delay(found, 95), 1),
        told("seconds that silence delays the others, the last", _delay(found, 100)),
    ]


def _delay(found: Pace, percent: float) -> float:
    return late(found.with_silent, percent) - late(found.even, percent)


def _survived(trial: Trial, found: Survived) -> list[Figure]:
    in_the_middle = sum(1 for each in found.cut_off if each) / max(1, len(found.cut_off))
    return [
        exactly("times killed", len(found.cut_off), trial.size // KILL_EVERY),
        at_least("share of kills with messages being sent", in_the_middle, 0.9 if trial.is_full else 0),
        told("messages being sent at a kill (median)", percentile(found.cut_off, 50)),
        told("told", found.told),
        told("visibly left to a call", found.to_call),
        exactly("visibly failed", found.failed, 0),
        exactly("reminders lost", found.lost, 0),
        exactly("told, or visibly not", found.told + found.to_call + found.failed + found.lost, trial.size),
        at_least("pushes and letters sent again", found.repeats, trial.size // KILL_EVERY if trial.is_full else 0),
        exactly("reminders that stand on a phone under two names", found.names, 0),
        exactly("repeats that make themselves heard again", found.loud, 0),
        exactly("repeated letters with another Message-ID", found.other_letters, 0),
        told("texts sent twice, with the same tag", found.texts_twice),
        exactly("times the database was found broken", found.broken, 0),
    ]


def _pushes(opened: Office) -> list[Figure]:
    every = [one for pushes in opened.pushes.values() for one in pushes]
    return [
        told("pushes decrypted", len(every)),
        exactly("pushes with a forged signature", opened.forged, 0),
        exactly("sizes of all that was sent", len({one.size for one in every}), 1),
        exactly("pushes that a phone which is off would never get", sum(one.ttl == 0 for one in every), 0),
    ]
