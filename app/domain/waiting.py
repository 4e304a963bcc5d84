"""People who want to be told when there is a place: nobody waits twice for the same thing."""

from datetime import datetime

from app import database
from app.domain import contact, person
from app.domain.actor import Actor
from app.domain.errors import InvalidInput
from app.domain.verb import Key, verb


@verb
async def ask(
    service_id: int,
    *,
    name: str = "",
    phone: str = "",
    language: str = "it",
    actor: Actor,
    now: datetime,
    key: Key | None = None,
) -> int:
    """A signed-in person waits as they are; somebody else leaves a name and a telephone. Raises InvalidInput."""
    person_id = actor.id if actor.kind == "person" else await _guest(service_id, name, phone, language, now)
    known: int | None = await database.scalar(
        "SELECT id FROM waiting_entry WHERE service_id = {} AND person_id = {} AND ended_at IS NULL "
        "AND slot_id IS NULL",
        service_id,
        person_id,
    )
    if known is not None:
        return known
    entry_id: int = await database.scalar(
        "INSERT INTO waiting_entry (service_id, person_id, asked_at) VALUES ({}, {}, {}) RETURNING id",
        *(service_id, person_id, now),
    )
    return entry_id


async def count(service_id: int) -> int:
    return int(
        await database.scalar(
            "SELECT count(*) FROM waiting_entry WHERE service_id = {} AND ended_at IS NULL", service_id
        )
    )


async def _guest(service_id: int, name: str, phone: str, language: str, now: datetime) -> int:
    """Somebody already waiting with this number is the same person."""
    if not contact.read_phone(phone):
        raise InvalidInput(field="phone")
    people = await contact.people_at("sms", contact.read_phone(phone))
    if people:
        places = ", ".join(["{}"] * len(people))
        found: int | None = await database.scalar(
            "SELECT w.person_id FROM waiting_entry w JOIN person p ON p.id = w.person_id AND p.kind = 'guest' "
            f"WHERE w.service_id = {{}} AND w.ended_at IS NULL AND w.person_id IN ({places})",
            *(service_id, *people),
        )
        if found is not None:
            return found
    return await person.guest(name, phone, now=now, language=language)
