"""An appointment: the slot and a third party's money held in one transaction."""

from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta
from typing import Any

from app import database
from app.domain import answer, audit, checkout, code, delegation, ledger, pin, reminder, slot, slot_hold, split, vault
from app.domain.actor import Actor
from app.domain.checkout import Checkout, Parties, Sold
from app.domain.errors import (
    AlreadyTheirs,
    AlreadyYours,
    NotFound,
    Refusal,
    SignInNeeded,
    SlotNotOffered,
    TooManyOpenBookings,
)
from app.domain.split import Split
from app.domain.verb import Key, verb
from app.tables.booking import HAS_ITS_TIME, for_own_child, of_who_trusted_once, trusted_once

CODE_LENGTH = 8
GUEST_OPEN_BOOKINGS = 2


@dataclass(frozen=True, slots=True)
class BookingFacts:
    id: int
    code: str
    territory_id: int
    service_id: int
    service_place_id: int | None
    provider_id: int
    slot_id: int | None
    booked_by: int
    receiver_id: int
    payer_id: int
    state: str
    quantity: int
    seats: int
    price_cents: int
    own_cents: int
    starts_at: datetime | None
    slot_ends_at: datetime | None
    minutes: int
    sequence: int
    cancel_hours: int
    is_confidential: bool
    is_published: bool

    @property
    def ends_at(self) -> datetime | None:
        """Its own end: others at the same time may stay longer."""
        if self.starts_at is None or self.slot_ends_at is None:
            return None
        return min(self.starts_at + timedelta(minutes=self.minutes), self.slot_ends_at)

    @property
    def is_open(self) -> bool:
        return self.state in ("requested", "awaiting", "confirmed")

    @property
    def can_move(self) -> bool:
        """A service that was suspended or is given no more has no other times."""
        return self.is_open and self.slot_id is not None and self.is_published

    @property
    def cancel_until(self) -> datetime | None:
        return self.starts_at - timedelta(hours=self.cancel_hours) if self.starts_at else None


@verb
async def book(hold_id: int, shown: str, *, actor: Actor, now: datetime, key: Key | None = None) -> str:
    """Turns a held time into a booking and returns its code. `shown` is the split's mark that the person confirmed.

    Raises HoldExpired, SplitChanged, what `eligibility.check` raises, TooManyOpenBookings, SignInNeeded, PinNeeded,
    and for a time that the receiver has already what `check_once` raises.
    """
    standing = await checkout.load(hold_id, actor=actor, now=now)
    if standing.parties is None:
        raise SignInNeeded()
    await refuse_second(standing, actor=actor, now=now)
    await slot_hold.keep(standing.hold, now=now)
    await _check(standing, actor, now)
    paid = await checkout.split_of(standing, now=now)
    split.confirm(paid, shown)
    await pin.require(actor, now=now, spends_cents=paid.credit_cents)
    made = await insert(standing, paid, actor=actor, now=now)
    await split.hold(paid, made.id, actor=actor, now=now)
    await slot_hold.book(standing.hold, now=now)
    if standing.hold.expires_at <= now:  # its place counted as free meanwhile
        await slot.keep_first_free(standing.hold.service_place_id, now=now)
    await _after(made, actor, now)
    return made.code


async def insert(standing: Checkout, paid: Split, *, actor: Actor, now: datetime) -> BookingFacts:
    """The booking of a held time, inside the caller's transaction."""
    assert standing.parties is not None
    hold, sold = standing.hold, standing.sold
    details, key = await checkout.take_details(hold.id, standing.parties.receiver)
    return await insert_row(
        sold,
        standing.parties,
        details,
        {
            "service_place_id": hold.service_place_id,
            "slot_id": hold.slot_id,
            "staff_id": actor.id if actor.kind == "staff" else None,
            "state": "awaiting" if sold.needs_approval else "confirmed",
            "quantity": hold.quantity,
            "seats": hold.seats,
            "price": paid.price_cents,
            "own": paid.own_cents,
            "booked_at": now,
        },
        starts_at=hold.starts_at,
        ends_at=hold.ends_at,
        key=key,
    )


