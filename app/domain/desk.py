"""What staff see of the day: who is expected, what is still to decide, who waits for an answer."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from app import database
from app.database import Piece
from app.domain import answer, code, vault
from app.domain.actor import Actor, RoleName
from app.domain.errors import NotFound, SignInNeeded

TERRITORY_DESKS: tuple[RoleName, ...] = ("desk", "call_centre", "welfare_manager", "area_manager")
PROVIDER_DESKS: tuple[RoleName, ...] = ("operator", "coordinator")
# How old a booking without a decision is when it reaches somebody's list.
WAITS: dict[RoleName, timedelta] = {"coordinator": timedelta(hours=24), "area_manager": timedelta(days=7)}
MOST = 200
MOST_OF_DAY = 2000  # a whole territory's; pages show fewer at a time


@dataclass(frozen=True, slots=True)
class Scope:
    """Where a staff member works: the whole territory, or these providers in it."""

    territory_id: int
    is_whole: bool
    providers: tuple[int, ...]

    @property
    def condition(self) -> Piece:
        """On booking `b` and service `v`; what is confidential is its provider's alone."""
        return self._on("b.territory_id", "b.provider_id")

    @property
    def narrowed(self) -> Piece:
        """The same, of what something else finds: by its territory SQLite would read every booking there ever was."""
        return self._on("+b.territory_id", "+b.provider_id")

    def _on(self, territory: str, provider: str) -> Piece:
        providers = Piece(", ".join(["{}"] * (len(self.providers) + 1)), 0, *self.providers)
        own = Piece(f"{territory} = {{}} AND {provider} IN ({{}})", self.territory_id, providers)
        if not self.is_whole:
            return own
        return Piece(f"(({{}}) OR ({territory} = {{}} AND NOT v.is_confidential))", own, self.territory_id)


