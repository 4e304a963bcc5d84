"""Phones that stay signed in: each is known by a key in its cookie, and the person can end each."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from app import database
from app.domain import audit, message, vault
from app.domain.actor import Actor
from app.domain.errors import NotFound
from app.domain.verb import Key, verb

KINDS = ("iphone", "ipad", "android", "windows", "mac", "linux", "other")
_SIGNS = {
    "iPhone": "iphone",
    "iPad": "ipad",
    "Android": "android",
    "Windows": "windows",
    "Macintosh": "mac",
    "Linux": "linux",
}


@dataclass(frozen=True, slots=True)
class DeviceFacts:
    """`kind` is one of KINDS; `id` 0 stands for a place where no device key was left."""

    id: int
    session_id: int
    kind: str
    added_at: datetime
    last_seen_at: datetime


def mint_key() -> str:
    return secrets.token_hex(16)


def kind_of(browser: str) -> str:
    return next((kind for sign, kind in _SIGNS.items() if sign in browser), "other")


async def known(key: str) -> tuple[int, int] | None:
    """Device and person of a live key."""
    if not key:
        return None
    found = await database.row(
        "SELECT id, person_id FROM device WHERE key_hash = {} AND ended_at IS NULL", vault.peppered("device", key)
    )
    return (found["id"], found["person_id"]) if found else None


async def add(person_id: int, key: str, browser: str, *, now: datetime) -> int:
    """Inside the transaction of the sign-in."""
    found = await database.rows(
        "INSERT INTO device (person_id, key_hash, name, added_at, last_seen_at) VALUES ({}, {}, {}, {}, {}) "
        "RETURNING id",
        person_id,
        vault.peppered("device", key),
        kind_of(browser),
        now,
        now,
    )
    return int(found[0]["id"])


async def tell(person_id: int, *, now: datetime) -> None:
    """A message about a new place of use, once a day at most."""
    told = await database.row(
        "SELECT id FROM message WHERE person_id = {} AND kind = 'new_device' AND created_at > {}",
        person_id,
        now - timedelta(days=1),
    )
    if told is None:
        await message.put("new_device", person_id, due_at=now, useless_after=now + timedelta(days=2), now=now)


async def signed_in(person_id: int, *, now: datetime) -> list[DeviceFacts]:
    """Own phones, then places where the card is in use without a device key."""
    devices = await database.rows(
        "SELECT id, 0 AS session_id, name, added_at, last_seen_at FROM device WHERE person_id = {} "
        "AND ended_at IS NULL ORDER BY last_seen_at DESC, id",
        person_id,
    )
    sessions = await database.rows(
        "SELECT 0 AS id, id AS session_id, browser AS name, started_at AS added_at, last_seen_at FROM session "
        "WHERE person_id = {} AND device_id IS NULL AND ended_at IS NULL AND last_seen_at > {} "
        "ORDER BY last_seen_at DESC, id",
        person_id,
        now - timedelta(minutes=10),
    )
    return [
        DeviceFacts(row["id"], row["session_id"], _kind(row["name"]), row["added_at"], row["last_seen_at"])
        for row in devices + sessions
    ]


@verb
async def end(device_id: int, *, actor: Actor, now: datetime, key: Key | None = None) -> None:
    """Of one's own: its sessions and push subscriptions die with it."""
    owned = await database.row(
        "SELECT id FROM device WHERE id = {} AND person_id = {} AND ended_at IS NULL",
        device_id,
        actor.id if actor.kind == "person" else 0,
    )
    if owned is None:
        raise NotFound()
    await forget(device_id, now=now)
    await audit.record(
        "device.ended", actor=actor, now=now, person_id=actor.id, subject_kind="device", subject_id=device_id
    )


@verb
async def end_session(session_id: int, *, actor: Actor, now: datetime, key: Key | None = None) -> None:
    """Of one's own, where no device key was left."""
    ended = await database.rows(
        "UPDATE session SET ended_at = {} WHERE id = {} AND person_id = {} AND ended_at IS NULL RETURNING id",
        now,
        session_id,
        actor.id if actor.kind == "person" else 0,
    )
    if not ended:
        raise NotFound()


async def forget(device_id: int, *, now: datetime) -> None:
    """Inside a transaction: the device, its sessions and its push subscriptions."""
    await database.execute("UPDATE device SET ended_at = {} WHERE id = {} AND ended_at IS NULL", now, device_id)
    for table in ("session", "push_subscription"):
        await database.execute(
            f"UPDATE {table} SET ended_at = {{}} WHERE device_id = {{}} AND ended_at IS NULL", now, device_id
        )


async def end_everything(person_id: int, *, now: datetime) -> None:
    """Inside a transaction: nothing that was signed in stays so."""
    for table in ("device", "session", "push_subscription"):
        await database.execute(
            f"UPDATE {table} SET ended_at = {{}} WHERE person_id = {{}} AND ended_at IS NULL", now, person_id
        )


def _kind(name: str) -> str:
    return name if name in KINDS else kind_of(name)
