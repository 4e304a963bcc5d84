"""What happens at the door: arrived, absent, undone, called off by the centre. Every event keeps its row."""

from datetime import datetime, timedelta

from app import database
from app.domain import booking, cancellation, purse, reminder
from app.domain.actor import Actor
from app.domain.booking import BookingFacts
from app.domain.errors import AlreadyClosed, InvalidInput, NotFound, TooSoon
from app.domain.verb import Key, verb

ABSENCES = ("transport", "ill", "no_news", "other")
CALLED_OFF = ("provider_closed", "provider_ill", "transport")
EARLIEST = timedelta(hours=12)  # before the appointment: nobody arrives, or is missing, the day before


@verb
async def arrive(
    code: str,
    *,
    nonce: str,
    device_at: datetime,
    delivered: int | None = None,
    actor: Actor,
    now: datetime,
    key: Key | None = None,
) -> str:
    """Checks in one booking and pays the centre what was held for it.

    `delivered` (minutes of hours, meals, km) may be less than booked: the rest returns. The same `nonce` again, as an
    offline phone sends it, changes nothing. Raises AlreadyClosed, TooSoon, InvalidInput.
    """
    found = await _own(code, actor, now)
    await mark_arrived(found, nonce, actor, now, device_at, delivered)
    return found.code


@verb
async def undo(code: str, *, nonce: str, actor: Actor, now: datetime, key: Key | None = None) -> str:
    """Takes back an arrival or absence: payments are corrected by new transfers and the credit is held again.

    Raises AlreadyClosed, what `booking.check_once` raises.
    """
    found = await _own(code, actor, now)
    await mark_undone(found, nonce, actor, now)
    return found.code


@verb
async def absent(code: str, reason: str, *, nonce: str, actor: Actor, now: datetime, key: Key | None = None) -> str:
    """Did not come: the credit returns to its purses; why is kept for the centre, never shown to funders."""
    if reason not in ABSENCES:
        raise InvalidInput(field="reason")
    found = await _own(code, actor, now)
    _check_day(found, now)
    if await _event(found, "absent", nonce, actor, now, now, reason=reason):
        await _set_state(found, ("confirmed",), "absent", now)
        await purse.void_all(found.id, by="person", actor=actor, now=now, reason="absent")
        await booking.record("absent", found, actor=actor, now=now)
    return found.code


@verb
async def call_off(code: str, reason: str, *, nonce: str, actor: Actor, now: datetime, key: Key | None = None) -> str:
    """The centre could not do it: the credit returns, with more days where its fund says so."""
    if reason not in CALLED_OFF:
        raise InvalidInput(field="reason")
    found = await _own(code, actor, now)
    if await _event(found, "provider_cancelled", nonce, actor, now, now, reason=reason):
        await _set_state(found, ("confirmed",), "cancelled", now)
        await cancellation.free_seat(found, now=now)
        await cancellation.record(found, "provider", reason, actor, now)
        await purse.void_all(found.id, by="provider", actor=actor, now=now, reason="cancelled.provider")
        await reminder.cancel(found.id, now)
    return found.code


async def full_measure(booking_id: int) -> int:
    """All that was booked, in the measure of `delivered`."""
    return int(
        await database.scalar(
            "SELECT b.quantity * CASE WHEN v.unit = 'hour' THEN v.minutes ELSE 1 END FROM booking b "
            "JOIN service v ON v.id = b.service_id WHERE b.id = {}",
            booking_id,
        )
    )


async def mark_arrived(
    found: BookingFacts, nonce: str, actor: Actor, now: datetime, device_at: datetime, delivered: int | None = None
) -> None:
    """A step, which does nothing where this very arrival was recorded before."""
    _check_day(found, device_at)
    if await _event(found, "arrived", nonce, actor, now, device_at, delivered=delivered):
        await _arrived(found, delivered, actor, now)


