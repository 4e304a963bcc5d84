"""From a held time to a booking: who receives, who pays, what was answered, what will be paid."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from app import database
from app.database import Piece
from app.domain import eligibility, household, person, slot_hold, split, vault
from app.domain.actor import Actor
from app.domain.eligibility import Terms
from app.domain.errors import GuestNotAllowed, NotFound, PlaceNotServed, Refusal
from app.domain.slot_hold import HoldFacts
from app.domain.split import Split
from app.domain.verb import Key, verb
from app.tables.booking import HAS_ITS_TIME


@dataclass(frozen=True, slots=True)
class Parties:
    booked_by: int
    receiver: int
    payer: int


@dataclass(frozen=True, slots=True)
class Sold:
    """The service as its terms stand now; `unit_cents` is the price for this receiver's age."""

    service_id: int
    territory_id: int
    provider_id: int
    mode: str
    action: str
    unit: str
    unit_cents: int
    minutes: int
    cancel_hours: int
    answer_days: int
    needs_approval: bool
    is_confidential: bool
    terms: Terms
    zone: ZoneInfo


@dataclass(frozen=True, slots=True)
class Checkout:
    """`second_to`: the code of the booking that gave the receiver this very time before; '' where none did."""

    hold: HoldFacts
    sold: Sold
    parties: Parties | None
    chosen: frozenset[int] | None
    second_to: str

    @property
    def price_cents(self) -> int:
        return self.sold.unit_cents * self.hold.quantity


async def load(hold_id: int, *, actor: Actor, now: datetime) -> Checkout:
    """Where this session stands. Raises NotFound for others' holds, HoldExpired for ended ones."""
    who_signed_in = actor.id if actor.kind == "person" else 0
    found = await database.row(
        f"SELECT {slot_hold.COLUMNS}, {TERMS}, "
        "(SELECT i.born_on FROM identity i WHERE i.person_id = coalesce(h.receiver_id, {})) AS born_on, "
        "(SELECT b.code FROM booking b WHERE b.slot_id = h.slot_id AND b.receiver_id = coalesce(h.receiver_id, {}) "
        f"AND b.{HAS_ITS_TIME}) AS second_to {slot_hold.SOURCE}",
        *(who_signed_in, who_signed_in, hold_id, actor.session_id),
    )
    hold = await slot_hold.live(found)
    assert found is not None
    sold, chosen = await sold_of(found, hold.starts_at), _chosen(hold.chosen_purses)
    return Checkout(hold, sold, _parties(hold, actor), chosen, found["second_to"] or "")


async def split_of(checkout: Checkout, *, now: datetime) -> Split:
    """Who pays what, as it stands at this moment."""
    parties = checkout.parties
    assert parties is not None
    return await split.load(
        parties.payer,
        parties.receiver,
        checkout.hold.service_id,
        checkout.hold.quantity,
        checkout.hold.starts_at,
        now,
        checkout.chosen,
        booker=parties.booked_by,
        price_cents=checkout.price_cents,
    )


@verb
async def as_guest(
    hold_id: int, name: str, phone: str, *, language: str, actor: Actor, now: datetime, key: Key | None = None
) -> int:
    """Name and telephone instead of a card; paid at the centre. Raises GuestNotAllowed."""
    hold = await slot_hold.load(hold_id, actor.session_id)
    sold = await sold_to(hold.service_id, None, hold.starts_at)
    if not sold.terms.allows_guest:
        raise GuestNotAllowed()
    guest = await person.guest(name, phone, language=language, now=now)
    await set_parties(hold.id, Parties(guest, guest, guest), now=now)
    return hold_id


async def parties_for(actor: Actor, receiver: int, now: datetime) -> Parties:
    """Raises NotFound for whom this person may not book for."""
    for allowed in await household.who_can_receive(actor.id, now):
        if allowed.person_id == receiver:
            return Parties(actor.id, receiver, allowed.paid_by(actor.id))
    raise NotFound()


