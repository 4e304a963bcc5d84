"""What we have to tell a person: written with what it tells about, claimed by a worker, closed once.

While a push waits for its receipt the message stays due, leased until the next channel's turn: so a receipt that
never comes needs nobody to notice. `lease_until` is the moment before which no worker takes the row.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from app import database
from app.domain.actor import Actor, RoleName
from app.domain.errors import AlreadyClosed, InvalidInput, NotFound
from app.domain.verb import Key, verb

Kind = Literal[
    "confirmed",
    "reminder",
    "moved",
    "cancelled",
    "answered",
    "new_device",
    "credit_given",
    "credit_expiring",
    "place_free",
    "week_asked",
    "week",
]
Outcome = Literal["confirmed", "told", "no_answer", "wrong_number", "cannot_come"]
OUTCOMES: tuple[Outcome, ...] = ("confirmed", "told", "no_answer", "wrong_number", "cannot_come")
CALLERS: tuple[RoleName, ...] = ("desk", "call_centre", "welfare_manager", "area_manager")
LEASE = timedelta(minutes=2)  # longer than every gateway's time-out together
TAKEN = "+"  # ends the holder of a reminder that is told within another's message


@dataclass(frozen=True, slots=True)
class New:
    """What is to be told of a booking; `lead_hours` of reminders only."""

    kind: Kind
    person_id: int
    due_at: datetime
    useless_after: datetime
    lead_hours: int = 0


@dataclass(frozen=True, slots=True)
class Due:
    """A message this worker may send until its lease ends."""

    id: int
    person_id: int
    booking_id: int | None
    kind: Kind
    lead_hours: int
    due_at: datetime
    useless_after: datetime
    tries: int
    holder: str


@dataclass(frozen=True, slots=True)
class ToCall:
    message_id: int
    person_id: int
    booking_id: int | None
    kind: Kind
    useless_after: datetime
    tries: int


async def put(
    kind: Kind,
    person_id: int,
    *,
    booking_id: int | None = None,
    due_at: datetime,
    useless_after: datetime,
    now: datetime,
) -> int:
    """A step: tells a person something that belongs to no booking, or to one; the message's id."""
    message_id: int = await database.scalar(
        "INSERT INTO message (person_id, booking_id, kind, due_at, useless_after, state, created_at) "
        "VALUES ({}, {}, {}, {}, {}, 'due', {}) RETURNING id",
        person_id,
        booking_id,
        kind,
        due_at,
        useless_after,
        now,
    )
    return message_id


async def put_all(
    booking_id: int, messages: Sequence[New], standing: Collection[tuple[str, int]], *, now: datetime
) -> None:
    """A step: what is `standing` (kind, person) is not put twice, a confirmation is said once for ever.

    The same reminder again is one reminder; a withdrawn one (moved away and back) counts again.
    """
    wanted = [new for new in messages if (new.kind, new.person_id) not in standing]
    if not wanted:
        return
    rows = ", ".join(["({}, {}, {}, {}, {}, {}, 'due', {})"] * len(wanted))
    await database.execute(
        "INSERT INTO message (person_id, booking_id, kind, lead_hours, due_at, useless_after, state, created_at) "
        f"VALUES {rows} ON CONFLICT (booking_id, person_id, kind, lead_hours, due_at) WHERE kind = 'reminder' "
        "DO UPDATE SET state = 'due', closed_at = NULL, lease_until = NULL, useless_after = excluded.useless_after "
        "WHERE message.state = 'cancelled'",
        *(value for new in wanted for value in _columns(new, booking_id, now)),
    )


def _columns(new: New, booking_id: int, now: datetime) -> tuple[object, ...]:
    return new.person_id, booking_id, new.kind, new.lead_hours, new.due_at, new.useless_after, now


async def withdraw(booking_id: int, kinds: Sequence[Kind], *, now: datetime) -> None:
    """A step: what is not sent yet will not be, and nobody is called about it."""
    for kind in kinds:
        await database.execute(
            "UPDATE message SET state = 'cancelled', closed_at = {}, lease_until = NULL "
            "WHERE booking_id = {} AND kind = {} AND state IN ('due', 'to_call')",
            now,
            booking_id,
            kind,
        )


async def people_told(booking_id: int) -> list[int]:
    found = await database.rows(
        "SELECT DISTINCT person_id FROM message WHERE booking_id = {} "
        "AND kind IN ('confirmed', 'reminder', 'moved', 'answered') ORDER BY person_id",
        booking_id,
    )
    return [row["person_id"] for row in found]


