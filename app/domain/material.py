"""What a service gives to read: guides, exercises, checklists and stories, each with the files to print or keep."""

import base64
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from app import database
from app.domain.actor import Actor
from app.domain.errors import NotFound
from app.domain.territory import TerritoryFacts
from app.domain.verb import Key, verb

Kind = Literal["guide", "exercise", "checklist", "story"]
MediaType = Literal["text/plain", "application/pdf", "image/png", "image/jpeg", "audio/mpeg"]


@dataclass(frozen=True, slots=True)
class NewFile:
    name: str
    media_type: MediaType
    content: bytes


@dataclass(frozen=True, slots=True)
class New:
    """`text` is paragraphs with an empty line between; a line may begin with '# ' (a heading) or '- ' (an item)."""

    slug: str
    kind: Kind
    title: str
    text: str
    files: tuple[NewFile, ...] = ()


@dataclass(frozen=True, slots=True)
class Offering:
    """The service that gives them, named in the language asked for where it has that."""

    id: int
    slug: str
    name: str
    language: str


@dataclass(frozen=True, slots=True)
class MaterialFacts:
    """`files` counts what can be downloaded."""

    id: int
    slug: str
    kind: Kind
    title: str
    files: int


@dataclass(frozen=True, slots=True)
class FileFacts:
    """`size` in bytes."""

    name: str
    media_type: MediaType
    size: int


@verb
async def add(service_id: int, new: New, *, actor: Actor, now: datetime, key: Key | None = None) -> int:
    """Last in the list of its service."""
    material_id: int = await database.scalar(
        "INSERT INTO material (service_id, slug, position, kind, title, text) SELECT {}, {}, "
        "(SELECT coalesce(max(position), 0) + 1 FROM material WHERE service_id = {}), {}, {}, {} RETURNING id",
        *(service_id, new.slug, service_id, new.kind, new.title, new.text.strip()),
    )
    for file in new.files:
        await database.execute(
            "INSERT INTO material_file (material_id, name, media_type, size, content) VALUES ({}, {}, {}, {}, {})",
            *(material_id, file.name, file.media_type, len(file.content), base64.b64encode(file.content).decode()),
        )
    return material_id


async def offering(place: TerritoryFacts, slug: str, language: str) -> Offering:
    """Raises NotFound for a service that does not exist here, and for a draft."""
    found = await database.row(
        "SELECT s.id, s.slug, x.name, x.language FROM service s JOIN service_text x ON x.service_id = s.id "
        "AND x.language IN ({}, 'it') WHERE s.territory_id = {} AND s.slug = {} AND s.status <> 'draft' "
        "ORDER BY x.language = 'it' LIMIT 1",
        *(language, place.id, slug),
    )
    if found is None:
        raise NotFound()
    return Offering(**found)


async def of_service(service_id: int) -> list[MaterialFacts]:
    found = await database.rows(
        "SELECT m.id, m.slug, m.kind, m.title, (SELECT count(*) FROM material_file f WHERE f.material_id = m.id) "
        "AS files FROM material m WHERE m.service_id = {} ORDER BY m.position, m.id",
        service_id,
    )
    return [MaterialFacts(**row) for row in found]


async def text(material_id: int) -> str:
    told: str = await database.scalar("SELECT text FROM material WHERE id = {}", material_id)
    return told


async def files(material_id: int) -> list[FileFacts]:
    found = await database.rows(
        "SELECT name, media_type, size FROM material_file WHERE material_id = {} ORDER BY id", material_id
    )
    return [FileFacts(**row) for row in found]


async def download(place: TerritoryFacts, slug: str, material: str, name: str) -> tuple[MediaType, bytes]:
    """Raises NotFound."""
    found = await database.row(
        "SELECT f.media_type, f.content FROM material_file f JOIN material m ON m.id = f.material_id "
        "JOIN service s ON s.id = m.service_id WHERE s.territory_id = {} AND s.slug = {} AND s.status <> 'draft' "
        "AND m.slug = {} AND f.name = {}",
        *(place.id, slug, material, name),
    )
    if found is None:
        raise NotFound()
    return found["media_type"], base64.b64decode(found["content"])