@dataclass(frozen=True, slots=True)
class Line:
    """One booking as the desk sees it; `marked_at` is when somebody came or was missed, also if it was sent later."""

    id: int
    code: str
    state: str
    receiver_id: int
    provider_id: int
    service_id: int
    service_place_id: int | None
    given_name: str
    family_name: str
    service: str
    slug: str
    place: str
    mode: str
    is_published: bool
    unit: str
    minutes: int
    quantity: int
    delivered: int | None
    price_cents: int
    own_cents: int
    paid_cents: int
    not_paid: int
    starts_at: datetime | None
    ends_at: datetime | None
    marked_at: datetime | None
    reason: str
    answer_by: date | None
    booked_at: datetime
    address_encrypted: str
    day_phone_encrypted: str
    note_encrypted: str

    @property
    def who(self) -> str:
        return f"{self.given_name} {self.family_name}".strip()

    @property
    def due_cents(self) -> int:
        """The own share is owed by who came."""
        return max(0, self.own_cents - self.paid_cents) if self.state == "arrived" else 0

    @property
    def full_measure(self) -> int:
        return self.quantity * (self.minutes if self.unit == "hour" else 1)


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many things wait for a decision."""

    to_close: int
    requests: int
    callbacks: int
    notes: int


async def scope(actor: Actor, territory_id: int) -> Scope:
    """Raises SignInNeeded for who is not staff, NotFound for staff who do not work here."""
    if actor.kind != "staff":
        raise SignInNeeded()
    is_whole = actor.holds(*TERRITORY_DESKS, scope_kind="territory", scope_id=territory_id)
    providers = await _accredited(actor.scopes(*PROVIDER_DESKS, scope_kind="provider"), territory_id)
    if not is_whole and not providers:
        raise NotFound()
    return Scope(territory_id, is_whole, providers)


async def day(
    within: Scope,
    on: date,
    zone: ZoneInfo,
    *,
    place_id: int = 0,
    language: str = "it",
    after: int = 0,
    most: int = MOST_OF_DAY,
) -> list[Line]:
    """Everybody expected on a wall-clock day of the territory, by time and name; the first `after` are left out."""
    asked = _expected(on, zone, place_id)
    return await _lines(within.narrowed, asked, "s.starts_at, i.folded_name, b.id", language, after=after, most=most)


async def count(within: Scope, on: date, zone: ZoneInfo, *, place_id: int = 0) -> dict[str, int]:
    """How many are expected on that day, by the state of their booking."""
    found = await database.rows(
        "SELECT b.state, count(*) AS number FROM booking b JOIN service v ON v.id = b.service_id "
        "JOIN slot s ON s.id = b.slot_id LEFT JOIN service_place sp ON sp.id = b.service_place_id "
        "WHERE {} AND {} GROUP BY b.state",
        within.narrowed,
        _expected(on, zone, place_id),
    )
    return {row["state"]: row["number"] for row in found}


async def expected(within: Scope, person_id: int, on: date, zone: ZoneInfo) -> list[Line]:
    """What one person has on that day and nobody has marked yet."""
    asked = Piece("b.receiver_id = {} AND b.state = 'confirmed' AND {}", person_id, _expected(on, zone))
    return await _lines(within.narrowed, asked, "s.starts_at, b.id", "it")


def _expected(on: date, zone: ZoneInfo, place_id: int = 0) -> Piece:
    first, last = (datetime.combine(on + timedelta(days=n), datetime.min.time(), zone) for n in (0, 1))
    asked = Piece(
        "s.starts_at >= {} AND s.starts_at < {} AND b.state IN ('confirmed', 'arrived', 'absent')", first, last
    )
    return Piece("{} AND sp.place_id = {}", asked, place_id) if place_id else asked


async def line(within: Scope, typed: str, language: str = "it") -> Line:
    """Raises NotFound for what this staff member may not see."""
    found = await _lines(within.narrowed, Piece("b.code = {}", code.booking(typed)), "b.id", language)
    if not found:
        raise NotFound()
    return found[0]


async def chosen(within: Scope, typed: Sequence[str], language: str = "it") -> list[Line]:
    """By time and name, each once. Raises NotFound when one of them may not be seen."""
    wanted = {code.booking(each) for each in typed}
    if not wanted:
        return []
    asked = Piece("b.code IN ({})", Piece(", ".join(["{}"] * len(wanted)), *sorted(wanted)))
    found = await _lines(within.narrowed, asked, "s.starts_at, i.folded_name, b.id", language)
    if len(found) < len(wanted):
        raise NotFound()
    return found


async def of_person(within: Scope, person_id: int, *, language: str = "it") -> list[Line]:
    """Open bookings of one person, by time."""
    asked = Piece("b.receiver_id = {} AND b.state IN ('requested', 'awaiting', 'confirmed')", person_id)
    return await _lines(within.narrowed, asked, "coalesce(s.starts_at, b.booked_at), b.id", language)


async def past_of(within: Scope, person_id: int, *, most: int, language: str = "it") -> list[Line]:
    """What came of the last bookings of one person, the latest first."""
    asked = Piece("b.receiver_id = {} AND b.state NOT IN ('requested', 'awaiting', 'confirmed')", person_id)
    return await _lines(
        within.narrowed, asked, "coalesce(s.starts_at, b.booked_at) DESC, b.id DESC", language, most=most
    )


async def to_close(within: Scope, actor: Actor, *, now: datetime, language: str = "it") -> list[Line]:
    """Confirmed bookings whose end has passed, oldest first: nothing but a named person ends them."""
    ended = Piece("b.id IN ({})", _ended(within, now - waits(actor)))
    return await _lines(within.narrowed, ended, "s.ends_at, i.folded_name, b.id", language)


async def to_answer(within: Scope, *, language: str = "it") -> list[Line]:
    """Requests and bookings that await a yes, the earliest promise first."""
    asked = Piece("b.state IN ('requested', 'awaiting')")
    return await _lines(
        within.condition, asked, "coalesce(b.answer_by, CAST('2000-01-01' AS DATE)), b.booked_at, b.id", language
    )


async def accepted(within: Scope, *, language: str = "it") -> list[Line]:
    """Accepted requests: they have no time, so no day's list shows them."""
    return await _lines(within.condition, Piece("b.state = 'confirmed' AND b.slot_id IS NULL"), "b.booked_at", language)