async def claim(holder: str, *, limit: int, now: datetime) -> list[Due]:
    """Leases what is due, oldest first: no other worker sees these rows until the lease ends."""
    locking = "FOR UPDATE SKIP LOCKED" if database.DB.engine_type == "postgres" else ""
    found = await database.rows(
        "UPDATE message SET lease_until = {}, lease_holder = {}, tries = tries + 1 WHERE id IN ("
        "SELECT id FROM message WHERE state = 'due' AND due_at <= {} AND (lease_until IS NULL OR lease_until <= {}) "
        f"ORDER BY due_at, id LIMIT {{}} {locking}) "
        "RETURNING id, person_id, booking_id, kind, lead_hours, due_at, useless_after, tries, lease_holder AS holder",
        now + LEASE,
        holder,
        now,
        now,
        limit,
    )
    return sorted((Due(**row) for row in found), key=lambda due: (due.due_at, due.id))


async def held_with(due: Due, until: datetime, now: datetime) -> list[Due]:
    """A step: this message, if its worker still holds it, and the same person's reminders due until `until` that nobody
    has begun to tell, whoever claimed them; locked, always in the same order."""
    locking = "FOR UPDATE" if database.DB.engine_type == "postgres" else ""
    found = await database.rows(f"{_HELD_WITH} {locking}", due.person_id, due.id, due.kind, until, now, f"%{TAKEN}")
    known = [Due(**row) for row in found]
    mine = [one for one in known if one.id == due.id and one.holder == due.holder]
    return mine and [*mine, *(one for one in known if one.id != due.id)]


async def take_along(due: Due, others: Sequence[Due], now: datetime) -> None:
    """A step: whoever had claimed them finds that they are told already."""
    for other in others:
        await database.execute(
            "UPDATE message SET lease_until = {}, lease_holder = {}, tries = tries + 1 WHERE id = {}",
            now + LEASE,
            due.holder + TAKEN,
            other.id,
        )


async def next_due() -> datetime | None:
    """When the next message may be told."""
    found = await database.row(
        "SELECT (SELECT due_at FROM message WHERE state = 'due' AND (lease_until IS NULL OR lease_until <= due_at) "
        "ORDER BY due_at LIMIT 1) AS waiting, "
        "(SELECT min(lease_until) FROM message WHERE state = 'due' AND lease_until > due_at "
        "AND lease_until IS NOT NULL) AS leased"
    )
    assert found is not None
    moments = (database.instant(found["waiting"]), database.instant(found["leased"]))
    return min((moment for moment in moments if moment is not None), default=None)


async def wait(message_id: int, until: datetime) -> None:
    """Still due, but not before `until`; a row closed meanwhile stays closed."""
    await database.execute(
        "UPDATE message SET lease_until = {}, lease_holder = '' WHERE id = {} AND state = 'due'", until, message_id
    )


async def give_back(holder: str) -> None:
    """A worker that stops lets the others have at once what it did not finish."""
    await database.execute(
        "UPDATE message SET lease_until = NULL, lease_holder = '' WHERE lease_holder IN ({}, {}) AND state = 'due'",
        holder,
        holder + TAKEN,
    )


async def close(
    message_id: int, state: Literal["sent", "received", "cancelled", "failed", "to_call"], now: datetime
) -> None:
    await database.execute(
        "UPDATE message SET state = {}, closed_at = {}, lease_until = NULL, lease_holder = '' "
        "WHERE id = {} AND state = 'due'",
        state,
        now,
        message_id,
    )


async def arrived(message_id: int, now: datetime) -> None:
    """A step: what was sent is known to have come, and nobody is called about it any more."""
    await database.execute(
        "UPDATE message SET state = 'received', closed_at = {}, lease_until = NULL, lease_holder = '' "
        "WHERE id = {} AND state IN ('due', 'sent', 'to_call')",
        now,
        message_id,
    )


async def reopen(message_id: int, now: datetime) -> None:
    """A step: what was sent did not come, and the next channel's turn is now; too late, it has failed."""
    await database.execute(
        "UPDATE message SET state = CASE WHEN useless_after > {} THEN 'due' ELSE 'failed' END, closed_at = "
        "CASE WHEN useless_after > {} THEN NULL ELSE closed_at END, lease_until = NULL, lease_holder = '' "
        "WHERE id = {} AND state IN ('due', 'sent')",
        now,
        now,
        message_id,
    )


