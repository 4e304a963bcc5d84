"""Three months of everybody else: habits kept, changed, called off, missed and put right."""

from collections.abc import Awaitable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from app import database
from app.domain import appointment, booking, cancellation, check_in, move, purse, request, slot
from app.domain.actor import Actor
from app.domain.errors import Refusal
from app.domain.request import Wish
from app.seed import acts, funds
from app.seed.acts import Timeline
from app.seed.stage import ZONE, Place, Stage, at

# Who, where, which service, how many hours or meals, every how many days.
HABITS = (
    ("aurelio-campochiaro", "tradate", "infermiera-a-casa", 1, 5),
    ("mafalda-rivaverde", "tradate", "aiuto-a-casa-melograno", 2, 6),
    ("ottavio-centofanti", "tradate", "pasti-a-casa", 3, 5),
    ("gaspare-mezzogiorno", "tradate", "pasti-a-casa", 2, 4),
    ("amalia-cantalupo", "tradate", "trasporto-visite", 24, 12),
    ("severino-pianacci", "tradate", "aiuto-a-casa-melograno", 1, 8),
    ("celestina-montelupo", "tradate", "trasporto-visite", 18, 9),
    ("assunta-quintavalle", "tradate", "pasti-a-casa", 2, 6),
    ("iside-tramontana", "tradate", "ore-di-sollievo", 2, 11),
    ("ludovica-spaccapietra", "tradate", "laboratorio-pane", 1, 9),
    ("zoe-belvedere", "tradate", "ciclofficina", 1, 7),
    ("demba-jallowprova", "tradate", "orientamento-lavoro", 1, 20),
    ("yasmin-rahimiprova", "tradate", "orientamento-lavoro", 1, 25),
    ("liudmyla-shevchukprova", "tradate", "telefonata-amica", 1, 10),
    ("irma-valsessera", "biella", "aiuto-in-casa", 2, 10),
    ("corrado-filatoio", "biella", "doposcuola-telai", 1, 14),
    ("wanda-terrazze", "sondrio", "pasti-nelle-contrade", 2, 14),
    ("simone-vignalunga", "sondrio", "doposcuola-marmotta", 1, 14),
    ("ersilia-ringhiera", "milano", "portineria-sociale", 1, 9),
    ("davide-naviglietto", "milano", "visita-al-mulino", 2, 21),
    ("norina-torrazzetti", "cremona", "assistenza-in-casa", 2, 9),
    ("beatrice-violini", "cremona", "studio-a-distanza", 1, 14),
)
CHILDREN = {
    "corrado-filatoio": "teo-filatoio",
    "simone-vignalunga": "alma-vignalunga",
    "beatrice-violini": "enea-violini",
}
CREDITS = {
    "anziani-a-casa": (
        80_000,
        (
            "aurelio-campochiaro",
            "mafalda-rivaverde",
            "ottavio-centofanti",
            "gaspare-mezzogiorno",
            "amalia-cantalupo",
            "severino-pianacci",
            "celestina-montelupo",
            "assunta-quintavalle",
            "iside-tramontana",
        ),
    ),
    "progetto-autonomia": (25_000, ("ludovica-spaccapietra", "zoe-belvedere")),
    "biella-vicini": (40_000, ("irma-valsessera", "corrado-filatoio")),
    "milano-insieme": (30_000, ("ersilia-ringhiera", "davide-naviglietto")),
    "cremona-per-te": (40_000, ("norina-torrazzetti", "beatrice-violini")),
}
LAPSED_CENTS, LAPSED = 5_000, "ettore-malaspinaprova"  # nobody spent it in time
DAYS, AHEAD = 92, 9
GUESTS = ("Anna Provati", "Piero Saggio", "Tina Esempio", "Remo Fintoni")


