"""Tells a territory's content by domain verbs; what stands already is left alone, so it may be told at every start."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date, datetime

from app import database
from app.domain import category, material, municipality, provider, service, social_point, synonym, territory
from app.domain.actor import SYSTEM
from app.seed import content
from app.seed.content import TerritoryContent

Ids = Mapping[str, int]


@dataclass(frozen=True)
class Names:
    """What the content calls things, as the rows they became."""

    territory_id: int
    opened_on: date
    municipalities: Ids
    providers: Ids
    places: Ids
    resources: Ids


async def seed(now: datetime, territories: Sequence[str] = content.TERRITORIES) -> None:
    await seed_categories(now)
    for slug in territories:
        await seed_territory(content.load(slug), now)
    await seed_words(now)


async def seed_categories(now: datetime) -> None:
    known = await _ids("SELECT code AS name, id FROM category")
    for one in content.load_categories():
        if one.code not in known:
            await category.add(**asdict(one), actor=SYSTEM, now=now)


async def seed_territory(told: TerritoryContent, now: datetime, *, is_demo: bool = True) -> int:
    """How many services are new."""
    names = await _seed_ground(told, now, is_demo)
    known = await _ids("SELECT slug AS name, id FROM service WHERE territory_id = {}", names.territory_id)
    new = [one for one in told.services if one.slug not in known]
    for one in new:
        await add_service(one, names, now)
    return len(new)


async def add_service(one: content.Service, names: Names, now: datetime) -> int:
    """Drafts it, and takes it as far as its content says."""
    service_id = await service.create_draft(names.territory_id, draft(one, names), actor=SYSTEM, now=now)
    for told in one.materials:
        await material.add(service_id, _material(told), actor=SYSTEM, now=now)
    if one.status != "draft":
        await service.publish(service_id, actor=SYSTEM, now=now)
    if one.status == "suspended":
        await service.suspend(service_id, one.status_reason, actor=SYSTEM, now=now)
    return service_id


def draft(one: content.Service, names: Names) -> service.Draft:
    shared = {f.name for f in fields(service.Terms)} - {"price"}
    terms = service.Terms(**{name: getattr(one, name) for name in shared}, price=one.price_cents)
    return service.Draft(
        slug=one.slug,
        provider_id=names.providers[one.provider],
        category=one.category,
        terms=terms,
        texts={language: service.Text(**asdict(text)) for language, text in one.texts.items()},
        families=one.families,
        municipality_ids=tuple(names.municipalities[belfiore] for belfiore in one.municipalities),
        places=tuple(_place(place, names) for place in one.places),
        questions=tuple(service.DraftQuestion(**vars(question)) for question in one.questions),
        price_classes=tuple(service.DraftPriceClass(**vars(each)) for each in one.price_classes),
        reminder_hours=one.reminder_hours,
    )


async def names_of(slug: str) -> Names:
    """What stands in a territory already. Providers and their places are shared by territories."""
    found = await database.row("SELECT id, opened_on FROM territory WHERE slug = {}", slug)
    if found is None:
        raise LookupError(f"there is no territory '{slug}'")
    towns = "SELECT belfiore AS name, id FROM municipality"
    return Names(
        found["id"],
        found["opened_on"],
        await _ids(towns),
        await _ids("SELECT slug AS name, id FROM provider"),
        {},
        {},
    )


async def seed_words(now: datetime) -> None:
    """Synonyms and needs nobody serves: staff edit the rows later, so only missing ones are added."""
    told = content.load_synonyms()
    territories = await _ids("SELECT slug AS name, id FROM territory")
    known = await _said("SELECT said, territory_id FROM synonym")
    for one in told.synonyms:
        if one.territory in territories or not one.territory:
            where = territories.get(one.territory)
            if (one.said, where) not in known:
                await synonym.add(one.said, one.meant, territory_id=where, actor=SYSTEM, now=now)
    known = await _said("SELECT said, territory_id FROM not_offered")
    for answer in told.not_offered:
        where = territories.get(answer.territory)
        for said in answer.said:
            if (said, where) not in known and (where or not answer.territory):
                await synonym.add_not_offered(
                    said, answer.answer, answer.phone, territory_id=where, actor=SYSTEM, now=now
                )


async def _seed_ground(told: TerritoryContent, now: datetime, is_demo: bool) -> Names:
    known = await _ids("SELECT slug AS name, id FROM territory")
    if told.territory.slug not in known:
        facts = {k: v for k, v in vars(told.territory).items() if k != "openings"}
        hours = _hours(told.territory.openings)
        await territory.create(**facts, is_demo=is_demo, openings=hours, actor=SYSTEM, now=now)
    await _seed_towns(told, await names_of(told.territory.slug), now)
    return await _seed_providers(told, await names_of(told.territory.slug), now)


async def _seed_towns(told: TerritoryContent, names: Names, now: datetime) -> None:
    towns = dict(names.municipalities)
    for town in told.municipalities:
        if town.belfiore not in towns:
            towns[town.belfiore] = await municipality.add(names.territory_id, **asdict(town), actor=SYSTEM, now=now)
    known = await _ids("SELECT name, id FROM social_point WHERE territory_id = {}", names.territory_id)
    for point in told.social_points:
        if point.name not in known:
            await social_point.add(
                names.territory_id,
                towns[point.municipality],
                point.name,
                address=point.address,
                directions=point.directions,
                phone=point.phone,
                openings=_hours(point.openings),
                actor=SYSTEM,
                now=now,
            )


async def _seed_providers(told: TerritoryContent, names: Names, now: datetime) -> Names:
    providers = dict(names.providers)
    for one in told.providers:
        if one.slug not in providers:
            facts = {k: v for k, v in vars(one).items() if not k.startswith("accredited")}
            providers[one.slug] = await provider.register(**facts, actor=SYSTEM, now=now)
        await _accredit(providers[one.slug], names.territory_id, one, now)
    places = {}
    for place in told.places:
        facts = {k: v for k, v in vars(place).items() if k not in ("code", "provider", "municipality")}
        key = (providers[place.provider], names.municipalities[place.municipality], place.name)
        found = await database.scalar(
            "SELECT id FROM place WHERE provider_id = {} AND municipality_id = {} AND name = {}", *key
        )
        where = (providers[place.provider], names.municipalities[place.municipality])
        places[place.code] = found or await provider.add_place(*where, **facts, actor=SYSTEM, now=now)
    return Names(
        names.territory_id,
        names.opened_on,
        names.municipalities,
        providers,
        places,
        await _seed_resources(told, providers, now),
    )


async def _accredit(provider_id: int, territory_id: int, one: content.Provider, now: datetime) -> None:
    known = await database.scalar(
        "SELECT id FROM accreditation WHERE provider_id = {} AND territory_id = {}", provider_id, territory_id
    )
    if known is None:
        span = (one.accredited_from, one.accredited_until)
        await provider.accredit(provider_id, territory_id, *span, actor=SYSTEM, now=now)


async def _seed_resources(told: TerritoryContent, providers: Ids, now: datetime) -> Ids:
    resources = {}
    for one in told.resources:
        owner = providers[one.provider]
        found = await database.scalar(
            "SELECT id FROM resource WHERE provider_id = {} AND kind = {} AND name = {}", owner, one.kind, one.name
        )
        resources[one.code] = found or await provider.add_resource(owner, one.kind, one.name, actor=SYSTEM, now=now)
    return resources


def _material(one: content.Material) -> material.New:
    files = tuple(material.NewFile(file.name, "text/plain", file.text.strip().encode()) for file in one.files)
    return material.New(one.slug, one.kind, one.title, one.text, files)


def _place(one: content.ServicePlace, names: Names) -> service.DraftPlace:
    plans = (service.Plan(p.rule, p.starts, p.ends, p.from_on or names.opened_on, p.until_on) for p in one.plans)
    resources = tuple(names.resources[code] for code in one.resources)
    return service.DraftPlace(names.places[one.place], resources, tuple(plans))


def _hours(openings: Sequence[content.Opening]) -> list[tuple[int, str, str]]:
    return [(opening.weekday, opening.opens, opening.closes) for opening in openings]


async def _ids(statement: str, *values: object) -> dict[str, int]:
    return {row["name"]: row["id"] for row in await database.rows(statement, *values)}


async def _said(statement: str) -> set[tuple[str, int | None]]:
    return {(row["said"], row["territory_id"]) for row in await database.rows(statement)}
