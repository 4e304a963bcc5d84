"""Who lives together, and for whom a person may book."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from app import database
from app.domain import access, audit, delegation, identity, ledger
from app.domain.actor import Actor
from app.domain.errors import NotFound
from app.domain.verb import Key, verb

DECLARATION = "2026-01"
Relation = Literal["self", "child", "ward", "cared_for", "administered"]


@dataclass(frozen=True, slots=True)
class Member:
    person_id: int
    full_name: str
    part: Literal["adult", "minor"]


@dataclass(frozen=True, slots=True)
class Receiver:
    """`needs_declaration`: a minor for whom no parent or guardian has declared yet."""

    person_id: int
    given_name: str
    relation: Relation
    needs_declaration: bool

    def paid_by(self, booker: int) -> int:
        """Parents pay for their children; everybody else pays from their own purses."""
        return booker if self.relation in ("self", "child") else self.person_id


@verb
async def create(name: str, *, actor: Actor, now: datetime, key: Key | None = None) -> int:
    return await _create(name, now)


@verb
async def join(
    household_id: int,
    person_id: int,
    part: Literal["adult", "minor"],
    *,
    actor: Actor,
    now: datetime,
    key: Key | None = None,
) -> None:
    """One household at a time: the last one is left."""
    await _join(household_id, person_id, part, actor, now)


async def take_in(minor_id: int, parent_id: int, family_name: str, *, actor: Actor, now: datetime) -> None:
    """A step: a child who lives nowhere yet lives with this parent, whose household begins where there was none."""
    if await of(minor_id) is not None:
        return
    home = await of(parent_id)
    if home is None:
        home = await _create(family_name, now)
        await _join(home, parent_id, "adult", actor, now)
    await _join(home, minor_id, "minor", actor, now)


async def _create(name: str, now: datetime) -> int:
    found = await database.rows("INSERT INTO household (name, created_at) VALUES ({}, {}) RETURNING id", name, now)
    return int(found[0]["id"])


async def _join(
    household_id: int, person_id: int, part: Literal["adult", "minor"], actor: Actor, now: datetime
) -> None:
    await _leave(person_id, now)
    await database.execute(
        "INSERT INTO household_member (household_id, person_id, part, from_at) VALUES ({}, {}, {}, {})",
        household_id,
        person_id,
        part,
        now,
    )
    await audit.record("household.joined", actor=actor, now=now, person_id=person_id)


@verb
async def leave(person_id: int, *, actor: Actor, now: datetime, key: Key | None = None) -> None:
    await _leave(person_id, now)
    await audit.record("household.left", actor=actor, now=now, person_id=person_id)


async def _leave(person_id: int, now: datetime) -> None:
    await database.execute(
        "UPDATE household_member SET until_at = {} WHERE person_id = {} AND until_at IS NULL", now, person_id
    )


async def of(person_id: int) -> int | None:
    """The household a person lives in now."""
    found: int | None = await database.scalar(
        "SELECT household_id FROM household_member WHERE person_id = {} AND until_at IS NULL", person_id
    )
    return found


async def members(person_id: int) -> list[Member]:
    """Everybody of this person's household, in the order they came; empty for who has none."""
    found = await database.rows(
        "SELECT m.person_id, m.part FROM household_member m JOIN household_member mine "
        "ON mine.household_id = m.household_id WHERE mine.person_id = {} AND mine.until_at IS NULL "
        "AND m.until_at IS NULL ORDER BY m.id",
        person_id,
    )
    names = await identity.names_of(row["person_id"] for row in found)
    return [
        Member(row["person_id"], names[row["person_id"]], row["part"]) for row in found if row["person_id"] in names
    ]


async def who_can_receive(person_id: int, now: datetime) -> list[Receiver]:
    """Me first, then my children, then those I care for; one line a person."""
    today = ledger.day(now)
    found = await database.rows(_RECEIVERS, person_id, person_id, today, today)
    by_person: dict[int, Receiver] = {}
    for row in found:
        minor = delegation.is_minor(database.day(row["born_on"]), today)
        if row["person_id"] not in by_person and (minor or row["kind"] != "parent"):
            needs = minor and row["kind"] != "self" and not row["declared"]
            relation = _relation(row["kind"], minor=minor)
            by_person[row["person_id"]] = Receiver(row["person_id"], row["given_name"], relation, needs)
    return list(by_person.values())


def _relation(kind: str, *, minor: bool) -> Relation:
    named: dict[str, Relation] = {"self": "self", "parent": "child", "administrator": "administered"}
    return named.get(kind, "ward" if kind == "guardian" and minor else "cared_for")


async def is_declared(minor_id: int) -> bool:
    """Whether a parent or guardian has declared."""
    return await database.scalar("SELECT 1 FROM minor_declaration WHERE minor_id = {}", minor_id) is not None


@verb
async def declare_minor(
    minor_id: int, declared_by: int, *, actor: Actor, now: datetime, key: Key | None = None
) -> None:
    """Once for a minor, by a parent or guardian: on their own screen, or at the desk that has them in front."""
    if not (actor.kind == "person" and actor.id == declared_by) and not await access.sees(actor, declared_by):
        raise NotFound()
    await declare(minor_id, declared_by, await _declares_as(declared_by, minor_id, ledger.day(now)), actor, now)


async def declare(minor_id: int, declared_by: int, kind: str, actor: Actor, now: datetime) -> None:
    """A step, which does nothing where a parent or guardian has declared before."""
    if not await is_declared(minor_id):
        await database.execute(
            "INSERT INTO minor_declaration (minor_id, declared_by, kind, text_version, declared_at) "
            "VALUES ({}, {}, {}, {}, {})",
            minor_id,
            declared_by,
            kind,
            DECLARATION,
            now,
        )
        await audit.record("minor.declared", actor=actor, now=now, person_id=minor_id)


async def _declares_as(declared_by: int, minor_id: int, today: date) -> str:
    for held in await delegation.held_by(declared_by, today):
        if held.person_id == minor_id and held.kind in ("parent", "guardian"):
            return held.kind
    raise NotFound()


_RECEIVERS = """
SELECT i.person_id, 'self' AS kind, i.given_name, i.born_on, 1 AS declared, 0 AS position, 0 AS id
FROM identity i WHERE i.person_id = {}
UNION ALL SELECT i.person_id, d.kind, i.given_name, i.born_on,
  (SELECT count(*) FROM minor_declaration m WHERE m.minor_id = i.person_id),
  CASE WHEN d.kind IN ('parent', 'guardian') THEN 1 ELSE 2 END, d.id
FROM delegation d JOIN identity i ON i.person_id = d.person_id
WHERE d.delegate_id = {} AND d.may_book AND d.revoked_at IS NULL AND d.from_on <= {}
AND (d.until_on IS NULL OR d.until_on >= {}) ORDER BY position, id
"""
