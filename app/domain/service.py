"""Services: drafted with whatever is known, published only when complete, suspended with a reason."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Literal

from app import database
from app.domain import audit, reminder, search, slot
from app.domain.actor import Actor
from app.domain.errors import InvalidInput, NotFound, ServiceIncomplete
from app.domain.verb import Key, verb

Action = Literal["book", "request", "call"]
Mode = Literal["centre", "home", "online", "phone"]
Unit = Literal["visit", "hour", "meal", "km", "person"]
Family = Literal["childhood", "elderly", "disability"]
FAMILIES: tuple[Family, ...] = ("childhood", "elderly", "disability")
MODES: tuple[Mode, ...] = ("centre", "home", "online", "phone")
Missing = Literal["mode", "price", "category", "owner", "action", "texts"]


@dataclass(frozen=True, slots=True)
class Text:
    """In the official order of a service page."""

    name: str
    summary: str
    for_whom: str
    how_to: str
    needed: str
    obtained: str
    times: str
    conditions: str
    bring: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    rule: str
    starts: str
    ends: str
    from_on: date
    until_on: date | None = None


@dataclass(frozen=True, slots=True)
class DraftPlace:
    place_id: int
    resource_ids: tuple[int, ...] = ()
    plans: tuple[Plan, ...] = ()


@dataclass(frozen=True, slots=True)
class DraftQuestion:
    wording: str
    why: str
    seen_by: str
    is_required: bool
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DraftPriceClass:
    name: str
    price_cents: int
    max_age: int | None = None


@dataclass(frozen=True, slots=True)
class Terms:
    """The columns of a service that its provider decides; None and '' are what a draft may still lack."""

    action: Action = "book"
    mode: Mode | None = None
    price: int | None = None
    owner: str = ""
    unit: Unit = "visit"
    minutes: int = 60
    step_minutes: int = 60
    min_quantity: int = 1
    max_quantity: int = 1
    buffer_minutes: int = 0
    capacity: int = 1
    notice_hours: int = 24
    horizon_days: int = 60
    cancel_hours: int = 24
    answer_days: int = 3
    min_age: int | None = None
    max_age: int | None = None
    free_from_age: int | None = None
    free_from_basis: str = ""
    is_confidential: bool = False
    needs_approval: bool = False
    allows_guest: bool = True
    call_phone: str = ""


@dataclass(frozen=True, slots=True)
class Draft:
    slug: str
    provider_id: int
    category: str | None
    terms: Terms
    texts: Mapping[str, Text]
    families: tuple[Family, ...] = ()
    municipality_ids: tuple[int, ...] = ()
    places: tuple[DraftPlace, ...] = ()
    questions: tuple[DraftQuestion, ...] = ()
    price_classes: tuple[DraftPriceClass, ...] = ()
    reminder_hours: tuple[int, ...] = ()  # before the appointment; none: as everywhere


@verb
async def create_draft(territory_id: int, draft: Draft, *, actor: Actor, now: datetime, key: Key | None = None) -> int:
    """A service nobody sees yet. Raises InvalidInput for a category that is not on the list."""
    names = ["territory_id", "provider_id", "category_id", "slug", "status"]
    values = [territory_id, draft.provider_id, await _category_id(draft.category), draft.slug, "draft"]
    names += [field.name for field in fields(Terms)]
    values += [getattr(draft.terms, field.name) for field in fields(Terms)]
    service_id: int = await _insert("service", dict(zip(names, values, strict=True)), returning=True)
    for language, text in draft.texts.items():
        words = {field.name: getattr(text, field.name) for field in fields(Text)}
        await _insert("service_text", {"service_id": service_id, "language": language, **words})
    for family in draft.families:
        await _insert("service_family", {"service_id": service_id, "family": family})
    for municipality_id in draft.municipality_ids:
        await _insert("service_municipality", {"service_id": service_id, "municipality_id": municipality_id})
    for place in draft.places:
        await _add_place(service_id, place)
    await _add_terms(service_id, draft)
    return service_id


@verb
async def publish(service_id: int, *, actor: Actor, now: datetime, key: Key | None = None) -> None:
    """Raises ServiceIncomplete with each unmet item."""
    if missing := await unmet(service_id):
        raise ServiceIncomplete(missing=", ".join(missing))
    await database.execute(
        "UPDATE service SET status = 'published', status_reason = '', published_at = coalesce(published_at, {}) "
        "WHERE id = {}",
        now,
        service_id,
    )
    await search.index(service_id)
    for place in await database.rows(
        "SELECT sp.id FROM service_place sp JOIN service s ON s.id = sp.service_id "
        "WHERE sp.service_id = {} AND s.action = 'book' ORDER BY sp.id",
        service_id,
    ):
        await slot.keep_first_free(place["id"], now=now)


@verb
async def suspend(service_id: int, reason: str, *, actor: Actor, now: datetime, key: Key | None = None) -> None:
    """Still shown, with the reason; it cannot be booked. Raises NotFound for what is not published."""
    found = await database.rows(
        "UPDATE service SET status = 'suspended', status_reason = {} WHERE id = {} AND status = 'published' "
        "RETURNING id",
        reason,
        service_id,
    )
    if not found:
        raise NotFound()
    await search.forget(service_id)


@verb
async def set_reminders(
    service_id: int, hours: Sequence[int], *, actor: Actor, now: datetime, key: Key | None = None
) -> None:
    """So many hours before an appointment people are reminded; none: as everywhere. Bookings that stand keep theirs.

    Raises NotFound, InvalidInput.
    """
    if not await database.scalar("SELECT id FROM service WHERE id = {}", service_id):
        raise NotFound()
    await database.execute("DELETE FROM service_lead WHERE service_id = {}", service_id)
    await _add_leads(service_id, hours)
    await audit.record("service.reminders", actor=actor, now=now, subject_kind="service", subject_id=service_id)


async def unmet(service_id: int) -> list[Missing]:
    """What a service still lacks before people may see it."""
    found = await database.row(
        "SELECT s.mode, s.price, s.category_id, s.owner, s.action, s.call_phone, "
        "(SELECT count(*) FROM working_plan w JOIN service_place p ON p.id = w.service_place_id "
        "WHERE p.service_id = s.id) AS plans, t.name, t.summary, t.for_whom, t.how_to, t.needed, t.obtained, t.times, "
        "t.conditions FROM service s LEFT JOIN service_text t ON t.service_id = s.id AND t.language = 'it' "
        "WHERE s.id = {}",
        service_id,
    )
    if found is None:
        raise NotFound()
    official = [field.name for field in fields(Text) if field.name != "bring"]
    met: dict[Missing, bool] = {
        "mode": found["mode"] is not None,
        "price": found["price"] is not None,
        "category": found["category_id"] is not None,
        "owner": bool(found["owner"].strip()),
        "action": {"book": found["plans"] > 0, "call": bool(found["call_phone"]), "request": True}[found["action"]],
        "texts": all(len((found[name] or "").strip()) >= 3 for name in official),
    }
    return [item for item, is_met in met.items() if not is_met]


async def _category_id(code: str | None) -> int | None:
    if code is None:
        return None
    category_id: int | None = await database.scalar("SELECT id FROM category WHERE code = {}", code)
    if category_id is None:
        raise InvalidInput(field="category")
    return category_id


async def _add_place(service_id: int, draft: DraftPlace) -> None:
    link = {"service_id": service_id, "place_id": draft.place_id}
    service_place_id = await _insert("service_place", link, returning=True)
    for resource_id in draft.resource_ids:
        await _insert("service_resource", {"service_place_id": service_place_id, "resource_id": resource_id})
    for plan in draft.plans:
        facts = {field.name: getattr(plan, field.name) for field in fields(Plan)}
        await _insert("working_plan", {"service_place_id": service_place_id, **facts})


async def _add_leads(service_id: int, hours: Sequence[int]) -> None:
    if len(set(hours)) > reminder.MOST_LEADS or any(each not in reminder.LEADS_ALLOWED for each in hours):
        raise InvalidInput(field="reminder_hours")
    for each in sorted(set(hours), reverse=True):
        await _insert("service_lead", {"service_id": service_id, "lead_hours": each})


async def _add_terms(service_id: int, draft: Draft) -> None:
    await _add_leads(service_id, draft.reminder_hours)
    for position, question in enumerate(draft.questions, 1):
        await _insert(
            "question",
            {
                "service_id": service_id,
                "position": position,
                "wording": question.wording,
                "why": question.why,
                "seen_by": question.seen_by,
                "choices": "\n".join(question.choices),
                "is_required": question.is_required,
            },
        )
    for one in draft.price_classes:
        facts = {"service_id": service_id, "name": one.name, "price": one.price_cents, "max_age": one.max_age}
        await _insert("price_class", facts)


async def _insert(table: str, values: Mapping[str, object], *, returning: bool = False) -> int:
    places = ", ".join(["{}"] * len(values))
    statement = f"INSERT INTO {table} ({', '.join(values)}) VALUES ({places})"
    found = await database.rows(statement + (" RETURNING id" if returning else ""), *values.values())
    return int(found[0]["id"]) if returning else 0