async def to_call(territory_id: int, *, now: datetime) -> list[ToCall]:
    """Who is told by telephone, most urgent first: only what is still of use, only this territory's people, nobody who
    was erased, and of several reminders of one appointment only the first."""
    found = await database.rows(
        "SELECT m.id AS message_id, m.person_id, m.booking_id, m.kind, m.useless_after, m.tries FROM message m "
        "JOIN person_key k ON k.person_id = m.person_id "
        "LEFT JOIN booking b ON b.id = m.booking_id WHERE m.state = 'to_call' AND m.useless_after > {} "
        "AND (b.territory_id = {} OR (b.id IS NULL AND EXISTS "
        "(SELECT 1 FROM enrolment e WHERE e.person_id = m.person_id AND e.territory_id = {}))) "
        "AND NOT EXISTS (SELECT 1 FROM message o WHERE o.booking_id = m.booking_id AND o.person_id = m.person_id "
        "AND o.kind = m.kind AND o.state = 'to_call' AND o.id < m.id) "
        "ORDER BY m.useless_after, m.id LIMIT 200",
        now,
        territory_id,
        territory_id,
    )
    return [ToCall(**row) for row in found]


@verb
async def record_call(outcomes: Mapping[int, Outcome], *, actor: Actor, now: datetime, key: Key | None = None) -> None:
    """What came of one call, for each message it was to tell; unanswered ones stay on the list.

    Raises NotFound, AlreadyClosed, InvalidInput.
    """
    for message_id, outcome in sorted(outcomes.items()):
        await _record_call(message_id, outcome, actor, now)


async def _record_call(message_id: int, outcome: Outcome, actor: Actor, now: datetime) -> None:
    if outcome not in OUTCOMES:
        raise InvalidInput(field="outcome")
    found = await database.row(_OF_TERRITORY, message_id)
    if found is None or found["territory_id"] not in actor.scopes(*CALLERS, scope_kind="territory"):
        raise NotFound()
    if found["state"] != "to_call":
        raise AlreadyClosed()
    was_told = outcome in ("confirmed", "told", "cannot_come")
    await _note_call(message_id, outcome, was_told, actor, now)
    await database.execute(f"UPDATE message SET {_CLOSING[outcome]} WHERE id = {{}}", now, message_id)
    if was_told:
        await _call_no_more(message_id, now)
    elif outcome == "wrong_number":
        await database.execute(_SAME_NUMBER, now, message_id)


async def _call_no_more(message_id: int, now: datetime) -> None:
    """Who was reached about an appointment is not called about it again."""
    await database.execute(
        "UPDATE message SET state = 'cancelled', closed_at = {} WHERE kind = 'reminder' "
        "AND state IN ('due', 'to_call') AND (booking_id, person_id) IN "
        "(SELECT o.booking_id, o.person_id FROM message o WHERE o.id = {})",
        now,
        message_id,
    )


async def _note_call(message_id: int, outcome: str, was_told: bool, actor: Actor, now: datetime) -> None:
    await database.execute(
        "INSERT INTO delivery (message_id, channel, state, detail, staff_id, tried_at, received_at) "
        "VALUES ({}, 'call', {}, {}, {}, {}, {})",
        message_id,
        "received" if was_told else "failed",
        outcome,
        actor.id,
        now,
        now if was_told else None,
    )


_CLOSING: dict[Outcome, str] = {
    **dict.fromkeys(("confirmed", "told", "cannot_come"), "state = 'received', closed_at = {}"),
    "no_answer": "lease_until = {}, tries = tries + 1",
    "wrong_number": "state = 'failed', closed_at = {}, tries = tries + 1",
}
# What waits for the same call has failed with it; a later reminder asks again, perhaps at another number.
_SAME_NUMBER = """
UPDATE message SET state = 'failed', closed_at = {} WHERE kind = 'reminder' AND state = 'to_call'
AND (booking_id, person_id) IN (SELECT o.booking_id, o.person_id FROM message o WHERE o.id = {})
"""
_HELD_WITH = """
SELECT id, person_id, booking_id, kind, lead_hours, due_at, useless_after, tries, lease_holder AS holder FROM message
WHERE person_id = {} AND state = 'due' AND (id = {} OR (kind = 'reminder' AND {} = 'reminder' AND due_at <= {}
  AND (lease_until IS NULL OR lease_until <= {} OR (lease_holder <> '' AND lease_holder NOT LIKE {})))) ORDER BY id
"""
_OF_TERRITORY = """
SELECT m.state, coalesce(b.territory_id, (SELECT min(e.territory_id) FROM enrolment e WHERE e.person_id = m.person_id))
  AS territory_id FROM message m LEFT JOIN booking b ON b.id = m.booking_id WHERE m.id = {}
"""
