"""Hostile push endpoints through the real route and the real sender: no connection outside the allowlist.

Everything happens in a network of its own, in which every address answers and the kernel shows each packet.
"""

import asyncio
import json
import sys
from asyncio.subprocess import PIPE
from collections import Counter
from datetime import UTC, datetime
from typing import Any

from app import database
from app.domain import session
from tests.gateways.push_service import Browser
from tests.proving import town
from tests.proving.cage import ENTER
from tests.proving.figures import Figure, Trial, at_least, exactly, told
from tests.proving.hostile import ALLOWED, BELOW, endpoints
from tests.rows import insert
from tests.servers import ROOT

ENGINES = ("sqlite",)
HOSTILE = endpoints()
UNIT, FULL, SMALL = "endpoints", len(HOSTILE), 40
AT_LEAST = 300
GOOD = tuple(f"https://{host}/send/{number}" for host in (*ALLOWED, f"good.{BELOW}") for number in range(3))


async def prove(trial: Trial) -> list[Figure]:
    hostile = HOSTILE[: trial.size]
    phones = await _phones(trial, (*hostile, *GOOD))
    seen = await _look(trial, phones)
    return [*_pressure(seen, hostile, is_full=trial.is_full), *_kept(seen)]


async def _phones(trial: Trial, wanted: tuple[str, ...]) -> list[dict[str, str]]:
    """Somebody for each endpoint, signed in on a phone of their own: only there a subscription is taken."""
    keys, now = Browser(), datetime.now(UTC)
    people = await town.crowd(trial.cast, len(wanted))
    made: list[dict[str, str]] = []
    async with database.whole():
        for who, endpoint in zip(people, wanted, strict=True):
            known = {"key_hash": f"k{who.id}", "name": "Telefono", "added_at": now, "last_seen_at": now}
            device = await insert("device", person_id=who.id, **known)
            _, token = await session.start("person", now=now, browser="t", person_id=who.id, device_id=device)
            phone = keys.subscription(endpoint)
            told_of = {"p256dh": phone.p256dh, "auth": phone.auth, "person": str(who.id)}
            made.append({"endpoint": endpoint, "token": token, **told_of})
    return made


async def _look(trial: Trial, phones: list[dict[str, str]]) -> dict[str, Any]:
    command = (*ENTER, sys.executable, "-m", "tests.proving.cage", trial.server, str(trial.folder))
    inside = await asyncio.create_subprocess_exec(*command, cwd=ROOT, stdin=PIPE, stdout=PIPE)
    said, _ = await inside.communicate(json.dumps(phones).encode())
    assert inside.returncode == 0, "no network of its own: unshare, ip and mount must be allowed here"
    return dict(json.loads(said))


def _pressure(seen: dict[str, Any], hostile: list[str], *, is_full: bool) -> list[Figure]:
    statuses = Counter(status for endpoint, status in seen["subscribed"].items() if endpoint not in GOOD)
    lying = sum(1 for name in seen["asked"] if name.startswith(("to-", "flip-")))
    good = sum(1 for endpoint in GOOD if seen["subscribed"][endpoint] == 204)
    return [
        at_least("hostile endpoints", len(hostile), AT_LEAST if is_full else 1),
        told("refused by the route", statuses[422]),
        told("taken by the route, as their host is allowed", statuses[204]),
        exactly("answers of the route that are neither", statuses.total() - statuses[422] - statuses[204], 0),
        exactly("endpoints the sender was told to push to", seen["tried"], len(hostile) + len(GOOD)),
        exactly("good endpoints taken by the route", good, len(GOOD)),
        at_least("pushes that arrived at a push service", seen["notified"], len(GOOD)),
        at_least("lying names that were looked up", lying, 5),
        at_least("connections of our own outside, tried and seen", seen["probes"], 3),
        exactly("packets that the kernel could not show", seen["lost"], 0),
    ]


def _kept(seen: dict[str, Any]) -> list[Figure]:
    for target, count in sorted(seen["outside"].items()):
        print(f"outside the allowlist: {target}, {count} times", flush=True)
    return [
        told("connections to push services of the allowlist", seen["inside"]),
        exactly("connections outside the allowlist", sum(seen["outside"].values()), 0),
    ]
