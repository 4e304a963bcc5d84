"""A chosen time is kept for fifteen minutes, before anybody has said who they are."""

from dataclasses import dataclass, fields
from datetime import datetime, timedelta

from app import database
from app.domain import session, slot
from app.domain.actor import Actor
from app.domain.errors import AlreadyBooked, HoldExpired, NotFound, TooManyHolds
from app.domain.verb import Key, verb

LASTS = timedelta(minutes=15)
MOST_FOR_AN_ADDRESS = 12
MOST_FOR_AN_ADDRESS_AND_SERVICE = 4


@dataclass(frozen=True, slots=True)
class HoldFacts:
    id: int
    slot_id: int
    service_place_id: int
    service_id: int
    starts_at: datetime
    ends_at: datetime
    seats: int
    quantity: int
    expires_at: datetime
    booked_by: int | None
    receiver_id: int | None
    payer_id: int | None
    chosen_purses: str


@verb
async def hold(
    service_place_id: int,
    starts_at: datetime,
    quantity: int,
    *,
    token: str,
    address_hash: str,
    actor: Actor,
    now: datetime,
    key: Key | None = None,
) -> int:
    """Takes the time for this session and gives back the one it held before; the hold's id.

    `token` starts an anonymous session where there is none yet. Raises SlotFull, SlotNotOffered, TooManyHolds.
    """
    session_id = actor.session_id or await session.start_anonymous(token, now=now)
    return await place(session_id, service_place_id, starts_at, quantity, address_hash=address_hash, now=now)


async def place(
    session_id: int, service_place_id: int, starts_at: datetime, quantity: int, *, address_hash: str = "", now: datetime
) -> int:
    """A step: the hold itself, for a session that exists."""
    offer = await slot.load_offer(service_place_id)
    left = await _release_others(session_id, now)
    await _check_caps(offer.service_id, address_hash, now)
    slot_id = await slot.take(offer, starts_at, quantity, now=now)
    made = await database.rows(
        "INSERT INTO slot_hold (slot_id, session_id, address_hash, seats, quantity, held_at, expires_at) "
        "VALUES ({}, {}, {}, {}, {}, {}, {}) RETURNING id",
        slot_id,
        session_id,
        address_hash,
        offer.seats(quantity),
        quantity,
        now,
        now + LASTS,
    )
    for place in sorted(left | {service_place_id}):
        await slot.keep_first_free(place, now=now)
    return int(made[0]["id"])


@verb
async def extend(hold_id: int, *, actor: Actor, now: datetime, key: Key | None = None) -> int:
    """Fifteen minutes from now. Raises HoldExpired when somebody else has the time already."""
    await load(hold_id, actor.session_id)
    await _renew(hold_id, now)
    return hold_id


@verb
async def release(hold_id: int, *, actor: Actor, now: datetime, key: Key | None = None) -> str:
    """Free at once for others, and what was answered is forgotten; the service's slug, to choose another time."""
    facts = await load(hold_id, actor.session_id)
    await _end(facts.id, facts.slot_id, facts.seats, "released", now)
    await database.execute("DELETE FROM hold_detail WHERE hold_id = {}", hold_id)
    await slot.keep_first_free(facts.service_place_id, now=now)
    return str(await database.scalar("SELECT slug FROM service WHERE id = {}", facts.service_id))


async def load(hold_id: int, session_id: int) -> HoldFacts:
    """The live hold of this session; NotFound for others', AlreadyBooked or HoldExpired for one that was ended."""
    return await live(await database.row(f"SELECT {COLUMNS} {SOURCE}", hold_id, session_id))


async def live(found: database.Row | None) -> HoldFacts:
    """What `load` promises, of a row that has COLUMNS."""
    if found is None:
        raise NotFound()
    if found["ended_by"] == "booked" and (code := await _booked(found["id"])):
        raise AlreadyBooked(code=code)
    if found["ended_by"]:
        raise HoldExpired(slug=found["slug"])
    return HoldFacts(**{field.name: found[field.name] for field in fields(HoldFacts)})


async def keep(facts: HoldFacts, *, now: datetime) -> None:
    """A hold past its time is still good while nobody else took the place, who would have ended it."""
    if facts.expires_at <= now:
        await _renew(facts.id, now)


