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
    needs_card: bool = True,
    key: Key | None = None,
) -> int:
    """Without `card_code` a new card is made, to be printed on paper; children may go without, by `needs_card`.

    Who is enrolled elsewhere keeps card and PIN. Raises AlreadyEnrolled, UnknownCard, CardTaken or CardRevoked.
    """
    read = fiscal_code.read(new.fiscal_code)
    known = await identity.person_with_fiscal_code(read) if read else None
    if known is not None:
        return await _join(known, new, territory_id, social_point_id, actor=actor, now=now)
    person_id = await add(new, "enrolled", now=now)
    await enrolment.add(person_id, territory_id, social_point_id, actor=actor, now=now)
    if needs_card:
        await card.attach(card_code or await card.mint(now=now), person_id, now=now)
    await audit.record("person.enrolled", actor=actor, now=now, person_id=person_id, territory_id=territory_id)
    return person_id


async def guest(name: str, phone: str, *, now: datetime, language: str = "it") -> int:
    """For a booking without card, inside its transaction."""
    given, _, family = name.strip().partition(" ")
    return await add(NewPerson(given, family, language=language, contacts=(("sms", phone),)), "guest", now=now)


async def unnamed(channel: Channel, value: str, *, now: datetime, language: str = "it") -> int:
    """A guest of whom nothing is known but how they are reached; inside a transaction."""
    person_id, data_key = await _begin("guest", language, now)
    await contact.put(person_id, data_key, channel, value, 1, now=now)
    return person_id


async def add(new: NewPerson, kind: str, *, now: datetime) -> int:
    person_id, data_key = await _begin(kind, new.language, now)
    await _add_identity(person_id, data_key, new)
    for position, (channel, value) in enumerate(new.contacts, 1):
        await contact.put(person_id, data_key, channel, value, position, now=now)
    return person_id


async def _begin(kind: str, language: str, now: datetime) -> tuple[int, bytes]:
    """A random number, and the key of all that will be known of them."""
    person_id = code.random_id()
    await database.execute(
        "INSERT INTO person (id, kind, language, created_at) VALUES ({}, {}, {}, {})", person_id, kind, language, now
    )
    return person_id, await vault.add_key(person_id)


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


async def _join(
    known: int, new: NewPerson, territory_id: int, social_point_id: int | None, *, actor: Actor, now: datetime
) -> int:
    """Somebody from another territory comes here too: one person, one card. Surname and birth must agree."""
    if await enrolment.exists(known, territory_id):
        raise AlreadyEnrolled(field="fiscal_code", person_id=known)
    facts = (await identity.facts_of([known])).get(known)
    if not facts or (identity.fold(facts.family_name), facts.born_on) != (identity.fold(new.family_name), new.born_on):
        raise AlreadyEnrolled(field="fiscal_code", person_id=0)
    await enrolment.add(known, territory_id, social_point_id, actor=actor, now=now)
    await audit.record("person.joined", actor=actor, now=now, person_id=known, territory_id=territory_id)
    return known