async def give_credit(stage: Stage, now: datetime, today: datetime) -> None:
    until = funds.year_end(today)
    for slug, (cents, people) in CREDITS.items():
        for code in people:
            await funds.give(slug, cents, until, person=stage.people[code], now=now)
    await funds.give("sondrio-estate", 30_000, until, household=stage.household("vignalunga"), now=now)
    lapsed = (today - timedelta(days=11)).astimezone(ZONE).date()
    await funds.give("anziani-a-casa", LAPSED_CENTS, lapsed, person=stage.people[LAPSED], now=now)


@dataclass
class Habit:
    """One wished day of somebody's habit: the act books it, and puts into the timeline what becomes of it."""

    stage: Stage
    timeline: Timeline
    who: str
    territory: str
    slug: str
    quantity: int
    wished: date
    number: int
    now: datetime

    async def book(self, at_: datetime) -> None:
        place = await self.stage.place(self.territory, self.slug)
        receiver = self.stage.people[CHILDREN.get(self.who, self.who)]
        starts_at = await free_time(place, self.wished, self.quantity, at_, receiver)
        if starts_at is None:
            return
        code = await acts.book(
            self.stage,
            await self._booker(at_),
            place,
            starts_at,
            receiver=receiver,
            quantity=self.quantity,
            now=at_,
        )
        await self._plan_outcome(place, code, starts_at, at_)

    async def _booker(self, at_: datetime) -> Actor:
        """Who has no mobile telephone is booked for by the call centre."""
        contacts = self.stage.facts[self.who].contacts
        is_by_phone = self.territory == "tradate" and all(contact.channel == "call" for contact in contacts)
        return await (self.stage.worker("telefono", at_) if is_by_phone else self.stage.person(self.who, at_))

    async def _plan_outcome(self, place: Place, code: str, starts_at: datetime, booked_at: datetime) -> None:
        if self.number % 13 == 4:
            self.timeline.add(booked_at + timedelta(hours=3), lambda at_: self._cancel(code, at_))
        elif self.number % 11 == 6:
            self.timeline.add(booked_at + timedelta(hours=4), lambda at_: self._move(place, code, at_))
        elif starts_at + timedelta(hours=1) < self.now:
            self.timeline.add(starts_at + timedelta(minutes=3), lambda at_: self._open_door(place, code, at_))

    async def _cancel(self, code: str, at_: datetime) -> None:
        await _unless_refused(cancellation.cancel(code, "changed_mind", actor=await self._booker(at_), now=at_))

    async def _move(self, place: Place, code: str, at_: datetime) -> None:
        found = await booking.by_code(code)
        for time in (await move.times(found, now=at_, limit=2))[1:]:
            await _unless_refused(move.move(code, time.starts_at, actor=await self._booker(at_), now=at_))
            if time.starts_at + timedelta(hours=1) < self.now:
                self.timeline.add(time.starts_at, lambda end: self._open_door(place, code, end))

    async def _open_door(self, place: Place, code: str, at_: datetime) -> None:
        """Arrived; missing; less than booked; or marked in full by mistake, taken back and marked right."""
        who = await acts.worker_of(self.stage, place, self.territory, at_)
        partial = 60 if place.offer.unit == "hour" and self.quantity > 1 else None
        nonce = f"demo-{code}-first"
        if self.number % 9 == 3:
            await check_in.absent(code, ("ill", "no_news")[self.number % 2], nonce=nonce, actor=who, now=at_)
        elif self.number % 17 == 8:
            await acts.arrive([code], who, now=at_, pays=None)
            await check_in.undo(code, nonce=nonce, actor=who, now=at_ + timedelta(minutes=20))
            await acts.arrive([code], who, now=at_ + timedelta(minutes=22), delivered=partial)
        elif self.number % 19 == 10:
            await check_in.call_off(code, "provider_ill", nonce=nonce, actor=who, now=at_)
        else:
            await acts.arrive([code], who, now=at_, delivered=partial if self.number % 7 == 5 else None)


