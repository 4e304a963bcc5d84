"""Another time for the same booking: its money stays held, its code stays the same."""

from datetime import datetime

from app import database
from app.domain import appointment, booking, ledger, reminder, slot
from app.domain.actor import Actor
from app.domain.booking import BookingFacts
from app.domain.errors import AlreadyClosed, FundRefuses, TooLate
from app.domain.slot import FreeTime
from app.domain.verb import Key, verb

REASONS = ("person_asks", "provider_closed", "provider_ill", "transport")  # of who moves it for somebody else


@verb
async def move(
    code: str, starts_at: datetime, *, actor: Actor, now: datetime, reason: str = "", key: Key | None = None
) -> str:
    """Takes the new time and frees the old one; the person reads who moved it, and the reason.

    Raises SlotFull, SlotNotOffered, AlreadyClosed, TooLate, FundRefuses, what `booking.check_once` raises.
    """
    found = await booking.changeable(code, actor=actor, now=now)
    _check(found, actor, now)
    assert found.slot_id is not None and found.service_place_id is not None
    offer = await slot.load_offer(found.service_place_id)
    await _check_credit(found, starts_at)
    await _claim(found)
    await slot.give_back(found.slot_id, found.seats)
    new_slot = await slot.take(offer, starts_at, found.quantity, now=now)
    await booking.check_once(new_slot, found.receiver_id, actor=actor, now=now)
    await _moved(found, new_slot, reason, actor, now)
    await reminder.moved(found.id, (), starts_at, now=now)
    await slot.keep_first_free(found.service_place_id, now=now)
    return found.code


async def times(found: BookingFacts, *, now: datetime, limit: int = 12) -> list[FreeTime]:
    """Where this booking can move to at its own place, soonest first."""
    assert found.service_place_id is not None
    had = await appointment.times_of(found.receiver_id, found.service_place_id)
    free = await slot.next_times(found.service_place_id, quantity=found.quantity, now=now, limit=limit + len(had))
    return [time for time in free if time.starts_at not in had][:limit]


def _check(found: BookingFacts, actor: Actor, now: datetime) -> None:
    if not found.is_open or found.slot_id is None:
        raise AlreadyClosed()
    is_person = actor.kind != "staff"
    if is_person and found.cancel_until is not None and now > found.cancel_until:
        raise TooLate(hours=found.cancel_hours)


async def _check_credit(found: BookingFacts, starts_at: datetime) -> None:
    """A credit that is judged on the service's day must still be good on the new one."""
    expired = await database.row(
        "SELECT f.public_name FROM transfer h JOIN purse p ON p.account_id = h.debit_account_id "
        "JOIN fund f ON f.id = p.fund_id WHERE h.booking_id = {} AND h.kind = 'hold' AND f.validity_day = 'service' "
        "AND p.expires_on < {} AND NOT EXISTS (SELECT 1 FROM transfer r WHERE r.hold_id = h.id)",
        found.id,
        ledger.day(starts_at),
    )
    if expired is not None:
        raise FundRefuses(rule="expired_service_day", fund=expired["public_name"])


async def _claim(found: BookingFacts) -> None:
    """Of several who move or close it at the same moment one goes on, before anything is given back."""
    claimed = await database.rows(
        "UPDATE booking SET sequence = sequence + 1 WHERE id = {} AND slot_id = {} "
        "AND state IN ('requested', 'awaiting', 'confirmed') RETURNING id",
        found.id,
        found.slot_id,
    )
    if not claimed:
        raise AlreadyClosed()


async def _moved(found: BookingFacts, new_slot: int, reason: str, actor: Actor, now: datetime) -> None:
    await database.execute("UPDATE booking SET slot_id = {} WHERE id = {}", new_slot, found.id)
    await database.execute(
        "INSERT INTO move (booking_id, from_slot_id, to_slot_id, by_kind, by_id, at) VALUES ({}, {}, {}, {}, {}, {})",
        found.id,
        found.slot_id,
        new_slot,
        actor.kind,
        actor.id,
        now,
    )
    await booking.record("moved", found, actor=actor, now=now, why=reason)
