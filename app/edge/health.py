"""/healthz: this process answers. /readyz: it can also do its work; says what is missing, and nothing else.

Both are answered before anything is asked of the database, so that a silent one cannot hold them up.
"""

import asyncio
import logging
import shutil
from datetime import datetime
from pathlib import Path

from app.addresses import PATTERNS
from app.config import settings
from app.domain import condition

PATHS = frozenset({PATTERNS["healthz"], PATTERNS["readyz"]})
PATIENCE = 3.0  # seconds a database may take
FULL, LITTLE = 0.05, 1_000_000_000  # part and bytes that are left on a full disk: both
log = logging.getLogger("vicino")


async def answer(path: str, now: datetime) -> tuple[int, bytes]:
    missing = await unready(now) if path == PATTERNS["readyz"] else []
    return (503, f"not ready: {', '.join(missing)}\n".encode()) if missing else (200, b"ok\n")


async def unready(now: datetime) -> list[str]:
    disk = ["disk"] if is_full(settings().data) else []
    try:
        async with asyncio.timeout(PATIENCE):
            behind = ["migrations"] if await condition.pending() else []
            silent = [] if behind else ["worker"] if condition.is_silent(await condition.worker_at(), now) else []
    except Exception:
        log.warning("the database does not answer", exc_info=True)
        return ["database", *disk]
    return [*behind, *silent, *disk]


def is_full(folder: Path) -> bool:
    while not folder.exists():
        folder = folder.parent
    size = shutil.disk_usage(folder)
    return size.free < min(FULL * size.total, LITTLE)
