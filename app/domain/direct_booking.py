"""A booking made in one step, of a time that nobody held before: at the door, or wished for without a line."""

from dataclasses import dataclass
from datetime import datetime

from app.domain import booking, slot, split
from app.domain.actor import Actor
from app.domain.booking import BookingFacts
from app.domain.checkout import Parties, Sold
from app.domain.slot import Offer
from app.domain.split import Split


@dataclass(frozen=True, slots=True)
class Taken:
    """Seats of a slot that the caller's transaction has taken; `state` is what the booking begins as."""

    offer: Offer
    slot_id: int
    starts_at: datetime
    quantity: int
    state: str = "confirmed"


async def make(
    taken: Taken, sold: Sold, parties: Parties, details: dict[str, str], paid: Split, *, actor: Actor, now: datetime
) -> BookingFacts:
    """A step, after `booking.check_once`: the booking, its answers and its money. Raises what `split.hold` raises."""
    columns: dict[str, object] = {
        "service_place_id": taken.offer.id,
        "slot_id": taken.slot_id,
        "staff_id": actor.id if actor.kind == "staff" else None,
        "state": taken.state,
        "quantity": taken.quantity,
        "seats": taken.offer.seats(taken.quantity),
        "price": paid.price_cents,
        "own": paid.own_cents,
        "booked_at": now,
    }
    ends_at = taken.starts_at + taken.offer.lasting(taken.quantity)
    made = await booking.insert_row(sold, parties, details, columns, starts_at=taken.starts_at, ends_at=ends_at)
    await split.hold(paid, made.id, actor=actor, now=now)
    await slot.keep_first_free(taken.offer.id, now=now)
    await booking.record("booked", made, actor=actor, now=now)
    return made


async def would_pay(sold: Sold, quantity: int, parties: Parties, starts_at: datetime, *, now: datetime) -> Split:
    return await split.load(
        parties.payer,
        parties.receiver,
        sold.service_id,
        quantity,
        starts_at,
        now,
        booker=parties.booked_by,
        price_cents=sold.unit_cents * quantity,
    )
