"""One try on one channel. What is told to the outside is written down before and after, never around it."""

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, TypeAlias
from zoneinfo import ZoneInfo

from app import database
from app.domain import call, contact, message, reminder, vault
from app.domain.contact import Channel
from app.domain.message import Due, New

RECEIPT_WITHIN = timedelta(minutes=15)
BACK_OFF = (timedelta(seconds=30), timedelta(minutes=2), timedelta(minutes=10), timedelta(hours=1))
STANDING = {
    "confirmed": ("requested", "awaiting", "confirmed"),
    "reminder": ("confirmed",),
    "moved": ("awaiting", "confirmed"),
    "cancelled": ("cancelled", "refused"),
    "answered": ("confirmed", "refused", "cancelled"),
}


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
    """`others` are reminders told in the same message. `tag` is the same however often it is sent again: a phone
    replaces what it shows, a mailbox knows it."""

    due: Due
    way: Way
    reference: str
    first: int
    others: tuple[Due, ...] = ()

    @property
    def tag(self) -> str:
        return tag_of(self.first)

    @property
    def letter(self) -> str:
        """Its Message-ID before the @: a letter that comes back says which it was, and nobody can invent one."""
        return f"{self.tag}.{self.first}"

    @property
    def message_ids(self) -> list[int]:
        return [self.due.id, *(other.id for other in self.others)]

    @property
    def useless_after(self) -> datetime:
        return min(one.useless_after for one in (self.due, *self.others))


@dataclass(frozen=True, slots=True)
class Try:
    state: str
    reference: str


Tries: TypeAlias = dict[str, Try]  # by channel


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


def is_rung(own: Sequence[Way]) -> bool:
    """The telephone is all there is."""
    return bool(own) and all(way.channel == "call" for way in own)


async def begin(due: Due, *, now: datetime) -> Attempt | None:
    """Decides, in one transaction, what this worker does with a leased message: the try it may make, or None.

    None: it no longer stands, it is of no use any more, it is night, or nothing is left but a call.
    """
    return await database.write(lambda: _begin(due, now))


async def _begin(due: Due, now: datetime) -> Attempt | None:
    held = await message.held_with(due, due.due_at + reminder.TOGETHER, now)
    if not held or await _is_over(due, now):
        return None
    if morning := await _night_until(due, now):
        await message.wait(due.id, morning)
        return None
    own, tried = await ways(due.person_id), await _tried([one.id for one in held])
    way = _next_way(own, tried.get(due.id, {}))
    if way is None:
        await message.close(due.id, await _without_channel(due, own), now)
        return None
    until = max(now, min(one.due_at for one in held) + reminder.TOGETHER)
    near = [other for other in held[1:] if other.due_at <= until]
    alike = [other for other in near if _is_alike(tried, way.channel, due.id, other.id)]
    return await _attempt(due, await _still_true(due, alike, now), way, tried, now)


def _next_way(own: Sequence[Way], tried: Tries) -> Way | None:
    fresh = Try("sending", "")
    return next((w for w in own if w.channel != "call" and tried.get(w.channel, fresh).state == "sending"), None)


def _is_alike(tried: Mapping[int, Tries], channel: Channel, one: int, other: int) -> bool:
    """Both came the same way so far: neither begun on this channel, or cut off within the same message."""
    mine, theirs = tried.get(one, {}), tried.get(other, {})
    return mine.keys() == theirs.keys() and mine.get(channel) == theirs.get(channel)


async def _still_true(due: Due, others: Sequence[Due], now: datetime) -> tuple[Due, ...]:
    """One of each appointment, and only what is still of use; the rest is closed, each for itself."""
    kept, bookings = list[Due](), {due.booking_id}
    for other in others:
        if other.booking_id not in bookings and not await _is_over(other, now):
            bookings.add(other.booking_id)
            kept.append(other)
    await message.take_along(due, kept, now)
    return tuple(kept)


async def _is_over(due: Due, now: datetime) -> bool:
    """Closes what does not stand any more, and what comes too late."""
    if not await _stands(due, now):
        await message.close(due.id, "cancelled", now)
    elif due.booking_id and not await reminder.may_hear(due.booking_id, due.person_id, now):
        await message.close(due.id, "cancelled", now)
        news = New(due.kind, due.person_id, due.due_at, due.useless_after, due.lead_hours)
        await reminder.hand_on(due.booking_id, news, now=now)
    elif now >= due.useless_after:
        await message.close(due.id, await _how_it_ended(due.id), now)
    else:
        return False
    return True


