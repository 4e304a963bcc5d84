"""The week of a centre by e-mail: asked for, confirmed from the mailbox itself, sent on Friday, ended with one tap.

A reader needs no account: a guest person of their own holds the one address, encrypted with a key that is destroyed
when they leave. Marks in letters name a reader and are signed with the pepper: none is kept.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal, TypedDict
from zoneinfo import ZoneInfo

from app import database
from app.domain import contact, message, person, reminder, vault, week
from app.domain.actor import Actor
from app.domain.errors import InvalidInput, NotFound
from app.domain.verb import Key, verb

SENT_FROM = time(9)  # on Friday, by the territory's clock
SENT_UNTIL = time(18)  # on Sunday: whoever could not be told before is told late, or not at all
READ_UNTIL = time(12)  # on Monday
TO_CONFIRM = timedelta(days=7)
AT_ONCE = 200
Purpose = Literal["confirm", "end"]


class Asking(TypedDict):
    territory_id: int
    language: str
    actor: Actor


@dataclass(frozen=True, slots=True)
class ReaderFacts:
    id: int
    place_id: int
    is_confirmed: bool
    is_ended: bool


def mark(purpose: Purpose, reader_id: int) -> str:
    """What a letter says of its reader, and nobody else can: the number and 96 bits."""
    return f"{reader_id}-{vault.peppered(f'week_{purpose}', str(reader_id))[:24]}"


async def marked(purpose: Purpose, given: str, territory_id: int) -> ReaderFacts:
    """Raises NotFound for a mark that is not ours, and for another territory."""
    number = given.partition("-")[0]
    known = int(number) if number.isascii() and number.isdigit() and len(number) < 16 else 0
    if not known or not vault.is_same(given, mark(purpose, known)):
        raise NotFound()
    found = await database.row(
        "SELECT id, place_id, confirmed_at IS NOT NULL AS is_confirmed, ended_at IS NOT NULL AS is_ended "
        "FROM week_reader WHERE id = {} AND territory_id = {}",
        *(known, territory_id),
    )
    if found is None or (purpose == "confirm" and found["is_ended"]):
        raise NotFound()
    return ReaderFacts(found["id"], found["place_id"], bool(found["is_confirmed"]), bool(found["is_ended"]))


@verb
async def ask(
    place_id: int,
    typed: str,
    *,
    territory_id: int,
    language: str,
    actor: Actor,
    now: datetime,
    key: Key | None = None,
) -> None:
    """Writes to the mailbox, and waits for its answer; who reads already is not written to. Raises InvalidInput."""
    email = contact.read_email(typed)
    if not email:
        raise InvalidInput(field="email")
    index = vault.blind_index("week", email)
    known = await database.row(
        "SELECT person_id, confirmed_at FROM week_reader WHERE place_id = {} AND territory_id = {} "
        "AND email_index = {} AND ended_at IS NULL",
        *(place_id, territory_id, index),
    )
    if known and known["confirmed_at"]:
        return
    person_id = known["person_id"] if known else await _add(place_id, territory_id, email, index, language, now)
    if person_id:
        await message.put("week_asked", person_id, due_at=now, useless_after=now + TO_CONFIRM, now=now)


@verb
async def confirm(reader_id: int, *, actor: Actor, now: datetime, key: Key | None = None) -> None:
    """Doing it again changes nothing. Raises NotFound for who has left."""
    found = await database.rows(
        "UPDATE week_reader SET confirmed_at = coalesce(confirmed_at, {}) WHERE id = {} AND ended_at IS NULL "
        "RETURNING id",
        *(now, reader_id),
    )
    if not found:
        raise NotFound()


@verb
async def end(reader_id: int, *, actor: Actor, now: datetime, key: Key | None = None) -> None:
    """Nothing more is sent, and the address is gone; doing it again changes nothing."""
    await _end(reader_id, now)


@verb
async def forget_unconfirmed(*, actor: Actor, now: datetime, key: Key | None = None) -> int:
    """Addresses that nobody confirmed in time; how many."""
    found = await database.rows(
        "SELECT id FROM week_reader WHERE confirmed_at IS NULL AND ended_at IS NULL AND asked_at <= {} "
        "ORDER BY id LIMIT {}",
        *(now - TO_CONFIRM, AT_ONCE),
    )
    for row in found:
        await _end(row["id"], now)
    return len(found)


@verb
async def issue_due(*, actor: Actor, now: datetime, key: Key | None = None) -> int:
    """From Friday morning on, by each territory's clock, next week is written to every reader once; how many."""
    issued = 0
    for row in await database.rows("SELECT id, zone FROM territory ORDER BY id"):
        zone = ZoneInfo(row["zone"])
        if monday := _monday_to_send(now.astimezone(zone)):
            issued += await _issue(row["id"], monday, zone, now)
    return issued


