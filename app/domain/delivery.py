"""One try on one channel. What is told to the outside is written down before and after, never around it."""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from app import database
from app.domain import contact, message, reminder, vault
from app.domain.actor import Actor
from app.domain.contact import Channel
from app.domain.errors import NotFound
from app.domain.message import Due
from app.domain.verb import Key, verb

RECEIPT_WITHIN = timedelta(minutes=15)
BACK_OFF = (timedelta(seconds=30), timedelta(minutes=2), timedelta(minutes=10), timedelta(hours=1))
STANDING = {
    "confirmed": ("requested", "awaiting", "confirmed"),
    "reminder": ("confirmed",),
    "moved": ("awaiting", "confirmed"),
    "cancelled": ("cancelled", "refused"),
    "answered": ("confirmed", "refused", "cancelled"),
}
NOT_WORTH_A_CALL = ("confirmed", "new_device")


@dataclass(frozen=True, slots=True)
class Phone:
    """A push subscription: where its service listens and the keys of its browser."""

    id: int
    endpoint: str
    p256dh: str
    auth: str


@dataclass(frozen=True, slots=True)
class Way:
    """A channel of this person's, in their order; `phones` for push, `value` an address or number for the others."""

    channel: Channel
    value: str = ""
    phones: tuple[Phone, ...] = ()


@dataclass(frozen=True, slots=True)
class Attempt:
    """`tag` is the same however often a message is sent again: a phone replaces what it shows, a mailbox knows it."""

    delivery_id: int
    due: Due
    way: Way
    reference: str

    @property
    def tag(self) -> str:
        return tag_of(self.due.id)


def tag_of(message_id: int) -> str:
    return hashlib.sha256(vault.peppered("message", str(message_id)).encode()).hexdigest()[:24]


def is_mobile(number: str) -> bool:
    """Where a text can arrive: Italian mobile numbers start with 3, landlines with 0; abroad we cannot tell."""
    digits = "".join(c for c in number if c.isdigit())
    if number.strip().startswith(("+", "00")):
        digits = digits.removeprefix("00") if number.strip().startswith("00") else digits
        if not digits.startswith("39"):
            return len(digits) >= 8
        digits = digits[2:]
    return digits.startswith("3") and len(digits) >= 9


async def ways(person_id: int) -> list[Way]:
    """Every channel that can reach this person, in their own order; a subscribed phone nobody ordered comes first."""
    phones = await _phones(person_id)
    found: list[Way] = []
    for one in await contact.of(person_id):
        if one.channel == "push":
            found += [Way("push", one.value, phones)] if phones else []
        elif one.channel == "sms" and not is_mobile(one.value):
            found.append(Way("call", one.value))
        elif one.value:
            found.append(Way(one.channel, one.value))
    if phones and all(way.channel != "push" for way in found):
        found.insert(0, Way("push", "", phones))
    return found


async def begin(due: Due, *, now: datetime) -> Attempt | None:
    """Decides, in one transaction, what this worker does with a leased message: the try it may make, or None.

    None: it no longer stands, it is of no use any more, it is night, or nothing is left but a call.
    """
    return await database.write(lambda: _begin(due, now))


async def _begin(due: Due, now: datetime) -> Attempt | None:
    if not await _is_due(due.id):
        return None
    if not await _stands(due, now):
        await message.close(due.id, "cancelled", now)
        return None
    if now >= due.useless_after:
        await message.close(due.id, await _how_it_ended(due.id), now)
        return None
    if morning := await _night_until(due, now):
        await message.wait(due.id, morning)
        return None
    return await _next_try(due, now)


async def _next_try(due: Due, now: datetime) -> Attempt | None:
    own = await ways(due.person_id)
    tried = await _tried(due.id)
    for way in own:
        if way.channel != "call" and tried.get(way.channel, "sending") == "sending":
            return await _attempt(due, way, now)
    await message.close(due.id, await _without_channel(due, own), now)
    return None


async def _attempt(due: Due, way: Way, now: datetime) -> Attempt:
    """The row of a try that was cut off before its end is used again, with the reference it had."""
    cut_off = await database.row(
        "UPDATE delivery SET tried_at = {} WHERE message_id = {} AND channel = {} AND state = 'sending' "
        "RETURNING id, reference",
        now,
        due.id,
        way.channel,
    )
    if cut_off:
        return Attempt(cut_off["id"], due, way, cut_off["reference"])
    reference = secrets.token_urlsafe(12)
    made = await database.scalar(
        "INSERT INTO delivery (message_id, channel, state, reference, tried_at) "
        "VALUES ({}, {}, 'sending', {}, {}) RETURNING id",
        due.id,
        way.channel,
        reference,
        now,
    )
    return Attempt(made, due, way, reference)


