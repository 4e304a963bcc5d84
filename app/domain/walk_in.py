"""Somebody comes without a booking: booked and arrived in one transaction, when there is a place now."""

from dataclasses import replace
from datetime import datetime, timedelta

from app.domain import access, booking, check_in, checkout, desk_person, slot, split
from app.domain.actor import Actor
from app.domain.booking import BookingFacts
from app.domain.checkout import Parties, Sold
from app.domain.desk import Scope
from app.domain.errors import NotFound, SlotFull
from app.domain.slot import FreeTime, Offer
from app.domain.split import Split
from app.domain.verb import Key, verb

SOON = timedelta(hours=1)


async def now_free(service_place_id: int, *, now: datetime) -> FreeTime | None:
    """The time under way with a free place, or one that begins within the hour: the nearest."""
    return await _nearest(_at_the_door(await slot.load_offer(service_place_id)), now)


async def would_pay(person_id: int, receiver: int, service_id: int, *, now: datetime) -> Split:
    parties = await desk_person.parties_for(person_id, receiver, now)
    return await _split(await checkout.sold_to(service_id, receiver, now), parties, now)


@verb
async def arrive(
    person_id: int,
    receiver: int,
    service_place_id: int,
    shown: str,
    *,
    nonce: str,
    within: Scope,
    actor: Actor,
    now: datetime,
    key: Key | None = None,
) -> str:
    """The booking's code; the place is paid like any other. Raises SlotFull, SplitChanged, what eligibility raises."""
    offer = _at_the_door(await slot.load_offer(service_place_id))
    sold = await checkout.sold_to(offer.service_id, receiver, now)
    if not _works_on(within, sold) or not await access.sees(actor, person_id):
        raise NotFound()
    parties = await desk_person.parties_for(person_id, receiver, now)
    await checkout.check_receiver(receiver, sold, now)
    paid = await _split(sold, parties, now)
    split.confirm(paid, shown)
    made = await _book(offer, sold, parties, paid, actor, now)
    await check_in.mark_arrived(made, nonce, actor, now, now)
    return made.code


async def _book(offer: Offer, sold: Sold, parties: Parties, paid: Split, actor: Actor, now: datetime) -> BookingFacts:
    free = await _nearest(offer, now)
    if free is None:
        raise SlotFull()
    columns: dict[str, object] = {
        "service_place_id": offer.id,
        "slot_id": await slot.take(offer, free.starts_at, 1, now=now),
        "staff_id": actor.id,
        "state": "confirmed",
        "quantity": 1,
        "price": paid.price_cents,
        "own": paid.own_cents,
        "booked_at": now,
    }
    made = await booking.insert_row(sold, parties, {}, columns, answers_until=free.ends_at + booking.ANSWERS_KEPT)
    await split.hold(paid, made.id, actor=actor, now=now)
    await slot.keep_first_free(offer.id, now=now)
    await booking.record("booked", made, actor=actor, now=now)
    return made


async def _split(sold: Sold, parties: Parties, now: datetime) -> Split:
    return await split.load(
        parties.payer,
        parties.receiver,
        sold.service_id,
        1,
        now,
        now,
        booker=parties.booked_by,
        price_cents=sold.unit_cents,
    )


def _at_the_door(offer: Offer) -> Offer:
    """No notice is asked of who stands there, and a time under way still counts."""
    return replace(offer, notice_hours=-(-offer.lasting(1) // timedelta(hours=1)) * -1)


async def _nearest(offer: Offer, now: datetime) -> FreeTime | None:
    today = now.astimezone(offer.calendar.zone).date()
    free = await slot.free_times(offer, today, today, now=now)
    fitting = [time for time in free if time.ends_at > now and time.starts_at <= now + SOON]
    return min(fitting, key=lambda time: abs(time.starts_at - now), default=None)


def _works_on(within: Scope, sold: Sold) -> bool:
    if sold.territory_id != within.territory_id or sold.action != "book":
        return False
    return sold.provider_id in within.providers or (within.is_whole and not sold.is_confidential)
