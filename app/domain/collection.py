"""A person's own share: an amount due on one booking, paid to the centre. Unpaid never touches the public part."""

from datetime import datetime
from typing import Literal

from app import database
from app.domain import booking
from app.domain.actor import Actor
from app.domain.errors import AlreadyClosed, NotFound
from app.domain.verb import Key, verb

Method = Literal["cash", "card", "not_paid"]
METHODS: tuple[Method, ...] = ("cash", "card", "not_paid")


@verb
async def collect(code: str, method: Method, *, actor: Actor, now: datetime, key: Key | None = None) -> str:
    """Notes how the own share was paid, or that it was not. Raises AlreadyClosed where nothing is due."""
    found = await booking.visible(code, actor=actor, now=now)
    if actor.kind != "staff":
        raise NotFound()
    if not await _is_locked(found.id) or (due := await due_cents(found.id)) <= 0:
        raise AlreadyClosed()
    await database.execute(
        "INSERT INTO collection (booking_id, amount, method, staff_id, at) VALUES ({}, {}, {}, {}, {})",
        found.id,
        due,
        method,
        actor.id,
        now,
    )
    return found.code


async def _is_locked(booking_id: int) -> bool:
    """Two who collect at once meet here; only who arrived owes anything."""
    found = await database.rows(
        "UPDATE booking SET own = own WHERE id = {} AND state = 'arrived' RETURNING id", booking_id
    )
    return bool(found)


async def due_cents(booking_id: int) -> int:
    """What is still to collect: the own share less what was paid; a note 'not paid' leaves it due."""
    due = await database.scalar(
        "SELECT b.own - coalesce((SELECT sum(c.amount) FROM collection c WHERE c.booking_id = b.id "
        "AND c.undone_at IS NULL AND c.method <> 'not_paid'), 0) FROM booking b WHERE b.id = {}",
        booking_id,
    )
    return int(due or 0)