def waits(actor: Actor) -> timedelta:
    """Operators and the desk see at once what coordinators see after a day and area managers after a week."""
    names = {role.name for role in actor.roles} & {*TERRITORY_DESKS, *PROVIDER_DESKS}
    return min((WAITS.get(name, timedelta(0)) for name in names), default=timedelta(0))


async def waiting(within: Scope, actor: Actor, *, now: datetime) -> Waiting:
    found = await database.row(
        "SELECT "
        "(SELECT count(*) FROM booking b JOIN service v ON v.id = b.service_id WHERE b.id IN ({}) AND {}) AS ended, "
        "(SELECT count(*) FROM booking b JOIN service v ON v.id = b.service_id "
        "WHERE b.state IN ('requested', 'awaiting') AND {}) AS asked, "
        "(SELECT count(*) FROM callback k WHERE k.territory_id = {} AND k.done_at IS NULL) AS calls, "
        "(SELECT count(*) FROM {} WHERE {}) AS notes",
        _ended(within, now - waits(actor)),
        within.narrowed,
        within.condition,
        within.territory_id,
        NOTES,
        open_notes(within, actor),
    )
    assert found is not None
    calls = int(found["calls"]) if within.is_whole else 0
    return Waiting(int(found["ended"]), int(found["asked"]), calls, int(found["notes"]))


def _ended(within: Scope, until: datetime) -> Piece:
    """The bookings whose end has passed and nobody has said how: in this order, of the few that are open."""
    providers = Piece(", ".join(["{}"] * len(within.providers)), *within.providers)
    whose = (
        Piece("territory_id = {}", within.territory_id) if within.is_whole else Piece("provider_id IN ({})", providers)
    )
    return Piece(
        "SELECT o.id FROM booking o CROSS JOIN slot e WHERE o.{} AND o.state = 'confirmed' "
        "AND e.id = o.slot_id AND e.ends_at <= {}",
        whose,
        until,
    )


def open_notes(within: Scope, actor: Actor) -> Piece:
    """Of NOTES those that wait for a decision."""
    return Piece("n.decided_at IS NULL AND n.outcome NOT IN ('done', 'begun') AND {}", own_notes(within, actor))


def own_notes(within: Scope, actor: Actor) -> Piece:
    """Of NOTES those of this desk; a code that names nothing here is for who wrote or sent it, and for the territory's
    own desks."""
    whose = Piece("1 = 1") if within.is_whole else Piece("n.written_by = {} OR n.sent_by = {}", actor.id, actor.id)
    return Piece(
        "n.territory_id = {} AND ({} OR (n.booking_id IS NULL AND ({})))",
        within.territory_id,
        within.condition,
        whose,
    )


async def places(within: Scope) -> list[tuple[int, str]]:
    found = await database.rows(
        "SELECT DISTINCT l.id, l.name FROM place l JOIN service_place sp ON sp.place_id = l.id "
        "JOIN service b ON b.id = sp.service_id JOIN service v ON v.id = b.id WHERE {} ORDER BY l.name, l.id",
        within.condition,
    )
    return [(row["id"], row["name"]) for row in found]


