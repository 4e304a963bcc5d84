"""What is said of a held or booked service on every page, slip and calendar file: read in one query."""

from dataclasses import dataclass
from datetime import datetime

from app import database
from app.domain import content
from app.domain.errors import NotFound
from app.tables.booking import HAS_ITS_TIME


@dataclass(frozen=True, slots=True)
class Appointment:
    """`place`, `address` and `directions` are '' where nobody goes anywhere; `language` is that of the texts."""

    service_id: int
    slug: str
    name: str
    bring: str
    conditions: str
    language: str
    provider: str
    provider_phone: str
    mode: str
    unit: str
    minutes: int
    price_cents: int
    place: str
    address: str
    municipality: str
    directions: str
    accessibility: str

    @property
    def where(self) -> str:
        return ", ".join(part for part in (self.place, self.address, self.municipality) if part)


async def of(service_id: int, service_place_id: int | None, language: str) -> Appointment:
    """Texts in `language` where they were written, else in Italian. Raises NotFound."""
    place = service_place_id or 0
    return await content.kept(("appointment", service_id, place, language), lambda: _of(service_id, place, language))


async def _of(service_id: int, service_place_id: int, language: str) -> Appointment:
    found = await database.row(_SELECT, service_place_id, service_id, language)
    if found is None:
        raise NotFound()
    if found["mode"] not in ("centre",):
        found |= {"place": "", "address": "", "municipality": "", "directions": "", "accessibility": ""}
    return Appointment(**found)


_SELECT = """
SELECT s.id AS service_id, s.slug, x.name, x.bring, x.conditions, x.language, p.name AS provider,
  p.phone AS provider_phone, s.mode, s.unit, s.minutes, s.price AS price_cents,
  coalesce(l.name, '') AS place, coalesce(l.address, '') AS address, coalesce(m.name, '') AS municipality,
  coalesce(l.directions, '') AS directions, coalesce(l.accessibility, '') AS accessibility
FROM service s JOIN service_text x ON x.service_id = s.id JOIN provider p ON p.id = s.provider_id
LEFT JOIN service_place sp ON sp.id = {} LEFT JOIN place l ON l.id = sp.place_id
LEFT JOIN municipality m ON m.id = l.municipality_id
WHERE s.id = {} AND x.language IN ({}, 'it') ORDER BY CASE x.language WHEN 'it' THEN 1 ELSE 0 END LIMIT 1
"""


async def times_of(receiver_id: int, service_place_id: int) -> set[datetime]:
    """When somebody is booked for one service at one place: no times to offer once more."""
    found = await database.rows(
        "SELECT s.starts_at FROM booking b JOIN slot s ON s.id = b.slot_id "
        f"WHERE b.receiver_id = {{}} AND s.service_place_id = {{}} AND b.{HAS_ITS_TIME}",
        *(receiver_id, service_place_id),
    )
    return {row["starts_at"] for row in found}