async def insert_row(
    sold: Sold,
    parties: Parties,
    details: dict[str, str],
    more: dict[str, object],
    *,
    starts_at: datetime | None,
    ends_at: datetime,
    key: bytes | None = None,
) -> BookingFacts:
    """A booking's row with its answers, which are for the day itself and kept a while after `ends_at`.

    `key` is the receiver's, where the caller has read it.
    """
    answers = {int(name[1:]): text for name, text in details.items() if name.startswith("q") and text}
    address, day_phone, note, *sealed = await vault.encrypt_all(
        parties.receiver,
        [
            ("booking_address", details.get("address", "")),
            ("booking_phone", details.get("day_phone", "")),
            ("booking_note", details.get("note", "")),
            *(("answer", text) for text in answers.values()),
        ],
        key,
    )
    values: dict[str, Any] = {
        "id": code.random_id(),
        "territory_id": sold.territory_id,
        "service_id": sold.service_id,
        "provider_id": sold.provider_id,
        "booked_by": parties.booked_by,
        "receiver_id": parties.receiver,
        "payer_id": parties.payer,
        "unit_price": sold.unit_cents,
        "address_encrypted": address,
        "day_phone_encrypted": day_phone,
        "note_encrypted": note,
        **more,
    }
    made = _facts(await _insert(values), sold, starts_at, ends_at)
    await answer.keep(made.id, dict(zip(answers, sealed, strict=True)), ends_at + answer.KEPT)
    return made


async def _insert(values: dict[str, Any]) -> dict[str, Any]:
    """The row as written, with a code that no other booking has: among a million, one in 27,000 is drawn again."""
    while True:
        row = {"code": code.mint(CODE_LENGTH), **values}
        places = ", ".join(["{}"] * len(row))
        statement = (
            f"INSERT INTO booking ({', '.join(row)}) VALUES ({places}) ON CONFLICT (code) DO NOTHING RETURNING id"
        )
        if await database.rows(statement, *row.values()):
            return row


def _facts(values: dict[str, Any], sold: Sold, starts_at: datetime | None, ends_at: datetime) -> BookingFacts:
    """Of a row just written: what `by_code` would read."""
    columns = {"service_place_id": None, "slot_id": None, "seats": 1, "sequence": 0} | values
    known = {field.name: columns[field.name] for field in fields(BookingFacts) if field.name in columns}
    return BookingFacts(
        **known,
        price_cents=values["price"],
        own_cents=values["own"],
        starts_at=starts_at,
        slot_ends_at=ends_at if starts_at else None,
        minutes=sold.minutes * (values["quantity"] if sold.unit == "hour" else 1),
        cancel_hours=sold.cancel_hours,
        is_confidential=sold.is_confidential,
        is_published=True,
    )


async def by_code(typed: str) -> BookingFacts:
    """The booking, whoever asks: callers check who may see it. Raises NotFound."""
    found = await database.row(f"{_SELECT} WHERE b.code = {{}}", code.booking(typed))
    if found is None:
        raise NotFound()
    return BookingFacts(**found)


async def by_id(booking_id: int) -> BookingFacts:
    found = await database.row(f"{_SELECT} WHERE b.id = {{}}", booking_id)
    if found is None:
        raise NotFound()
    return BookingFacts(**found)


async def visible(typed: str, *, actor: Actor, now: datetime) -> BookingFacts:
    """The booking if `actor` may see it; what is not theirs is NotFound like what does not exist.

    Raises SignInNeeded for who is nobody yet: they may come from a message, and learn no more than the address says.
    """
    ended = of_who_trusted_once(actor.id if actor.kind == "person" else 0, ledger.day(now))
    found = await database.row(f"{_SELECT} WHERE b.code = {{}} AND NOT {{}}", code.booking(typed), ended)
    facts = BookingFacts(**found) if found else None
    if facts is None or not await _is_open_to(facts, actor, now):
        raise SignInNeeded() if actor.kind == "anonymous" else NotFound()
    return facts


