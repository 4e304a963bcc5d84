"""What a territory offers: the list with its filters, one service, what each credit leaves to pay."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, Protocol

from app import database
from app.domain import content, fund_rule, ledger, observation, search, split
from app.domain.catalogue_filters import (
    LANGUAGE,
    PAYER_JOINS,
    PAYS,
    Filters,
    conditions_of,
    joins_of,
    source,
    spends_here,
)
from app.domain.search import Found, NotOfferedFacts, Understood
from app.domain.territory import TerritoryFacts

PAGE = 20
RANKED = 10 * PAGE
FRESH = timedelta(hours=24)  # an older first free time is not said, as nobody has looked since


Counts = tuple[tuple[int, int], ...]  # (category, how many services)


@dataclass(frozen=True, slots=True)
class FirstFree:
    """`at` is None when nothing is free; `is_known` is False when nobody has looked lately."""

    at: datetime | None
    is_known: bool


class HasFirstFree(Protocol):
    @property
    def first_free(self) -> datetime | None: ...

    @property
    def first_free_at(self) -> datetime | None: ...


@dataclass(frozen=True, slots=True)
class Checked:
    """When one service at one place is next free, and when somebody looked."""

    first_free: datetime | None
    first_free_at: datetime | None


@dataclass(frozen=True, slots=True)
class Offer:
    """One service as a list shows it."""

    id: int
    slug: str
    name: str
    summary: str
    provider: str
    action: str
    mode: str
    price_cents: int
    unit: str
    status: str
    municipalities: tuple[str, ...]
    first_free: FirstFree


@dataclass(frozen=True, slots=True)
class Listing:
    offers: tuple[Offer, ...]
    total: int
    number: int
    is_cut: bool = False  # only the most fitting were looked at

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // PAGE))


@dataclass(frozen=True, slots=True)
class Options:
    """What can be chosen here, as (value, name) pairs; `counts` are those of the categories."""

    categories: tuple[tuple[str, str], ...]
    municipalities: tuple[tuple[str, str], ...]
    funds: tuple[tuple[str, str], ...]
    counts: Counts


async def options(place: TerritoryFacts, language: str, now: datetime) -> Options:
    """Only categories with a service, and funds that spend here today."""
    today = ledger.day(now)
    return await content.kept(("options", place.id, language, today), lambda: _options(place, language, today))


async def _options(place: TerritoryFacts, language: str, today: date) -> Options:
    name = "name_en" if language == "en" else "name_it"
    found = await database.rows(
        f"SELECT 'category' AS kind, c.code AS value, c.{name} AS name, c.position AS position, c.id, n.number "
        "FROM (SELECT category_id, count(*) AS number FROM service WHERE territory_id = {} AND status = 'published' "
        "GROUP BY category_id) n JOIN category c ON c.id = n.category_id "
        "UNION ALL SELECT 'municipality', m.belfiore, m.name, m.id, m.id, 0 FROM municipality m "
        "WHERE m.territory_id = {} UNION ALL SELECT 'fund', f.slug, f.public_name, f.id, f.id, 0 FROM fund f "
        f"WHERE f.from_on <= {{}} AND f.until_on >= {{}} AND {spends_here('{}')} ORDER BY 1, 4, 5",
        *(place.id, place.id, today, today, place.slug),
    )
    of = {kind: tuple((r["value"], r["name"]) for r in found if r["kind"] == kind) for kind in KINDS}
    counts = tuple((row["id"], row["number"]) for row in found if row["kind"] == "category")
    return Options(of["category"], of["municipality"], of["fund"], counts)


KINDS = ("category", "municipality", "fund")


@dataclass(frozen=True, slots=True)
class Look:
    """What somebody finds; `provider_kinds` has one item for each provider of the category they chose."""

    listing: Listing
    not_offered: tuple[NotOfferedFacts, ...] = ()
    is_forgiven: bool = False
    similar: tuple[Offer, ...] = ()
    provider_kinds: tuple[str, ...] = ()


async def look(
    place: TerritoryFacts, query: str, filters: Filters, *, number: int, language: str, now: datetime
) -> Look:
    """A page of the list, searched when something was typed; what nobody serves is counted."""
    if not query:
        found = await listing(place, filters, number=number, language=language, now=now)
        kinds = await providers_of(place, filters.category) if filters.category else ()
        near = () if found.total else await _near(place, filters, language, now)
        return Look(found, similar=near, provider_kinds=kinds)
    said = await search.understand(place.id, query, language)
    found = await _listed(await _best(place, said, filters, number, now), number, language, now)
    if said.not_offered:
        await observation.count(place.id, "not_offered", " ".join(said.words), now=now)
    elif not found.total:
        await observation.count(place.id, "no_result", " ".join(said.words), now=now)
    near = () if found.total else (await _anywhere(place, said, language, now)).offers[:3]
    return Look(found, said.not_offered, said.is_forgiven, near)


async def _anywhere(place: TerritoryFacts, said: Understood, language: str, now: datetime) -> Listing:
    """What was searched, without filters."""
    return await _listed(await _best(place, said, Filters(), 1, now), 1, language, now)


async def _near(place: TerritoryFacts, filters: Filters, language: str, now: datetime) -> tuple[Offer, ...]:
    """When all filters together leave nothing: the same kind of help without the narrower ones."""
    wider = Filters(category=filters.category) if filters.category else Filters(family=filters.family)
    return (await listing(place, wider, language=language, now=now)).offers[:3]


async def listing(place: TerritoryFacts, filters: Filters, *, number: int = 1, language: str, now: datetime) -> Listing:
    """One page of services, by category, then the older."""
    found = await content.kept(
        ("page", place.id, filters, ledger.day(now), number), lambda: _page(place, filters, number, language, now)
    )
    return await _listed(found, number, language, now)


async def slugs(territory_id: int, *, most: int) -> list[str]:
    """Of the services that are offered, the older first."""
    found = await database.rows(
        "SELECT slug FROM service WHERE territory_id = {} AND status = 'published' ORDER BY category_id, id LIMIT {}",
        *(territory_id, most),
    )
    return [row["slug"] for row in found]


async def _listed(found: Found, number: int, language: str, now: datetime) -> Listing:
    drawn = tuple(await offers(found.service_ids, language=language, now=now))
    return Listing(drawn, found.total, number, found.is_cut)


async def offers(ids: Sequence[int], *, language: str, now: datetime) -> list[Offer]:
    """In the order of `ids`."""
    if not ids:
        return []
    found = await database.rows(
        "SELECT s.id, s.slug, s.action, s.mode, s.price, s.unit, s.status, p.name AS provider, t.name, t.summary, "
        "m.name AS municipality, sp.first_free, sp.first_free_at "
        "FROM service s JOIN provider p ON p.id = s.provider_id "
        f"JOIN service_text t ON t.service_id = s.id AND t.language = {LANGUAGE} "
        "LEFT JOIN service_place sp ON sp.service_id = s.id LEFT JOIN place pl ON pl.id = sp.place_id "
        f"LEFT JOIN municipality m ON m.id = pl.municipality_id WHERE s.id IN ({_places(ids)}) ORDER BY sp.id",
        *(language, language, *ids),
    )
    rows: dict[int, list[database.Row]] = {}
    for row in found:
        rows.setdefault(row["id"], []).append(row)
    return [_offer(rows[service_id], now) for service_id in ids if service_id in rows]


async def similar(service_id: int, *, limit: int, language: str, now: datetime) -> list[Offer]:
    """Others of the same category, then of a shared family: those with another way to go on first."""
    found = await content.kept(
        ("similar", service_id, limit), lambda: database.rows(_SIMILAR, service_id, limit, service_id, limit, limit)
    )
    return await offers([row["id"] for row in found], language=language, now=now)


_SIMILAR = """
SELECT x.id, 0 AS part FROM (SELECT o.id FROM service s JOIN service o ON o.territory_id = s.territory_id
  AND o.status = 'published' AND o.category_id = s.category_id AND o.id <> s.id
  WHERE s.id = {} ORDER BY o.id LIMIT {}) x
