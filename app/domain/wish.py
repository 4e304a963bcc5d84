"""Up to three wished times, chosen while there may be no line: the first that is free on arrival becomes a booking."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from app.domain import booking, checkout, direct_booking, pin, reminder, slot, split
from app.domain.actor import Actor
from app.domain.direct_booking import Taken
from app.domain.errors import NoTimeLeft, SlotFull, SlotNotOffered
from app.domain.slot import FreeTime, Offer
from app.domain.verb import Key, verb

MOST = 3  # times in one wish
LOOKED_AT = timedelta(days=14)  # around a wish, for what is near it


@dataclass(frozen=True, slots=True)
class Wish:
    """`times` in the order of preference; `details` are named as in `checkout.details`, and 'note'."""

    service_place_id: int
    times: tuple[datetime, ...]
    quantity: int
    receiver: int
    details: dict[str, str]


@verb
async def book(wish: Wish, shown: str, *, actor: Actor, now: datetime, key: Key | None = None) -> str:
    """The booking's code. `shown` is the mark of the split that was read: nothing else is ever paid.

    Raises NoTimeLeft when none of the times is free, SplitChanged, PinNeeded, NotFound for whom this person may not
    book for, what `eligibility.check` and `booking.check_once` raise.
    """
    offer = await slot.load_offer(wish.service_place_id)
    parties = await checkout.parties_for(actor, wish.receiver, now)
    slot_id, starts_at = await _take_first(offer, wish, now)
    await booking.check_once(slot_id, wish.receiver, actor=actor, now=now)
    sold = await checkout.sold_to(offer.service_id, wish.receiver, starts_at)
    await checkout.check_receiver(wish.receiver, sold, starts_at)
    paid = await direct_booking.would_pay(sold, wish.quantity, parties, starts_at, now=now)
    split.confirm(paid, shown)
    await pin.require(actor, now=now, spends_cents=paid.credit_cents)
    taken = Taken(offer, slot_id, starts_at, wish.quantity, "awaiting" if sold.needs_approval else "confirmed")
    made = await direct_booking.make(taken, sold, parties, wish.details, paid, actor=actor, now=now)
    if actor.session_id:
        await booking.grant(actor.session_id, made.id, now=now)
    await reminder.plan(made.id, (), starts_at, now=now)
    return made.code


async def nearest(wish: Wish, *, now: datetime) -> list[FreeTime]:
    """Free times as near as can be to what was wished, the nearest first; as many as a wish can hold."""
    offer = await slot.load_offer(wish.service_place_id)
    earliest, latest = offer.window(now)
    wished = [min(max(time, earliest), latest) for time in wish.times]
    days = [time.astimezone(offer.calendar.zone).date() for time in (min(wished) - LOOKED_AT, max(wished) + LOOKED_AT)]
    free = await slot.free_times(offer, *days, quantity=wish.quantity, now=now)
    free = free or await slot.coming(offer, quantity=wish.quantity, now=now)
    return sorted(free, key=lambda time: min(abs(time.starts_at - one) for one in wished))[:MOST]


async def _take_first(offer: Offer, wish: Wish, now: datetime) -> tuple[int, datetime]:
    for starts_at in wish.times:
        try:
            return await slot.take(offer, starts_at.astimezone(UTC), wish.quantity, now=now), starts_at
        except (SlotFull, SlotNotOffered):
            continue  # nothing that counts was written yet
    raise NoTimeLeft()
