"""Days out of the plan: a place or one of its services is closed, or open when the plan says otherwise."""

from datetime import date, datetime
from typing import Literal

from app import database
from app.domain import slot
from app.domain.actor import Actor
from app.domain.verb import Key, verb


@verb
async def close_place(
    place_id: int, day: date, reason: str, *, actor: Actor, now: datetime, key: Key | None = None
) -> int:
    """Nothing of this place can be booked that day; what was booked stays until somebody calls it off."""
    return await _add({"place_id": place_id}, day, "closed", "", "", reason, now)


@verb
async def change_day(
    service_place_id: int,
    day: date,
    kind: Literal["closed", "open"],
    reason: str,
    *,
    starts: str = "",
    ends: str = "",
    actor: Actor,
    now: datetime,
    key: Key | None = None,
) -> int:
    """One service at one place: closed that day, or open from `starts` to `ends`, holidays too."""
    return await _add({"service_place_id": service_place_id}, day, kind, starts, ends, reason, now)


async def _add(where: dict[str, int], day: date, kind: str, starts: str, ends: str, reason: str, now: datetime) -> int:
    ((column, place),) = where.items()
    made: int = await database.scalar(
        f"INSERT INTO plan_exception ({column}, day, kind, starts, ends, reason) "
        "VALUES ({}, {}, {}, {}, {}, {}) RETURNING id",
        *(place, day, kind, starts, ends, reason),
    )
    for touched in await database.rows(
        f"SELECT sp.id FROM service_place sp JOIN service s ON s.id = sp.service_id WHERE s.status = 'published' "
        f"AND s.action = 'book' AND sp.{'place_id' if column == 'place_id' else 'id'} = {{}} ORDER BY sp.id",
        place,
    ):
        await slot.keep_first_free(touched["id"], now=now)
    return made
