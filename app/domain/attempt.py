"""How often somebody may try: counted in the database, so all processes count together.

A known device has a count of its own: whatever others try elsewhere, it is never locked out. A try is written down
before it is judged, so that many at once are all counted.
"""

import math
from datetime import datetime, timedelta

from app import database
from app.domain import vault
from app.domain.errors import TooManyAttempts

# scope -> (failed tries, within minutes)
LIMITS: dict[str, tuple[tuple[int, int], ...]] = {
    "device": ((10, 15), (30, 24 * 60)),
    "card": ((5, 15), (20, 24 * 60)),
    "person": ((5, 15), (20, 24 * 60)),
    "staff": ((5, 15), (20, 24 * 60)),
    "booking": ((5, 15), (20, 24 * 60)),
    "address": ((40, 15), (200, 24 * 60)),
}


def scope(kind: str, value: object) -> str:
    """Nobody's number, code or address is readable in the table of tries."""
    return f"{kind}:{vault.peppered('attempt', str(value))[:24]}"


async def begin(*scopes: str, now: datetime) -> list[int]:
    """Writes a failed try down for each scope, or raises TooManyAttempts; `succeed` takes it back."""

    async def counted() -> list[int]:
        for each in scopes:
            await _refuse_too_many(each, now)
        return [await _write_down(each, now) for each in scopes]

    return await database.write(counted)


async def succeed(tries: list[int]) -> None:
    async def forgiven() -> None:
        for each in tries:
            await database.execute("UPDATE attempt SET succeeded = {} WHERE id = {}", True, each)

    await database.write(forgiven)


async def _write_down(each: str, now: datetime) -> int:
    found = await database.rows(
        "INSERT INTO attempt (scope, tried_at, succeeded) VALUES ({}, {}, {}) RETURNING id", each, now, False
    )
    return int(found[0]["id"])


async def _refuse_too_many(each: str, now: datetime) -> None:
    for most, minutes in LIMITS[each.partition(":")[0]]:
        since = now - timedelta(minutes=minutes)
        failed = await database.rows(
            "SELECT tried_at FROM attempt WHERE scope = {} AND tried_at > {} AND succeeded = {} "
            "ORDER BY tried_at DESC LIMIT {}",
            each,
            since,
            False,
            most,
        )
        if len(failed) == most:
            wait = failed[-1]["tried_at"] - since
            raise TooManyAttempts(minutes=max(2, math.ceil(wait / timedelta(minutes=1))))