async def to_know(within: Scope, lines: list[Line], on: date, zone: ZoneInfo) -> dict[int, list[str]]:
    """By booking, the address and the answers that its provider's operators need on the day itself; no other day."""
    own = [
        one
        for one in lines
        if one.provider_id in within.providers and one.starts_at and _day(one.starts_at, zone) == on
    ]
    if not own:
        return {}
    places = Piece(", ".join(["{}"] * len(own)), *(one.id for one in own))
    receivers = {one.id: one.receiver_id for one in own}
    answers = await database.rows(
        "SELECT a.booking_id, q.wording, a.text_encrypted FROM answer a JOIN question q ON q.id = a.question_id "
        "WHERE a.booking_id IN ({}) ORDER BY a.booking_id, q.position, q.id",
        places,
    )
    sealed = [(one.id, "", "booking_address", one.address_encrypted) for one in own]
    sealed += [(one.id, "", "booking_phone", one.day_phone_encrypted) for one in own]
    sealed += [(one.id, "", "booking_note", one.note_encrypted) for one in own]
    sealed += [(row["booking_id"], row["wording"], "answer", row["text_encrypted"]) for row in answers]
    sealed = [each for each in sealed if each[3]]
    opened = await vault.decrypt_many([(receivers[number], what, text) for number, _, what, text in sealed])
    known: dict[int, list[str]] = {}
    for (number, wording, _, _), text in zip(sealed, opened, strict=True):
        if text:
            known.setdefault(number, []).append(answer.told(wording, text))
    return known


def _day(instant: datetime, zone: ZoneInfo) -> date:
    return instant.astimezone(zone).date()


async def _accredited(providers: list[int], territory_id: int) -> tuple[int, ...]:
    if not providers:
        return ()
    wanted = Piece(", ".join(["{}"] * len(providers)), *providers)
    found = await database.rows(
        "SELECT DISTINCT provider_id FROM accreditation WHERE territory_id = {} AND provider_id IN ({}) "
        "ORDER BY provider_id",
        territory_id,
        wanted,
    )
    return tuple(row["provider_id"] for row in found)


async def _lines(
    condition: Piece, asked: Piece, order: str, language: str, *, after: int = 0, most: int = MOST
) -> list[Line]:
    found = await database.rows(
        f"{_LINES} WHERE {{}} AND {{}} ORDER BY {order} LIMIT {{}} OFFSET {{}}", language, condition, asked, most, after
    )
    return [Line(**(row | {"marked_at": database.instant(row["marked_at"])})) for row in found]


NOTES = Piece("door_note n LEFT JOIN booking b ON b.id = n.booking_id LEFT JOIN service v ON v.id = b.service_id")
_LINES = """
SELECT b.id, b.code, b.state, b.receiver_id, b.provider_id, b.service_id, b.service_place_id,
  coalesce(i.given_name, '') AS given_name, coalesce(i.family_name, '') AS family_name,
  coalesce(own.name, base.name) AS service, v.slug, CASE WHEN v.mode = 'centre' THEN coalesce(l.name, '') ELSE '' END
  AS place, v.mode, v.status = 'published' AS is_published, v.unit, v.minutes, b.quantity, b.delivered,
  b.price AS price_cents, b.own AS own_cents,
  coalesce((SELECT sum(c.amount) FROM collection c WHERE c.booking_id = b.id AND c.undone_at IS NULL
    AND c.method <> 'not_paid'), 0) AS paid_cents,
  (SELECT count(*) FROM collection c WHERE c.booking_id = b.id AND c.undone_at IS NULL AND c.method = 'not_paid')
    AS not_paid,
  s.starts_at, s.ends_at,
  (SELECT e.device_at FROM check_in e WHERE e.booking_id = b.id ORDER BY e.id DESC LIMIT 1) AS marked_at,
  coalesce((SELECT e.reason FROM check_in e WHERE e.booking_id = b.id ORDER BY e.id DESC LIMIT 1), '') AS reason,
  b.answer_by, b.booked_at, b.address_encrypted, b.day_phone_encrypted, b.note_encrypted
FROM booking b JOIN service v ON v.id = b.service_id
JOIN service_text base ON base.service_id = v.id AND base.language = 'it'
LEFT JOIN service_text own ON own.service_id = v.id AND own.language = {}
LEFT JOIN slot s ON s.id = b.slot_id LEFT JOIN service_place sp ON sp.id = b.service_place_id
LEFT JOIN place l ON l.id = sp.place_id LEFT JOIN identity i ON i.person_id = b.receiver_id
"""