async def _issue(territory_id: int, monday: date, zone: ZoneInfo, now: datetime) -> int:
    """The key of week_issue is what makes it once, however many workers come at the same moment."""
    taken = await database.rows(
        "INSERT INTO week_issue (reader_id, monday) SELECT r.id, {} FROM week_reader r WHERE r.territory_id = {} "
        "AND r.confirmed_at IS NOT NULL AND r.ended_at IS NULL AND NOT EXISTS (SELECT 1 FROM week_issue i "
        "WHERE i.reader_id = r.id AND i.monday = {}) ORDER BY r.id LIMIT {} ON CONFLICT DO NOTHING RETURNING reader_id",
        *(monday, territory_id, monday, AT_ONCE),
    )
    due_at = reminder.morning_after(now, zone) if reminder.is_quiet(now, zone) else now
    useless_after = datetime.combine(monday, READ_UNTIL, zone).astimezone(UTC)
    for row in taken:
        reader = await database.scalar("SELECT person_id FROM week_reader WHERE id = {}", row["reader_id"])
        told = await message.put("week", reader, due_at=due_at, useless_after=useless_after, now=now)
        await database.execute(
            "UPDATE week_issue SET message_id = {} WHERE reader_id = {} AND monday = {}", told, row["reader_id"], monday
        )
    return len(taken)


def _monday_to_send(local: datetime) -> date | None:
    weekday = local.weekday()
    is_early = weekday < week.FRIDAY or (weekday == week.FRIDAY and local.time() < SENT_FROM)
    is_late = weekday == week.FRIDAY + 2 and local.time() >= SENT_UNTIL
    return None if is_early or is_late else week.shown(local.date())


async def _add(place_id: int, territory_id: int, email: str, index: str, language: str, now: datetime) -> int:
    """The guest who reads; 0 where the same address was asked for at the same moment."""
    person_id = await person.unnamed("email", email, language=language, now=now)
    added = await database.rows(
        "INSERT INTO week_reader (territory_id, place_id, person_id, email_index, asked_at) "
        "VALUES ({}, {}, {}, {}, {}) "
        "ON CONFLICT (place_id, territory_id, email_index) WHERE ended_at IS NULL DO NOTHING RETURNING id",
        *(territory_id, place_id, person_id, index, now),
    )
    if not added:
        await _forget(person_id)
    return person_id if added else 0


async def _end(reader_id: int, now: datetime) -> None:
    ended = await database.rows(
        "UPDATE week_reader SET ended_at = {}, email_index = '' WHERE id = {} AND ended_at IS NULL RETURNING person_id",
        *(now, reader_id),
    )
    for row in ended:
        await database.execute(
            "UPDATE message SET state = 'cancelled', closed_at = {}, lease_until = NULL WHERE person_id = {} "
            "AND state = 'due'",
            *(now, row["person_id"]),
        )
        await _forget(row["person_id"])


async def _forget(person_id: int) -> None:
    await database.execute("DELETE FROM contact WHERE person_id = {}", person_id)
    await database.execute("DELETE FROM person_key WHERE person_id = {}", person_id)
