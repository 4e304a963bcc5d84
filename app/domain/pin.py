"""The six digits that go with the card: typed by the person alone, kept as a hash that costs time to guess."""

import asyncio
import itertools
from datetime import date, datetime, timedelta

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from app import database
from app.domain import attempt, audit, card, identity, vault
from app.domain.actor import Actor
from app.domain.errors import NotFound, PinExists, PinNeeded, WeakPin, WrongCredentials
from app.domain.verb import Key, verb

LENGTH = 6
FRESH = timedelta(minutes=15)
SPEND_WITHOUT_PIN_CENTS = 10_000

# Small enough in memory for many at once on a small machine, still slow to guess.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_NOBODYS = "$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$B3zSkkMcJWOqkzJWl3vJgGzxOdcYyrY4bm5pNwqTzXg"


def weakness(typed: str, born_on: date | None = None) -> str:
    """'' for a good PIN, else the reason: length, easy or birth_date."""
    if len(typed) != LENGTH or not (typed.isascii() and typed.isdigit()):
        return "length"
    steps = {(int(b) - int(a)) % 10 for a, b in itertools.pairwise(typed)}
    if len(set(typed)) < 3 or steps in ({1}, {9}) or typed[:3] == typed[3:] or typed[:2] * 3 == typed:
        return "easy"
    if born_on and typed in {born_on.strftime(way) for way in ("%d%m%y", "%y%m%d", "%m%d%y", "%m%Y", "%Y%m")}:
        return "birth_date"
    return ""


async def hashed(secret: str) -> str:
    return await asyncio.to_thread(_HASHER.hash, vault.peppered("pin", secret))


async def matches(stored: str, secret: str) -> bool:
    """Takes as long where there is no such card."""
    return await asyncio.to_thread(_verified, stored or _NOBODYS, vault.peppered("pin", secret))


async def choose(person_id: int, typed: str, *, actor: Actor, now: datetime, key: Key | None = None) -> None:
    """The first PIN, on the person's own device or on the screen turned to them."""
    if reason := weakness(typed, await identity.born_on(person_id)):
        raise WeakPin(field="pin", reason=reason)
    await _store_first(person_id, await hashed(typed), actor=actor, now=now, key=key)


@verb
async def _store_first(person_id: int, stored: str, *, actor: Actor, now: datetime, key: Key | None = None) -> None:
    held = await card.of(person_id)
    if held is None:
        raise NotFound()
    chosen = await database.rows(
        "UPDATE card SET pin_hash = {} WHERE id = {} AND pin_hash = '' RETURNING id", stored, held.id
    )
    if not chosen:
        raise PinExists()
    await audit.record("pin.chosen", actor=actor, now=now, person_id=person_id)


async def check(person_id: int, typed: str, *, now: datetime) -> None:
    """The person's own PIN, on whichever screen they typed it. Raises WrongCredentials, TooManyAttempts."""
    tries = await attempt.begin(attempt.scope("person", person_id), now=now)
    held = await card.of(person_id)
    if not await matches(held.pin_hash if held else "", typed):
        raise WrongCredentials(field="pin")
    await attempt.succeed(tries)


async def confirm(typed: str, *, actor: Actor, now: datetime) -> None:
    """Again the PIN, for a signed-in person: what `check` raises, or the session counts as fresh."""
    if actor.kind != "person":
        raise NotFound()
    await check(actor.id, typed, now=now)
    await _mark_fresh(actor=actor, now=now)


@verb
async def _mark_fresh(*, actor: Actor, now: datetime) -> None:
    await database.execute("UPDATE session SET pin_at = {} WHERE id = {}", now, actor.session_id)


async def needed(actor: Actor, *, now: datetime, spends_cents: int = 0) -> bool:
    """Above the set amount a PIN typed long ago is asked for again; nobody else's session needs one."""
    if actor.kind != "person" or spends_cents <= SPEND_WITHOUT_PIN_CENTS:
        return False
    typed_at: datetime | None = await database.scalar("SELECT pin_at FROM session WHERE id = {}", actor.session_id)
    return typed_at is None or now - typed_at > FRESH


async def require(actor: Actor, *, now: datetime, spends_cents: int) -> None:
    if await needed(actor, now=now, spends_cents=spends_cents):
        raise PinNeeded(field="pin")


def _verified(stored: str, peppered: str) -> bool:
    try:
        return _HASHER.verify(stored, peppered)
    except (VerificationError, InvalidHashError):
        return False
