"""Services without a timetable: a person asks, a named day of the answer is promised, staff answer."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from app import database
from app.domain import booking, cancellation, checkout, person, purse, reminder, session, split
from app.domain.actor import Actor
from app.domain.booking import BookingFacts
from app.domain.checkout import Parties
from app.domain.errors import AlreadyClosed, GuestNotAllowed, NotFound
from app.domain.split import Split
from app.domain.verb import Key, verb


@dataclass(frozen=True, slots=True)
class Wish:
    """`receiver` 0 means somebody without a card, who leaves `name` and `phone`."""

    receiver: int
    name: str
    phone: str
    language: str
    quantity: int
    details: dict[str, str]


@verb
async def ask(service_id: int, wish: Wish, *, token: str, actor: Actor, now: datetime, key: Key | None = None) -> str:
    """Writes the request into the provider's queue; its code. No money is held before there is an answer.

    `token` starts an anonymous session where there is none yet, so that the asker sees the request.
    """
    parties = await _parties(service_id, wish, actor, now)
    sold = await checkout.sold_to(service_id, parties.receiver, now)
    if sold.action != "request":
        raise NotFound()
    await checkout.check_receiver(parties.receiver, sold, now)
    await booking.check_guest(parties.booked_by, now=now)
    made = await booking.insert_row(
        sold,
        parties,
        wish.details,
        {
            "staff_id": actor.id if actor.kind == "staff" else None,
            "state": "requested",
            "quantity": wish.quantity,
            "price": sold.unit_cents * wish.quantity,
            "own": sold.unit_cents * wish.quantity,
            "answer_by": answer_day(now, sold.answer_days),
            "booked_at": now,
        },
        starts_at=None,
        ends_at=now + timedelta(days=sold.answer_days),
    )
    session_id = actor.session_id or await session.start_anonymous(token, now=now)
    await booking.grant(session_id, made.id, now=now)
    await reminder.plan(made.id, (), None, now=now)
    await booking.record("asked", made, actor=actor, now=now)
    return made.code


@verb
async def refuse(code: str, *, actor: Actor, now: datetime, key: Key | None = None) -> str:
    """The provider cannot: place and credit go back, and the person is told."""
    found = await _to_answer(code, actor, now)
    await _answered(found, "refused", now)
    await cancellation.free_seat(found, now=now)
    await purse.void_all(found.id, by="provider", actor=actor, now=now, reason="refused")
    await reminder.answered(found.id, (), found.starts_at, now=now)
    await booking.record("refused", found, actor=actor, now=now)
    return found.code


async def would_pay(found: BookingFacts, *, now: datetime) -> Split:
    """Who pays what if the provider says yes to a request now."""
    return await split.load(
        found.payer_id,
        found.receiver_id,
        found.service_id,
        found.quantity,
        None,
        now,
        booker=found.booked_by,
        price_cents=found.price_cents,
    )


@verb
async def accept(code: str, shown: str = "", *, actor: Actor, now: datetime, key: Key | None = None) -> str:
    """For requests and for bookings that await approval: confirmed, and the person is told.

    A request engages credit only now: `shown` is the mark of the split that staff saw. Raises SplitChanged.
    """
    found = await _to_answer(code, actor, now)
    await _answered(found, "confirmed", now)
    if found.state == "requested":
        await _engage(found, shown, actor, now)
    await reminder.answered(found.id, (), found.starts_at, now=now)
    await booking.record("accepted", found, actor=actor, now=now)
    return found.code


def answer_day(now: datetime, working_days: int) -> date:
    """The promised day of the answer: that many working days from today, Monday to Friday."""
    day = now.date()
    while working_days > 0:
        day += timedelta(days=1)
        working_days -= day.weekday() < 5
    return day


async def _parties(service_id: int, wish: Wish, actor: Actor, now: datetime) -> Parties:
    if wish.receiver:
        return await checkout.parties_for(actor, wish.receiver, now)
    sold = await checkout.sold_to(service_id, None, now)
    if not sold.terms.allows_guest:
        raise GuestNotAllowed()
    guest = await person.guest(wish.name, wish.phone, language=wish.language, now=now)
    return Parties(guest, guest, guest)


async def _engage(found: BookingFacts, shown: str, actor: Actor, now: datetime) -> None:
    paid = await would_pay(found, now=now)
    split.confirm(paid, shown)
    await database.execute("UPDATE booking SET own = {} WHERE id = {}", paid.own_cents, found.id)
    await split.hold(paid, found.id, actor=actor, now=now)


async def _to_answer(code: str, actor: Actor, now: datetime) -> BookingFacts:
    found = await booking.visible(code, actor=actor, now=now)
    if actor.kind != "staff":
        raise NotFound()
    return found


async def _answered(found: BookingFacts, state: str, now: datetime) -> None:
    changed = await database.rows(
        "UPDATE booking SET state = {}, closed_at = {}, sequence = sequence + 1 WHERE id = {} "
        "AND state IN ('requested', 'awaiting') RETURNING id",
        state,
        now if state == "refused" else None,
        found.id,
    )
    if not changed:
        raise AlreadyClosed()
