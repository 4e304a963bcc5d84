"""Somebody comes without a booking: booked and arrived in one transaction, when there is a place now."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from app import database
from app.domain import access, booking, check_in, checkout, desk_person, direct_booking, slot, split
from app.domain.actor import Actor
from app.domain.booking import BookingFacts
from app.domain.checkout import Parties, Sold
from app.domain.desk import Scope
from app.domain.direct_booking import Taken
from app.domain.errors import NotFound, SlotFull
from app.domain.slot import FreeTime, Offer
from app.domain.split import Split
from app.domain.verb import Key, verb
from app.tables.booking import HAS_ITS_TIME

SOON = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody at the door wants; `details` are named as in `checkout.details`."""

    person_id: int
    receiver: int
    service_place_id: int
    quantity: int
    details: dict[str, str]


async def now_free(service_place_id: int, quantity: int, *, now: datetime) -> FreeTime | None:
    """The time under way with a free place, or one that begins within the hour: the nearest."""
    return await _nearest(await slot.load_offer(service_place_id), quantity, now)


@dataclass(frozen=True, slots=True)
class Booked:
    code: str
    starts_at: datetime


async def standing(service_place_id: int, receiver: int, *, now: datetime) -> tuple[Sold, Booked | None]:
    """The service as it is sold to who stands there, and the booking they may be here for: of the time under way, or
    of one that begins within the hour.
    """
    found = await database.row(
        f"SELECT v.id AS service_id, {checkout.TERMS}, b.code, s.starts_at, "
        "(SELECT i.born_on FROM identity i WHERE i.person_id = {}) AS born_on "
        "FROM service_place sp JOIN service v ON v.id = sp.service_id JOIN territory t ON t.id = v.territory_id "
        f"LEFT JOIN booking b ON b.receiver_id = {{}} AND b.service_place_id = sp.id AND b.{HAS_ITS_TIME} "
        "LEFT JOIN slot s ON s.id = b.slot_id AND s.ends_at > {} AND s.starts_at <= {} "
        "WHERE sp.id = {} ORDER BY s.starts_at IS NULL, s.starts_at LIMIT 1",
        *(receiver, receiver, now, now + SOON, service_place_id),
    )
    booked = Booked(found["code"], found["starts_at"]) if found and found["starts_at"] else None
    return await checkout.sold_of(found, now), booked


@verb
async def arrive(
    wish: Wish, shown: str, *, nonce: str, within: Scope, actor: Actor, now: datetime, key: Key | None = None
) -> str:
    """The booking's code; the place is paid like any other. Raises SlotFull, SplitChanged, what eligibility
    and `booking.check_once` raise.
    """
    offer = await slot.load_offer(wish.service_place_id)
    sold = await checkout.sold_to(offer.service_id, wish.receiver, now)
    if not _works_on(within, sold) or not await access.sees(actor, wish.person_id):
        raise NotFound()
    parties = await desk_person.parties_for(wish.person_id, wish.receiver, now)
    await checkout.check_receiver(wish.receiver, sold, now)
    paid = await direct_booking.would_pay(sold, wish.quantity, parties, now, now=now)
    split.confirm(paid, shown)
    made = await _book(wish, parties, offer, sold, paid, actor, now)
    await check_in.mark_arrived(made, nonce, actor, now, now)
    return made.code


async def _book(
    wish: Wish, parties: Parties, offer: Offer, sold: Sold, paid: Split, actor: Actor, now: datetime
) -> BookingFacts:
    free = await _nearest(offer, wish.quantity, now)
    if free is None:
        raise SlotFull()
    slot_id = await slot.take(_at_the_door(offer, wish.quantity), free.starts_at, wish.quantity, now=now)
    await booking.check_once(slot_id, wish.receiver, actor=actor, now=now)
    taken = Taken(offer, slot_id, free.starts_at, wish.quantity)
    return await direct_booking.make(taken, sold, parties, wish.details, paid, actor=actor, now=now)


def _at_the_door(offer: Offer, quantity: int) -> Offer:
    """No notice is asked of who stands there, and a time under way still counts."""
    return replace(offer, notice_hours=-(-offer.lasting(quantity) // timedelta(hours=1)) * -1)


async def _nearest(offer: Offer, quantity: int, now: datetime) -> FreeTime | None:
    today = now.astimezone(offer.calendar.zone).date()
    free = await slot.free_times(_at_the_door(offer, quantity), today, today, quantity=quantity, now=now)
    fitting = [time for time in free if time.ends_at > now and time.starts_at <= now + SOON]
    return min(fitting, key=lambda time: abs(time.starts_at - now), default=None)


def _works_on(within: Scope, sold: Sold) -> bool:
    if sold.territory_id != within.territory_id or sold.action != "book" or sold.mode != "centre":
        return False
    return sold.provider_id in within.providers or (within.is_whole and not sold.is_confidential)