UNION ALL
SELECT y.id, 1 FROM (SELECT DISTINCT o.id FROM service s JOIN service_family a ON a.service_id = s.id
  JOIN service_family b ON b.family = a.family JOIN service o ON o.id = b.service_id
  AND o.territory_id = s.territory_id AND o.status = 'published' AND o.id <> s.id
  AND (s.category_id IS NULL OR o.category_id <> s.category_id)
  WHERE s.id = {} ORDER BY o.id LIMIT {}) y
ORDER BY 2, 1 LIMIT {}
"""


async def rivals(service_id: int, *, language: str, now: datetime) -> list[Offer]:
    """The same kind of help from other providers, none before another but by age."""
    # Each asked for itself, so that PostgreSQL too goes along the index of what is listed; the oldest are enough.
    columns = ("territory_id", "category_id", "provider_id")
    its = [f"(SELECT {column} FROM service WHERE id = {{}})" for column in columns]
    found = await database.rows(
        f"SELECT o.id FROM (SELECT id, provider_id FROM service WHERE territory_id = {its[0]} "
        f"AND status = 'published' AND category_id = {its[1]} ORDER BY id LIMIT {{}}) o "
        f"WHERE o.provider_id <> {its[2]} ORDER BY o.id LIMIT 3",
        *(service_id, service_id, search.MOST, service_id),
    )
    return await offers([row["id"] for row in found], language=language, now=now)


async def providers_of(place: TerritoryFacts, category: str) -> tuple[str, ...]:
    """The kinds of the providers that offer a category here: one item for each provider."""
    return await content.kept(("providers", place.id, category), lambda: _providers_of(place, category))


async def _providers_of(place: TerritoryFacts, category: str) -> tuple[str, ...]:
    found = await database.rows(
        "SELECT DISTINCT p.id, p.kind FROM service s JOIN category c ON c.id = s.category_id "
        "JOIN provider p ON p.id = s.provider_id WHERE s.territory_id = {} AND s.status = 'published' AND c.code = {} "
        "ORDER BY p.id",
        place.id,
        category,
    )
    return tuple(row["kind"] for row in found)


@dataclass(frozen=True, slots=True)
class FundPrice:
    fund: str
    funder: str
    own_cents: int


async def fund_prices(service_id: int, price_cents: int, category: str, now: datetime) -> list[FundPrice]:
    """What each credit that spends on this service leaves to pay of its public price, in the funds' own order."""
    today = ledger.day(now)
    found = await database.rows(
        "SELECT f.id, f.public_name, f.allows_own_money, u.name AS funder FROM fund f "
        "JOIN funder u ON u.id = f.funder_id CROSS JOIN service s "
        f"{PAYER_JOINS} WHERE s.id = {{}} AND f.from_on <= {{}} AND f.until_on >= {{}} AND {PAYS} "
        "ORDER BY f.priority, f.id",
        *(service_id, today, today),
    )
    rules = await fund_rule.rules_of({row["id"] for row in found})
    prices = []
    for row in found:
        own = price_cents - min(price_cents, split.share_cap(rules[row["id"]], price_cents, category))
        if own == 0 or (row["allows_own_money"] and own < price_cents):
            prices.append(FundPrice(row["public_name"], row["funder"], own))
    return prices


