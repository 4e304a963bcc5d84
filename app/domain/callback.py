"""'Chiamatemi voi': a call we promise for a day."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from app import database
from app.domain import contact, person, plan
from app.domain.actor import Actor, RoleName
from app.domain.errors import AlreadyClosed, InvalidInput, NotFound, OnTheList
from app.domain.territory import TerritoryFacts
from app.domain.verb import Key, verb

OUTCOMES = ("helped", "booked", "no_answer", "wrong_number")
CALLERS: tuple[RoleName, ...] = ("desk", "call_centre", "welfare_manager", "area_manager")
WISHES = ("any", "morning", "afternoon")
OPEN_CALLS = 2  # for one telephone number


@dataclass(frozen=True, slots=True)
class OpenCall:
    """`service` is '' where the call is about nothing in particular."""

    id: int
    person_id: int
    name: str
    service: str
    wished: str
    call_by: date


@verb
async def ask(
    place: TerritoryFacts,
    *,
    wished: str,
    name: str = "",
    phone: str = "",
    service_id: int | None = None,
    language: str = "it",
    actor: Actor,
    now: datetime,
    key: Key | None = None,
) -> int:
    """Writes the call down with its promised day. Raises InvalidInput, or OnTheList."""
    if not contact.read_phone(phone):
        raise InvalidInput(field="phone")
    await _refuse_too_many(place, phone)
    is_own = actor.kind == "person" and contact.read_phone(phone) == await contact.phone_of(actor.id)
    person_id = actor.id if is_own else await person.guest(name, phone, now=now, language=language)
    callback_id: int = await database.scalar(
        "INSERT INTO callback (territory_id, service_id, person_id, wished, asked_at, call_by) "
        "VALUES ({}, {}, {}, {}, {}, {}) RETURNING id",
        *(place.id, service_id, person_id, wished, now, promised_day(place, now)),
    )
    return callback_id


async def find(callback_id: int, territory_id: int) -> None:
    """Raises NotFound for a call of another territory, like for none at all."""
    found = await database.row("SELECT 1 FROM callback WHERE id = {} AND territory_id = {}", callback_id, territory_id)
    if found is None:
        raise NotFound()


@verb
async def close(callback_id: int, outcome: str, *, actor: Actor, now: datetime, key: Key | None = None) -> None:
    """What came of the call; who did not answer stays on the list. Raises NotFound, AlreadyClosed, InvalidInput."""
    if outcome not in OUTCOMES:
        raise InvalidInput(field="outcome")
    territory_id = await database.scalar("SELECT territory_id FROM callback WHERE id = {}", callback_id)
    if territory_id not in actor.scopes(*CALLERS, scope_kind="territory"):
        raise NotFound()
    closed = await database.rows(
        "UPDATE callback SET outcome = {}, staff_id = {}, done_at = {} WHERE id = {} AND done_at IS NULL RETURNING id",
        *(outcome, actor.id, None if outcome == "no_answer" else now, callback_id),
    )
    if not closed:
        raise AlreadyClosed()


async def open_ones(territory_id: int) -> list[OpenCall]:
    """The earliest promise first."""
    found = await database.rows(
        "SELECT c.id, c.person_id, coalesce(i.given_name || ' ' || i.family_name, '') AS name, "
        "coalesce(x.name, '') AS service, c.wished, c.call_by FROM callback c "
        "LEFT JOIN identity i ON i.person_id = c.person_id "
        "LEFT JOIN service_text x ON x.service_id = c.service_id AND x.language = 'it' "
        "WHERE c.territory_id = {} AND c.done_at IS NULL ORDER BY c.call_by, c.id LIMIT 100",
        territory_id,
    )
    return [OpenCall(**(row | {"name": row["name"].strip()})) for row in found]


def promised_day(place: TerritoryFacts, now: datetime) -> date:
    """The first day after today on which the call centre answers."""
    weekdays = {opening.weekday for opening in place.phone_openings} or set(range(5))
    day = now.astimezone(ZoneInfo(place.zone)).date() + timedelta(days=1)
    while day.weekday() not in weekdays or plan.is_holiday(day, place.holiday_subdivision):
        day += timedelta(days=1)
    return day


async def _refuse_too_many(place: TerritoryFacts, phone: str) -> None:
    people = await contact.people_at("sms", contact.read_phone(phone))
    if not people:
        return
    places = ", ".join(["{}"] * len(people))
    waiting = await database.scalar(
        f"SELECT count(*) FROM callback WHERE territory_id = {{}} AND done_at IS NULL AND person_id IN ({places})",
        *(place.id, *people),
    )
    if waiting >= OPEN_CALLS:
        raise OnTheList()
