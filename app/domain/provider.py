"""Who offers services: registered once for all territories, accredited in each."""

from datetime import date, datetime
from typing import Literal

from app import database
from app.domain.actor import Actor
from app.domain.verb import Key, verb

Kind = Literal["cooperative", "association", "shop", "professional", "public_office"]


@verb
async def register(
    slug: str,
    name: str,
    kind: Kind,
    *,
    phone: str,
    email: str = "",
    about: str = "",
    vat_number: str = "",
    actor: Actor,
    now: datetime,
    key: Key | None = None,
) -> int:
    provider_id: int = await database.scalar(
        "INSERT INTO provider (slug, name, kind, vat_number, phone, email, about) VALUES ({}, {}, {}, {}, {}, {}, {}) "
        "RETURNING id",
        *(slug, name, kind, vat_number, phone, email, about),
    )
    return provider_id


@verb
async def accredit(
    provider_id: int,
    territory_id: int,
    from_on: date,
    until_on: date | None = None,
    *,
    actor: Actor,
    now: datetime,
    key: Key | None = None,
) -> int:
    accreditation_id: int = await database.scalar(
        "INSERT INTO accreditation (provider_id, territory_id, from_on, until_on) VALUES ({}, {}, {}, {}) RETURNING id",
        *(provider_id, territory_id, from_on, until_on),
    )
    return accreditation_id


@verb
async def add_place(
    provider_id: int,
    municipality_id: int,
    name: str,
    *,
    address: str,
    directions: str = "",
    accessibility: str = "",
    actor: Actor,
    now: datetime,
    key: Key | None = None,
) -> int:
    place_id: int = await database.scalar(
        "INSERT INTO place (provider_id, municipality_id, name, address, directions, accessibility) "
        "VALUES ({}, {}, {}, {}, {}, {}) RETURNING id",
        *(provider_id, municipality_id, name, address, directions, accessibility),
    )
    return place_id


@verb
async def add_resource(
    provider_id: int,
    kind: Literal["operator", "room", "vehicle"],
    name: str,
    *,
    actor: Actor,
    now: datetime,
    key: Key | None = None,
) -> int:
    resource_id: int = await database.scalar(
        "INSERT INTO resource (provider_id, kind, name) VALUES ({}, {}, {}) RETURNING id", provider_id, kind, name
    )
    return resource_id
