"""Calling a booking off: the seat, the money and the reminders go back in one transaction."""

from datetime import datetime
from typing import Literal

from app import database
from app.domain import booking, purse, reminder, slot
from app.domain.actor import Actor
from app.domain.booking import BookingFacts
from app.domain.errors import AlreadyClosed, TooLate
from app.domain.verb import Key, verb

REASONS = ("changed_mind", "ill", "transport", "other_day", "provider_closed", "provider_ill", "refused")
By = Literal["person", "provider", "staff"]


@verb
async def cancel(code: str, reason: str, *, actor: Actor, now: datetime, key: Key | None = None) -> str:
    """By the person until the hour the service names, by staff until it is closed; the booking's code.

    Raises AlreadyClosed, and TooLate with the hours of notice.
    """
    found = await booking.changeable(code, actor=actor, now=now)
    by = who(found, actor, reason)
    _check(found, by, now)
    await _close(found, "cancelled", now)
    await record(found, by, reason, actor, now)
    await purse.void_all(found.id, by=by, actor=actor, now=now, reason=f"cancelled.{by}")
    await reminder.cancel(found.id, now)
    return found.code


def who(found: BookingFacts, actor: Actor, reason: str) -> By:
    """An operator may also write down that the person cannot come."""
    if actor.kind != "staff":
        return "person"
    is_provider = reason.startswith(("provider", "refused")) and actor.holds(
        "operator", "coordinator", scope_kind="provider", scope_id=found.provider_id
    )
    return "provider" if is_provider else "staff"


async def free_seat(found: BookingFacts, *, now: datetime) -> None:
    """A step after the booking was closed: until then somebody may have moved it, and `found` names the old time."""
    now_at = await database.scalar("SELECT slot_id FROM booking WHERE id = {}", found.id)
    if now_at is not None and found.service_place_id is not None:
        await slot.give_back(now_at, found.seats)
        await slot.keep_first_free(found.service_place_id, now=now)


def _check(found: BookingFacts, by: By, now: datetime) -> None:
    if not found.is_open:
        raise AlreadyClosed()
    if by == "person" and found.cancel_until is not None and now > found.cancel_until:
        raise TooLate(hours=found.cancel_hours)


async def _close(found: BookingFacts, state: str, now: datetime) -> None:
    """Only one of two cancels at the same moment closes it."""
    closed = await database.rows(
        "UPDATE booking SET state = {}, closed_at = {}, sequence = sequence + 1 WHERE id = {} "
        "AND state IN ('requested', 'awaiting', 'confirmed') RETURNING id",
        state,
        now,
        found.id,
    )
    if not closed:
        raise AlreadyClosed()
    await free_seat(found, now=now)


async def record(found: BookingFacts, by: By, reason: str, actor: Actor, now: datetime) -> None:
    """Who called it off, when and why, inside the caller's transaction."""
    is_late = found.cancel_until is not None and now > found.cancel_until
    await database.execute(
        "INSERT INTO cancellation (booking_id, by_kind, by_id, reason, is_late, at) VALUES ({}, {}, {}, {}, {}, {})",
        found.id,
        by,
        actor.id,
        reason,
        is_late,
        now,
    )
    await booking.record("cancelled", found, actor=actor, now=now)
