"""A new person: enrolled with a card, or a guest with a name and a telephone."""

from dataclasses import dataclass
from datetime import date, datetime

from app import database
from app.domain import audit, card, code, contact, enrolment, fiscal_code, identity, vault
from app.domain.actor import Actor
from app.domain.contact import Channel
from app.domain.errors import AlreadyEnrolled, InvalidInput
from app.domain.verb import Key, verb


@dataclass(frozen=True, slots=True)
class NewPerson:
    """Contacts stand in the order to try them; the fiscal code may be missing."""

    given_name: str
    family_name: str
    born_on: date | None = None
    municipality_id: int | None = None
    fiscal_code: str = ""
    address: str = ""
    language: str = "it"
    contacts: tuple[tuple[Channel, str], ...] = ()


@verb
async def enrol(
    new: NewPerson,
    *,
    territory_id: int,
    actor: Actor,
    now: datetime,
    social_point_id: int | None = None,
    card_code: str = "",
    key: Key | None = None,
) -> int:
    """Raises AlreadyEnrolled for a fiscal code that somebody has, UnknownCard, CardTaken or CardRevoked."""
    if new.fiscal_code:
        await _refuse_twice(new, territory_id)
    person_id = await add(new, "enrolled", now=now)
    await enrolment.add(person_id, territory_id, social_point_id, actor=actor, now=now)
    if card_code:
        await card.attach(card_code, person_id, now=now)
    await audit.record("person.enrolled", actor=actor, now=now, person_id=person_id, territory_id=territory_id)
    return person_id


async def guest(name: str, phone: str, *, now: datetime, language: str = "it") -> int:
    """For a booking without card, inside its transaction."""
    given, _, family = name.strip().partition(" ")
    return await add(NewPerson(given, family, language=language, contacts=(("sms", phone),)), "guest", now=now)


async def add(new: NewPerson, kind: str, *, now: datetime) -> int:
    person_id = code.random_id()
    await database.execute(
        "INSERT INTO person (id, kind, language, created_at) VALUES ({}, {}, {}, {})",
        person_id,
        kind,
        new.language,
        now,
    )
    await _add_identity(person_id, await vault.add_key(person_id), new)
    for channel, value in new.contacts:
        await contact.add(person_id, channel, value, now=now)
    return person_id


async def _add_identity(person_id: int, data_key: bytes, new: NewPerson) -> None:
    read = fiscal_code.read(new.fiscal_code)
    if new.fiscal_code and not read:
        raise InvalidInput(field="fiscal_code")
    await database.execute(
        "INSERT INTO identity (person_id, given_name, family_name, folded_name, born_on, municipality_id, "
        "fiscal_code_encrypted, fiscal_code_index, address_encrypted) VALUES ({}, {}, {}, {}, {}, {}, {}, {}, {})",
        person_id,
        new.given_name,
        new.family_name,
        identity.fold(f"{new.family_name} {new.given_name}"),
        new.born_on,
        new.municipality_id,
        vault.encrypt_with(data_key, person_id, "fiscal_code", read),
        vault.blind_index("fiscal_code", read),
        vault.encrypt_with(data_key, person_id, "address", new.address),
    )


async def _refuse_twice(new: NewPerson, territory_id: int) -> None:
    known = await identity.person_with_fiscal_code(fiscal_code.read(new.fiscal_code))
    if known is not None:
        is_here = await enrolment.exists(known, territory_id)
        raise AlreadyEnrolled(field="fiscal_code", person_id=known if is_here else 0)
