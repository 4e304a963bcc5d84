"""One field that finds: booking code, card, codice fiscale, telephone or surname, typed or scanned."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from app import database
from app.database import Piece
from app.domain import access, contact, desk, identity
from app.domain.actor import Actor
from app.domain.desk import Scope
from app.domain.identity import Facts, Found


@dataclass(frozen=True, slots=True)
class Result:
    """One booking, or people; both empty when nobody was found."""

    booking_code: str = ""
    people: tuple[Facts, ...] = ()


async def find(typed: str, within: Scope, zone: ZoneInfo, *, actor: Actor, now: datetime) -> Result:
    """A booking's code leads to it; one person leads to their only booking of today, if there is one."""
    found = await identity.find(actor, typed) or await _by_phone(typed, actor)
    if len(found) != 1:
        return Result(people=tuple(one.person for one in found))
    if found[0].booking_code and await _is_within(within, found[0].booking_code):
        return Result(booking_code=found[0].booking_code)
    today = await desk.expected(within, found[0].person.person_id, now.astimezone(zone).date(), zone)
    return Result(today[0].code) if len(today) == 1 else Result(people=(found[0].person,))


async def _by_phone(typed: str, actor: Actor) -> list[Found]:
    number = contact.read_phone(typed)
    reached = await contact.people_at("sms", number) if number else []
    if not reached:
        return []
    wanted = Piece(", ".join(["{}"] * len(reached)), *reached)
    seen = await database.rows(
        "SELECT p.id FROM person p WHERE p.id IN ({}) AND {}", wanted, access.visible(actor, "p.id")
    )
    facts = await identity.facts_of(row["id"] for row in seen)
    return [Found(one, "phone") for one in facts.values()]


async def _is_within(within: Scope, code: str) -> bool:
    found = await database.row(
        "SELECT 1 FROM booking b JOIN service v ON v.id = b.service_id WHERE b.code = {} AND {}",
        code,
        within.condition,
    )
    return found is not None
