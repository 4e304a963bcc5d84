"""Arrivals and departures that a device at the door wrote down without a line: each is taken once, or waits.

What cannot be done as it was written is a conflict: it is kept with its reason, and a person decides
(`door_review`). So nothing that a device sends is lost, and nothing is done twice.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal

from app import database
from app.domain import booking, check_in, code, vault
from app.domain.actor import Actor
from app.domain.booking import BookingFacts
from app.domain.desk import Scope
from app.domain.errors import NotFound, Refusal
from app.domain.verb import Key, verb

Kind = Literal["arrived", "left"]
KINDS: tuple[Kind, ...] = ("arrived", "left")
LASTS = timedelta(hours=4)  # how long a device may read its list after we last saw who holds it
LONGEST_CODE = 12
_STATES = {
    "arrived": "arrived",
    "absent": "absent",
    "cancelled": "cancelled",
    "refused": "cancelled",
    "requested": "unconfirmed",
    "awaiting": "unconfirmed",
}


@dataclass(frozen=True, slots=True)
class Told:
    """What a device says: `device_ms` and `sent_ms` are its own clock, which may be wrong by days, in milliseconds.

    `pledge` is what its list came with, `listed_at` the time that the list gave for this booking, `delivered` (minutes)
    what was done at somebody's home.
    """

    nonce: str
    kind: Kind
    code: str
    pledge: str
    device_ms: int
    sent_ms: int
    listed_at: datetime | None = None
    delivered: int | None = None


@dataclass(frozen=True, slots=True)
class Pledge:
    """Who held the device when its list came, and since when."""

    staff_id: int | None
    since: datetime


async def take(told: Told, within: Scope, *, actor: Actor, now: datetime) -> str:
    """'done', 'begun' where the departure is still to come, or the conflict that somebody must look at."""
    try:
        return await _take(told, within, True, actor=actor, now=now)
    except Refusal:  # somebody decided it at this very moment, or its credit says no
        return await _take(told, within, False, actor=actor, now=now)


def pledge(actor: Actor, territory_id: int, now: datetime) -> str:
    """For the device of `actor`: it says who writes, and no device can say it for somebody else."""
    said = f"{actor.id}.{int(now.timestamp())}"
    return f"{said}.{_sign(said, territory_id)}"


def read_pledge(typed: str, territory_id: int, now: datetime) -> Pledge:
    """Of nobody known where it is not ours."""
    said, _, sign = typed.rpartition(".")
    number, _, since = said.partition(".")
    if not vault.is_same(sign, _sign(said, territory_id)):
        return Pledge(None, now - LASTS)
    return Pledge(int(number), min(now, datetime.fromtimestamp(int(since), UTC)))


def day_key(actor: Actor, day: str) -> bytes:
    """What opens a day's list on the device of this session, and of no other; it is stored nowhere here."""
    return bytes.fromhex(vault.peppered("day_list", f"{actor.id}:{actor.session_id}:{day}"))


def happened(told: Told, since: datetime, now: datetime) -> datetime:
    """By our clock: the device says how long ago, and never before its list came nor after now."""
    waited = min(max(0, told.sent_ms - told.device_ms), int((now - since) / timedelta(milliseconds=1)))
    return now - timedelta(milliseconds=waited)


def needs_departure(mode: str, unit: str) -> bool:
    """At somebody's home the hours that were really done are known when the visit ends."""
    return mode == "home" and unit == "hour"


@verb
async def _take(told: Told, within: Scope, may_do: bool, *, actor: Actor, now: datetime, key: Key | None = None) -> str:
    said = read_pledge(told.pledge, within.territory_id, now)
    nonce = f"{said.staff_id or actor.id}:{told.nonce}"
    if before := await _outcome(nonce):
        return before
    at = happened(told, said.since, now)
    found = await _visible(told.code, within, actor)
    outcome = "done" if await _is_done(found, told, nonce, said) else await _conflict(found, told, said, at, actor)
    if not outcome:
        assert found is not None
        outcome = await _done(found, told, nonce, at, actor, now) if may_do else "refused"
    made = await _keep(told, nonce, within, said, outcome, found, at, actor, now)
    return outcome if made else await _outcome(nonce)


async def _outcome(nonce: str) -> str:
    return str(await database.scalar("SELECT outcome FROM door_note WHERE nonce = {}", nonce) or "")


async def _visible(typed: str, within: Scope, actor: Actor) -> BookingFacts | None:
    try:
        found = await booking.by_code(typed)
    except NotFound:
        return None
    return found if found.territory_id == within.territory_id and booking.works_on(found, actor) else None


async def _is_done(found: BookingFacts | None, told: Told, nonce: str, said: Pledge) -> bool:
    """This very arrival, or one that the same person marked meanwhile: a device may hold an older list."""
    if await check_in.is_recorded(nonce):
        return True
    if found is None or said.staff_id is None or (found.state, told.kind) != ("arrived", "arrived"):
        return False
    return await check_in.last_marked_by(found.id) == said.staff_id


async def _conflict(found: BookingFacts | None, told: Told, said: Pledge, at: datetime, actor: Actor) -> str:
    """Why it cannot be done as it was written; '' where it can."""
    if found is None:
        return "unknown"
    if found.state in _STATES:
        return _STATES[found.state]
    if said.staff_id != actor.id:
        return "another"
    if told.listed_at is not None and told.listed_at != found.starts_at:
        return "moved"
    if found.starts_at is not None and check_in.is_too_soon(found.starts_at, at):
        return "other_day"
    if told.delivered is not None and not 0 < told.delivered <= await check_in.full_measure(found.id):
        return "measure"
    return "arrived" if told.kind == "arrived" and await began_at(found.id) else ""


async def _done(found: BookingFacts, told: Told, nonce: str, at: datetime, actor: Actor, now: datetime) -> str:
    if told.kind == "arrived" and await waits_for_departure(found):
        return "begun"
    began = await began_at(found.id)
    await check_in.mark_arrived(found, nonce, actor, now, began or at, told.delivered)
    return "done"


async def began_at(booking_id: int) -> datetime | None:
    """When somebody came to the person's home, as their device wrote it down."""
    return database.instant(
        await database.scalar(
            "SELECT min(happened_at) FROM door_note WHERE booking_id = {} AND outcome = 'begun'", booking_id
        )
    )


async def waits_for_departure(found: BookingFacts) -> bool:
    service = await database.row("SELECT mode, unit FROM service WHERE id = {}", found.service_id)
    assert service is not None
    return needs_departure(service["mode"], service["unit"])


async def _keep(
    told: Told,
    nonce: str,
    within: Scope,
    said: Pledge,
    outcome: str,
    found: BookingFacts | None,
    at: datetime,
    actor: Actor,
    now: datetime,
) -> bool:
    """False where it came twice at the same moment."""
    row = {
        "nonce": nonce,
        "territory_id": within.territory_id,
        "booking_id": found.id if found else None,
        "code": code.booking(told.code)[:LONGEST_CODE],
        "kind": told.kind,
        "delivered": told.delivered,
        "written_by": said.staff_id,
        "sent_by": actor.id,
        "device_ms": told.device_ms,
        "happened_at": at,
        "received_at": now,
        "outcome": outcome,
    }
    places = ", ".join(["{}"] * len(row))
    made = await database.rows(
        f"INSERT INTO door_note ({', '.join(row)}) VALUES ({places}) ON CONFLICT (nonce) DO NOTHING RETURNING id",
        *row.values(),
    )
    return bool(made)


def _sign(said: str, territory_id: int) -> str:
    return vault.peppered("door_pledge", f"{territory_id}:{said}")[:32]