async def mark_undone(found: BookingFacts, nonce: str, actor: Actor, now: datetime) -> None:
    """A step, which does nothing where this very correction was recorded before."""
    if not await _event(found, "undone", nonce, actor, now, now):
        return
    if found.state == "absent" and found.slot_id is not None:  # whose time may be booked again since
        await booking.check_once(found.slot_id, found.receiver_id, actor=actor, now=now)
    await _set_state(found, ("arrived", "absent"), "confirmed", None)
    engaged = await purse.reopen_all(found.id, actor=actor, now=now)
    await database.execute("UPDATE booking SET own = price - {}, delivered = NULL WHERE id = {}", engaged, found.id)
    await database.execute(
        "UPDATE collection SET undone_at = {} WHERE booking_id = {} AND undone_at IS NULL", now, found.id
    )
    await booking.record("undone", found, actor=actor, now=now)


def is_too_soon(starts_at: datetime, at: datetime) -> bool:
    return starts_at - at > EARLIEST


def _check_day(found: BookingFacts, at: datetime) -> None:
    if found.starts_at is not None and is_too_soon(found.starts_at, at):
        raise TooSoon()


async def _arrived(found: BookingFacts, delivered: int | None, actor: Actor, now: datetime) -> None:
    await _set_state(found, ("confirmed",), "arrived", now)
    delivered_cents = await _deliver(found, delivered) if delivered is not None else None
    paid = await purse.post_all(found.id, delivered_cents, actor=actor, now=now)
    if delivered_cents is not None:
        await database.execute("UPDATE booking SET own = {} WHERE id = {}", delivered_cents - paid, found.id)
    await booking.record("arrived", found, actor=actor, now=now)


async def _deliver(found: BookingFacts, delivered: int) -> int | None:
    """The price of what was really delivered, never more than was booked; None when it was all."""
    full = await full_measure(found.id)
    if not 0 < delivered <= full:
        raise InvalidInput(field="delivered", most=full)
    if delivered == full:
        return None
    await database.execute("UPDATE booking SET delivered = {} WHERE id = {}", delivered, found.id)
    return found.price_cents * delivered // full


async def is_recorded(nonce: str) -> bool:
    return await database.scalar("SELECT 1 FROM check_in WHERE nonce = {}", nonce) is not None


async def last_marked_by(booking_id: int) -> int:
    """The staff member; 0 where nobody has."""
    return int(
        await database.scalar(
            "SELECT staff_id FROM check_in WHERE booking_id = {} ORDER BY id DESC LIMIT 1", booking_id
        )
        or 0
    )


async def _own(code: str, actor: Actor, now: datetime) -> BookingFacts:
    found = await booking.visible(code, actor=actor, now=now)
    if actor.kind != "staff":
        raise NotFound()
    return found


async def _event(
    found: BookingFacts,
    kind: str,
    nonce: str,
    actor: Actor,
    now: datetime,
    device_at: datetime,
    *,
    delivered: int | None = None,
    reason: str = "",
) -> bool:
    """False where this very event was recorded before."""
    made = await database.rows(
        "INSERT INTO check_in (booking_id, kind, delivered, reason, staff_id, at, device_at, nonce) "
        "VALUES ({}, {}, {}, {}, {}, {}, {}, {}) ON CONFLICT (nonce) DO NOTHING RETURNING id",
        found.id,
        kind,
        delivered,
        reason,
        actor.id,
        now,
        device_at,
        nonce,
    )
    return bool(made)


async def _set_state(found: BookingFacts, allowed: tuple[str, ...], state: str, closed_at: datetime | None) -> None:
    places = ", ".join(["{}"] * len(allowed))
    changed = await database.rows(
        f"UPDATE booking SET state = {{}}, closed_at = {{}} WHERE id = {{}} AND state IN ({places}) RETURNING id",
        state,
        closed_at,
        found.id,
        *allowed,
    )
    if not changed:
        raise AlreadyClosed()