async def sent(attempt: Attempt, *, has_arrived: bool, now: datetime) -> None:
    """The gateway took it. A push still has to prove that it was shown."""

    async def record() -> None:
        await _set(attempt.delivery_id, "received" if has_arrived else "sent", "", now if has_arrived else None)
        if has_arrived:
            await message.close(attempt.due.id, "received", now)
        elif attempt.way.channel == "push":
            await message.wait(attempt.due.id, now + RECEIPT_WITHIN)
        else:
            await message.close(attempt.due.id, "sent", now)

    await database.write(record)


async def failed(attempt: Attempt, detail: str, *, now: datetime) -> None:
    """This channel is of no use: the next one's turn is now."""

    async def record() -> None:
        await _set(attempt.delivery_id, "failed", detail, None)
        await message.wait(attempt.due.id, now)

    await database.write(record)


async def put_off(attempt: Attempt, detail: str, after: timedelta, *, now: datetime) -> None:
    """The same channel again later; where that would be too late, the next channel at once."""
    again = now + max(after, BACK_OFF[min(attempt.due.tries, len(BACK_OFF)) - 1])
    if again >= attempt.due.useless_after:
        await failed(attempt, detail, now=now)
        return

    async def record() -> None:
        await database.execute("UPDATE delivery SET detail = {} WHERE id = {}", detail[:200], attempt.delivery_id)
        await message.wait(attempt.due.id, again)

    await database.write(record)


@verb
async def receive(reference: str, *, actor: Actor, now: datetime, key: Key | None = None) -> None:
    """The phone has shown it; saying so twice is harmless. Raises NotFound."""
    found = await database.row(
        "UPDATE delivery SET state = 'received', received_at = coalesce(received_at, {}) "
        "WHERE reference = {} AND channel = 'push' RETURNING message_id",
        now,
        reference,
    )
    if found is None:
        raise NotFound()
    await message.close(found["message_id"], "received", now)


async def _set(delivery_id: int, state: str, detail: str, received_at: datetime | None) -> None:
    """Never takes back a receipt that came before the gateway's own answer."""
    await database.execute(
        "UPDATE delivery SET state = {}, detail = {}, received_at = {} WHERE id = {} AND state <> 'received'",
        state,
        detail[:200],
        received_at,
        delivery_id,
    )


async def _is_due(message_id: int) -> bool:
    locking = "FOR UPDATE" if database.DB.engine_type == "postgres" else ""
    state = await database.scalar(f"SELECT state FROM message WHERE id = {{}} {locking}", message_id)
    return bool(state == "due")


async def _stands(due: Due, now: datetime) -> bool:
    """What the message says is still true."""
    if due.booking_id is None:
        return True
    found = await database.row(
        "SELECT b.state, s.starts_at FROM booking b LEFT JOIN slot s ON s.id = b.slot_id WHERE b.id = {}",
        due.booking_id,
    )
    if found is None or found["state"] not in STANDING.get(due.kind, (found["state"],)):
        return False
    if due.kind != "reminder":
        return True
    is_of_this_time = found["starts_at"] and reminder.useless_after(found["starts_at"]) == due.useless_after
    return bool(is_of_this_time) and not await database.scalar(_NEWER, due.booking_id, due.person_id, due.due_at, now)


async def _night_until(due: Due, now: datetime) -> datetime | None:
    name = await database.scalar(_ZONE, due.booking_id, due.person_id)
    zone = ZoneInfo(name or "Europe/Rome")
    return None if due.kind == "new_device" else reminder.waits_until(due.due_at, now, zone)


async def _without_channel(due: Due, own: Sequence[Way]) -> Literal["sent", "to_call", "failed"]:
    can_ring = any(way.channel in ("call", "sms") for way in own)
    return "to_call" if can_ring and due.kind not in NOT_WORTH_A_CALL else await _how_it_ended(due.id)


async def _how_it_ended(message_id: int) -> Literal["sent", "failed"]:
    return "sent" if "sent" in (await _tried(message_id)).values() else "failed"


async def _tried(message_id: int) -> dict[str, str]:
    found = await database.rows("SELECT channel, state FROM delivery WHERE message_id = {} ORDER BY id", message_id)
    return {row["channel"]: row["state"] for row in found}


async def _phones(person_id: int) -> tuple[Phone, ...]:
    found = await database.rows(
        "SELECT id, endpoint, p256dh, auth FROM push_subscription WHERE person_id = {} AND ended_at IS NULL "
        "ORDER BY id DESC",
        person_id,
    )
    return tuple(Phone(**row) for row in found)


# After a long silence only the latest reminder is told.
_NEWER = """
SELECT id FROM message WHERE booking_id = {} AND person_id = {} AND kind = 'reminder' AND state <> 'cancelled'
AND due_at > {} AND due_at <= {} LIMIT 1
"""
_ZONE = """
SELECT t.zone FROM territory t
WHERE t.id = coalesce((SELECT territory_id FROM booking WHERE id = {}),
  (SELECT min(territory_id) FROM enrolment WHERE person_id = {}))
"""
