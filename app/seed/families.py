"""Giulia's fund 'Famiglie 2026': visits whose sums come out to the cent.

Issued 41.600,00 of 60.000,00. Ten months of visits spend 16.840,00 (Amina's five are 45,00 of them), visits to come
hold 3.120,00 (Amina's is 9,00 of it), and one family's 290,00 expired. When a day has passed, what was held for it is
moved by the centre to a day to come: the sums stay as they are, by movements that really happened.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.domain import booking, check_in, collection, eligibility, ledger, move, purse
from app.domain.actor import SYSTEM
from app.seed import acts, content, funds
from app.seed.acts import Timeline
from app.seed.stage import ZONE, Place, Stage, at, evenly, starts

FUND = "famiglie-2026"
ISSUED_CENTS = 4_160_000
EXPIRED_CENTS = 29_000
STORIES = {"haddad": 15_000, "ferrari": 20_000}
LAPSED = "hoxhaprova"  # their first credit was never used
# Service, visits paid, visits to come, what the fund pays of one.
VISITS = (
    ("logopedia", 80, 10, 2850),
    ("psicomotricita", 90, 9, 2400),
    ("aiuto-compiti", 155, 10, 900),
    ("psicologo-online", 200, 25, 4000),
    ("corso-di-nuoto", 74, 38, 4000),
)
AGES = {service.slug: (service.min_age or 0, service.max_age or 120) for service in content.load("tradate").services}
HISTORY_DAYS = 290
AHEAD_DAYS = 42


@dataclass(frozen=True)
class Visit:
    """`booker` sits at the computer; the receiver is a child, or the booker."""

    place: Place
    starts_at: datetime
    booker: str
    receiver: str
    number: int

    @property
    def booked_at(self) -> datetime:
        lead = self.place.offer.notice_hours // 24 + 2 + self.number % 5
        day = self.starts_at.astimezone(ZONE).date() - timedelta(days=lead)
        return at(day, f"{9 + self.number % 9:02}:{self.number * 7 % 60:02}")


class Families:
    """Whose turn it is: the family with most credit left, with somebody of the right age."""

    def __init__(self, stage: Stage) -> None:
        told = content.load_people()
        self.stage = stage
        self.parents = {d.person: d.delegate for d in reversed(told.delegations) if d.kind == "parent"}
        self.left = {one.code: 0 for one in told.households if self._is_of_tradate(one.code)}
        self.seen: set[tuple[datetime, str]] = set()

    def _is_of_tradate(self, household: str) -> bool:
        members = [p for p in self.stage.facts.values() if p.household == household]
        return household not in (*STORIES, LAPSED) and all(p.territory == "tradate" for p in members)

    def choose(self, slug: str, starts_at: datetime, cents: int) -> tuple[str, str]:
        """Booker and receiver of one visit."""
        for household in sorted(self.left, key=lambda code: -self.left[code]):
            for person in self._of(household, slug, starts_at):
                if (starts_at, person) not in self.seen:
                    self.seen.add((starts_at, person))
                    self.left[household] -= cents
                    return self.parents.get(person, person), person
        raise LookupError(f"nobody is left for {slug} at {starts_at}")

    def _of(self, household: str, slug: str, starts_at: datetime) -> list[str]:
        youngest, oldest = AGES[slug]
        day = starts_at.astimezone(ZONE).date()
        members = [p for p in self.stage.facts.values() if p.household == household]
        if slug == "psicologo-online":
            members = [p for p in members if p.part == "adult"]
        return [p.code for p in members if youngest <= eligibility.age_on(p.born_on, day) <= oldest]


async def give_credit(stage: Stage, families: Families, now: datetime, today: datetime) -> None:
    """At the beginning, to every household; one part of it expires before anybody used it."""
    until = funds.year_end(today)
    for household, cents in STORIES.items():
        await funds.give(FUND, cents, until, household=stage.household(household), now=now)
    rest = ISSUED_CENTS - EXPIRED_CENTS - sum(STORIES.values())
    share, over = divmod(rest, len(families.left))
    for number, household in enumerate(families.left):
        cents = share + (over if number == 0 else 0)
        families.left[household] = cents
        await funds.give(FUND, cents, until, household=stage.household(household), now=now)
    lapsed = ledger.day(today) - timedelta(days=20)
    await funds.give(FUND, EXPIRED_CENTS, lapsed, household=stage.household(LAPSED), now=now)


async def plan(stage: Stage, families: Families, timeline: Timeline, today: datetime) -> None:
    """All visits of the past months and those to come, put into the timeline."""
    day = today.astimezone(ZONE).date()
    for slug, paid, held, cents in VISITS:
        place = await stage.place("tradate", slug)
        past = starts(place, day - timedelta(days=HISTORY_DAYS), day - timedelta(days=1))
        coming = starts(place, day + timedelta(days=1), day + timedelta(days=AHEAD_DAYS))
        for visit in _visits(place, past, paid, cents, families):
            timeline.add(visit.booked_at, _Paid(stage, timeline, visit).book)
        for visit in _visits(place, coming, held, cents, families):
            timeline.add(_not_later(visit, today), _Held(stage, visit).book)
    timeline.add(at(day - timedelta(days=19), "03:10"), lambda now: purse.expire_due(actor=SYSTEM, now=now))


def _visits(place: Place, times: list[datetime], number: int, cents: int, families: Families) -> Iterator[Visit]:
    seats = [start for start in _apart(times, place) for _ in range(place.offer.capacity)]
    for count, start in enumerate(evenly(seats, number)):
        yield Visit(place, start, *families.choose(place.slug, start, cents), count)


def _apart(times: list[datetime], place: Place) -> Iterator[datetime]:
    """Times that leave the operator the pause between two visits."""
    free_from = None
    for start in times:
        if free_from is None or start >= free_from:
            free_from = start + place.offer.lasting(1) + place.offer.buffer
            yield start


def _not_later(visit: Visit, today: datetime) -> datetime:
    return min(visit.booked_at, today - timedelta(hours=20 + visit.number * 3))


@dataclass
class _Held:
    stage: Stage
    visit: Visit

    async def book(self, now: datetime) -> str:
        visit = self.visit
        who = await self.stage.person(visit.booker, now)
        receiver = self.stage.people[visit.receiver]
        return await acts.book(self.stage, who, visit.place, visit.starts_at, receiver=receiver, now=now)


@dataclass
class _Paid:
    """Booked, and at its time checked in; a few were moved, marked by mistake, or paid later."""

    stage: Stage
    timeline: Timeline
    visit: Visit

    async def book(self, now: datetime) -> None:
        code = await _Held(self.stage, self.visit).book(now)
        self.timeline.add(self.visit.starts_at + timedelta(minutes=2), _Arrival(self, code).happen)


@dataclass
class _Arrival:
    paid: _Paid
    code: str

    async def happen(self, now: datetime) -> None:
        visit, stage = self.paid.visit, self.paid.stage
        who = await acts.worker_of(stage, visit.place, "tradate", now)
        if visit.number % 40 == 11:
            await acts.arrive([self.code], who, now=now, pays=None)
            nonce = f"demo-undo-{self.code}"
            await check_in.undo(self.code, nonce=nonce, actor=who, now=now + timedelta(minutes=3))
            now += timedelta(minutes=8)
        pays: collection.Method = ("cash", "card")[visit.number % 3 == 0]
        await acts.arrive([self.code], who, now=now, pays="not_paid" if visit.number % 70 == 33 else pays)


async def keep_held(stage: Stage, codes: list[str], *, now: datetime) -> int:
    """Moves each of these bookings, whose day has passed, to the next free time of its place."""
    for code in codes:
        found = await booking.by_code(code)
        who = await acts.worker_for(stage, found.provider_id, now)
        for time in await move.times(found, now=now, limit=1):
            await move.move(code, time.starts_at, actor=who, now=now)
    return len(codes)