async def changeable(typed: str, *, actor: Actor, now: datetime) -> BookingFacts:
    """The booking if `actor` may call it off or move it: who may only look finds nothing to change."""
    found = await visible(typed, actor=actor, now=now)
    if not await may_change(found, actor, now):
        raise NotFound()
    return found


async def may_change(found: BookingFacts, actor: Actor, now: datetime) -> bool:
    """For who may see it: parties, staff and who opened it by its code; a delegate who may book."""
    if actor.kind != "person" or actor.id in (found.booked_by, found.receiver_id, found.payer_id):
        return True
    if actor.session_id and await _is_granted(found.id, actor.session_id):
        return True
    return await delegation.allows(actor.id, found.receiver_id, "book", ledger.day(now))


async def may_see(found: BookingFacts, actor: Actor, now: datetime) -> bool:
    if actor.kind == "person" and await trusted_once(found.id, actor.id, ledger.day(now)):
        return False
    return await _is_open_to(found, actor, now)


async def _is_open_to(found: BookingFacts, actor: Actor, now: datetime) -> bool:
    if actor.kind == "person" and await _is_theirs(found, actor.id, now):
        return True
    if actor.session_id and await _is_granted(found.id, actor.session_id):
        return True
    return actor.kind == "staff" and works_on(found, actor)


def works_on(found: BookingFacts, actor: Actor) -> bool:
    """Staff of the provider, or of the territory's Social Points; confidential ones the provider's alone."""
    if actor.holds("operator", "coordinator", scope_kind="provider", scope_id=found.provider_id):
        return True
    if found.is_confidential:
        return False
    return actor.holds(
        "desk", "call_centre", "welfare_manager", "area_manager", scope_kind="territory", scope_id=found.territory_id
    )


async def record(what: str, found: BookingFacts, *, actor: Actor, now: datetime, why: str = "") -> None:
    """Notes in the audit log what was done to a booking, in the caller's transaction; `why` is a key."""
    await audit.record(
        f"booking.{what}",
        actor=actor,
        now=now,
        person_id=found.receiver_id,
        territory_id=found.territory_id,
        subject_kind="booking",
        subject_id=found.id,
        purpose=why,
    )


async def grant(session_id: int, booking_id: int, *, now: datetime) -> None:
    """This session may see this booking; inside the caller's transaction."""
    await database.execute(
        "INSERT INTO booking_grant (session_id, booking_id, granted_at) VALUES ({}, {}, {}) ON CONFLICT DO NOTHING",
        session_id,
        booking_id,
        now,
    )


async def _check(standing: Checkout, actor: Actor, now: datetime) -> None:
    who_signed_in = actor.id if actor.kind == "person" else 0
    assert standing.parties is not None
    await checkout.check_receiver(standing.parties.receiver, standing.sold, standing.hold.starts_at)
    if standing.parties.booked_by != who_signed_in:
        await check_guest(standing.parties.booked_by, now=now)


async def check_guest(person_id: int, *, now: datetime) -> None:
    """A telephone without a card has at most two open bookings still to come, whoever typed it.

    Two bookings of one telephone at the same moment meet at its rows.
    """
    if await database.scalar("SELECT kind FROM person WHERE id = {}", person_id) != "guest":
        return
    await database.execute(
        "UPDATE contact SET position = position WHERE value_index IN "
        "(SELECT value_index FROM contact WHERE person_id = {})",
        person_id,
    )
    open_ones = await database.scalar(
        "SELECT count(DISTINCT b.id) FROM booking b JOIN person p ON p.id = b.booked_by AND p.kind = 'guest' "
        "JOIN contact c ON c.person_id = p.id AND c.removed_at IS NULL "
        "JOIN contact mine ON mine.value_index = c.value_index AND mine.person_id = {} "
        "LEFT JOIN slot s ON s.id = b.slot_id "
        "WHERE b.state IN ('requested', 'awaiting', 'confirmed') AND (s.ends_at IS NULL OR s.ends_at > {})",
        *(person_id, now),
    )
    if open_ones >= GUEST_OPEN_BOOKINGS:
        raise TooManyOpenBookings()


