"""A municipality leads to its territory; slips of the pen are forgiven."""

from dataclasses import dataclass
from datetime import datetime

from app import database
from app.domain import contact, vault
from app.domain.actor import Actor
from app.domain.errors import InvalidInput
from app.domain.search_text import fold, forgiven
from app.domain.verb import Key, verb


@dataclass(frozen=True, slots=True)
class MunicipalityFacts:
    name: str
    province: str
    postcode: str
    territory: str
    territory_name: str


@verb
async def add(
    territory_id: int,
    *,
    name: str,
    province: str,
    postcode: str,
    belfiore: str,
    istat: str,
    actor: Actor,
    now: datetime,
    key: Key | None = None,
) -> int:
    municipality_id: int = await database.scalar(
        "INSERT INTO municipality (territory_id, belfiore, istat, name, province, postcode) "
        "VALUES ({}, {}, {}, {}, {}, {}) RETURNING id",
        *(territory_id, belfiore, istat, name, province, postcode),
    )
    return municipality_id


@verb
async def leave_number(name: str, phone: str, *, actor: Actor, now: datetime, key: Key | None = None) -> int:
    """Somebody whose municipality is not here yet wants to hear of it. Raises InvalidInput."""
    number = contact.read_phone(phone)
    if not number:
        raise InvalidInput(field="phone")
    missing_id: int = await database.scalar(
        "INSERT INTO missing_municipality (name, phone_encrypted, asked_at) VALUES ({}, {}, {}) RETURNING id",
        *(name, vault.encrypt_unowned("missing_municipality", number), now),
    )
    return missing_id


async def everywhere() -> list[MunicipalityFacts]:
    found = await database.rows(
        "SELECT m.name, m.province, m.postcode, t.slug AS territory, t.name AS territory_name "
        "FROM municipality m JOIN territory t ON t.id = m.territory_id ORDER BY m.id"
    )
    return [MunicipalityFacts(**row) for row in found]


def meant(typed: str, known: list[MunicipalityFacts]) -> list[MunicipalityFacts]:
    """What `typed` may stand for: the name, a postcode, a territory's name, the name's beginning, a slip; best only."""
    wanted = _plain(typed)
    if len(wanted) < 2:
        return []
    names = {_plain(one.name) for one in known}
    slips = set(forgiven(wanted, names))
    ways = (
        [one for one in known if _plain(one.name) == wanted],
        [one for one in known if one.postcode == wanted],
        [one for one in known if wanted in (one.territory, _plain(one.territory_name))],
        [one for one in known if len(wanted) > 3 and _plain(one.name).startswith(wanted)],
        [one for one in known if _plain(one.name) in slips],
    )
    return next((found for found in ways if found), [])


def nearest(typed: str, known: list[MunicipalityFacts]) -> list[str]:
    """Territories for somebody whose municipality is missing: by postcode where one was typed, else by name."""
    digits = "".join(c for c in typed if c.isdigit())
    best: dict[str, int] = {}
    for one in known:
        best[one.territory] = max(best.get(one.territory, 0), _shared(digits, one.postcode))
    return sorted(best, key=lambda slug: (-best[slug], slug))


def _plain(text: str) -> str:
    """'Comune di Tradate (VA)' and 'TRADATE' are the same place."""
    words = "".join(c if c.isalnum() else " " for c in fold(text.partition("(")[0])).split()
    return " ".join(words[2:] if words[:2] == ["comune", "di"] else words)


def _shared(typed: str, postcode: str) -> int:
    length = 0
    for one, other in zip(typed, postcode, strict=False):
        if one != other:
            break
        length += 1
    return length


async def of_territory(territory_id: int) -> dict[str, str]:
    """Names by id, both as a form shows them."""
    found = await database.rows("SELECT id, name FROM municipality WHERE territory_id = {} ORDER BY name", territory_id)
    return {str(row["id"]): row["name"] for row in found}
