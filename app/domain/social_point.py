"""Social Points: where a person sits down with somebody who helps."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from app import database
from app.domain import territory
from app.domain.actor import Actor
from app.domain.territory import Opening
from app.domain.verb import Key, verb


@dataclass(frozen=True, slots=True)
class SocialPointFacts:
    id: int
    name: str
    address: str
    directions: str
    phone: str
    municipality: str
    postcode: str
    openings: tuple[Opening, ...]


@verb
async def add(
    territory_id: int,
    municipality_id: int,
    name: str,
    *,
    address: str,
    directions: str,
    phone: str,
    openings: Iterable[tuple[int, str, str]],
    actor: Actor,
    now: datetime,
    key: Key | None = None,
) -> int:
    social_point_id: int = await database.scalar(
        "INSERT INTO social_point (territory_id, municipality_id, name, address, directions, phone) "
        "VALUES ({}, {}, {}, {}, {}, {}) RETURNING id",
        *(territory_id, municipality_id, name, address, directions, phone),
    )
    await territory.add_openings(territory_id, social_point_id, openings)
    return social_point_id


async def of_territory(territory_id: int) -> list[SocialPointFacts]:
    """All of them in the order they were opened, each with its week."""
    found = await database.rows(
        "SELECT p.id, p.name, p.address, p.directions, p.phone, m.name AS municipality, m.postcode "
        "FROM social_point p JOIN municipality m ON m.id = p.municipality_id WHERE p.territory_id = {} ORDER BY p.id",
        territory_id,
    )
    hours = await database.rows(
        "SELECT social_point_id, weekday, opens, closes FROM opening WHERE territory_id = {} "
        "AND social_point_id IS NOT NULL ORDER BY weekday, opens",
        territory_id,
    )
    week: dict[int, list[Opening]] = {}
    for row in hours:
        week.setdefault(row.pop("social_point_id"), []).append(Opening(**row))
    return [SocialPointFacts(**point, openings=tuple(week.get(point["id"], ()))) for point in found]
