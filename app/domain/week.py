"""The week of a centre: what many do together there, at the times that can really be booked."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from app import database
from app.domain import content, plan, slot
from app.domain.errors import NotFound
from app.domain.plan import Calendar
from app.domain.territory import TerritoryFacts
from app.tables.service import IS_ACTIVITY

WEEK = timedelta(days=7)
FRIDAY = 4


@dataclass(frozen=True, slots=True)
class Centre:
    """A place of a provider where a territory's services are given."""

    id: int
    name: str
    address: str
    municipality: str
    provider: str
    phone: str


@dataclass(frozen=True, slots=True)
class Activity:
    """From the first start to the last end of what follows without a gap; `language` is that of the name."""

    service_place_id: int
    slug: str
    name: str
    language: str
    starts_at: datetime
    ends_at: datetime
    is_full: bool


@dataclass(frozen=True, slots=True)
class _Offer:
    id: int
    slug: str
    name: str
    language: str
    lasting: timedelta
    step: timedelta
    calendar: Calendar


def shown(today: date) -> date:
    """The Monday of the week people plan: from Friday on that is the next one."""
    monday = today - timedelta(days=today.weekday())
    return monday + WEEK if today.weekday() >= FRIDAY else monday


async def centres(territory_id: int) -> list[Centre]:
    """Where something is done together, by name of the town and of the centre."""
    found = await database.rows(
        f"{_CENTRE} WHERE l.id IN (SELECT sp.place_id FROM service_place sp JOIN service s ON s.id = sp.service_id "
        f"WHERE s.territory_id = {{}} AND s.status = 'published' AND {IS_ACTIVITY}) ORDER BY m.name, l.name, l.id",
        territory_id,
    )
    return [Centre(**row) for row in found]


async def centre(territory_id: int, place_id: int) -> Centre:
    """Raises NotFound where nothing of this territory is offered at the place."""
    found = await database.row(
        f"{_CENTRE} WHERE l.id = {{}} AND EXISTS (SELECT 1 FROM service_place sp JOIN service s "
        "ON s.id = sp.service_id WHERE sp.place_id = l.id AND s.territory_id = {} AND s.status = 'published' "
        "AND s.mode = 'centre')",
        *(place_id, territory_id),
    )
    if found is None:
        raise NotFound()
    return Centre(**found)


async def activities(
    where: TerritoryFacts, place_id: int, monday: date, *, language: str, now: datetime
) -> list[Activity]:
    """From Monday to Sunday, in order; what is over is left out."""
    key = ("week", where.id, place_id, language)
    offers = await content.kept(key, lambda: _offers(where, place_id, language))
    zone = ZoneInfo(where.zone)
    first, last = _midnight(monday, zone), _midnight(monday + WEEK, zone)
    full = await slot.full([offer.id for offer in offers], first, last, now=now)
    found = [one for offer in offers for one in _activities(offer, monday, full) if one.ends_at > now]
    return sorted(found, key=lambda one: (one.starts_at, one.ends_at, one.name))


def _activities(offer: _Offer, monday: date, full: set[tuple[int, datetime]]) -> Iterator[Activity]:
    last = monday + WEEK - timedelta(days=1)
    starts = plan.starts(offer.calendar, monday, last, lasting=offer.lasting, step=offer.step)
    for run in _runs(starts, offer.lasting):
        is_full = all((offer.id, start) in full for start in run)
        yield Activity(offer.id, offer.slug, offer.name, offer.language, run[0], run[-1] + offer.lasting, is_full)


def _runs(starts: Sequence[datetime], lasting: timedelta) -> Iterator[list[datetime]]:
    """Times that follow each other without a gap are one opening: whoever reads a week wants one line of it."""
    run: list[datetime] = []
    for start in starts:
        if run and start > run[-1] + lasting:
            yield run
            run = []
        run.append(start)
    if run:
        yield run


async def _offers(where: TerritoryFacts, place_id: int, language: str) -> list[_Offer]:
    found = await database.rows(_OFFERS, language, place_id, where.id)
    if not found:
        return []
    places = ", ".join(["{}"] * len(found))
    ids = [row["id"] for row in found]
    terms = await database.rows(_TERMS.format(places, places, "{}"), *ids, *ids, place_id)
    return [_offer(row, [t for t in terms if t["holder"] in (0, row["id"])], where) for row in found]


def _offer(row: database.Row, terms: list[database.Row], where: TerritoryFacts) -> _Offer:
    minutes = row["minutes"] * (row["min_quantity"] if row["unit"] == "hour" else 1)
    calendar = slot.calendar_of(terms, ZoneInfo(where.zone), row["holiday_subdivision"])
    lasting, step = timedelta(minutes=minutes), timedelta(minutes=row["step_minutes"])
    return _Offer(row["id"], row["slug"], row["name"], row["language"], lasting, step, calendar)


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)


_CENTRE = (
    "SELECT l.id, l.name, l.address, m.name AS municipality, p.name AS provider, p.phone FROM place l "
    "JOIN municipality m ON m.id = l.municipality_id JOIN provider p ON p.id = l.provider_id"
)
_OFFERS = (
    "SELECT sp.id, s.slug, s.unit, s.min_quantity, s.minutes, s.step_minutes, coalesce(y.name, x.name) AS name, "
    "coalesce(y.language, x.language) AS language, t.holiday_subdivision "
    "FROM service_place sp JOIN service s ON s.id = sp.service_id JOIN territory t ON t.id = s.territory_id "
    "JOIN service_text x ON x.service_id = s.id AND x.language = 'it' "
    "LEFT JOIN service_text y ON y.service_id = s.id AND y.language = {} "
    f"WHERE sp.place_id = {{}} AND s.territory_id = {{}} AND s.status = 'published' AND {IS_ACTIVITY} ORDER BY sp.id"
)
_TERMS = (
    "SELECT service_place_id AS holder, 'plan' AS what, rule AS said, '' AS kind, starts, ends, from_on, until_on, id "
    "FROM working_plan WHERE service_place_id IN ({}) UNION ALL SELECT coalesce(service_place_id, 0), 'exception', "
    "reason, kind, starts, ends, day, day, id FROM plan_exception WHERE service_place_id IN ({}) OR place_id = {} "
    "ORDER BY 2, 7, 9"
)
