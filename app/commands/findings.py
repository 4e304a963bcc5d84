"""What can be wrong with an installation: each in one line, with why it matters and what to do."""

import ipaddress
import shutil
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from app.config import NO_CONTACT, SECRETS, Settings
from app.domain import condition
from app.domain.condition import Checks, Queue

BACKUP_EACH = timedelta(hours=24)
VERIFIED_EACH = timedelta(hours=26)  # once a day, and a little later
CLOCK = 5  # seconds that clocks may differ
UNSEALED = 5000
WIDE = 16  # bits: a proxy's network of more addresses than this many bits allows
ROOM, LITTLE = 0.15, 10_000_000_000  # part and bytes that are left on a nearly full disk: both


@dataclass(frozen=True, slots=True)
class Finding:
    what: str
    why: str
    todo: str

    def __str__(self) -> str:
        return f"{self.what}. {self.why}. {self.todo}."


@dataclass(frozen=True, slots=True)
class Facts:
    """`clock_seconds` the database's clock is ahead; `future_seconds` the newest row is."""

    chosen: Settings
    now: datetime
    disk_free: int
    disk_total: int
    clock_seconds: int
    future_seconds: int
    queue: Queue
    checks: Checks
    unreminded: int
    broken_funds: list[str]
    opens_identities: bool
    survives_power_cut: bool
    is_real: bool  # people who are not invented live in it


Check = Callable[[Facts], Iterator[Finding]]


async def gather(chosen: Settings, now: datetime) -> Facts:
    disk, newest = shutil.disk_usage(chosen.data), await condition.newest_at()
    return Facts(
        chosen=chosen,
        now=now,
        disk_free=disk.free,
        disk_total=disk.total,
        clock_seconds=await condition.clock_seconds(now=now),
        future_seconds=round((newest - now).total_seconds()) if newest else 0,
        queue=await condition.queue(now=now),
        checks=await condition.checks(now=now),
        unreminded=await condition.unreminded(now=now),
        broken_funds=await condition.broken_funds(),
        opens_identities=await condition.opens_identities(),
        survives_power_cut=await condition.survives_power_cut(),
        is_real=await condition.is_real(),
    )


async def all_of(chosen: Settings, now: datetime) -> list[Finding]:
    """Tables of another version cannot be asked: then that alone is told."""
    if missing := await condition.pending():
        return [pending(missing)]
    facts = await gather(chosen, now)
    return [finding for check in CHECKS for finding in check(facts)]


def pending(names: list[str]) -> Finding:
    return Finding(
        f"The tables lack what this version changed: {', '.join(names)}",
        "What needs them fails",
        "Make a backup, then start `vicino serve`: it brings them up to date",
    )


def readable(facts: Facts) -> Iterator[Finding]:
    folder = facts.chosen.data / "secrets"
    open_ones = [path for path in (folder, *(folder / name for name in SECRETS)) if _is_open(path)]
    if open_ones:
        yield Finding(
            f"Others on this machine may read {open_ones[0]}",
            "Whoever has the secrets and a backup can read everything about everybody",
            f"Say: chmod -R go= {folder}",
        )
    if _is_open(facts.chosen.data) and _is_open(facts.chosen.sqlite_path):
        yield Finding(
            f"Others on this machine may read {facts.chosen.sqlite_path}",
            "It holds names, and who books what",
            f"Say: chmod go= {facts.chosen.data}",
        )


def _is_open(path: Path) -> bool:
    return path.exists() and bool(stat.S_IMODE(path.stat().st_mode) & 0o077)


def public_address(facts: Facts) -> Iterator[Finding]:
    chosen = facts.chosen
    if facts.is_real and not chosen.is_https:
        yield Finding(
            f"People reach it at {chosen.public_url}, without https",
            "Links in messages lead nowhere, and phones refuse notifications and offline pages",
            "Set VICINO_PUBLIC_URL to the https address of your proxy",
        )
    if chosen.is_demo and chosen.is_https:
        yield Finding(
            f"The demo is open to everybody at {chosen.public_url}/prova",
            "It signs anybody in as its invented people and staff",
            "Leave VICINO_DEMO out where real people are served",
        )


def proxies(facts: Facts) -> Iterator[Finding]:
    chosen = facts.chosen
    if wide := [text for text in chosen.trusted_proxies if _is_wide(text)]:
        yield Finding(
            f"VICINO_TRUSTED_PROXIES believes {wide[0]}",
            "Anybody there may say to come from any address, and gets past every limit",
            "Name the address of your proxy alone",
        )
    if chosen.is_https and not chosen.trusted_proxies:
        yield Finding(
            "VICINO_TRUSTED_PROXIES is empty behind https",
            "All people seem to come from the proxy's address and share its limits: one can lock out all",
            "Name your proxy's address, such as 127.0.0.1",
        )


def _is_wide(text: str) -> bool:
    network = ipaddress.ip_network(text, strict=False)
    return not network.is_private or network.num_addresses > 1 << WIDE


def mail(facts: Facts) -> Iterator[Finding]:
    chosen = facts.chosen
    if not chosen.smtp_host and facts.is_real:
        yield Finding(
            "No SMTP_HOST is set", "Nobody gets an e-mail: who has no other channel must be called", "Set SMTP_HOST"
        )
    if chosen.smtp_host and chosen.smtp_tls == "none" and chosen.smtp_host not in ("localhost", "127.0.0.1", "::1"):
        yield Finding(
            f"SMTP_TLS is none to {chosen.smtp_host}",
            "Messages and the password travel in the open",
            "Set SMTP_TLS to starttls or tls",
        )
    if chosen.smtp_host and not chosen.imap_host:
        yield Finding(
            "No IMAP_HOST is set",
            "A letter that comes back an hour later counts as sent, and nobody calls",
            "Let Vicino read the mailbox of SMTP_FROM: set IMAP_HOST",
        )
    if chosen.smtp_host and "@localhost" in chosen.smtp_from:
        yield Finding(
            f"SMTP_FROM is {chosen.smtp_from}", "Mailboxes throw such letters away", "Set it to an address of yours"
        )