async def _attempt(due: Due, others: tuple[Due, ...], way: Way, tried: Mapping[int, Tries], now: datetime) -> Attempt:
    """The rows of a try that was cut off before its end are used again, with the reference they had."""
    cut_off = tried.get(due.id, {}).get(way.channel)
    reference = cut_off.reference if cut_off else secrets.token_urlsafe(12)
    ids = [due.id, *(other.id for other in others)]
    if cut_off:
        await database.execute("UPDATE delivery SET tried_at = {} WHERE reference = {}", now, reference)
        ids.append(await database.scalar("SELECT min(message_id) FROM delivery WHERE reference = {}", reference))
    else:
        places = ", ".join(["({}, {}, 'sending', {}, {})"] * len(ids))
        await database.execute(
            f"INSERT INTO delivery (message_id, channel, state, reference, tried_at) VALUES {places}",
            *(value for one in ids for value in (one, way.channel, reference, now)),
        )
    return Attempt(due, way, reference, min(ids), others)


async def sent(attempt: Attempt, *, has_arrived: bool, texts_tell: bool = False, now: datetime) -> None:
    """The gateway took it. A push still has to prove that it was shown, a text that it came where `texts_tell`."""
    is_waited_for = attempt.way.channel == "push" or (attempt.way.channel == "sms" and texts_tell)

    async def record() -> None:
        if not await _set(attempt.reference, "received" if has_arrived else "sent", "", now if has_arrived else None):
            return
        for number in attempt.message_ids:
            if has_arrived:
                await message.close(number, "received", now)
            elif is_waited_for:
                await message.wait(number, now + RECEIPT_WITHIN)
            else:
                await message.close(number, "sent", now)

    await database.write(record)


async def failed(attempt: Attempt, detail: str, *, now: datetime) -> None:
    """This channel is of no use: the next one's turn is now."""

    async def record() -> None:
        await _set(attempt.reference, "failed", detail, None)
        for number in attempt.message_ids:
            await message.wait(number, now)

    await database.write(record)


async def put_off(attempt: Attempt, detail: str, after: timedelta, *, now: datetime) -> None:
    """The same channel again later; where that would be too late, the next channel at once."""
    again = now + max(after, BACK_OFF[min(attempt.due.tries, len(BACK_OFF)) - 1])
    if again >= attempt.useless_after:
        await failed(attempt, detail, now=now)
        return

    async def record() -> None:
        await database.execute("UPDATE delivery SET detail = {} WHERE reference = {}", detail[:200], attempt.reference)
        for number in attempt.message_ids:
            await message.wait(number, again)

    await database.write(record)


async def _set(reference: str, state: str, detail: str, received_at: datetime | None) -> bool:
    """False where a receipt or a status came before the gateway's own answer: that stands."""
    found = await database.rows(
        "UPDATE delivery SET state = {}, detail = {}, received_at = {} WHERE reference = {} AND state = 'sending' "
        "RETURNING id",
        state,
        detail[:200],
        received_at,
        reference,
    )
    return bool(found)


async def _stands(due: Due, now: datetime) -> bool:
    """What the message says is still true, and whom it tells was not erased."""
    if await vault.key_of(due.person_id) is None:
        return False
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


async def _without_channel(due: Due, own: Sequence[Way]) -> Literal["sent", "to_call", "failed", "cancelled"]:
    can_ring = any(way.channel in ("call", "sms") for way in own)
    ended = await _how_it_ended(due.id)
    if can_ring and await call.comes_again(due):
        return "sent" if ended == "sent" else "cancelled"
    return "to_call" if can_ring and due.kind not in call.NOT_WORTH_IT else ended


async def _how_it_ended(message_id: int) -> Literal["sent", "failed"]:
    tried = (await _tried([message_id])).get(message_id, {})
    return "sent" if any(one.state == "sent" for one in tried.values()) else "failed"


async def _tried(message_ids: Sequence[int]) -> dict[int, Tries]:
    """Of each message the last try on each channel."""
    places = ", ".join(["{}"] * len(message_ids))
    found = await database.rows(
        f"SELECT message_id, channel, state, reference FROM delivery WHERE message_id IN ({places}) ORDER BY id",
        *message_ids,
    )
    tried: dict[int, Tries] = {}
    for row in found:
        tried.setdefault(row["message_id"], {})[row["channel"]] = Try(row["state"], row["reference"])
    return tried


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
