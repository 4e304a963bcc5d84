"""What people and staff do on the site, in the order of a day: every act calls the verbs a page would call."""

import heapq
import itertools
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from app import database
from app.domain import booking, check_in, checkout, collection, contact, for_whom, identity, slot_hold
from app.domain.actor import Actor
from app.domain.checkout import Parties
from app.seed.stage import Place, Stage

Act = Callable[[datetime], Awaitable[object]]
LOGINS = {
    "arnica": "paola",
    "melograno": "renzo",
    "lanterna": "ines",
    "girandola": "michela",
    "tandem": "chiara",
    "passo": "stefano",
    "quaderno": "ilaria",
    "ponte": "lucia",
    "onda": "roberta",
    "ginestra": "elisa",
}
DESKS = {"tradate": "desk-tradate"} | {each: f"desk-{each}" for each in ("biella", "sondrio", "milano", "cremona")}


class Timeline:
    """Acts in the order of their time, whoever thought of them first; an act may add later ones."""

    def __init__(self) -> None:
        self.acts: list[tuple[datetime, int, Act]] = []
        self.count = itertools.count()

    def add(self, at: datetime, act: Act) -> None:
        heapq.heappush(self.acts, (at, next(self.count), act))

    async def play(self, until: datetime) -> None:
        while self.acts and self.acts[0][0] <= until:
            at, _, act = heapq.heappop(self.acts)
            await act(at)


async def book(
    stage: Stage,
    who: Actor,
    place: Place,
    starts_at: datetime,
    *,
    receiver: int = 0,
    quantity: int = 1,
    now: datetime,
    answers: dict[int, str] | None = None,
) -> str:
    """From a time to a booking, as the pages go; its code. `answers` by the number of the question."""
    hold_id = await slot_hold.hold(place.id, starts_at, quantity, token="", address_hash="", actor=who, now=now)
    receiver = receiver or who.id
    if who.kind == "staff":
        await checkout.set_parties(hold_id, Parties(receiver, receiver, receiver), now=now)
    else:
        await for_whom.choose(hold_id, receiver, actor=who, now=now)
    await checkout.answer(hold_id, await details(place, receiver, answers or {}), actor=who, now=now)
    return await _confirm(hold_id, who, now)


async def book_as_guest(
    stage: Stage, number: int, place: Place, starts_at: datetime, name: str, *, now: datetime
) -> str:
    who = await stage.guest(number, now)
    hold_id = await slot_hold.hold(place.id, starts_at, 1, token="", address_hash="", actor=who, now=now)
    phone = f"300 0000 {700 + number:03}"
    await checkout.as_guest(hold_id, name, phone, language="it", actor=who, now=now)
    await checkout.answer(hold_id, dict(place.questions), actor=who, now=now)
    return await _confirm(hold_id, who, now)


async def _confirm(hold_id: int, who: Actor, now: datetime) -> str:
    standing = await checkout.load(hold_id, actor=who, now=now)
    paid = await checkout.split_of(standing, now=now)
    return await booking.book(hold_id, paid.mark, actor=who, now=now)


async def details(place: Place, receiver: int, answers: dict[int, str]) -> dict[str, str]:
    given = {name: answers.get(number, answer) for number, (name, answer) in enumerate(place.questions)}
    if place.mode == "home":
        given["address"] = await identity.address_of(receiver)
        given["day_phone"] = await contact.phone_of(receiver)
    return given


async def worker_of(stage: Stage, place: Place, territory: str, now: datetime) -> Actor:
    """Who opens the door there: somebody of the provider, else the desk of the territory."""
    return await stage.worker(LOGINS.get(place.provider, DESKS[territory]), now)


async def worker_for(stage: Stage, provider_id: int, now: datetime) -> Actor:
    """The provider's own, who alone may touch what is confidential."""
    slug = await database.scalar("SELECT slug FROM provider WHERE id = {}", provider_id)
    return await stage.worker(LOGINS.get(slug, DESKS["tradate"]), now)


async def arrive(
    codes: list[str],
    who: Actor,
    *,
    now: datetime,
    delivered: int | None = None,
    pays: collection.Method | None = "cash",
) -> None:
    """Arrived, and what they owe themselves is paid at once unless `pays` is None."""
    for code in codes:
        await check_in.arrive(
            code, nonce=f"demo-{code}-{now:%s}", device_at=now, delivered=delivered, actor=who, now=now
        )
    for code in codes if pays else ():
        found = await booking.by_code(code)
        if pays and await collection.due_cents(found.id) > 0:
            await collection.collect(code, pays, actor=who, now=now + timedelta(minutes=1))
