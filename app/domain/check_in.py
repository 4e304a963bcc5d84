"""What happens at the door: arrived, absent, undone, called off by the centre. Every event keeps its row."""

from datetime import datetime

from app import database
from app.domain import booking, cancellation, purse, reminder
from app.domain.actor import Actor
from app.domain.booking import BookingFacts
from app.domain.errors import AlreadyClosed, InvalidInput, NotFound
from app.domain.verb import Key, verb

ABSENCES = ("transport", "ill", "no_news", "other")


@verb
async def arrive(
    codes: list[str],
    *,
    nonce: str,
    device_at: datetime,
    delivered: int | None = None,
    actor: Actor,
    now: datetime,
    key: Key | None = None,
) -> int:
    """Checks in one or several at once and pays the centre what was held for them; how many changed.

    `delivered` (hours, meals, km; only with one code) may be less than booked: the rest returns. The same `nonce`
    again, as an offline phone sends it, changes nothing.
    """
    changed = 0
    for position, typed in enumerate(codes):
        found = await _own(typed, actor, now)
        if await _event(found, "arrived", f"{nonce}:{position}", actor, now, device_at, delivered=delivered):
            await _arrived(found, delivered, actor, now)
            changed += 1
    return changed


@verb
async def undo(code: str, *, nonce: str, actor: Actor, now: datetime, key: Key | None = None) -> str:
    """Takes back an arrival or absence: payments are corrected by new transfers and the credit is held again."""
    found = await _own(code, actor, now)
    if found.state not in ("arrived", "absent"):
        raise AlreadyClosed()
    if await _event(found, "undone", nonce, actor, now, now):
        await _set_state(found, ("arrived", "absent"), "confirmed", None)
        await purse.reopen_all(found.id, actor=actor, now=now)
        await database.execute(
            "UPDATE collection SET undone_at = {} WHERE booking_id = {} AND undone_at IS NULL", now, found.id
        )
    return found.code


@verb
async def absent(code: str, reason: str, *, nonce: str, actor: Actor, now: datetime, key: Key | None = None) -> str:
    """Did not come: the credit returns to its purses; why is kept for the centre, never shown to funders."""
    found = await _own(code, actor, now)
    if await _event(found, "absent", nonce, actor, now, now, reason=reason):
        await _set_state(found, ("confirmed",), "absent", now)
        await purse.void_all(found.id, by="person", actor=actor, now=now, reason="absent")
        await booking.record("absent", found, actor=actor, now=now)
    return found.code


@verb
async def call_off(code: str, *, nonce: str, actor: Actor, now: datetime, key: Key | None = None) -> str:
    """The centre could not do it: the credit returns, with more days where its fund says so."""
    found = await _own(code, actor, now)
    if await _event(found, "provider_cancelled", nonce, actor, now, now):
        await _set_state(found, ("confirmed",), "cancelled", now)
        await cancellation.free_seat(found, now=now)
        await purse.void_all(found.id, by="provider", actor=actor, now=now, reason="cancelled.provider")
        await reminder.cancel(found.id, now)
        await booking.record("called_off", found, actor=actor, now=now)
    return found.code


async def _arrived(found: BookingFacts, delivered: int | None, actor: Actor, now: datetime) -> None:
    await _set_state(found, ("confirmed",), "arrived", now)
    delivered_cents = None
    if delivered is not None and delivered != found.quantity:
        delivered_cents = await _deliver(found, delivered)
    paid = await purse.post_all(found.id, delivered_cents, actor=actor, now=now)
    if delivered_cents is not None:
        await database.execute("UPDATE booking SET own = {} WHERE id = {}", delivered_cents - paid, found.id)
    await booking.record("arrived", found, actor=actor, now=now)


async def _deliver(found: BookingFacts, delivered: int) -> int:
    """The price of what was really delivered; never more than was booked."""
    if not 0 <= delivered <= found.quantity:
        raise InvalidInput(field="delivered", most=found.quantity)
    await database.execute("UPDATE booking SET delivered_quantity = {} WHERE id = {}", delivered, found.id)
    return found.price_cents * delivered // found.quantity


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
        "INSERT INTO check_in (booking_id, kind, delivered_quantity, reason, staff_id, at, device_at, nonce) "
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
