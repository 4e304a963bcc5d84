"""What a device at the door wrote down and could not be done so: a person decides, with a reason."""

from dataclasses import dataclass
from datetime import datetime

from app import database
from app.domain import audit, booking, check_in, desk, door
from app.domain.actor import Actor
from app.domain.desk import Line, Scope
from app.domain.errors import AlreadyClosed, NotFound
from app.domain.verb import Key, verb

DECISIONS = ("arrived", "kept")
REASONS = ("seen", "colleague", "on_paper", "marked_before", "mistake", "did_not_come")
MOST = 20


@dataclass(frozen=True, slots=True)
class Note:
    """`writer` and `sender` are staff by name, '' where the device could not say; `line` the booking as it stands."""

    id: int
    nonce: str
    booking_id: int | None
    code: str
    kind: str
    delivered: int | None
    outcome: str
    writer: str
    sender: str
    happened_at: datetime
    received_at: datetime
    line: Line | None = None

    @property
    def can_arrive(self) -> bool:
        return self.line is not None and self.line.state in ("confirmed", "absent")


async def waiting(within: Scope, *, actor: Actor, language: str = "it") -> list[Note]:
    """The oldest first, at most MOST."""
    found = await database.rows(
        f"{_SELECT} WHERE {{}} ORDER BY n.happened_at, n.id LIMIT {{}}",
        desk.NOTES,
        desk.open_notes(within, actor),
        MOST,
    )
    codes = [row["code"] for row in found if row["booking_id"]]
    lines = {line.id: line for line in await desk.chosen(within, codes, language)}
    return [Note(**row, line=lines.get(row["booking_id"])) for row in found]


@verb
async def decide(
    note_id: int,
    decision: str,
    reason: str,
    within: Scope,
    *,
    actor: Actor,
    now: datetime,
    key: Key | None = None,
) -> str:
    """'arrived' does what was written, an absence is taken back first; 'kept' leaves the booking as it is.

    Raises NotFound, AlreadyClosed, TooSoon, InvalidInput.
    """
    note = await find(note_id, within, actor=actor)
    await _claim(note, decision, reason, actor, now)
    if decision == "arrived":
        await _arrive(note, actor, now)
    await audit.record(
        f"door.{decision}",
        actor=actor,
        now=now,
        territory_id=within.territory_id,
        subject_kind="door_note",
        subject_id=note.id,
        purpose=reason,
    )
    return note.code


async def find(note_id: int, within: Scope, *, actor: Actor) -> Note:
    """Raises NotFound for what is not this desk's."""
    found = await database.row(
        f"{_SELECT} WHERE n.id = {{}} AND {{}}", desk.NOTES, note_id, desk.own_notes(within, actor)
    )
    if found is None:
        raise NotFound()
    return Note(**found)


async def _claim(note: Note, decision: str, reason: str, actor: Actor, now: datetime) -> None:
    """Once: of two who decide at the same moment one does, and what was done needs nobody."""
    claimed = await database.rows(
        "UPDATE door_note SET decision = {}, reason = {}, decided_by = {}, decided_at = {} WHERE id = {} "
        "AND decided_at IS NULL AND outcome NOT IN ('done', 'begun') RETURNING id",
        decision,
        reason,
        actor.id,
        now,
        note.id,
    )
    if not claimed:
        raise AlreadyClosed()


async def _arrive(note: Note, actor: Actor, now: datetime) -> None:
    if note.booking_id is None:
        raise NotFound()
    found = await booking.by_id(note.booking_id)
    if found.state == "absent":
        await check_in.mark_undone(found, f"{note.nonce}:undone", actor, now)
    if note.kind == "arrived" and await door.waits_for_departure(found):
        await database.execute("UPDATE door_note SET outcome = 'begun' WHERE id = {}", note.id)
        return
    at = await door.began_at(found.id) or note.happened_at
    await check_in.mark_arrived(found, note.nonce, actor, now, at, note.delivered)


_SELECT = """
SELECT n.id, n.nonce, n.booking_id, n.code, n.kind, n.delivered, n.outcome, n.happened_at, n.received_at,
  coalesce((SELECT name FROM staff WHERE id = n.written_by), '') AS writer,
  coalesce((SELECT name FROM staff WHERE id = n.sent_by), '') AS sender
FROM {}
"""
