"""Which service a booking starts from: found by its address in a territory."""

from dataclasses import dataclass

from app import database
from app.domain import content
from app.domain.eligibility import Terms
from app.domain.errors import NotFound


@dataclass(frozen=True, slots=True)
class OfferPlace:
    id: int
    name: str
    address: str
    municipality: str


@dataclass(frozen=True, slots=True)
class Offered:
    service_id: int
    slug: str
    action: str
    unit: str
    min_quantity: int
    max_quantity: int
    price_cents: int
    mode: str
    terms: Terms
    places: tuple[OfferPlace, ...]

    def place(self, chosen: int) -> OfferPlace | None:
        """The chosen place, or the only one there is."""
        if len(self.places) == 1:
            return self.places[0]
        return next((place for place in self.places if place.id == chosen), None)


async def by_slug(territory_id: int, slug: str) -> Offered:
    """Published services of accredited providers only. Raises NotFound."""
    return await content.kept(("offered", territory_id, slug), lambda: _by_slug(territory_id, slug))


async def _by_slug(territory_id: int, slug: str) -> Offered:
    found = await database.row(
        "SELECT s.id AS service_id, s.slug, s.action, s.unit, s.min_quantity, s.max_quantity, s.price AS price_cents, "
        "s.mode, s.min_age, s.max_age, s.free_from_age, s.allows_guest FROM service s "
        "WHERE s.territory_id = {} AND s.slug = {} AND s.status = 'published'",
        territory_id,
        slug,
    )
    if found is None:
        raise NotFound()
    places = await database.rows(
        "SELECT sp.id, l.name, l.address, m.name AS municipality FROM service_place sp JOIN place l "
        "ON l.id = sp.place_id JOIN municipality m ON m.id = l.municipality_id WHERE sp.service_id = {} ORDER BY sp.id",
        found["service_id"],
    )
    terms = Terms(*(found.pop(name) for name in ("min_age", "max_age", "free_from_age", "allows_guest")))
    return Offered(**found, terms=terms, places=tuple(OfferPlace(**place) for place in places))
