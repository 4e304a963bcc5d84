"""Acting for the person in front of the desk: they book and pay, and the staff member who acted is named."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from app import database
from app.database import Piece
from app.domain import access, audit, booking, checkout, desk, ledger, search, slot_hold, vault
from app.domain.actor import Actor
from app.domain.checkout import Parties
from app.domain.desk import Scope
from app.domain.eligibility import Terms
from app.domain.errors import NotFound
from app.domain.offer import Offered, OfferPlace
from app.domain.verb import Key, verb

PURPOSES = ("booking", "arrival", "request", "credit", "contact", "correction")
ONE_LOOK = timedelta(minutes=15)  # reading several pages about one person is one look
NEAR = ("household", "delegate")


@dataclass(frozen=True, slots=True)
class Near:
    """Who lives with a person, or may act for them; `until_on` is a delegation's last day."""

    kind: str
    relation: str
    name: str
    until_on: str


@dataclass(frozen=True, slots=True)
class Told:
    """The last message about an appointment, and what came of it on the telephone ('' elsewhere)."""

    kind: str
    state: str
    at: datetime
    channel: str
    outcome: str


@dataclass(frozen=True, slots=True)
class Bookable:
    slug: str
    name: str
    provider: str
    price_cents: int
    unit: str
    mode: str
    first_free: datetime | None
    waiting: int

    @property
    def has_door(self) -> bool:
        """Whether somebody can just come: nobody stands at the door of what is done at home or by telephone."""
        return self.mode == "centre"


async def look(person_id: int, purpose: str, *, actor: Actor, now: datetime) -> None:
    """Before a page about a person is drawn; the person reads who looked and why. Raises NotFound."""
    known = await database.row(
        "SELECT p.id, (SELECT count(*) FROM audit a WHERE a.person_id = p.id AND a.what = 'person.looked' "
        "AND a.actor_kind = 'staff' AND a.actor_id = {} AND a.purpose = {} AND a.at > {}) AS looks "
        "FROM person p WHERE p.id = {} AND {}",
        actor.id,
        purpose,
        now - ONE_LOOK,
        person_id,
        access.visible(actor, "p.id"),
    )
    if known is None or actor.kind != "staff":
        raise NotFound()
    if not known["looks"]:
        await _write_down(person_id, purpose, actor=actor, now=now)


@verb
async def _write_down(person_id: int, purpose: str, *, actor: Actor, now: datetime) -> None:
    await audit.record("person.looked", actor=actor, now=now, person_id=person_id, purpose=purpose)


@verb
async def hold(
    person_id: int,
    receiver: int,
    service_place_id: int,
    starts_at: datetime,
    quantity: int,
    *,
    actor: Actor,
    now: datetime,
    key: Key | None = None,
) -> int:
    """A time kept for this staff session, for somebody the person may book for; the hold's id."""
    if not await access.sees(actor, person_id):
        raise NotFound()
    parties = await parties_for(person_id, receiver, now)
    held = await slot_hold.place(actor.session_id, service_place_id, starts_at, quantity, now=now)
    await booking.check_once((await slot_hold.load(held, actor.session_id)).slot_id, receiver, actor=actor, now=now)
    await checkout.set_parties(held, parties, now=now)
    return held


async def walkable(within: Scope, slug: str, language: str) -> tuple[str, Offered]:
    """The name of a service that is booked by time and happens at a centre of this desk, and what can be chosen of it.

    Raises NotFound.
    """
    found = await database.rows(_WALKABLE, language, slug, within.condition)
    if not found:
        raise NotFound()
    places = tuple(OfferPlace(each["place_id"], each["place"], each["address"], each["municipality"]) for each in found)
    first = found[0]
    terms = Terms(*(first[name] for name in ("min_age", "max_age", "free_from_age", "allows_guest")))
    told = {name: first[name] for name in _OFFERED}
    return first["name"], Offered(**told, terms=terms, places=places)


async def parties_for(person_id: int, receiver: int, now: datetime) -> Parties:
    """The person served books and pays as if they did it themselves. Raises NotFound."""
    return await checkout.parties_for(Actor("person", person_id), receiver, now)


async def phones(person_id: int) -> list[str]:
    found = await database.rows(
        "SELECT value_encrypted FROM contact WHERE person_id = {} AND channel IN ('sms', 'call') "
        "AND removed_at IS NULL ORDER BY position, id",
        person_id,
    )
    opened = await vault.decrypt_many([(person_id, "contact", row["value_encrypted"]) for row in found])
    return list(dict.fromkeys(number for number in opened if number))


async def phones_of(people: list[int]) -> dict[int, str]:
    """The first telephone of each."""
    wanted = Piece(", ".join(["{}"] * (len(people) + 1)), 0, *people)
    found = await database.rows(
        "SELECT person_id, value_encrypted FROM contact WHERE person_id IN ({}) AND channel IN ('sms', 'call') "
        "AND removed_at IS NULL ORDER BY position DESC, id DESC",
        wanted,
    )
    opened = await vault.decrypt_many([(row["person_id"], "contact", row["value_encrypted"]) for row in found])
    return {row["person_id"]: number for row, number in zip(found, opened, strict=True) if number}


