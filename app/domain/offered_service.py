"""Everything the public page of one service says."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from app import database
from app.domain import catalogue, observation, slot
from app.domain.catalogue import FirstFree, FundPrice, Offer
from app.domain.errors import NotFound
from app.domain.service import Text
from app.domain.territory import TerritoryFacts
from app.tables.service import IS_ACTIVITY

TIMES = 5
LOOKED_AT_ONCE = timedelta(days=35)  # from the first free day on


@dataclass(frozen=True, slots=True)
class PlaceFacts:
    service_place_id: int
    id: int
    name: str
    address: str
    postcode: str
    municipality: str
    directions: str
    accessibility: str
    first_free: datetime | None
    first_free_at: datetime | None


@dataclass(frozen=True, slots=True)
class PriceClassFacts:
    name: str
    price_cents: int


@dataclass(frozen=True, slots=True)
class Hours:
    """When a telephone is answered: the plan of a service to call."""

    rule: str
    starts: str
    ends: str


@dataclass(frozen=True, slots=True)
class OfferedService:
    id: int
    slug: str
    status: str
    status_reason: str
    action: str
    mode: str
    price_cents: int
    unit: str
    minutes: int
    cancel_hours: int
    answer_days: int
    allows_guest: bool
    call_phone: str
    category: str
    category_name: str
    families: tuple[str, ...]
    provider: str
    provider_about: str
    provider_phone: str
    provider_email: str
    text: Text
    text_language: str
    places: tuple[PlaceFacts, ...]
    price_classes: tuple[PriceClassFacts, ...]
    municipalities: tuple[str, ...]
    materials: int
    is_activity: bool


@dataclass(frozen=True, slots=True)
class Outlook:
    """When it can be had, and what else there is."""

    first_free: FirstFree
    times: tuple[datetime, ...]
    rivals: tuple[Offer, ...]
    similar: tuple[Offer, ...]
    fund_prices: tuple[FundPrice, ...]


async def load(place: TerritoryFacts, slug: str, language: str) -> OfferedService:
    """Raises NotFound for what does not exist here, and for a draft."""
    name = "name_en" if language == "en" else "name_it"
    found = await database.row(
        "SELECT s.id, s.slug, s.status, s.status_reason, s.action, s.mode, s.price AS price_cents, s.unit, s.minutes, "
        "s.cancel_hours, s.answer_days, s.allows_guest, s.call_phone, c.code AS category, "
        "(SELECT count(*) FROM material m WHERE m.service_id = s.id) AS materials, "
        f"{IS_ACTIVITY} AS is_activity, "
        f"c.{name} AS category_name, p.name AS provider, p.about AS provider_about, p.phone AS provider_phone, "
        "p.email AS provider_email FROM service s JOIN category c ON c.id = s.category_id "
        "JOIN provider p ON p.id = s.provider_id "
        "WHERE s.territory_id = {} AND s.slug = {} AND s.status <> 'draft'",
        place.id,
        slug,
    )
    if found is None:
        raise NotFound()
    text_language, text = await _text(found["id"], language)
    details = await _details(found["id"])
    return OfferedService(
        **found,
        text=text,
        text_language=text_language,
        places=await _places(found["id"]),
        families=tuple(row["name"] for row in details if row["kind"] == "family"),
        price_classes=tuple(PriceClassFacts(r["name"], r["price"]) for r in details if r["kind"] == "class"),
        municipalities=tuple(row["name"] for row in details if row["kind"] == "town"),
    )


async def outlook(place: TerritoryFacts, one: OfferedService, *, language: str, now: datetime) -> Outlook:
    """Where there is no free date, others like it; that somebody looked in vain is counted."""
    times = await _times(one, now) if one.action == "book" and one.status == "published" else ()
    is_vain = one.status != "published" or (one.action == "book" and not times)
    if is_vain and one.status == "published":
        await observation.count(place.id, "no_free_date", one.slug, now=now)
    return Outlook(
        FirstFree(times[0] if times else None, is_known=True),
        times,
        () if is_vain else tuple(await catalogue.rivals(one.id, language=language, now=now)),
        tuple(await catalogue.similar(one.id, limit=3, language=language, now=now)) if is_vain else (),
        tuple(await catalogue.fund_prices(one.id, one.price_cents, one.category, now)) if one.price_cents else (),
    )


async def hours(service_id: int) -> list[Hours]:
    found = await database.rows(
        "SELECT w.rule, w.starts, w.ends FROM working_plan w JOIN service_place sp ON sp.id = w.service_place_id "
        "WHERE sp.service_id = {} ORDER BY w.id",
        service_id,
    )
    return [Hours(**row) for row in found]


async def _times(one: OfferedService, now: datetime) -> tuple[datetime, ...]:
    """Of the place that is free first, so that a service in many places costs no more than one."""
    if not one.places or catalogue.is_surely_full(one.places, now):
        return ()
    soonest = min(one.places, key=lambda p: (p.first_free is None, p.first_free or now, p.service_place_id))
    if soonest.first_free is None or soonest.first_free <= now:
        found = await slot.next_times(soonest.service_place_id, now=now, limit=TIMES)
    else:
        offer = await slot.load_offer(soonest.service_place_id)
        first = soonest.first_free.astimezone(offer.calendar.zone).date()
        found = await slot.free_times(offer, first, first + LOOKED_AT_ONCE, now=now)
    return tuple(time.starts_at for time in found[:TIMES])


async def _text(service_id: int, language: str) -> tuple[str, Text]:
    found = await database.rows(
        "SELECT language, name, summary, for_whom, how_to, needed, obtained, times, conditions, bring "
        "FROM service_text WHERE service_id = {} AND language IN ({}, 'it')",
        service_id,
        language,
    )
    by_language = {row.pop("language"): Text(**row) for row in found}
    chosen = language if language in by_language else "it"
    return chosen, by_language[chosen]


async def _details(service_id: int) -> list[database.Row]:
    return await database.rows(
        "SELECT 'class' AS kind, name, price, id FROM price_class WHERE service_id = {} "
        "UNION ALL SELECT 'town', m.name, 0, m.id FROM service_municipality sm "
        "JOIN municipality m ON m.id = sm.municipality_id WHERE sm.service_id = {} "
        "UNION ALL SELECT 'family', family, 0, 0 FROM service_family WHERE service_id = {} ORDER BY 1, 4, 2",
        service_id,
        service_id,
        service_id,
    )


async def _places(service_id: int) -> tuple[PlaceFacts, ...]:
    found = await database.rows(
        "SELECT sp.id AS service_place_id, p.id, p.name, p.address, m.postcode, m.name AS municipality, p.directions, "
        "p.accessibility, sp.first_free, sp.first_free_at FROM service_place sp JOIN place p ON p.id = sp.place_id "
        "JOIN municipality m ON m.id = p.municipality_id WHERE sp.service_id = {} ORDER BY sp.id",
        service_id,
    )
    return tuple(PlaceFacts(**row) for row in found)
