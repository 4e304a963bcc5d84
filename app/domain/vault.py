"""Encryption of what names a person: a data key for each, wrapped by the key ring; blind indexes to find a value again.

Destroying the wrapped key destroys what it encrypted, in every copy and backup.
"""

import base64
import hmac
import os
from collections.abc import Sequence

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from app import database
from app.config import secrets

_NONCE = 12


async def add_key(person_id: int) -> bytes:
    """A new data key for a new person, in the caller's transaction."""
    key, wrapped = new_key(person_id)
    await database.execute("INSERT INTO person_key (person_id, wrapped) VALUES ({}, {})", person_id, wrapped)
    return key


def new_key(person_id: int) -> tuple[bytes, str]:
    """A data key, and how it is stored."""
    key = AESGCM.generate_key(256)
    return key, _sealed(secrets().identity[0], key, _about(person_id, "key"))


async def key_of(person_id: int) -> bytes | None:
    """None when the key was destroyed: nothing of this person can be read any more."""
    wrapped = await database.scalar("SELECT wrapped FROM person_key WHERE person_id = {}", person_id)
    return _opened_by_ring(wrapped, _about(person_id, "key")) if wrapped else None


async def encrypt(person_id: int, what: str, text: str) -> str:
    """`what` names the field: a value moved to another field or person no longer opens."""
    return (await encrypt_all(person_id, [(what, text)]))[0]


async def encrypt_all(person_id: int, fields: Sequence[tuple[str, str]], key: bytes | None = None) -> list[str]:
    """(field, text) of one person with their key; '' stays ''. Raises LookupError when the key was destroyed."""
    key = key or (await key_of(person_id) if any(text for _, text in fields) else b"")
    if key is None:
        raise LookupError(f"person {person_id} has no key")
    return [encrypt_with(key, person_id, what, text) for what, text in fields]


def encrypt_with(key: bytes, person_id: int, what: str, text: str) -> str:
    return _sealed(key, text.encode(), _about(person_id, what)) if text else ""


async def decrypt(person_id: int, what: str, stored: str) -> str:
    return decrypt_with(await key_of(person_id) if stored else None, person_id, what, stored)


def decrypt_with(key: bytes | None, person_id: int, what: str, stored: str) -> str:
    """'' where the key was destroyed."""
    return _opened(key, stored, _about(person_id, what)).decode() if key and stored else ""


async def decrypt_many(stored: Sequence[tuple[int, str, str]]) -> list[str]:
    """(person, field, stored) of several people with one query; '' for what can be read no more."""
    wanted = sorted({person_id for person_id, _, text in stored if text})
    places = ", ".join(["{}"] * len(wanted))
    found = (
        await database.rows(f"SELECT person_id, wrapped FROM person_key WHERE person_id IN ({places})", *wanted)
        if wanted
        else []
    )
    keys = {row["person_id"]: _opened_by_ring(row["wrapped"], _about(row["person_id"], "key")) for row in found}
    return [
        _opened(keys[person_id], text, _about(person_id, what)).decode() if text and person_id in keys else ""
        for person_id, what, text in stored
    ]


def encrypt_unowned(what: str, text: str) -> str:
    """For what belongs to nobody we know yet: the ring itself encrypts."""
    return _sealed(secrets().identity[0], text.encode(), what.encode()) if text else ""


def decrypt_unowned(what: str, stored: str) -> str:
    return _opened_by_ring(stored, what.encode()).decode() if stored else ""


def blind_index(kind: str, value: str) -> str:
    """The same for the same value, and nothing without the secret; '' for ''."""
    if not value:
        return ""
    return hmac.digest(secrets().blind_index, f"{kind}:{value}".encode(), "sha256").hex()


def peppered(purpose: str, value: str) -> str:
    """For short secrets: the database alone is not enough to guess them."""
    return hmac.digest(secrets().pepper, f"{purpose}:{value}".encode(), "sha256").hex()


def is_same(given: str, expected: str) -> bool:
    """In the same time wherever they differ."""
    return hmac.compare_digest(given.encode(), expected.encode())


def _about(person_id: int, what: str) -> bytes:
    return f"{person_id}:{what}".encode()


def _sealed(key: bytes, plain: bytes, about: bytes) -> str:
    nonce = os.urandom(_NONCE)
    return base64.b64encode(nonce + AESGCM(key).encrypt(nonce, plain, about)).decode()


def _opened(key: bytes, stored: str, about: bytes) -> bytes:
    raw = base64.b64decode(stored)
    return AESGCM(key).decrypt(raw[:_NONCE], raw[_NONCE:], about)


def _opened_by_ring(stored: str, about: bytes) -> bytes:
    for key in secrets().identity:
        try:
            return _opened(key, stored, about)
        except InvalidTag:
            continue
    raise LookupError("no key of the ring opens this: an old key is missing from the ring")
