"""How often somebody may try: counted in the database, so all processes count together.

A known device has a count of its own: whatever others try elsewhere, it is never locked out. A try is counted before
it is judged, by one statement that does nothing once the limit is reached: of many at the same moment no more than the
limit are judged. A window begins with its first failed try.
"""

import ipaddress
import math
from dataclasses import dataclass
from datetime import datetime, timedelta

from app import database
from app.domain import vault
from app.domain.actor import Actor
from app.domain.errors import TooManyAttempts, TooManyFromHere, TooManyToday, Wait
from app.domain.verb import Key, verb

DAY = 24 * 60
AT_ONCE = 500
# scope -> (failed tries, within minutes)
LIMITS: dict[str, tuple[tuple[int, int], ...]] = {
    "device": ((10, 15), (30, DAY)),
    "card": ((5, 15), (20, DAY)),
    "person": ((5, 15), (20, DAY)),
    "staff": ((5, 15), (20, DAY)),
    "booking": ((5, 15), (20, DAY)),
    "feed": ((60, 15),),  # one calendar, however many phones ask for it
    "feed_from": ((240, 15),),  # addresses that name no calendar, from one connection
    "mailbox": ((3, DAY),),  # letters that ask a mailbox whether it is its owner who wants them
    "mail_from": ((20, 15),),
    "address": ((40, 15), (200, DAY)),  # whichever cards, codes and names were tried there
}


@dataclass(frozen=True, slots=True, order=True)
class Try:
    """One counted try in the window that began at `since`."""

    scope: str
    minutes: int
    since: datetime


def scope(kind: str, value: object) -> str:
    """Nobody's number, code or address is readable in the table of tries."""
    return f"{kind}:{vault.peppered('attempt', str(value))[:24]}"


def address(client: str) -> str:
    """Of one connection: with IPv6 a household has a whole network of addresses, and so has who tries many cards."""
    try:
        told = ipaddress.ip_address(client)
    except ValueError:
        return scope("address", client)
    return scope("address", ipaddress.ip_network(f"{told}/64", strict=False) if told.version == 6 else told)


async def begin(*scopes: str, now: datetime) -> list[Try]:
    """Counts a failed try for each scope; `succeed` takes it back. Raises TooManyAttempts, -Today or -FromHere."""

    async def counted() -> list[Try]:
        return [
            await _count(each, most, minutes, now)
            for each in sorted(scopes)  # always in one order: two who try at once wait for each other, never crosswise
            for most, minutes in LIMITS[each.partition(":")[0]]
        ]

    return await database.write(counted)


async def succeed(tries: list[Try]) -> None:
    async def forgiven() -> None:
        for each in sorted(tries):
            await database.execute(
                "UPDATE attempt SET failed = failed - 1 WHERE scope = {} AND minutes = {} AND since = {}",
                each.scope,
                each.minutes,
                each.since,
            )

    await database.write(forgiven)


@verb
async def delete_old(*, actor: Actor, now: datetime, key: Key | None = None) -> int:
    """Windows that are over count for nothing any more."""
    gone = await database.rows(
        "DELETE FROM attempt WHERE (scope, minutes) IN "
        "(SELECT scope, minutes FROM attempt WHERE since <= {} ORDER BY since LIMIT {}) RETURNING scope",
        now - timedelta(minutes=DAY),
        AT_ONCE,
    )
    return len(gone)


async def _count(each: str, most: int, minutes: int, now: datetime) -> Try:
    over = now - timedelta(minutes=minutes)
    counted = await database.rows(
        "INSERT INTO attempt (scope, minutes, since, failed) VALUES ({}, {}, {}, 1) ON CONFLICT (scope, minutes) DO "
        "UPDATE SET failed = CASE WHEN attempt.since <= {} THEN 1 ELSE attempt.failed + 1 END, "
        "since = CASE WHEN attempt.since <= {} THEN excluded.since ELSE attempt.since END "
        "WHERE attempt.failed < {} OR attempt.since <= {} RETURNING since",
        *(each, minutes, now, over, over, most, over),
    )
    if counted:
        return Try(each, minutes, counted[0]["since"])
    raise await _too_many(each, minutes, over)


async def _too_many(each: str, minutes: int, over: datetime) -> Wait:
    """Tries count again once the window, which began before `over` then, has ended."""
    since = await database.scalar("SELECT since FROM attempt WHERE scope = {} AND minutes = {}", each, minutes)
    seconds = max(1, math.ceil((since - over) / timedelta(seconds=1)))
    if each.startswith("address:"):
        return TooManyFromHere(seconds)
    return TooManyToday(seconds) if minutes == DAY else TooManyAttempts(seconds)
