"""Where people live, and who answers the telephone there."""

from dataclasses import dataclass

from app import database


@dataclass(frozen=True, slots=True)
class Opening:
    """One opening: weekday 0 is Monday, wall-clock 'HH:MM' of the territory."""

    weekday: int
    opens: str
    closes: str


@dataclass(frozen=True, slots=True)
class TerritoryFacts:
    id: int
    slug: str
    name: str
    district: str
    zone: str
    holiday_subdivision: str
    phone: str
    phone_cost: str
    colour: str
    is_demo: bool
    phone_openings: tuple[Opening, ...]


async def by_slug(slug: str) -> TerritoryFacts | None:
    found = await database.row(
        "SELECT id, slug, name, district, zone, holiday_subdivision, phone, phone_cost, colour, is_demo "
        "FROM territory WHERE slug = {}",
        slug,
    )
    if found is None:
        return None
    return TerritoryFacts(**found, phone_openings=await openings(found["id"], None))


async def openings(territory_id: int, social_point_id: int | None) -> tuple[Opening, ...]:
    """When a Social Point, or with None the call centre, is open; in week order."""
    found = await database.rows(
        "SELECT weekday, opens, closes FROM opening WHERE territory_id = {} "
        "AND coalesce(social_point_id, 0) = {} ORDER BY weekday, opens",
        territory_id,
        social_point_id or 0,
    )
    return tuple(Opening(**opening) for opening in found)