async def _best(place: TerritoryFacts, said: Understood, filters: Filters, number: int, now: datetime) -> Found:
    """Ranked for several pages at once: the next ones ask nothing more."""
    block, first = divmod((number - 1) * PAGE, RANKED)
    conditions, values = conditions_of(filters, now)
    among = search.Among(joins_of(filters), conditions, tuple(values))
    found = await content.kept(
        ("best", place.id, said.readings, filters, ledger.day(now), block),
        lambda: search.best(place.id, said.readings, among, limit=RANKED, offset=block * RANKED),
    )
    return replace(found, service_ids=found.service_ids[first : first + PAGE])


async def _page(place: TerritoryFacts, filters: Filters, number: int, language: str, now: datetime) -> Found:
    """Each category that stands on the page is read along its index: a page far behind costs no more than the first."""
    counts = await _counts(place, filters, language, now)
    conditions, values = conditions_of(filters, now)
    parts, told = [], list[Any]()
    for part, (category_id, skipped, taken) in enumerate(_cut(counts, (number - 1) * PAGE)):
        parts.append(
            f"SELECT * FROM (SELECT {part} AS part, s.id {source(filters)} WHERE s.territory_id = {{}} "
            f"AND s.category_id = {{}} AND s.status = 'published'{conditions} ORDER BY s.id LIMIT {{}} OFFSET {{}}) x"
        )
        told += (place.id, category_id, *values, taken, skipped)
    rows = await database.rows(f"{' UNION ALL '.join(parts)} ORDER BY 1, 2", *told) if parts else []
    return Found(tuple(row["id"] for row in rows), sum(number for _, number in counts))


