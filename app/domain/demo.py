"""What only invented data need: which days were told, what letters said, and a door for who only wants to look.

Nothing here is called where there are real people: routes ask `settings().is_demo` and `is_told` first.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from app import database
from app.domain import audit, checkout, code, for_whom, household, ledger, session, slot, slot_hold
from app.domain.actor import Actor
from app.domain.errors import NotFound
from app.domain.verb import verb

PIN = "270519"  # of everybody in the stories
PASSWORD = "vicino di casa"  # of every account of who works


@dataclass(frozen=True, slots=True)
class NextCode:
    """`number` is what the sign-in page asks for, `code` what stands beside it on the printed sheet."""

    login: str
    name: str
    number: int
    code: str


async def told_until() -> date | None:
    """The last day the demo was told; None where there is no demo."""
    found = await database.row(
        "SELECT subject_id FROM audit WHERE actor_kind = 'system' AND actor_id = 0 AND what = 'demo.told' "
        "ORDER BY at DESC LIMIT 1"
    )
    return date.fromordinal(found["subject_id"]) if found else None


async def is_told(now: datetime) -> bool:
    """Whether today was told."""
    last = await told_until()
    return last is not None and last >= now.astimezone(ledger.ZONE).date()


@verb
async def mark_told(day: date, *, actor: Actor, now: datetime) -> None:
    await audit.record("demo.told", actor=actor, now=now, subject_kind="day", subject_id=day.toordinal())


@verb
async def keep_copy(
    channel: str,
    recipient: str,
    body: str,
    *,
    subject: str = "",
    message_id: int | None = None,
    actor: Actor,
    now: datetime,
) -> None:
    """What a person would have got; letters have no message."""
    await database.execute(
        "INSERT INTO outbox_copy (channel, recipient, subject, body, message_id, sent_at) "
        "VALUES ({}, {}, {}, {}, {}, {})",
        *(channel, recipient, subject, body, message_id, now),
    )


async def next_codes(logins: Iterable[str]) -> dict[str, NextCode]:
    """For each account that can still sign in, read from the letter it got."""
    wanted = list(logins)
    places = ", ".join(["{}"] * len(wanted))
    unused = await database.rows(
        f"SELECT s.login, s.name, min(c.number) AS number FROM staff s JOIN staff_code c ON c.staff_id = s.id "
        f"WHERE s.login IN ({places}) AND c.used_at IS NULL GROUP BY s.login, s.name",
        *wanted,
    )
    letters = await database.rows(
        f"SELECT recipient, body FROM outbox_copy WHERE channel = 'letter' AND recipient IN ({places}) ORDER BY id",
        *wanted,
    )
    bodies = {row["recipient"]: row["body"] for row in letters}
    read = (NextCode(**row, code=_code(bodies.get(row["login"], ""), row["number"])) for row in unused)
    return {one.login: one for one in read}


def _code(body: str, number: int) -> str:
    found = re.search(rf"(?:^|· ){number} (\w{{4}} \w{{4}})", body, re.MULTILINE)
    return found[1] if found else ""


@verb
async def enter(kind: Literal["person", "staff"], found_id: int, *, browser: str, actor: Actor, now: datetime) -> str:
    """A real session of an invented person or staff member: its token. Raises NotFound."""
    table, column = ("identity", "person_id") if kind == "person" else ("staff", "id")
    if await database.scalar(f"SELECT 1 FROM {table} WHERE {column} = {{}}", found_id) is None:
        raise NotFound()
    person, worker = (found_id, None) if kind == "person" else (None, found_id)
    session_id, token = await session.start(kind, now=now, browser=browser, person_id=person, staff_id=worker)
    await session.take_over(actor.session_id, session_id, now=now)
    await audit.record("demo.entered", actor=Actor(kind, found_id, session_id), now=now)
    return token


@verb
async def cast(part: str, person_id: int, *, actor: Actor, now: datetime) -> None:
    """This person plays a part in the stories, by its name there."""
    await audit.record("demo.cast", actor=actor, now=now, subject_kind=part, subject_id=person_id)


async def parts() -> dict[str, int]:
    """Who plays which part."""
    found = await database.rows(
        "SELECT subject_kind, subject_id FROM audit WHERE actor_kind = 'system' AND actor_id = 0 "
        "AND what = 'demo.cast' ORDER BY id"
    )
    return {row["subject_kind"]: row["subject_id"] for row in found}


async def cards(person_ids: Iterable[int]) -> dict[int, str]:
    """The codes of their cards."""
    wanted = list(person_ids) or [0]
    places = ", ".join(["{}"] * len(wanted))
    found = await database.rows(
        f"SELECT person_id, code FROM card WHERE revoked_at IS NULL AND person_id IN ({places})", *wanted
    )
    return {row["person_id"]: code.spaced(row["code"]) for row in found}


async def staff_id(login: str) -> int:
    """0 for nobody."""
    return int(await database.scalar("SELECT id FROM staff WHERE login = {}", login) or 0)


async def begin_booking(token: str, territory: str, slug: str, *, earliest: datetime, now: datetime) -> int | None:
    """Holds the first time from `earliest` on for the first child of who just came in, and answers what is asked.

    None where nothing is free: the service's page says so itself.
    """
    opened = await session.load(token, now)
    place = await database.row(
        "SELECT sp.id, sp.service_id FROM service_place sp JOIN service s ON s.id = sp.service_id "
        "JOIN territory t ON t.id = s.territory_id WHERE t.slug = {} AND s.slug = {} ORDER BY sp.id LIMIT 1",
        *(territory, slug),
    )
    if opened is None or place is None:
        return None
    free = [t for t in await slot.next_times(place["id"], now=now, limit=12) if t.starts_at >= earliest]
    children = [r for r in await household.who_can_receive(opened.actor.id, now) if r.relation == "child"]
    if not free or not children:
        return None
    who = opened.actor
    hold = await slot_hold.hold(place["id"], free[0].starts_at, 1, token="", address_hash="", actor=who, now=now)
    await for_whom.choose(hold, children[0].person_id, actor=who, now=now)
    await checkout.answer(hold, await _first_answers(place["service_id"]), actor=who, now=now)
    return hold


async def _first_answers(service_id: int) -> dict[str, str]:
    asked = await database.rows("SELECT id, choices FROM question WHERE service_id = {} ORDER BY position", service_id)
    return {f"q{row['id']}": row["choices"].split("\n")[0] for row in asked}


async def lock() -> None:
    """Two processes that start together: the second waits, and finds the day told. SQLite's writer is one anyway."""
    if database.DB.engine_type == "postgres":
        await database.execute("SELECT pg_advisory_xact_lock(727002)")


async def may_be_told() -> bool:
    """Never beside real people: only where nothing stands yet, or where a demo was told before."""
    return await told_until() is not None or await database.scalar("SELECT count(*) FROM territory") == 0
