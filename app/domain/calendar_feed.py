"""A secret address under which a calendar outside asks for a person's appointments: made, renewed and ended by them.

The database holds a hash. The secret follows from who asked and from the key of the form they pressed, with a pepper
that no database holds: so the same form sent twice makes one address, and it can be shown to the person after the
redirect, for a short while.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from app import database
from app.domain import attempt, audit, vault
from app.domain.actor import Actor
from app.domain.errors import NotFound
from app.domain.verb import Key, verb

SHOWN_FOR = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class FeedFacts:
    id: int
    person_id: int
    made_at: datetime


def secret_of(person_id: int, form_key: str) -> str:
    """128 bits; begins with a letter, as no address of ours holds a number so long."""
    return "v" + vault.peppered("calendar", f"{person_id}:{form_key}")[:32]


@verb
async def make(territory_id: int, secret: str, *, actor: Actor, now: datetime, key: Key | None = None) -> int:
    """A new address for the actor; the one before it ends."""
    await _end(actor.id, now)
    feed_id: int = await database.scalar(
        "INSERT INTO calendar_feed (person_id, territory_id, secret_hash, made_at) VALUES ({}, {}, {}, {}) "
        "RETURNING id",
        *(actor.id, territory_id, _hash(secret), now),
    )
    await audit.record("calendar.made", actor=actor, now=now, person_id=actor.id)
    return feed_id


@verb
async def end(*, actor: Actor, now: datetime, key: Key | None = None) -> None:
    """Whoever asks there from now on is told that there is nothing."""
    await _end(actor.id, now)
    await audit.record("calendar.ended", actor=actor, now=now, person_id=actor.id)


async def of(person_id: int) -> FeedFacts | None:
    found = await database.row(f"{_FEED} WHERE person_id = {{}} AND ended_at IS NULL", person_id)
    return FeedFacts(**found) if found else None


async def is_new(feed: FeedFacts, secret: str, *, now: datetime) -> bool:
    """Whether this secret is the feed's own, and was made just now."""
    stored: str = await database.scalar("SELECT secret_hash FROM calendar_feed WHERE id = {}", feed.id)
    return now - feed.made_at < SHOWN_FOR and vault.is_same(_hash(secret), stored)


async def opened(territory_id: int, secret: str, *, address: str, now: datetime) -> FeedFacts:
    """Whose calendar it is. Raises NotFound, and TooManyAttempts for who asks too often."""
    found = await database.row(
        f"{_FEED} WHERE secret_hash = {{}} AND territory_id = {{}} AND ended_at IS NULL", _hash(secret), territory_id
    )
    await attempt.begin(attempt.scope(*(("feed", found["id"]) if found else ("feed_from", address))), now=now)
    if found is None:
        raise NotFound()
    return FeedFacts(**found)


def _hash(secret: str) -> str:
    return vault.peppered("calendar_secret", secret)


async def _end(person_id: int, now: datetime) -> None:
    await database.execute(
        "UPDATE calendar_feed SET ended_at = {} WHERE person_id = {} AND ended_at IS NULL", now, person_id
    )


_FEED = "SELECT id, person_id, made_at FROM calendar_feed"
