"""What a backup says of itself: so that a spoilt, foreign or shortened one is known before it is needed."""

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from app.config import SECRETS, kept

NAME = "manifest.json"
MARK = b"vicino: which secret a backup belongs to"


@dataclass(frozen=True, slots=True)
class Manifest:
    """`heads` of both chains and `secrets` as marks from which no secret can be found again."""

    made_at: str
    engine: str
    schema: list[str]
    file: str
    bytes: int
    sha256: str
    transfers: int
    heads: dict[str, str]
    secrets: dict[str, str]

    def write(self, folder: Path) -> None:
        (folder / NAME).write_text(json.dumps(asdict(self), indent=2) + "\n")


def read(path: Path) -> Manifest:
    """From the file or the folder it stands in. Raises ValueError with a sentence."""
    file = path / NAME if path.is_dir() else path
    try:
        told = json.loads(file.read_text())
        return Manifest(**told)
    except FileNotFoundError:
        raise ValueError(f"{file} is missing: name the folder of one backup.") from None
    except (OSError, TypeError, ValueError) as error:
        raise ValueError(f"{file} is no manifest of a backup: {error}") from None


def problems(manifest: Manifest, folder: Path, *, engine: str, known: list[str]) -> list[str]:
    """Why this copy cannot be put back here."""
    file = folder / manifest.file
    if manifest.engine != engine:
        return [f"This copy is of {manifest.engine}, and this installation works on {engine}."]
    if newer := [name for name in manifest.schema if name not in known]:
        return [f"This copy is of a newer Vicino (it has {newer[-1]}): install that one first."]
    if not file.is_file():
        return [f"{file} is missing."]
    if file.stat().st_size != manifest.bytes or checksum(file) != manifest.sha256:
        return [f"{file} is not what was written: it was changed, or cut off on the way."]
    return []


def checksum(file: Path) -> str:
    with file.open("rb") as read:
        return hashlib.file_digest(read, "sha256").hexdigest()


def marks() -> dict[str, str]:
    """Of the secrets in use; those that do not exist yet are left out."""
    return {name: hmac.digest(secret.encode(), MARK, "sha256").hex()[:16] for name in SECRETS if (secret := kept(name))}


def strangers(told: Mapping[str, str]) -> list[str]:
    """The secrets that are not those a copy was written with."""
    own = marks()
    return [name for name, mark in told.items() if own.get(name) != mark]