async def near(person_id: int, now: datetime) -> list[Near]:
    found = await database.rows(_NEAR, person_id, person_id, person_id, ledger.day(now))
    return [Near(**row) for row in found]


async def last_told(person_id: int) -> Told | None:
    found = await database.row(
        "SELECT m.kind, m.state, coalesce(m.closed_at, m.due_at) AS at, coalesce(d.channel, '') AS channel, "
        "coalesce(d.detail, '') AS outcome FROM message m LEFT JOIN delivery d ON d.id = "
        "(SELECT max(x.id) FROM delivery x WHERE x.message_id = m.id) WHERE m.person_id = {} "
        "AND m.state IN ('sent', 'received', 'failed', 'to_call') ORDER BY m.closed_at DESC, m.id DESC LIMIT 1",
        person_id,
    )
    return Told(**(found | {"at": database.instant(found["at"])})) if found else None


async def bookable(within: Scope, query: str, language: str) -> list[Bookable]:
    """What this desk may book, all of it by name, or what answers a need."""
    here = search.Among(
        "JOIN service v ON v.id = s.id JOIN service b ON b.id = s.id",
        " AND s.action = 'book' AND {}",
        (within.condition,),
    )
    ranked = (await search.find(within.territory_id, query, language, here)).service_ids[: desk.MOST] if query else ()
    if query and not ranked:
        return []
    wanted = Piece("v.id IN ({})", Piece(", ".join(["{}"] * len(ranked)), *ranked)) if ranked else None
    found = await database.rows(_BOOKABLE, language, within.condition, wanted or Piece("v.id > {}", 0), desk.MOST)
    found.sort(key=lambda row: ranked.index(row["id"]) if ranked else 0)
    return [
        Bookable(
            slug=row["slug"],
            name=row["name"],
            provider=row["provider"],
            price_cents=row["price"],
            unit=row["unit"],
            mode=row["mode"],
            first_free=database.instant(row["free"]),
            waiting=row["waiting"],
        )
        for row in found
    ]


_NEAR = """
SELECT 'household' AS kind, o.part AS relation, i.given_name || ' ' || i.family_name AS name, '' AS until_on
FROM household_member m JOIN household_member o ON o.household_id = m.household_id AND o.until_at IS NULL
JOIN identity i ON i.person_id = o.person_id
WHERE m.person_id = {} AND m.until_at IS NULL AND o.person_id <> {}
UNION ALL SELECT 'delegate', d.kind, i.given_name || ' ' || i.family_name, coalesce(CAST(d.until_on AS TEXT), '')
FROM delegation d JOIN identity i ON i.person_id = d.delegate_id
WHERE d.person_id = {} AND d.revoked_at IS NULL AND (d.until_on IS NULL OR d.until_on >= {}) ORDER BY 1 DESC, 3
"""
_BOOKABLE = """
SELECT v.id, v.slug, coalesce(own.name, base.name) AS name, p.name AS provider, v.price, v.unit, v.mode,
  (SELECT min(sp.first_free) FROM service_place sp WHERE sp.service_id = v.id) AS free,
  (SELECT count(*) FROM waiting_entry w WHERE w.service_id = v.id AND w.ended_at IS NULL) AS waiting
FROM service v JOIN service b ON b.id = v.id JOIN provider p ON p.id = v.provider_id
JOIN service_text base ON base.service_id = v.id AND base.language = 'it'
LEFT JOIN service_text own ON own.service_id = v.id AND own.language = {}
WHERE {} AND {} AND v.status = 'published' AND v.action = 'book' ORDER BY base.name, v.id LIMIT {}
"""
_OFFERED = ("service_id", "slug", "action", "unit", "min_quantity", "max_quantity", "price_cents", "mode")
_WALKABLE = """
SELECT v.id AS service_id, v.slug, v.action, v.unit, v.min_quantity, v.max_quantity, v.price AS price_cents, v.mode,
  v.min_age, v.max_age, v.free_from_age, v.allows_guest, coalesce(own.name, base.name) AS name, sp.id AS place_id,
  l.name AS place, l.address, m.name AS municipality
FROM service v JOIN service b ON b.id = v.id JOIN service_place sp ON sp.service_id = v.id
JOIN place l ON l.id = sp.place_id JOIN municipality m ON m.id = l.municipality_id
JOIN service_text base ON base.service_id = v.id AND base.language = 'it'
LEFT JOIN service_text own ON own.service_id = v.id AND own.language = {}
WHERE v.slug = {} AND v.status = 'published' AND v.action = 'book' AND v.mode = 'centre' AND {} ORDER BY sp.id
"""