async def check_once(slot_id: int, receiver_id: int, *, actor: Actor, now: datetime) -> None:
    """Nobody has the same time twice. Raises HasTheTime, SlotNotOffered.

    Of two at the same moment both may pass here; the index booking_once then lets one of them write.
    """
    code = await database.scalar(
        f"SELECT code FROM booking WHERE slot_id = {{}} AND receiver_id = {{}} AND {HAS_ITS_TIME}", slot_id, receiver_id
    )
    if code:
        raise await _second(code, actor, now)


async def refuse_second(standing: Checkout, *, actor: Actor, now: datetime) -> None:
    """Raises what `check_once` raises for who has this time already."""
    if standing.second_to:
        raise await _second(standing.second_to, actor, now)


async def _second(code: str, actor: Actor, now: datetime) -> Refusal:
    """Names the first booking to whom may see it; to others the time can just not be had."""
    first = await by_code(code)
    if not await may_see(first, actor, now):
        return SlotNotOffered()
    is_own = actor.kind == "person" and actor.id == first.receiver_id
    return AlreadyYours(code=code) if is_own else AlreadyTheirs(code=code)


async def _after(made: BookingFacts, actor: Actor, now: datetime) -> None:
    if actor.session_id:
        await grant(actor.session_id, made.id, now=now)
    await reminder.plan(made.id, (), made.starts_at, now=now)
    await record("booked", made, actor=actor, now=now)


async def _is_granted(booking_id: int, session_id: int) -> bool:
    found = await database.scalar(
        "SELECT 1 FROM booking_grant WHERE session_id = {} AND booking_id = {}", session_id, booking_id
    )
    return found is not None


async def _is_theirs(found: BookingFacts, person_id: int, now: datetime) -> bool:
    if person_id == found.receiver_id:
        return True
    today = ledger.day(now)
    if found.is_confidential:
        return person_id == found.booked_by and await _is_own_childs(found.id, person_id, today)
    if person_id in (found.booked_by, found.payer_id):
        return True
    may = await database.scalar(
        "SELECT 1 FROM delegation WHERE person_id = {} AND delegate_id = {} AND may_see AND revoked_at IS NULL "
        "AND from_on <= {} AND (until_on IS NULL OR until_on >= {})",
        found.receiver_id,
        person_id,
        today,
        today,
    )
    return may is not None


async def _is_own_childs(booking_id: int, parent_id: int, today: date) -> bool:
    found = await database.row(
        "SELECT b.id FROM booking b JOIN service v ON v.id = b.service_id WHERE b.id = {} AND {}",
        *(booking_id, for_own_child(parent_id, today)),
    )
    return found is not None


_SELECT = (
    "SELECT b.id, b.code, b.territory_id, b.service_id, b.service_place_id, b.provider_id, b.slot_id, b.booked_by, "
    "b.receiver_id, b.payer_id, b.state, b.quantity, b.seats, b.price AS price_cents, b.own AS own_cents, "
    "s.starts_at, s.ends_at AS slot_ends_at, CASE v.unit WHEN 'hour' THEN v.minutes * b.quantity ELSE v.minutes END "
    "AS minutes, b.sequence, v.cancel_hours, v.is_confidential, v.status = 'published' AS is_published FROM booking b "
    "JOIN service v ON v.id = b.service_id LEFT JOIN slot s ON s.id = b.slot_id"
)
