"""The lives of tests/proving/nights.py as an installation lives them: verbs, rows, and the worker with a moved clock.

What is told leaves through gateways that fail by chance; each message handed over is noted with its moment.
"""

import heapq
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from random import Random
from typing import Any, Literal
from zoneinfo import ZoneInfo

from app import database
from app.domain import cancellation, move, person, push, receipt
from app.domain.actor import SYSTEM, Actor
from app.domain.contact import Channel
from app.domain.delivery import Phone
from app.domain.errors import Refusal
from app.domain.person import NewPerson
from app.gateways import Permanent, Temporary
from app.gateways.mail import Letter
from app.gateways.web_push import Push
from app.worker import Gateways, Past
from tests import timetable
from tests.people import Cast
from tests.proving.nights import HOUR, ROME, Life, is_of_use, lives, night, owed
from tests.proving.town import ROOM
from tests.timetable import Timetable

FROM = 2027  # the cast stands since the year before
LATER, NEVER, SHOWN = 0.25, 0.03, 0.7  # of what is sent: put off, refused for good; of pushes: receipts that come back
DOWN, FOR_HOURS = 0.05, 15  # how often the worker stops, and for how long at most
WAYS: tuple[tuple[tuple[Channel, str], ...], ...] = (
    (("email", "p{}@esempio.example"),),
    (("push", "Telefono"), ("email", "p{}@esempio.example")),
    (("email", "p{}@esempio.example"), ("sms", "300 {:07}")),
    (("sms", "300 {:07}"), ("call", "0331 {:06}")),
    (("call", "0331 {:06}"),),
)
WEEK = 168  # hours before
Act = Literal["book", "move", "cancel"]


@dataclass
class Kept:
    """What came of it; the figures are of reminders alone."""

    bookings: int = 0
    moves: int = 0
    cancels: int = 0
    planned: int = 0
    told: int = 0
    put_off: int = 0
    failed: int = 0
    due_at_night: int = 0
    told_at_night: int = 0
    told_of_nothing: int = 0
    told_too_late: int = 0
    told_twice: int = 0
    lost: int = 0


@dataclass
class Lived:
    """A life and what became of it: `starts` are the times it had, and from when each stood."""

    life: Life
    actor: Actor | None = None
    code: str = ""
    starts: list[tuple[datetime, datetime]] = field(default_factory=list)
    cancelled_at: datetime | None = None

    def stood(self, at: datetime) -> datetime | None:
        """The start that was true at this moment; None when it was cancelled."""
        if self.cancelled_at is not None and at >= self.cancelled_at:
            return None
        return next((starts_at for since, starts_at in reversed(self.starts) if since <= at), None)


@dataclass
class Outside:
    """All three gateways; `handed` are the moments and tags of each message."""

    chance: Random
    handed: dict[int, list[tuple[datetime, str]]] = field(default_factory=lambda: defaultdict(list))
    put_off: int = 0

    async def hand(self, message_id: int, tag: str, now: datetime) -> None:
        luck = self.chance.random()
        if luck < LATER:
            self.put_off += 1
            raise Temporary("not now", self.chance.choice((timedelta(0), HOUR, 9 * HOUR)))
        if luck > 1 - NEVER:
            raise Permanent("never here")
        self.handed[message_id].append((now, tag))


@dataclass(frozen=True)
class Pushes:
    outside: Outside

    async def send(self, phone: Phone, push: Push, *, message_id: int, now: datetime) -> bool:
        await self.outside.hand(message_id, push.topic, now)
        if self.outside.chance.random() < SHOWN:
            await receipt.receive(push.payload["receipt"].rpartition("/")[2], actor=SYSTEM, now=now)
        return False

    async def close(self) -> None:
        pass


@dataclass(frozen=True)
class Mails:
    outside: Outside

    async def send(self, letter: Letter, *, tag: str, message_id: int, now: datetime) -> None:
        await self.outside.hand(message_id, tag.partition(".")[0], now)


@dataclass(frozen=True)
class Texts:
    outside: Outside
    tells_status = False

    async def send(self, number: str, text: str, *, tag: str, message_id: int, now: datetime) -> None:
        await self.outside.hand(message_id, tag, now)


async def kept(cast: Cast, reminders: int, chance: Random) -> Kept:
    """Lives until so many reminders were planned, round the changes of Rome's clocks in years to come."""
    made = await Timetable(cast).open()
    terms: dict[str, Any] = {"price": 0, "notice_hours": 0, "cancel_hours": 0, "minutes": 30, "capacity": ROOM}
    place = await made.service("notti", hours=("00:00", "23:59"), **terms)
    lived = [Lived(life) for life in _of_rome(chance, reminders)]
    outside = Outside(chance)
    worker = Past(min(one.life.booked_at for one in lived))
    worker.outside = Gateways(Pushes(outside), Mails(outside), Texts(outside))
    counted = Kept()
    back_at = worker.at
    for at, one, act in _in_order(lived):
        if at >= back_at:
            await worker.tell_until(at)
            back_at = at + chance.uniform(0, FOR_HOURS) * HOUR if chance.random() < DOWN else at
        worker.at = at
        await _act(act, one, cast, place, at, counted)
    await worker.tell_until(worker.at + timedelta(days=30))
    counted.put_off = outside.put_off
    await _judge(lived, outside.handed, counted)
    return counted