@verb
async def choose_purses(hold_id: int, purses: list[int], *, actor: Actor, now: datetime, key: Key | None = None) -> int:
    await slot_hold.load(hold_id, actor.session_id)
    chosen = ",".join(str(purse) for purse in sorted(set(purses))) or "none"
    await database.execute("UPDATE slot_hold SET chosen_purses = {} WHERE id = {}", chosen, hold_id)
    return hold_id


@verb
async def answer(hold_id: int, details: dict[str, str], *, actor: Actor, now: datetime, key: Key | None = None) -> int:
    """Keeps what was answered, encrypted for the person who receives, until the booking is made or the hold ends."""
    standing = await load(hold_id, actor=actor, now=now)
    assert standing.parties is not None
    for name, text in details.items():
        await database.execute(
            "INSERT INTO hold_detail (hold_id, name, text_encrypted) VALUES ({}, {}, {}) "
            "ON CONFLICT (hold_id, name) DO UPDATE SET text_encrypted = excluded.text_encrypted",
            hold_id,
            name,
            await vault.encrypt(standing.parties.receiver, name, text),
        )
    return hold_id


async def details(hold_id: int, receiver: int) -> dict[str, str]:
    """What was answered so far: 'address', 'floor', 'day_phone', and 'q12' for question 12."""
    found = await database.rows(
        "SELECT name, text_encrypted FROM hold_detail WHERE hold_id = {} ORDER BY name", hold_id
    )
    return (await _opened(found, receiver))[0]


async def take_details(hold_id: int, receiver: int) -> tuple[dict[str, str], bytes | None]:
    """What was answered, which the hold keeps no longer, and the key it was read with; in the caller's transaction."""
    found = await database.rows("DELETE FROM hold_detail WHERE hold_id = {} RETURNING name, text_encrypted", hold_id)
    return await _opened(found, receiver)


async def _opened(found: list[database.Row], receiver: int) -> tuple[dict[str, str], bytes | None]:
    key = await vault.key_of(receiver) if found else None
    return {one["name"]: vault.decrypt_with(key, receiver, one["name"], one["text_encrypted"]) for one in found}, key


async def set_parties(hold_id: int, parties: Parties, *, now: datetime) -> None:
    """Inside the caller's transaction; another receiver forgets the answers, another payer the chosen credits."""
    before = await database.scalar("SELECT receiver_id FROM slot_hold WHERE id = {}", hold_id)
    if before not in (None, parties.receiver):
        await database.execute("DELETE FROM hold_detail WHERE hold_id = {}", hold_id)
    await database.execute(
        "UPDATE slot_hold SET chosen_purses = CASE WHEN payer_id = {} THEN chosen_purses ELSE 'all' END, "
        "booked_by = {}, receiver_id = {}, payer_id = {} WHERE id = {} AND ended_at IS NULL",
        parties.payer,
        parties.booked_by,
        parties.receiver,
        parties.payer,
        hold_id,
    )


async def sold_to(service_id: int, receiver: int | None, day: datetime) -> Sold:
    found = await database.row(
        f"SELECT v.id AS service_id, {TERMS}, (SELECT i.born_on FROM identity i WHERE i.person_id = {{}}) AS born_on "
        "FROM service v JOIN territory t ON t.id = v.territory_id WHERE v.id = {}",
        receiver or 0,
        service_id,
    )
    return await sold_of(found, day)


async def sold_to_each(service_id: int, receivers: list[int], day: datetime) -> dict[int, Sold]:
    """As `sold_to`, for several people at once."""
    found = await database.rows(
        f"SELECT p.id AS receiver, v.id AS service_id, {TERMS}, i.born_on FROM service v "
        "JOIN territory t ON t.id = v.territory_id JOIN person p ON p.id IN ({}) "
        "LEFT JOIN identity i ON i.person_id = p.id WHERE v.id = {}",
        Piece(", ".join(["{}"] * len(receivers)), *receivers),
        service_id,
    )
    return {one["receiver"]: await sold_of(one, day) for one in found}


