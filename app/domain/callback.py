"""'Chiamatemi voi': a call we promise for a day."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from app import database
from app.domain import contact, person, plan
from app.domain.actor import Actor
from app.domain.errors import InvalidInput, TooManyAttempts
from app.domain.territory import TerritoryFacts
from app.domain.verb import Key, verb

WISHES = ("any", "morning", "afternoon")
OPEN_CALLS = 2  # for one telephone number


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
    """Writes the call down with its promised day. Raises InvalidInput, or TooManyAttempts for a number on the list."""
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
        raise TooManyAttempts(minutes=0)
