"""How a person is reached, in their own order."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, get_args

from app import database
from app.domain import audit, vault
from app.domain.actor import Actor
from app.domain.errors import InvalidInput
from app.domain.verb import Key, verb

Channel = Literal["push", "email", "sms", "call"]
CHANNELS: tuple[Channel, ...] = get_args(Channel)
_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s.]+(\.[^@\s.]+)+")


@dataclass(frozen=True, slots=True)
class ContactFacts:
    id: int
    channel: Channel
    value: str


def read_phone(typed: str) -> str:
    """Digits alone, an Italian prefix left out; '' when it is no telephone number."""
    kept = re.sub(r"[\s./()-]", "", typed)
    kept = re.sub(r"^(\+39|0039)", "", kept)
    return kept if re.fullmatch(r"\+?[0-9]{6,15}", kept, re.ASCII) else ""


def read_email(typed: str) -> str:
    kept = typed.strip().lower()
    return kept if len(kept) <= 120 and _EMAIL.fullmatch(kept) else ""


def read(channel: Channel, typed: str) -> str:
    """A push contact's value is the name of its phone."""
    if channel == "email":
        return read_email(typed)
    return read_phone(typed) if channel in ("sms", "call") else typed.strip()


async def of(person_id: int) -> list[ContactFacts]:
    found = await database.rows(
        "SELECT id, channel, value_encrypted FROM contact WHERE person_id = {} AND removed_at IS NULL "
        "ORDER BY position, id",
        person_id,
    )
    key = await vault.key_of(person_id) if found else None
    return [
        ContactFacts(row["id"], row["channel"], vault.decrypt_with(key, person_id, "contact", row["value_encrypted"]))
        for row in found
    ]


async def phone_of(person_id: int) -> str:
    return next((c.value for c in await of(person_id) if c.channel in ("sms", "call")), "")


async def people_at(channel: Channel, value: str) -> list[int]:
    """Everybody reached at this number or address."""
    found = await database.rows(
        "SELECT DISTINCT person_id FROM contact WHERE value_index = {} AND removed_at IS NULL", _index(channel, value)
    )
    return [row["person_id"] for row in found]


async def add(person_id: int, channel: Channel, typed: str, *, now: datetime) -> None:
    """Last in the person's order; expects a transaction."""
    last = await database.scalar(
        "SELECT coalesce(max(position), 0) FROM contact WHERE person_id = {} AND removed_at IS NULL", person_id
    )
    data_key = await vault.key_of(person_id)
    if data_key is None:
        raise LookupError(f"person {person_id} has no key")
    await put(person_id, data_key, channel, typed, last + 1, now=now)


async def put(person_id: int, data_key: bytes, channel: Channel, typed: str, position: int, *, now: datetime) -> None:
    value = read(channel, typed)
    if not value:
        raise InvalidInput(field=channel)
    await database.execute(
        "INSERT INTO contact (person_id, channel, position, value_encrypted, value_index, added_at) "
        "VALUES ({}, {}, {}, {}, {}, {})",
        person_id,
        channel,
        position,
        vault.encrypt_with(data_key, person_id, "contact", value),
        _index(channel, value),
        now,
    )


@verb
async def change(
    person_id: int, wished: Mapping[Channel, str], first: str, *, actor: Actor, now: datetime, key: Key | None = None
) -> None:
    """Sets e-mail and telephones ('' removes one) and the channel to try first; push stays as the phone set it."""
    held = await of(person_id)
    for channel, typed in wished.items():
        values = [c.value for c in held if c.channel == channel]
        if values != ([read(channel, typed)] if typed else []):
            await _remove(person_id, channel, now)
            if typed:
                await add(person_id, channel, typed, now=now)
    await _put_first(person_id, first)
    await audit.record("contact.changed", actor=actor, now=now, person_id=person_id)


async def _remove(person_id: int, channel: Channel, now: datetime) -> None:
    await database.execute(
        "UPDATE contact SET removed_at = {} WHERE person_id = {} AND channel = {} AND removed_at IS NULL",
        now,
        person_id,
        channel,
    )


async def _put_first(person_id: int, first: str) -> None:
    ordered = sorted(await of(person_id), key=lambda contact: contact.channel != first)
    for position, contact in enumerate(ordered, 1):
        await database.execute("UPDATE contact SET position = {} WHERE id = {}", position, contact.id)


def _index(channel: Channel, value: str) -> str:
    kind = "phone" if channel in ("sms", "call") else channel
    return vault.blind_index(kind, value)
