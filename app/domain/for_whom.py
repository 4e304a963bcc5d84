"""Saying for whom a time is held: with the time itself, or after it."""

from datetime import datetime

from app.domain import booking, checkout, slot_hold
from app.domain.actor import Actor
from app.domain.verb import Key, verb


@verb
async def hold(
    service_place_id: int,
    starts_at: datetime,
    quantity: int,
    receiver: int,
    *,
    actor: Actor,
    now: datetime,
    key: Key | None = None,
) -> int:
    """Whoever has signed in says the time and whom it is for at once; the hold's id.

    Raises what `slot_hold.hold` and `choose` raise.
    """
    held = await slot_hold.place(actor.session_id, service_place_id, starts_at, quantity, now=now)
    await _receives(held, receiver, actor, now)
    return held


@verb
async def choose(hold_id: int, receiver: int, *, actor: Actor, now: datetime, key: Key | None = None) -> int:
    """For the person themselves, or somebody they may book for.

    Raises what `eligibility.check` and `booking.check_once` raise.
    """
    await _receives(hold_id, receiver, actor, now)
    return hold_id


async def _receives(hold_id: int, receiver: int, actor: Actor, now: datetime) -> None:
    held = await slot_hold.load(hold_id, actor.session_id)
    parties = await checkout.parties_for(actor, receiver, now)
    sold = await checkout.sold_to(held.service_id, receiver, held.starts_at)
    await checkout.check_receiver(receiver, sold, held.starts_at)
    await booking.check_once(held.slot_id, receiver, actor=actor, now=now)
    await checkout.set_parties(held.id, parties, now=now)
