"""Who may act for whom: parents, guardians, amministratori di sostegno, and the person somebody trusts."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from app import database
from app.database import Piece
from app.domain import access, audit, ledger
from app.domain.actor import Actor
from app.domain.errors import InvalidInput, NotFound
from app.domain.verb import Key, verb

DelegationKind = Literal["delegate", "parent", "guardian", "administrator"]
Scope = Literal["see", "book", "spend"]


@dataclass(frozen=True, slots=True)
class DelegationFacts:
    id: int
    person_id: int
    delegate_id: int
    kind: DelegationKind
    may_see: bool
    may_book: bool
    may_spend: bool
    monthly_limit_cents: int | None
    from_on: date
    until_on: date | None

    def allows(self, scope: Scope) -> bool:
        return {"see": self.may_see, "book": self.may_book, "spend": self.may_spend}[scope]


@dataclass(frozen=True, slots=True)
class Recorded:
    """`by` is the staff member who wrote it down, '' when the person did."""

    given: DelegationFacts
    revoked_at: datetime | None
    by: str


@dataclass(frozen=True, slots=True)
class Terms:
    """What is given to whom; None is without a limit, without an end."""

    delegate_id: int
    kind: DelegationKind
    scopes: frozenset[Scope]
    from_on: date
    until_on: date | None = None
    monthly_limit_cents: int | None = None


@verb
async def grant(
    person_id: int,
    delegate_id: int,
    kind: DelegationKind,
    scopes: frozenset[Scope],
    *,
    from_on: date,
    actor: Actor,
    now: datetime,
    until_on: date | None = None,
    monthly_limit_cents: int | None = None,
    key: Key | None = None,
) -> int:
    """By the person, or by staff who saw the papers; only staff record parents, guardians and administrators."""
    await _may_decide(person_id, actor)
    terms = Terms(delegate_id, kind, scopes, from_on, until_on, monthly_limit_cents)
    return await write_down(person_id, terms, actor=actor, now=now)


async def write_down(person_id: int, terms: Terms, *, actor: Actor, now: datetime) -> int:
    """A step, for who may decide: of one kind there is one between two people, and the last one counts."""
    if person_id == terms.delegate_id or (actor.kind == "person" and terms.kind != "delegate"):
        raise InvalidInput(field="kind")
    if terms.until_on and terms.until_on < terms.from_on:
        raise InvalidInput(field="until_on")
    await _end_former(person_id, terms, now)
    found = await database.rows(
        "INSERT INTO delegation (person_id, delegate_id, kind, may_see, may_book, may_spend, monthly_limit_cents, "
        "from_on, until_on, recorded_by) VALUES ({}, {}, {}, {}, {}, {}, {}, {}, {}, {}) RETURNING id",
        person_id,
        terms.delegate_id,
        terms.kind,
        "see" in terms.scopes,
        "book" in terms.scopes,
        "spend" in terms.scopes,
        terms.monthly_limit_cents,
        terms.from_on,
        terms.until_on,
        actor.id if actor.kind == "staff" else None,
    )
    await _tell_both("delegation.granted", found[0]["id"], person_id, terms.delegate_id, actor, now)
    return int(found[0]["id"])


async def _end_former(person_id: int, terms: Terms, now: datetime) -> None:
    """At once, or on the day before the new one begins."""
    begins_later = terms.from_on > ledger.day(now)
    last_day = Piece("until_on = {}", terms.from_on - timedelta(days=1))
    await database.execute(
        "UPDATE delegation SET {} WHERE person_id = {} AND delegate_id = {} AND kind = {} AND revoked_at IS NULL "
        "AND (until_on IS NULL OR until_on >= {})",
        last_day if begins_later else Piece("revoked_at = {}", now),
        person_id,
        terms.delegate_id,
        terms.kind,
        terms.from_on,
    )


@verb
async def revoke(delegation_id: int, *, actor: Actor, now: datetime, key: Key | None = None) -> None:
    """The person takes back what they gave; what a court or birth gave is ended by staff."""
    found = await database.row(
        "SELECT person_id, delegate_id, kind FROM delegation WHERE id = {} AND revoked_at IS NULL", delegation_id
    )
    if found is None or (actor.kind == "person" and found["kind"] != "delegate"):
        raise NotFound()
    await _may_decide(found["person_id"], actor)
    await database.execute("UPDATE delegation SET revoked_at = {} WHERE id = {}", now, delegation_id)
    await _tell_both("delegation.revoked", delegation_id, found["person_id"], found["delegate_id"], actor, now)


async def giver(delegation_id: int) -> int:
    """Whose data and money it is about."""
    return int(await database.scalar("SELECT person_id FROM delegation WHERE id = {}", delegation_id))


async def recorded(delegation_id: int, person_id: int) -> Recorded:
    """Of this person, also when it is over. Raises NotFound."""
    found = await database.row(
        f"{_SELECT.replace('SELECT ', 'SELECT d.revoked_at, w.name AS by_name, ')} "
        "LEFT JOIN staff w ON w.id = d.recorded_by WHERE d.id = {} AND d.person_id = {}",
        *(delegation_id, person_id),
    )
    if found is None:
        raise NotFound()
    revoked_at, by_name, _ = found.pop("revoked_at"), found.pop("by_name"), found.pop("born_on")
    return Recorded(DelegationFacts(**found), revoked_at, by_name or "")


async def given_by(person_id: int, today: date) -> list[DelegationFacts]:
    return await _live("person_id", person_id, today)


async def held_by(delegate_id: int, today: date) -> list[DelegationFacts]:
    return await _live("delegate_id", delegate_id, today)


async def between(delegate_id: int, person_id: int, scope: Scope, today: date) -> DelegationFacts | None:
    """What lets one act for the other in this way today, its monthly limit included."""
    held = await held_by(delegate_id, today)
    return next((d for d in held if d.person_id == person_id and d.allows(scope)), None)


async def allows(delegate_id: int, person_id: int, scope: Scope, today: date) -> bool:
    return delegate_id == person_id or await between(delegate_id, person_id, scope, today) is not None


async def _live(column: str, person_id: int, today: date) -> list[DelegationFacts]:
    found = await database.rows(
        f"{_SELECT} WHERE d.{column} = {{}} AND d.revoked_at IS NULL AND d.from_on <= {{}} "
        "AND (d.until_on IS NULL OR d.until_on >= {}) ORDER BY d.id",
        person_id,
        today,
        today,
    )
    return [
        DelegationFacts(**{name: value for name, value in row.items() if name != "born_on"})
        for row in found
        if row["kind"] != "parent" or is_minor(row["born_on"], today)
    ]


def is_minor(born_on: date | None, today: date) -> bool:
    return born_on is not None and age(born_on, today) < 18


def age(born_on: date, today: date) -> int:
    return today.year - born_on.year - ((today.month, today.day) < (born_on.month, born_on.day))


async def _may_decide(person_id: int, actor: Actor) -> None:
    if not (actor.kind == "person" and actor.id == person_id) and not await access.sees(actor, person_id):
        raise NotFound()


async def _tell_both(
    what: str, delegation_id: int, person_id: int, delegate_id: int, actor: Actor, now: datetime
) -> None:
    for each in (person_id, delegate_id):
        await audit.record(
            what, actor=actor, now=now, person_id=each, subject_kind="delegation", subject_id=delegation_id
        )


_SELECT = (
    "SELECT d.id, d.person_id, d.delegate_id, d.kind, d.may_see, d.may_book, d.may_spend, d.monthly_limit_cents, "
    "d.from_on, d.until_on, i.born_on FROM delegation d JOIN identity i ON i.person_id = d.person_id"
)
