"""Due reminders, and an installation that is killed again and again while it sends them."""

import asyncio
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random

from app import database
from app.domain.contact import Channel
from app.domain.message import LEASE
from tests.proving.answers import address, sender
from tests.proving.figures import Trial
from tests.proving.office import Office
from tests.proving.pace import installation, shown_to
from tests.proving.reminded import FIRST, Agenda, Reminded
from tests.servers import free_port

KILL_EVERY = 200  # reminders
UNHEARD = 10  # of so many phones one is never heard of
WITH_PHONE, OF = 16, 20  # who is told by a push
LATEST = 0.2  # seconds from the push that was waited for to the kill
PATIENCE = 20.0


@dataclass
class Survived:
    """`cut_off` are the messages that were being sent at each kill; the others count reminders."""

    number: int = 0
    kills: int = 0
    cut_off: list[float] = field(default_factory=list)
    told: int = 0
    to_call: int = 0
    failed: int = 0
    lost: int = 0
    repeats: int = 0
    texts_twice: int = 0
    names: int = 0
    loud: int = 0
    other_letters: int = 0
    broken: int = 0


async def survived(trial: Trial, where: Agenda, opened: Office, first: int, chance: Random) -> Survived:
    found, now = Survived(trial.size, trial.size // KILL_EVERY), datetime.now(UTC)
    people = [_somebody(opened, first + number, now) for number in range(trial.size)]
    for at in range(0, len(people), 10_000):
        await where.add(people[at : at + 10_000], now=now)
    port = free_port()
    opened.shown = shown_to(port, lambda reply: None, silent=UNHEARD)
    phones = {one.number for one in people if one.phone}
    for _ in range(found.kills):
        await _cycle(trial, opened, port, phones, found, chance)
    await _settle(trial, opened)
    await _judge(people, opened, found)
    return found


def _somebody(opened: Office, number: int, now: datetime) -> Reminded:
    """Of twenty: sixteen with a phone that is told at once, two with mail, one with a text, one who is called."""
    kind = number % OF
    email: tuple[Channel, str] = ("email", address(number))
    if kind < WITH_PHONE:
        return Reminded(number, opened.endpoint("201", number), (("push", "Telefono"), email), now)
    if kind < 18:
        return Reminded(number, "", (email,), now)
    return Reminded(number, "", (("sms", f"300 {number:07}") if kind == 18 else ("call", f"0331 {number:06}"),), now)


async def _cycle(trial: Trial, opened: Office, port: int, phones: set[int], found: Survived, chance: Random) -> None:
    """Killed before all is told. Nobody else has the database open while it is killed."""
    await database.stop()
    try:
        async with installation(trial, port):
            left = len(phones) - len(phones & opened.pushes.keys())
            wanted = min(chance.uniform(0.02, 1.4) * KILL_EVERY * WITH_PHONE / OF, 0.7 * left)
            await opened.reached(opened.handed + int(wanted), PATIENCE)
            await asyncio.sleep(chance.uniform(0, LATEST))
    finally:
        await database.start()
    found.cut_off.append(await database.scalar(_CUT_OFF, datetime.now(UTC)))
    found.broken += await _is_broken()
    opened.read_letters()


async def _is_broken() -> bool:
    if database.DB.engine_type == "postgres":
        return False
    return bool(await database.scalar("SELECT count(*) FROM pragma_quick_check WHERE quick_check <> 'ok'"))


async def _settle(trial: Trial, opened: Office) -> None:
    """When all leases have ended: what is still due is told, what was not heard of goes the next way."""
    opened.shown = lambda reference: None
    worker = sender(opened, trial.folder)
    await worker.tell_until(datetime.now(UTC) + LEASE)
    for _ in range(6):
        await worker.tell_until(worker.at + timedelta(minutes=20))
    await worker.outside.push.close()
    opened.read_letters()


async def _judge(people: list[Reminded], opened: Office, found: Survived) -> None:
    states = {row["person_id"] - FIRST: row["state"] for row in await database.rows(_STATES)}
    texts = defaultdict[int, int](int)
    for row in await database.rows(_TEXTS):
        texts[row["person_id"] - FIRST] += row["sent"]
    for one in people:
        _judge_one(one.number, states[one.number], texts[one.number], opened, found)


def _judge_one(number: int, state: str, texts: int, opened: Office, found: Survived) -> None:
    pushes, letters = opened.pushes[number], opened.letters[address(number)]
    is_told = bool(pushes or letters or texts)
    found.told += state in ("sent", "received") and is_told
    found.to_call += state == "to_call"
    found.failed += state == "failed"
    found.lost += state in ("due", "cancelled") or (state in ("sent", "received") and not is_told)
    found.repeats += max(0, len(pushes) - 1) + max(0, len(letters) - 1)
    found.texts_twice += texts > 1
    found.names += len({one.tag for one in pushes} | {one.topic for one in pushes}) > 1
    found.loud += any(one.is_loud for one in pushes)
    found.other_letters += len(set(letters)) > 1


_CUT_OFF = (
    "SELECT count(*) FROM delivery d JOIN message m ON m.id = d.message_id "
    "WHERE d.state = 'sending' AND d.detail = '' AND m.state = 'due' AND m.lease_until > {}"
)
_STATES = f"SELECT person_id, state FROM message WHERE kind = 'reminder' AND person_id >= {FIRST}"
_TEXTS = (
    "SELECT m.person_id, count(*) AS sent FROM outbox_copy o JOIN message m ON m.id = o.message_id "
    f"WHERE o.channel = 'sms' AND m.person_id >= {FIRST} GROUP BY m.person_id"
)
