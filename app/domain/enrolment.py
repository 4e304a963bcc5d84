"""A person belongs to a territory: that is what lets its staff see them."""

from datetime import datetime

from app import database
from app.domain.actor import Actor


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
