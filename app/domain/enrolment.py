"""A person belongs to a territory: that is what lets its staff see them."""

from datetime import datetime

from app import database
from app.domain import audit, fiscal_code, identity
from app.domain.actor import Actor
from app.domain.errors import NotFound
from app.domain.verb import Key, verb


async def add(person_id: int, territory_id: int, social_point_id: int | None, *, actor: Actor, now: datetime) -> None:
    await database.execute(
        "INSERT INTO enrolment (person_id, territory_id, social_point_id, staff_id, enrolled_at) "
        "VALUES ({}, {}, {}, {}, {}) ON CONFLICT DO NOTHING",
        person_id,
        territory_id,
        social_point_id,
        actor.id if actor.kind == "staff" else None,
        now,
    )


async def exists(person_id: int, territory_id: int) -> bool:
    found = await database.row(
        "SELECT id FROM enrolment WHERE person_id = {} AND territory_id = {}", person_id, territory_id
    )
    return found is not None


@verb
async def join(
    typed_fiscal_code: str,
    family_name: str,
    *,
    territory_id: int,
    actor: Actor,
    now: datetime,
    social_point_id: int | None = None,
    key: Key | None = None,
) -> int:
    """Somebody known elsewhere comes to this territory too: one person, one card. Code and surname must agree."""
    person_id = await identity.person_with_fiscal_code(fiscal_code.read(typed_fiscal_code))
    known = (await identity.facts_of([person_id])).get(person_id) if person_id else None
    if known is None or identity.fold(known.family_name) != identity.fold(family_name):
        raise NotFound()
    await add(known.person_id, territory_id, social_point_id, actor=actor, now=now)
    await audit.record("person.joined", actor=actor, now=now, person_id=person_id, territory_id=territory_id)
    return known.person_id
