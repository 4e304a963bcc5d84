"""Who a person is: the one place that knows names, codes and addresses."""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from app import database
from app.database import Piece
from app.domain import access, code, fiscal_code, vault
from app.domain.actor import Actor

FIND_MOST = 20
_HAS_CODE = "fiscal_code_index <> ''"  # as its index says: without it SQLite reads everybody


@dataclass(frozen=True, slots=True)
class Facts:
    """`full_name` as people say it, given name first."""

    person_id: int
    given_name: str
    family_name: str
    born_on: date | None
    municipality: str
    language: str
    kind: Literal["enrolled", "guest"]

    @property
    def full_name(self) -> str:
        return f"{self.given_name} {self.family_name}".strip()


@dataclass(frozen=True, slots=True)
class Found:
    """`via` says what was recognised; `booking_code` is set when it was a booking's code."""

    person: Facts
    via: Literal["card", "booking", "fiscal_code", "phone", "name"]
    booking_code: str = ""


def fold(text: str) -> str:
    """Small letters and digits, no accents; everything else is a space."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return " ".join("".join(c if c.isalnum() else " " for c in plain.replace("'", "")).split())


async def name_of(person_id: int) -> str:
    return (await names_of([person_id])).get(person_id, "")


async def names_of(ids: Iterable[int]) -> dict[int, str]:
    return {person_id: facts.full_name for person_id, facts in (await facts_of(ids)).items()}


async def facts_of(ids: Iterable[int]) -> dict[int, Facts]:
    """Of those who still have an identity."""
    wanted = sorted(set(ids))
    return {facts.person_id: facts for facts in await _facts(_among("i.person_id", wanted))} if wanted else {}


async def born_on(person_id: int) -> date | None:
    found: date | None = await database.scalar("SELECT born_on FROM identity WHERE person_id = {}", person_id)
    return found


async def fiscal_code_of(person_id: int) -> str:
    stored = await database.scalar("SELECT fiscal_code_encrypted FROM identity WHERE person_id = {}", person_id)
    return await vault.decrypt(person_id, "fiscal_code", stored or "")


async def address_of(person_id: int) -> str:
    stored = await database.scalar("SELECT address_encrypted FROM identity WHERE person_id = {}", person_id)
    return await vault.decrypt(person_id, "address", stored or "")


async def person_with_fiscal_code(typed: str) -> int | None:
    """Whoever has exactly this code: two omocodes are two people."""
    found: int | None = await database.scalar(
        f"SELECT person_id FROM identity WHERE fiscal_code_index = {{}} AND {_HAS_CODE}",
        vault.blind_index("fiscal_code", typed),
    )
    return found


async def find(actor: Actor, typed: str) -> list[Found]:
    """People the staff member may see, by card code, booking code, codice fiscale or surname, in this order."""
    visible = access.visible(actor, "i.person_id")
    return (
        await _by_card(typed, visible)
        or await _by_booking(typed, visible)
        or await _by_fiscal_code(typed, visible)
        or await _by_name(typed, visible)
    )


def possible_codes(typed: str) -> list[str]:
    """Card and booking codes in what was typed or scanned: also the end of an address, whose ':', '/' and '#' an
    Italian keyboard turns into 'ç', '-' and '£'."""
    kept = "".join(c if c.isascii() and c.isalnum() else " " for c in typed)
    words = kept.split()
    candidates = [said for word in (kept, *words[-1:]) for said in (code.read(word), code.booking(word))]
    return [candidate for candidate in dict.fromkeys(candidates) if code.is_whole(candidate)]


async def _by_card(typed: str, visible: Piece) -> list[Found]:
    codes = possible_codes(typed)
    if not codes:
        return []
    holders = Piece(
        "i.person_id IN (SELECT person_id FROM card WHERE revoked_at IS NULL AND {})", _among("code", codes)
    )
    return [Found(facts, "card") for facts in await _facts(holders, visible)]


async def _by_booking(typed: str, visible: Piece) -> list[Found]:
    codes = possible_codes(typed)
    if not codes:
        return []
    booked = await database.row("SELECT code, receiver_id FROM booking WHERE {}", _among("code", codes))
    if booked is None:
        return []
    receiver = _among("i.person_id", [booked["receiver_id"]])
    return [Found(facts, "booking", booked["code"]) for facts in await _facts(receiver, visible)]


async def _by_fiscal_code(typed: str, visible: Piece) -> list[Found]:
    read = fiscal_code.read(typed)
    if not read:
        return []
    indexes = [vault.blind_index("fiscal_code", same) for same in fiscal_code.same_person(read)]
    theirs = _among("i.fiscal_code_index", indexes)
    return [Found(facts, "fiscal_code") for facts in await _facts(theirs, Piece(_HAS_CODE), visible)]


async def _by_name(typed: str, visible: Piece) -> list[Found]:
    """'colombo', 'Colombo Rosa' and 'Rosa Colombo' alike, also where the surname has two words."""
    words = fold(typed).split()
    if sum(map(len, words)) < 2:
        return []
    turned = [" ".join(words[at:] + words[:at]) for at in range(len(words))]
    matches = _joined(" OR ", [Piece("i.folded_name LIKE {}", f"{start}%") for start in turned])
    return [Found(facts, "name") for facts in await _facts(Piece("({})", matches), visible)]


async def _facts(*conditions: Piece) -> list[Facts]:
    rows = await database.rows(
        "SELECT i.person_id, i.given_name, i.family_name, i.born_on, coalesce(m.name, '') AS municipality, p.language, "
        "p.kind FROM identity i JOIN person p ON p.id = i.person_id "
        "LEFT JOIN municipality m ON m.id = i.municipality_id WHERE {} ORDER BY i.folded_name, i.person_id",
        _joined(" AND ", list(conditions)),
    )
    return [Facts(**row) for row in rows]


def _among(column: str, values: list[int] | list[str]) -> Piece:
    places = ", ".join(["{}"] * len(values))
    return Piece(f"{column} IN ({places})", *values)


def _joined(between: str, parts: list[Piece]) -> Piece:
    return Piece(between.join(["{}"] * len(parts)), *parts)
