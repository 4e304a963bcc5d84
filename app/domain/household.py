"""Who lives together, and for whom a person may book."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from app import database
from app.domain import access, audit, delegation, identity
from app.domain.actor import Actor
from app.domain.delegation import DelegationFacts, is_minor
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


@verb
async def create(name: str, *, actor: Actor, now: datetime, key: Key | None = None) -> int:
    found = await database.rows("INSERT INTO household (name, created_at) VALUES ({}, {}) RETURNING id", name, now)
    return int(found[0]["id"])


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
    today = now.date()
    held = [each for each in await delegation.held_by(person_id, today) if each.may_book]
    everybody = [person_id, *(each.person_id for each in held)]
    facts = await identity.facts_of(everybody)
    declared = await declared_among(everybody) if held else set()
    found = [Receiver(person_id, facts[person_id].given_name, "self", False)]
    for each in sorted(held, key=lambda d: d.kind not in ("parent", "guardian")):
        known = facts.get(each.person_id)
        if known and each.person_id not in {r.person_id for r in found}:
            minor = is_minor(known.born_on, today)
            needs = minor and each.person_id not in declared
            found.append(Receiver(each.person_id, known.given_name, _relation(each, minor), needs))
    return found


def _relation(held: DelegationFacts, minor: bool) -> Relation:
    if held.kind == "administrator":
        return "administered"
    if held.kind == "parent":
        return "child"
    return "ward" if held.kind == "guardian" and minor else "cared_for"


async def is_declared(minor_id: int) -> bool:
    return minor_id in await declared_among([minor_id])


async def declared_among(people: list[int]) -> set[int]:
    """Those for whom a parent or guardian has declared."""
    places = ", ".join(["{}"] * len(people))
    found = await database.rows(f"SELECT minor_id FROM minor_declaration WHERE minor_id IN ({places})", *people)
    return {row["minor_id"] for row in found}


@verb
async def declare_minor(
    minor_id: int, declared_by: int, *, actor: Actor, now: datetime, key: Key | None = None
) -> None:
    """Once for a minor, by a parent or guardian: on their own screen, or at the desk that has them in front."""
    if not (actor.kind == "person" and actor.id == declared_by) and not await access.sees(actor, declared_by):
        raise NotFound()
    kind = await _declares_as(declared_by, minor_id, now.date())
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