async def _counts(place: TerritoryFacts, filters: Filters, language: str, now: datetime) -> Counts:
    """In the order of the list."""
    if filters != Filters(category=filters.category):
        return await content.kept(("counts", place.id, filters, ledger.day(now)), lambda: _counted(place, filters, now))
    known = await options(place, language, now)
    pairs = zip(known.categories, known.counts, strict=True)
    return tuple(count for (code, _), count in pairs if filters.category in ("", code))


async def _counted(place: TerritoryFacts, filters: Filters, now: datetime) -> Counts:
    conditions, values = conditions_of(filters, now)
    rows = await database.rows(
        f"SELECT s.category_id AS id, count(*) AS number {source(filters)} WHERE s.territory_id = {{}} "
        f"AND s.status = 'published'{conditions} GROUP BY s.category_id, c.position ORDER BY c.position, s.category_id",
        *(place.id, *values),
    )
    return tuple((row["id"], row["number"]) for row in rows)


def _cut(counts: Iterable[tuple[int, int]], skipped: int) -> Iterator[tuple[int, int, int]]:
    """(category, how many of it to skip, how many to take) of the page after `skipped` services."""
    left = PAGE
    for category_id, number in counts:
        taken = min(left, max(0, number - skipped))
        if taken:
            yield category_id, skipped, taken
        skipped, left = max(0, skipped - number), left - taken


def _places(values: Iterable[object]) -> str:
    return ", ".join("{}" for _ in values)


def _offer(rows: list[database.Row], now: datetime) -> Offer:
    first = rows[0]
    towns = dict.fromkeys(row["municipality"] for row in rows if row["municipality"])
    return Offer(
        first["id"],
        first["slug"],
        first["name"],
        first["summary"],
        first["provider"],
        first["action"],
        first["mode"],
        first["price"],
        first["unit"],
        first["status"],
        tuple(towns),
        soonest([Checked(row["first_free"], row["first_free_at"]) for row in rows], now),
    )


def soonest(places: Iterable[HasFirstFree], now: datetime) -> FirstFree:
    """Over the places of a service; a time that has passed, or that nobody has checked lately, is not known."""
    known = [p for p in places if p.first_free_at is not None and now - p.first_free_at <= FRESH]
    times = [p.first_free for p in known if p.first_free is not None]
    coming = [time for time in times if time > now]
    return FirstFree(min(coming, default=None), is_known=bool(coming) or (bool(known) and not times))


def is_surely_full(places: Sequence[HasFirstFree], now: datetime) -> bool:
    """Every place was looked at lately and has nothing free."""
    return all(p.first_free is None and p.first_free_at is not None and now - p.first_free_at <= FRESH for p in places)