async def sold_of(found: database.Row | None, day: datetime) -> Sold:
    """Of a row that has TERMS, `service_id` and the receiver's `born_on`."""
    if found is None or found["status"] != "published":
        raise NotFound()
    zone = ZoneInfo(found["zone"])
    born_on = database.day(found["born_on"]) if found["has_classes"] else None
    age = eligibility.age_on(born_on, _local(day, zone)) if born_on else None
    return Sold(
        service_id=found["service_id"],
        territory_id=found["territory_id"],
        provider_id=found["provider_id"],
        mode=found["mode"],
        action=found["action"],
        unit=found["unit"],
        unit_cents=await _price(found["service_id"], found["price"], age),
        minutes=found["minutes"],
        cancel_hours=found["cancel_hours"],
        answer_days=found["answer_days"],
        needs_approval=found["needs_approval"],
        is_confidential=found["is_confidential"],
        terms=Terms(found["min_age"], found["max_age"], found["free_from_age"], found["allows_guest"]),
        zone=zone,
    )


async def check_receiver(receiver: int, sold: Sold, day: datetime) -> None:
    """Raises what `eligibility.check` raises, PlaceNotServed, NotFound."""
    if refusal := (await refusals([receiver], sold.service_id, sold.terms, _local(day, sold.zone)))[receiver]:
        raise refusal


async def refusals(people: list[int], service_id: int, terms: Terms, day: date) -> dict[int, Refusal | None]:
    """Why each of these people cannot receive the service on that day, None for whom it is meant.

    Who comes home serves the Comuni named with the service; none named means all of the territory.
    """
    found = await database.rows(
        "SELECT p.id, p.kind, i.born_on, "
        "(SELECT count(*) FROM minor_declaration d WHERE d.minor_id = p.id) AS declared, "
        "(i.municipality_id IS NULL OR s.mode <> 'home' OR i.municipality_id IN (SELECT w.municipality_id "
        "FROM service_municipality w WHERE w.service_id = s.id) OR NOT EXISTS "
        "(SELECT 1 FROM service_municipality w WHERE w.service_id = s.id)) AS is_served "
        "FROM person p JOIN service s ON s.id = {} LEFT JOIN identity i ON i.person_id = p.id "
        f"WHERE p.id IN ({', '.join('{}' for _ in people)})",
        *(service_id, *people),
    )
    known = {one["id"]: _refusal(one, terms, day) for one in found}
    return {person_id: known.get(person_id, NotFound()) for person_id in people}


def _refusal(found: database.Row, terms: Terms, day: date) -> Refusal | None:
    if not found["is_served"]:
        return PlaceNotServed()
    receives = eligibility.Person(found["born_on"], found["kind"] == "guest", bool(found["declared"]))
    try:
        eligibility.check(receives, terms, day)
    except Refusal as refusal:
        return refusal
    return None


def _local(instant: datetime, zone: ZoneInfo) -> date:
    return instant.astimezone(zone).date()


async def _price(service_id: int, public_cents: int, age: int | None) -> int:
    """The lowest class that the receiver's age gives a right to."""
    if age is None:
        return public_cents
    found = await database.scalar(
        "SELECT min(price) FROM price_class WHERE service_id = {} AND max_age >= {}", service_id, age
    )
    return public_cents if found is None else int(found)


def _parties(hold: HoldFacts, actor: Actor) -> Parties | None:
    """Who signed in is the receiver until somebody else is chosen."""
    if hold.booked_by is not None and hold.receiver_id is not None and hold.payer_id is not None:
        return Parties(hold.booked_by, hold.receiver_id, hold.payer_id)
    return Parties(actor.id, actor.id, actor.id) if actor.kind == "person" else None


def _chosen(stored: str) -> frozenset[int] | None:
    if stored == "all":
        return None
    return frozenset(int(purse) for purse in stored.split(",") if purse.isdigit())


TERMS = (
    "v.territory_id, v.provider_id, v.mode, v.action, v.unit, v.price, v.minutes, v.cancel_hours, v.answer_days, "
    "v.needs_approval, v.is_confidential, v.min_age, v.max_age, v.free_from_age, v.allows_guest, v.status, t.zone, "
    "EXISTS (SELECT 1 FROM price_class c WHERE c.service_id = v.id) AS has_classes"
)
