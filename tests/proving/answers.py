"""What each answer of a push service must lead to: the rows that stand in the end, the phone, and who was asked again.

The worker runs here, with a moved clock; the push service, its TLS and its answers are real.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any
from unittest.mock import patch

from app import database
from app.config import secrets
from app.domain import receipt
from app.domain.actor import SYSTEM
from app.gateways import web_push
from app.gateways.mail import SmtpMail
from app.gateways.sms import ConsoleSms
from app.gateways.web_push import ServicePush
from app.worker import Gateways, Past
from tests.gateways.push_service import trusting
from tests.proving.office import HOST, RETRY_AFTER, Office
from tests.proving.reminded import FIRST, Agenda, Reminded

MINUTE = timedelta(minutes=1)
MINUTES = 20  # all answers are worked off by then
SHOWN = (("push", "received"),)
WRITTEN = (("push", "failed"), ("email", "sent"))


@dataclass(frozen=True, slots=True)
class Outcome:
    """`tries` by channel, how often the push service was `asked`, whether the phone is still one of theirs."""

    state: str
    tries: tuple[tuple[str, str], ...]
    asked: int
    is_theirs: bool = True
    letters: int = 0


RIGHT = {
    "201": Outcome("received", SHOWN, 1),
    "404": Outcome("sent", WRITTEN, 1, is_theirs=False, letters=1),
    "410": Outcome("sent", WRITTEN, 1, is_theirs=False, letters=1),
    "413": Outcome("sent", WRITTEN, 1, letters=1),
    "429": Outcome("received", SHOWN, 2),
    "late": Outcome("sent", WRITTEN, 1, letters=1),  # it asks for so long that nobody would need it any more
    "500": Outcome("received", SHOWN, 3),
    "hang": Outcome("received", SHOWN, 2),
    "reset": Outcome("received", SHOWN, 2),
    "redirect": Outcome("sent", WRITTEN, 1, letters=1),
    "garbage": Outcome("received", SHOWN, 2),
}


@dataclass
class Answered:
    """`too_soon` were asked again before the time that the push service named, `followed` where it sent us on."""

    right: int = 0
    wrong: int = 0
    too_soon: int = 0
    followed: int = 0


def address(number: int) -> str:
    return f"p{number}@esempio.example"


def sender(opened: Office, folder: Path) -> Past:
    """A worker with the gateways of an installation, and a clock that is moved by hand."""
    worker = Past(datetime.now(UTC))
    host = f"{HOST}:{opened.port}"
    push = ServicePush((host,), secrets().vapid, "mailto:prova@vicino.example", tls=trusting(folder))
    mail = SmtpMail(HOST, opened.smtp.port, "", "", "none", "Vicino <avvisi@vicino.example>", HOST)
    worker.outside = Gateways(push, mail, ConsoleSms())
    return worker


async def answered(where: Agenda, opened: Office, folder: Path, each: int, patience: float, first: int) -> Answered:
    """`each` people for each answer, numbered from `first` on; `patience` is what a silent service is given."""
    now, numbers = datetime.now(UTC), count(first)
    kinds = {next(numbers): kind for kind in RIGHT for _ in range(each)}
    ways = {number: (("push", "Telefono"), ("email", address(number))) for number in kinds}
    people = [Reminded(n, opened.endpoint(kind, n), ways[n], now) for n, kind in kinds.items()]  # type: ignore[arg-type]
    await where.add(people, now=now, hours=8)
    shown: list[str] = []
    opened.shown = shown.append
    found, worker = Answered(), sender(opened, folder)
    with patch.object(web_push, "TIME_OUT", patience):
        for minute in range(MINUTES):
            await worker.tell_until(now + minute * MINUTE)
            while shown:
                await receipt.receive(shown.pop().rpartition("/")[2], actor=SYSTEM, now=worker.at)
            if minute * MINUTE < timedelta(seconds=RETRY_AFTER):
                found.too_soon = sum(opened.asked[number] > 1 for number, kind in kinds.items() if kind == "429")
    await worker.outside.push.close()
    opened.read_letters()
    found.followed = opened.asked[0]
    await _judge(kinds, opened, found)
    return found


async def _judge(kinds: dict[int, str], opened: Office, found: Answered) -> None:
    rows = {row["person_id"] - FIRST: row for row in await database.rows(_MESSAGES)}
    tries = defaultdict[int, list[tuple[str, str]]](list)
    for row in await database.rows(_TRIES):
        tries[row["person_id"] - FIRST].append((row["channel"], row["state"]))
    for number, kind in kinds.items():
        told: dict[str, Any] = rows[number]
        letters, is_theirs = len(opened.letters[address(number)]), not told["ended_at"]
        came = Outcome(told["state"], tuple(tries[number]), opened.asked[number], is_theirs, letters)
        found.right += came == RIGHT[kind]
        if came != RIGHT[kind]:
            found.wrong += 1
            print(f"after {kind}: {came} instead of {RIGHT[kind]}", flush=True)


_MESSAGES = (
    "SELECT m.person_id, m.state, p.ended_at FROM message m JOIN push_subscription p ON p.person_id = m.person_id "
    f"WHERE m.kind = 'reminder' AND m.person_id >= {FIRST}"
)
_TRIES = (
    "SELECT m.person_id, d.channel, d.state FROM delivery d JOIN message m ON m.id = d.message_id "
    f"WHERE m.kind = 'reminder' AND m.person_id >= {FIRST} ORDER BY d.id"
)
