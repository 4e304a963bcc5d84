"""Who is at the other end: only tokens we made are known, and a new one is made at every change of who that is."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from app import database
from app.domain.actor import Actor, Role
from app.domain.verb import verb

SEEN_EVERY = timedelta(minutes=5)
IDLE = {
    "anonymous": timedelta(hours=2),
    "person": timedelta(hours=12),
    "own_phone": timedelta(days=180),
    "shared": timedelta(minutes=5),
    "staff": timedelta(minutes=30),
}


@dataclass(frozen=True, slots=True)
class SessionFacts:
    id: int
    csrf: str
    actor: Actor
    given_name: str
    last_seen_at: datetime


def hashed(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


async def load(token: str, now: datetime) -> SessionFacts | None:
    """The live session of `token`, or None: unknown, ended and idle ones are all the same."""
    found = await database.row(
        "SELECT s.id, s.csrf, s.kind, s.person_id, s.staff_id, s.device_id, s.is_shared, "
        "s.last_seen_at, coalesce(i.given_name, w.name, '') AS given_name FROM session s "
        "LEFT JOIN identity i ON i.person_id = s.person_id LEFT JOIN staff w ON w.id = s.staff_id "
        "WHERE s.token_hash = {} AND s.ended_at IS NULL AND w.suspended_at IS NULL",
        hashed(token),
    )
    if found is None or now - found["last_seen_at"] > _idle(found):
        return None
    actor = await _actor(found, now)
    return SessionFacts(found["id"], found["csrf"], actor, found["given_name"], found["last_seen_at"])


async def start(
    kind: Literal["anonymous", "person", "staff"],
    *,
    now: datetime,
    browser: str,
    person_id: int | None = None,
    staff_id: int | None = None,
    device_id: int | None = None,
    is_shared: bool = False,
    token: str = "",
) -> tuple[int, str]:
    """A new session inside the caller's transaction: its id and the token for the cookie."""
    token = token or secrets.token_urlsafe(24)
    found = await database.rows(
        "INSERT INTO session (token_hash, csrf, kind, person_id, staff_id, device_id, is_shared, browser, pin_at, "
        "started_at, last_seen_at) VALUES ({}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}) RETURNING id",
        hashed(token),
        secrets.token_urlsafe(16),
        kind,
        person_id,
        staff_id,
        device_id,
        is_shared,
        browser[:120],
        now if kind != "anonymous" else None,
        now,
        now,
    )
    return found[0]["id"], token


async def start_anonymous(token: str, *, now: datetime) -> int:
    """For who has not said who they are, inside the caller's transaction; the session's id."""
    session_id, _ = await start("anonymous", token=token, browser="", now=now)
    return session_id


@verb
async def end(session_id: int, *, actor: Actor, now: datetime) -> None:
    await database.execute("UPDATE session SET ended_at = {} WHERE id = {} AND ended_at IS NULL", now, session_id)


async def take_over(old_id: int, new_id: int, *, now: datetime) -> None:
    """What an anonymous visitor held goes on under the session that follows it, in the sign-in's transaction."""
    if old_id:
        await database.execute(
            "UPDATE slot_hold SET session_id = {} WHERE session_id = {} AND ended_at IS NULL", new_id, old_id
        )
        await database.execute("UPDATE session SET ended_at = {} WHERE id = {} AND ended_at IS NULL", now, old_id)


async def seen(session: SessionFacts, now: datetime) -> None:
    """Keeps an idle clock honest without a write a request."""
    every = timedelta(minutes=1) if session.actor.is_shared else SEEN_EVERY
    if now - session.last_seen_at >= every:
        await database.execute("UPDATE session SET last_seen_at = {} WHERE id = {}", now, session.id)


def _idle(found: dict[str, object]) -> timedelta:
    if found["is_shared"]:
        return IDLE["shared"]
    return IDLE["own_phone"] if found["device_id"] else IDLE[str(found["kind"])]


async def _actor(found: dict[str, object], now: datetime) -> Actor:
    kind = found["kind"]
    session_id = int(str(found["id"]))
    device = f"device:{found['device_id']}" if found["device_id"] else f"session:{session_id}"
    if kind == "person":
        return Actor("person", int(str(found["person_id"])), session_id, (), bool(found["is_shared"]), device)
    if kind == "staff":
        staff_id = int(str(found["staff_id"]))
        return Actor("staff", staff_id, session_id, await _roles(staff_id, now), False, device)
    return Actor("anonymous", 0, session_id, (), False, device)


async def _roles(staff_id: int, now: datetime) -> tuple[Role, ...]:
    found = await database.rows(
        "SELECT name, scope_kind, scope_id FROM role WHERE staff_id = {} AND from_at <= {} "
        "AND (until_at IS NULL OR until_at > {}) ORDER BY id",
        staff_id,
        now,
        now,
    )
    return tuple(Role(**role) for role in found)
