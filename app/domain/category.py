"""The controlled list of categories: each service has exactly one."""

from datetime import datetime

from app import database
from app.domain.actor import Actor
from app.domain.verb import Key, verb


@verb
async def add(
    code: str,
    name_it: str,
    name_en: str,
    *,
    matter: str,
    position: int,
    actor: Actor,
    now: datetime,
    key: Key | None = None,
) -> int:
    category_id: int = await database.scalar(
        "INSERT INTO category (code, name_it, name_en, matter, position) VALUES ({}, {}, {}, {}, {}) RETURNING id",
        *(code, name_it, name_en, matter, position),
    )
    return category_id