def _of_rome(chance: Random, reminders: int) -> list[Life]:
    """Until they are owed a fifth more: not all times can be had, and a small number depends on chance."""
    found: list[Life] = []
    planned = 0
    for life in lives(chance):
        if planned >= reminders * 1.2:
            break
        if life.zone.key == ROME and life.booked_at.year >= FROM:
            found.append(life)
            planned += len(owed(life.booked_at, life.starts_at))
    return found


def _in_order(lived: list[Lived]) -> list[tuple[datetime, Lived, Act]]:
    number = count()
    acts: list[tuple[datetime, int, Lived, Act]] = []
    for one in lived:
        life = one.life
        wanted: list[tuple[datetime | None, Act]] = [
            (life.booked_at, "book"),
            (life.moved_at, "move"),
            (life.cancelled_at, "cancel"),
        ]
        for at, act in wanted:
            if at is not None:
                heapq.heappush(acts, (at, next(number), one, act))
    return [(at, one, act) for at, _, one, act in (heapq.heappop(acts) for _ in range(len(acts)))]


async def _act(act: Act, one: Lived, cast: Cast, place: int, now: datetime, counted: Kept) -> None:
    """A time that does not exist that night is not to be had; who has no booking neither moves nor cancels it."""
    try:
        if act == "book":
            await _book(one, cast, place, counted.bookings, now)
            counted.bookings += 1
        elif one.code and one.actor and act == "move":
            await move.move(one.code, one.life.moved_to, actor=one.actor, now=now)
            one.starts.append((now, one.life.moved_to))
            counted.moves += 1
        elif one.code and one.actor:
            await cancellation.cancel(one.code, "ill", actor=one.actor, now=now)
            one.cancelled_at = now
            counted.cancels += 1
    except Refusal:
        pass


async def _book(one: Lived, cast: Cast, place: int, number: int, now: datetime) -> None:
    ways = WAYS[number % len(WAYS)]
    contacts = tuple((channel, value.format(number)) for channel, value in ways)
    new = NewPerson(f"Persona{number}", "Prova", contacts=contacts)
    who = await person.enrol(new, territory_id=cast.tradate, needs_card=False, actor=SYSTEM, now=now)
    if ways[0][0] == "push":
        address = f"https://telefono-{number}.invalid/"
        await database.write(lambda: push.add(who, None, address, "p", "a", now=now))
    one.actor = await timetable.person(who, now)
    one.code = await timetable.book(place, one.life.starts_at, one.actor, who, now=now)
    one.starts.append((now, one.life.starts_at))


async def _judge(lived: list[Lived], handed: dict[int, list[tuple[datetime, str]]], counted: Kept) -> None:
    rows: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in await database.rows(_REMINDERS):
        rows[row["code"]].append(row)
    for one in lived:
        for row in rows[one.code]:
            _judge_row(row, one, handed.get(row["id"], []), counted)
        counted.lost += len(_owed(one) - _cared_for(rows[one.code]))


def _judge_row(row: dict[str, Any], one: Lived, handed: list[tuple[datetime, str]], counted: Kept) -> None:
    zone = ZoneInfo(ROME)
    counted.planned += 1
    counted.told += bool(handed)
    counted.failed += row["state"] in ("failed", "to_call")
    counted.due_at_night += night(row["due_at"], zone)
    counted.told_twice += len({tag for _, tag in handed}) > 1
    counted.lost += row["state"] == "due" or (row["state"] in ("sent", "received") and not handed)
    for at, _ in handed:
        starts_at = one.stood(at)
        counted.told_at_night += night(at, zone)
        counted.told_of_nothing += starts_at is None or starts_at - HOUR != row["useless_after"]
        counted.told_too_late += starts_at is not None and not is_of_use(at, starts_at)


def _owed(one: Lived) -> set[int]:
    """Of the last time it had, if that still stands."""
    return set() if one.cancelled_at or not one.starts else owed(*one.starts[-1])


def _cared_for(rows: list[dict[str, Any]]) -> set[int]:
    """Told or visibly not; or left out for the sake of a newer one: after a long silence one that was due by then; in
    place of a call a week before, what was told or is to be called two days before.
    """
    closed = [row for row in rows if row["state"] != "cancelled"]
    newer = [row for row in rows if any(row["due_at"] < each["due_at"] <= row["closed_at"] for each in closed)]
    return {row["lead_hours"] for row in closed + newer + [row for row in rows if _is_left_to(closed, row)]}


def _is_left_to(closed: list[dict[str, Any]], row: dict[str, Any]) -> bool:
    """In its own hour, when only the telephone was left: not when it was withdrawn before."""
    came = row["lead_hours"] == WEEK and row["closed_at"] is not None and row["closed_at"] >= row["due_at"]
    return came and any(each["lead_hours"] < WEEK for each in closed)


_REMINDERS = (
    "SELECT b.code, m.id, m.lead_hours, m.due_at, m.useless_after, m.state, m.closed_at FROM message m "
    "JOIN booking b ON b.id = m.booking_id WHERE m.kind = 'reminder' ORDER BY m.id"
)