async def book(facts: HoldFacts, *, now: datetime) -> None:
    """Turns the hold into a booking's seats, inside the caller's transaction. Raises HoldExpired."""
    ended = await database.rows(
        "UPDATE slot_hold SET ended_at = {}, ended_by = 'booked' WHERE id = {} AND ended_at IS NULL RETURNING id",
        now,
        facts.id,
    )
    if not ended:
        raise HoldExpired()


@verb
async def release_expired(*, actor: Actor, now: datetime, key: Key | None = None) -> int:
    """Ends what nobody asked about, and deletes what was answered for any time that is held no more.

    Expiry itself needs no tidying; a home address somebody typed and did not use does.
    """
    ended = await database.rows(
        "UPDATE slot_hold SET ended_at = {}, ended_by = 'expired' WHERE ended_at IS NULL AND expires_at <= {} "
        "RETURNING slot_id, seats",
        now,
        now,
    )
    await database.execute(
        "DELETE FROM hold_detail WHERE EXISTS "
        "(SELECT 1 FROM slot_hold h WHERE h.id = hold_detail.hold_id AND h.ended_at IS NOT NULL)"
    )
    for place in sorted(await _give_back(ended)):
        await slot.keep_first_free(place, now=now)
    return len(ended)


async def _release_others(session_id: int, now: datetime) -> set[int]:
    """One hold per session: choosing another time lets the first one go; the services at places it was for.

    The session's row is where two choices at the same moment meet.
    """
    await database.execute("UPDATE session SET last_seen_at = {} WHERE id = {}", now, session_id)
    ended = await database.rows(
        "UPDATE slot_hold SET ended_at = {}, ended_by = 'released' WHERE session_id = {} AND ended_at IS NULL "
        "RETURNING slot_id, seats",
        now,
        session_id,
    )
    return await _give_back(ended)


async def _give_back(ended: list[database.Row]) -> set[int]:
    """Frees the seats of holds that ended; the services at places they were for."""
    places = set()
    for freed in sorted(ended, key=lambda h: h["slot_id"]):
        places.add(await slot.give_back(freed["slot_id"], freed["seats"]))
    return places


async def _booked(hold_id: int) -> str | None:
    """What became of the hold: the booking that ended it in this session."""
    code: str | None = await database.scalar(
        "SELECT b.code FROM slot_hold h JOIN booking_grant g ON g.session_id = h.session_id "
        "JOIN booking b ON b.id = g.booking_id AND b.booked_at = h.ended_at WHERE h.id = {}",
        hold_id,
    )
    return code


async def _renew(hold_id: int, now: datetime) -> None:
    alive = await database.rows(
        "UPDATE slot_hold SET expires_at = {} WHERE id = {} AND ended_at IS NULL RETURNING id", now + LASTS, hold_id
    )
    if not alive:
        raise HoldExpired()


async def _check_caps(service_id: int, address_hash: str, now: datetime) -> None:
    """Strangers of one address share a limit; '' is somebody who said who they are and holds one time anyway."""
    if not address_hash:
        return
    held = await database.rows(
        "SELECT sp.service_id FROM slot_hold h JOIN slot s ON s.id = h.slot_id "
        "JOIN service_place sp ON sp.id = s.service_place_id "
        "WHERE h.address_hash = {} AND h.ended_at IS NULL AND h.expires_at > {}",
        address_hash,
        now,
    )
    same = sum(1 for h in held if h["service_id"] == service_id)
    if len(held) >= MOST_FOR_AN_ADDRESS or same >= MOST_FOR_AN_ADDRESS_AND_SERVICE:
        raise TooManyHolds()


async def _end(hold_id: int, slot_id: int, seats: int, how: str, now: datetime) -> None:
    ended = await database.rows(
        "UPDATE slot_hold SET ended_at = {}, ended_by = {} WHERE id = {} AND ended_at IS NULL RETURNING id",
        now,
        how,
        hold_id,
    )
    if ended:
        await slot.give_back(slot_id, seats)


COLUMNS = (
    "h.id, h.slot_id, s.service_place_id, sp.service_id, s.starts_at, s.ends_at, h.seats, h.quantity, h.expires_at, "
    "h.booked_by, h.receiver_id, h.payer_id, h.chosen_purses, h.ended_by, v.slug"
)
SOURCE = (
    "FROM slot_hold h JOIN slot s ON s.id = h.slot_id JOIN service_place sp ON sp.id = s.service_place_id "
    "JOIN service v ON v.id = sp.service_id JOIN territory t ON t.id = v.territory_id "
    "WHERE h.id = {} AND h.session_id = {}"
)