def contacts(facts: Facts) -> Iterator[Finding]:
    if facts.is_real and facts.chosen.push_contact == NO_CONTACT:
        yield Finding(
            "VICINO_PUSH_CONTACT is missing",
            "Push services want to know whom to write to, and may refuse notifications",
            "Set it to an address that somebody reads",
        )
    if facts.is_real and not facts.chosen.security_contact:
        yield Finding(
            "VICINO_SECURITY_CONTACT is missing",
            "Who finds a weakness knows nobody to tell",
            "Set it to an address that somebody reads; security.txt then names it",
        )


def backups(facts: Facts) -> Iterator[Finding]:
    last = facts.checks.backup_at
    if last is None or facts.now - last > BACKUP_EACH:
        yield Finding(
            f"The last backup was {_ago(last, facts.now)}",
            "What people paid and booked since then would be lost",
            "Run `vicino backup FOLDER` every night, and keep FOLDER on another machine",
        )


def disk(facts: Facts) -> Iterator[Finding]:
    if facts.disk_free < min(ROOM * facts.disk_total, LITTLE):
        yield Finding(
            f"The disk of {facts.chosen.data} has {facts.disk_free // 1_000_000} MB left",
            "When it is full nothing can be booked or paid",
            "Make room, or give it a larger disk",
        )


def clocks(facts: Facts) -> Iterator[Finding]:
    off = facts.clock_seconds if abs(facts.clock_seconds) > CLOCK else max(0, facts.future_seconds - CLOCK)
    if off:
        yield Finding(
            f"This clock and that of the database are {abs(off)} seconds apart",
            "Times kept for people end too soon or too late, and registers disagree about when",
            "Let both machines keep the time by NTP",
        )


def worker(facts: Facts) -> Iterator[Finding]:
    if condition.is_silent(facts.checks.worker_at, facts.now):
        how = "start `vicino serve`" if facts.chosen.runs_worker else "start `vicino worker` beside `vicino serve`"
        yield Finding(
            f"No worker was at work, last seen {_ago(facts.checks.worker_at, facts.now)}",
            "Nobody is reminded, nothing is sealed, credit does not expire",
            how[0].upper() + how[1:],
        )


def reminders(facts: Facts) -> Iterator[Finding]:
    if facts.queue.overdue:
        yield Finding(
            f"{facts.queue.overdue} messages are overdue, the oldest by {facts.queue.oldest_seconds // 60} minutes",
            "People are told too late, or not at all",
            "Look in the worker's log for errors; run one more worker where there are many",
        )


def forgotten(facts: Facts) -> Iterator[Finding]:
    if facts.unreminded:
        yield Finding(
            f"{facts.unreminded} bookings of the next day have no reminder",
            "These people may not come, and nobody would know why",
            "`vicino doctor reminders` names them: call them, and tell the makers of Vicino",
        )


def ledger(facts: Facts) -> Iterator[Finding]:
    checks = facts.checks
    if checks.findings:
        yield Finding(
            f"The register is not right: {checks.findings} findings when it was last recomputed",
            "Somebody's money is not what the pages say",
            "Run `vicino ledger verify`, keep a backup of this state, and tell the funders",
        )
    elif checks.verified_at is None or facts.now - checks.verified_at > VERIFIED_EACH:
        yield Finding(
            f"The register was last found right {_ago(checks.verified_at, facts.now)}",
            "The worker should do it every day; what changed since is not proved",
            "Run `vicino ledger verify`",
        )
    if facts.broken_funds:
        yield Finding(
            f"Funds do not add up: {', '.join(facts.broken_funds)}",
            "What was paid in is not what was given, held, spent and returned",
            "Run `vicino ledger verify`, which names the rows",
        )


def seals(facts: Facts) -> Iterator[Finding]:
    if facts.queue.unsealed > UNSEALED:
        yield Finding(
            f"{facts.queue.unsealed} transfers are not sealed",
            "Until then nobody would see them changed",
            "See that a worker runs",
        )


def identities(facts: Facts) -> Iterator[Finding]:
    if not facts.opens_identities:
        yield Finding(
            "The secrets are not those people's data were encrypted with",
            "Contacts and fiscal codes cannot be read, PINs and cards do not open",
            "Put the right ones back: `vicino restore --secrets FILE`",
        )


def durable(facts: Facts) -> Iterator[Finding]:
    if not facts.survives_power_cut:
        yield Finding(
            "PostgreSQL runs with fsync or synchronous_commit off",
            "A power cut loses bookings and payments that people saw confirmed",
            "Turn both on",
        )


def _ago(then: datetime | None, now: datetime) -> str:
    if then is None:
        return "never"
    hours = (now - then) / timedelta(hours=1)
    return f"{hours:.0f} hours ago" if hours >= 2 else f"{hours * 60:.0f} minutes ago"


CHECKS: tuple[Check, ...] = (
    *(readable, identities, public_address, proxies, mail, contacts, worker, reminders, forgotten, backups),
    *(ledger, seals, clocks, disk, durable),
)
