"""What people say, and what they mean by it: edited by staff as data."""

from datetime import datetime

from app import database
from app.domain.actor import Actor
from app.domain.verb import Key, verb


@verb
async def add(
    said: str,
    meant: str,
    *,
    territory_id: int | None = None,
    actor: Actor,
    now: datetime,
    key: Key | None = None,
) -> int:
    """`meant` are words of a service or a category; without a territory it holds everywhere."""
    synonym_id: int = await database.scalar(
        "INSERT INTO synonym (territory_id, said, meant) VALUES ({}, {}, {}) RETURNING id", territory_id, said, meant
    )
    return synonym_id


@verb
async def add_not_offered(
    said: str,
    answer: str,
    phone: str = "",
    *,
    territory_id: int | None = None,
    actor: Actor,
    now: datetime,
    key: Key | None = None,
) -> int:
    """A need nobody serves here: the answer says where to go."""
    answer_id: int = await database.scalar(
        "INSERT INTO not_offered (territory_id, said, answer, phone) VALUES ({}, {}, {}, {}) RETURNING id",
        *(territory_id, said, answer, phone),
    )
    return answer_id
