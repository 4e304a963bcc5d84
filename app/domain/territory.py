"""Where people live, and who answers the telephone there."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from app import addresses, database
from app.domain import search_text
from app.domain.actor import Actor
from app.domain.errors import InvalidInput
from app.domain.verb import Key, verb

# Brand colours with white words on them at 7:1 or better; the sheets know the same names.
COLOURS = {
    "blue": "#0b4a75",
    "forest": "#14532d",
    "wine": "#7a1c3f",
    "terracotta": "#832c12",
    "plum": "#55307f",
    "slate": "#334155",
}
OFFICE_HOURS = tuple((weekday, *hours) for weekday in range(5) for hours in (("09:00", "13:00"), ("14:00", "18:00")))


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


@verb
async def create(
    slug: str,
    name: str,
    *,
    district: str,
    phone: str,
    phone_cost: str,
    opened_on: date,
    colour: str = "blue",
    zone: str = "Europe/Rome",
    holiday_subdivision: str = "",
    is_demo: bool = False,
    openings: Iterable[tuple[int, str, str]] = OFFICE_HOURS,
    actor: Actor,
    now: datetime,
    key: Key | None = None,
) -> int:
    """A territory with its call centre; `openings` are (weekday, opens, closes)."""
    if colour not in COLOURS:
        raise InvalidInput(field="colour")
    if slug in addresses.RESERVED or not slug or slug != search_text.slug(slug):
        raise InvalidInput(field="slug")
    territory_id: int | None = await database.scalar(
        "INSERT INTO territory (slug, name, district, zone, holiday_subdivision, phone, phone_cost, colour, is_demo, "
        "opened_on) VALUES ({}, {}, {}, {}, {}, {}, {}, {}, {}, {}) ON CONFLICT DO NOTHING RETURNING id",
        *(slug, name, district, zone, holiday_subdivision, phone, phone_cost, colour, is_demo, opened_on),
    )
    if territory_id is None:
        raise InvalidInput(field="slug")
    await add_openings(territory_id, None, openings)
    return territory_id


async def add_openings(
    territory_id: int, social_point_id: int | None, openings: Iterable[tuple[int, str, str]]
) -> None:
    """Inside the caller's transaction; without a Social Point they are the call centre's."""
    for weekday, opens, closes in openings:
        await database.execute(
            "INSERT INTO opening (territory_id, social_point_id, weekday, opens, closes) VALUES ({}, {}, {}, {}, {})",
            *(territory_id, social_point_id, weekday, opens, closes),
        )


async def by_slug(slug: str) -> TerritoryFacts | None:
    found = await database.row(
        "SELECT id, slug, name, district, zone, holiday_subdivision, phone, phone_cost, colour, is_demo "
        "FROM territory WHERE slug = {}",
        slug,
    )
    if found is None:
        return None
    return TerritoryFacts(**found, phone_openings=await openings(found["id"], None))


async def has_demo() -> bool:
    return bool(await database.rows("SELECT id FROM territory WHERE is_demo LIMIT 1"))


async def openings(territory_id: int, social_point_id: int | None) -> tuple[Opening, ...]:
    """When a Social Point, or with None the call centre, is open; in week order."""
    found = await database.rows(
        "SELECT weekday, opens, closes FROM opening WHERE territory_id = {} "
        "AND coalesce(social_point_id, 0) = {} ORDER BY weekday, opens",
        territory_id,
        social_point_id or 0,
    )
    return tuple(Opening(**opening) for opening in found)