async def _unless_refused(act: Awaitable[object]) -> None:
    """It may be too late by then: people try, and are told so."""
    try:
        async with database.attempt():
            await act
    except Refusal:
        return


async def free_time(place: Place, day: date, quantity: int, now: datetime, receiver: int = 0) -> datetime | None:
    """The first free time from a wished day on, within the week, that somebody known has not yet."""
    free = await slot.free_times(place.offer, day, day + timedelta(days=6), quantity=quantity, now=now)
    had = await appointment.times_of(receiver, place.id)
    return next((time.starts_at for time in free if time.starts_at not in had), None)


def plan(stage: Stage, timeline: Timeline, now: datetime) -> None:
    """Habits of the months gone by, and what people have booked for the next days."""
    today = now.astimezone(ZONE).date()
    number = 0
    for line, (who, territory, slug, quantity, every) in enumerate(HABITS):
        for days in range(-DAYS + 8 + line % every, AHEAD, every):
            wished, number = today + timedelta(days=days), number + 1
            habit = Habit(stage, timeline, who, territory, slug, quantity, wished, number, now)
            booked_at = at(wished - timedelta(days=5), f"{9 + number % 9:02}:{number * 11 % 60:02}")
            if days not in (-1, 0):
                timeline.add(min(booked_at, now - timedelta(hours=6, minutes=number % 50)), habit.book)
    _plan_guests(stage, timeline, now)
    _plan_requests(stage, timeline, now)
    lapsed = at(today - timedelta(days=10), "03:10")
    timeline.add(lapsed, lambda at_: purse.expire_due(now=at_))


def _plan_guests(stage: Stage, timeline: Timeline, now: datetime) -> None:
    """People without a card, who leave a name and a telephone."""
    for number, name in enumerate(GUESTS):

        async def visit(at_: datetime, number: int = number, name: str = name) -> None:
            place = await stage.place("tradate", "telefonata-amica")
            starts_at = await free_time(place, at_.date() + timedelta(days=1), 1, at_)
            if starts_at is None:
                return
            code = await acts.book_as_guest(stage, number, place, starts_at, name, now=at_)
            who = await acts.worker_of(stage, place, "tradate", at_)
            if starts_at < now:
                timeline.add(starts_at, lambda end: acts.arrive([code], who, now=end))

        timeline.add(now - timedelta(days=9 * number + 3), visit)


REQUESTS = (
    ("ottavio-centofanti", "piccole-riparazioni", 40, True),
    ("ruggero-fontanabona", "accompagnamento-in-ospedale", 26, True),
    ("federico-acquafresca", "cerca-badante", 17, True),
    ("kwame-boatengprova", "sostegno-tutela", 12, False),
)


def _plan_requests(stage: Stage, timeline: Timeline, now: datetime) -> None:
    """Some got a yes, one a no."""
    for who, slug, days, is_yes in REQUESTS:

        async def ask_(at_: datetime, who: str = who, slug: str = slug, is_yes: bool = is_yes) -> None:
            code = await ask(stage, who, slug, at_)
            timeline.add(at_ + timedelta(days=1, hours=2), lambda later: _answer(stage, code, is_yes, later))

        timeline.add(now - timedelta(days=days), ask_)


async def ask(stage: Stage, who: str, slug: str, now: datetime) -> str:
    place = await stage.place("tradate", slug)
    receiver = stage.people[who]
    wish = Wish(receiver, "", "", "it", 1, await acts.details(place, receiver, {}))
    actor = await stage.person(who, now)
    return await request.ask(place.service_id, wish, token="", actor=actor, now=now)


async def _answer(stage: Stage, code: str, is_yes: bool, now: datetime) -> None:
    found = await booking.by_code(code)
    who = await acts.worker_for(stage, found.provider_id, now)
    if is_yes:
        await request.accept(code, (await request.would_pay(found, now=now)).mark, actor=who, now=now)
    else:
        await request.refuse(code, actor=who, now=now)
