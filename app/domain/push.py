"""Phones that can be told at once: which addresses are believed, who may subscribe, what a receipt proves."""

import base64
import binascii
import re
from collections.abc import Sequence
from datetime import datetime
from urllib.parse import urlsplit

from cryptography.hazmat.primitives import serialization

from app import database
from app.config import secrets, settings
from app.domain import contact
from app.domain.actor import Actor
from app.domain.errors import InvalidInput, SignInNeeded
from app.domain.verb import Key, verb

LONGEST = 1000  # of an endpoint
MOST_PHONES = 5  # of one person; the oldest one ends
_HOST = re.compile(r"[a-z0-9.-]+(:\d{1,5})?", re.ASCII)  # what no two readers of addresses read differently
DEMO_HOST = ".invalid"  # a phone that cannot exist (RFC 2606): the demo's copies stand for it


def is_allowed(endpoint: str, hosts: Sequence[str]) -> bool:
    """Only https to a push service somebody wrote down: the address comes from a browser, so from anybody.

    "*.example.org" stands for every host below; "host:8443" for that port, all others mean 443.
    """
    try:
        parts = urlsplit(endpoint)
        port = 443 if parts.port is None else parts.port
    except ValueError:
        return False
    if parts.scheme != "https" or not _HOST.fullmatch(parts.netloc) or len(endpoint) > LONGEST or not parts.hostname:
        return False
    return any(_matches(parts.hostname, port, allowed) for allowed in hosts)


def _matches(host: str, port: int, allowed: str) -> bool:
    name, _, allowed_port = allowed.partition(":")
    if port != int(allowed_port or 443):
        return False
    return host.endswith(name[1:]) if name.startswith("*.") else host == name


@verb
async def subscribe(
    endpoint: str, p256dh: str, auth: str, *, actor: Actor, now: datetime, key: Key | None = None
) -> None:
    """Only from a person's own phone: on a borrowed one the next user would read what is ours.

    Raises SignInNeeded, InvalidInput.
    """
    device_id = own_device(actor)
    if not device_id:
        raise SignInNeeded()
    if not is_allowed(endpoint, settings().push_hosts) or not _are_keys(p256dh, auth):
        raise InvalidInput(field="endpoint")
    await add(actor.id, device_id, endpoint, p256dh, auth, now=now)
    await _put_first(actor.id, device_id, now)


async def is_told(actor: Actor) -> bool:
    """Whether a browser of this person's own device is subscribed."""
    found = "SELECT 1 FROM push_subscription WHERE person_id = {} AND device_id = {} AND ended_at IS NULL LIMIT 1"
    return bool(await database.scalar(found, actor.id, own_device(actor)))


async def add(person_id: int, device_id: int | None, endpoint: str, p256dh: str, auth: str, *, now: datetime) -> None:
    """A step. The same browser again is one subscription, and belongs to whoever is signed in there now."""
    await database.execute(
        "INSERT INTO push_subscription (person_id, device_id, endpoint, p256dh, auth, added_at) "
        "VALUES ({}, {}, {}, {}, {}, {}) ON CONFLICT (endpoint) DO UPDATE SET person_id = excluded.person_id, "
        "device_id = excluded.device_id, p256dh = excluded.p256dh, auth = excluded.auth, ended_at = NULL",
        person_id,
        device_id,
        endpoint,
        p256dh,
        auth,
        now,
    )
    await database.execute(
        "UPDATE push_subscription SET ended_at = {} WHERE person_id = {} AND ended_at IS NULL AND id NOT IN "
        "(SELECT id FROM push_subscription WHERE person_id = {} AND ended_at IS NULL ORDER BY id DESC LIMIT {})",
        now,
        person_id,
        person_id,
        MOST_PHONES,
    )


@verb
async def pretend(person_id: int, name: str, *, actor: Actor, now: datetime, key: Key | None = None) -> None:
    """For the demo: a phone that does not exist, whose messages are kept to be looked at."""
    host = "-".join("".join(c if c.isalnum() and c.isascii() else " " for c in name.lower()).split())
    await add(person_id, None, f"https://{host}-{person_id}{DEMO_HOST}/", "", "", now=now)


async def _put_first(person_id: int, device_id: int, now: datetime) -> None:
    """Who allows notifications wants them before everything else; the order can be changed later."""
    if all(one.channel != "push" for one in await contact.of(person_id)):
        name = await database.scalar("SELECT name FROM device WHERE id = {}", device_id)
        await contact.add(person_id, "push", name or "web", now=now)
        await database.execute("UPDATE contact SET position = 0 WHERE person_id = {} AND channel = 'push'", person_id)


async def end(subscription_id: int, *, now: datetime) -> None:
    """The push service knows this phone no more."""
    await database.execute(
        "UPDATE push_subscription SET ended_at = {} WHERE id = {} AND ended_at IS NULL", now, subscription_id
    )


def public_key() -> str:
    """What a browser binds its subscription to: nobody else's server can push to it."""
    key = serialization.load_pem_private_key(secrets().vapid, None)
    point = key.public_key().public_bytes(serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)
    return base64.urlsafe_b64encode(point).rstrip(b"=").decode()


def own_device(actor: Actor) -> int:
    """The device of a person signed in on their own phone; 0 on every other."""
    kind, _, number = actor.device.partition(":")
    return int(number) if actor.kind == "person" and kind == "device" and not actor.is_shared else 0


def _are_keys(p256dh: str, auth: str) -> bool:
    """An uncompressed point of P-256 and 16 secret bytes, as browsers give them."""
    point = _decoded(p256dh)
    return len(point) == 65 and point[0] == 4 and len(_decoded(auth)) == 16


def _decoded(text: str) -> bytes:
    try:
        return base64.urlsafe_b64decode(text[:120] + "=" * (-len(text) % 4))
    except (binascii.Error, ValueError):
        return b""
