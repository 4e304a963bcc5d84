"""The card says who somebody is; alone it opens nothing."""

from dataclasses import dataclass
from datetime import datetime

from app import database
from app.domain import audit, code, device
from app.domain.actor import Actor
from app.domain.errors import CardRevoked, CardTaken, UnknownCard
from app.domain.verb import Key, verb

LENGTH = 10


@dataclass(frozen=True, slots=True)
class CardFacts:
    id: int
    code: str
    person_id: int | None
    pin_hash: str
    is_revoked: bool

    @property
    def has_pin(self) -> bool:
        return bool(self.pin_hash)


async def by_code(typed: str) -> CardFacts | None:
    return _facts(await database.row(f"{_SELECT} WHERE code = {{}}", code.read(typed)))


async def of(person_id: int) -> CardFacts | None:
    """The card that counts now."""
    return _facts(await database.row(f"{_SELECT} WHERE person_id = {{}} AND revoked_at IS NULL", person_id))


@verb
async def print_cards(number: int, *, actor: Actor, now: datetime) -> str:
    """New cards that are nobody's yet: their codes, one space between."""
    return " ".join([await mint(now=now) for _ in range(number)])


async def mint(*, now: datetime) -> str:
    made = code.mint(LENGTH)
    await database.execute("INSERT INTO card (code, printed_at) VALUES ({}, {})", made, now)
    return made


@verb
async def bind(card_code: str, person_id: int, *, actor: Actor, now: datetime, key: Key | None = None) -> None:
    """Raises CardTaken, CardRevoked or UnknownCard."""
    await attach(card_code, person_id, now=now)
    await audit.record("card.bound", actor=actor, now=now, person_id=person_id)


async def attach(card_code: str, person_id: int, *, now: datetime) -> None:
    """Inside a transaction: a nobody's card becomes this person's."""
    if await of(person_id) is not None:
        raise CardTaken(field="card")
    bound = await database.rows(
        "UPDATE card SET person_id = {}, bound_at = {} WHERE code = {} AND person_id IS NULL AND revoked_at IS NULL "
        "RETURNING id",
        person_id,
        now,
        code.read(card_code),
    )
    if not bound:
        await _refuse(card_code)


async def _refuse(card_code: str) -> None:
    found = await by_code(card_code)
    if found is None:
        raise UnknownCard(field="card")
    raise (CardRevoked if found.is_revoked else CardTaken)(field="card")


@verb
async def reissue(person_id: int, *, actor: Actor, now: datetime, card_code: str = "", key: Key | None = None) -> str:
    """The old card, every session, device and push subscription die at once; the code of the new card, without PIN."""
    await database.execute(
        "UPDATE card SET revoked_at = {} WHERE person_id = {} AND revoked_at IS NULL", now, person_id
    )
    await device.end_everything(person_id, now=now)
    chosen = code.read(card_code) if card_code else await mint(now=now)
    await attach(chosen, person_id, now=now)
    await audit.record("card.reissued", actor=actor, now=now, person_id=person_id)
    return chosen


_SELECT = "SELECT id, code, person_id, pin_hash, revoked_at FROM card"


def _facts(row: database.Row | None) -> CardFacts | None:
    if row is None:
        return None
    return CardFacts(row["id"], row["code"], row["person_id"], row["pin_hash"], row["revoked_at"] is not None)
