"""Recurring work as data: a verb's name, how often, and what it is told besides `now`.

A verb returns how many things it did; as long as it finds some it is called again at once.
"""

import importlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from app import database
from app.domain.actor import SYSTEM

MOST_ROUNDS = 20  # then the others have their turn


@dataclass(frozen=True, slots=True)
class Recurring:
    """`verb` as "module.function" below app.domain; `tells_holder` where the verb has a lease of its own."""

    verb: str
    every: timedelta
    tells_holder: bool = False

    @property
    def function(self) -> Callable[..., Awaitable[Any]]:
        module, _, name = self.verb.rpartition(".")
        found: Callable[..., Awaitable[Any]] = getattr(importlib.import_module(f"app.domain.{module}"), name)
        return found


SCHEDULE = (
    Recurring("seal.seal_pending", timedelta(seconds=1), tells_holder=True),
    Recurring("slot_hold.release_expired", timedelta(seconds=30)),
    Recurring("slot.refresh_stale", timedelta(minutes=1)),
    Recurring("purse.expire_due", timedelta(minutes=10)),
    Recurring("week_reader.issue_due", timedelta(minutes=1)),
    Recurring("week_reader.forget_unconfirmed", timedelta(hours=1)),
    Recurring("answer.delete_old", timedelta(hours=1)),
    Recurring("attempt.delete_old", timedelta(hours=1)),
    Recurring("once_key.delete_old", timedelta(hours=1)),
    Recurring("verify.check_daily", timedelta(days=1)),
)


async def run(recurring: Recurring, *, holder: str, now: datetime) -> int:
    """One turn, by one worker of all; how many things were done."""
    if recurring.tells_holder:
        return int(await recurring.function(now=now, holder=holder))
    if not await _take_turn(recurring, holder, now):
        return 0
    done = 0
    for _ in range(MOST_ROUNDS):
        found = int(await recurring.function(actor=SYSTEM, now=now) or 0)
        done += found
        if not found:
            break
    return done


async def _take_turn(recurring: Recurring, holder: str, now: datetime) -> bool:
    """Whoever takes the turn keeps the others out until the next one is due."""
    taken = await database.rows(
        "INSERT INTO lease (name, holder, until_at) VALUES ({}, {}, {}) ON CONFLICT (name) DO UPDATE "
        "SET holder = excluded.holder, until_at = excluded.until_at WHERE lease.until_at <= {} RETURNING name",
        f"schedule:{recurring.verb}",
        holder,
        now + recurring.every,
        now,
    )
    return bool(taken)
