"""How the installation is doing, as far as the database can say: for /readyz, the monitor and `vicino doctor`."""

from dataclasses import dataclass, fields
from datetime import datetime, timedelta

from app import database
from app.domain import audit, fund, seal, vault
from app.domain.actor import SYSTEM, Actor
from app.domain.verb import verb

LATE = timedelta(minutes=10)  # later than this, a message that is due is overdue
LOOK_BACK = timedelta(days=60)
LONG_KNOWN = timedelta(days=3)  # before its day a booking has its reminder, however it came about
LAST_LEAD_HOURS = 3  # before an appointment, where its service has no leads of its own
A_NIGHT = timedelta(hours=14)  # by so much a reminder may come sooner than its lead, so as to wake nobody
AT_THE_TIME = timedelta(hours=2)  # a reminder ends to be of use so shortly before its own time, and not another's
WORKER_SILENT = timedelta(minutes=1)  # it renews its lease every second


@dataclass(frozen=True, slots=True)
class Queue:
    """Messages nobody has told yet, and times kept for people who have not confirmed."""

    due: int
    overdue: int
    oldest_seconds: int
    leased: int
    to_call: int
    slot_holds: int
    held_cents: int
    unsealed: int


@dataclass(frozen=True, slots=True)
class Forgotten:
    """A booking that nobody was or will be reminded of, though there was time enough."""

    code: str
    territory: str
    service: str
    starts_at: datetime


@dataclass(frozen=True, slots=True)
class Checks:
    """When each was last done; None for never. `findings` of the last recomputation of the ledger, 0 when right."""

    worker_at: datetime | None
    verified_at: datetime | None
    findings: int
    backup_at: datetime | None


async def pending() -> list[str]:
    """Changes of the tables that this version brings and the database has not got; all of them where it is empty."""
    brought = sorted(file.stem for file in database.MIGRATIONS.glob("[0-9]*.sql"))
    try:
        applied = {row["name"] for row in await database.rows("SELECT name FROM schema_version")}
    except Exception as error:
        if database.is_busy(error) or await _exists("schema_version"):
            raise
        return brought
    return [name for name in brought if name not in applied]


async def worker_at() -> datetime | None:
    """When a worker last did something: it renews the seal's lease as long as it lives."""
    until = await database.scalar("SELECT until_at FROM lease WHERE name = 'seal'")
    return until - seal.LEASE if until else None


def is_silent(worker: datetime | None, now: datetime) -> bool:
    return worker is None or now - worker > WORKER_SILENT


async def queue(*, now: datetime) -> Queue:
    found = await database.row(_QUEUE, *(now, now - LATE, *[now] * 4, seal.LOOK_BACK))
    assert found is not None
    oldest = database.instant(found.pop("oldest"))
    return Queue(oldest_seconds=max(0, round((now - oldest).total_seconds())) if oldest else 0, **found)


async def checks(*, now: datetime) -> Checks:
    """What was done longer ago than anybody should wait for it counts as never."""
    since = now - LOOK_BACK
    verified, backup = await _last("ledger.verified", since=since), await _last("backup.made", since=since)
    wrong = await _last("ledger.wrong", since=verified["at"] if verified else since)
    is_wrong = wrong is not None and (verified is None or wrong["at"] > verified["at"])
    return Checks(
        worker_at=await worker_at(),
        verified_at=verified["at"] if verified else None,
        findings=wrong["subject_id"] if wrong and is_wrong else 0,
        backup_at=backup["at"] if backup else None,
    )


@verb
async def note_backup(*, actor: Actor, now: datetime) -> None:
    await audit.record("backup.made", actor=actor, now=now)


async def clock_seconds(*, now: datetime) -> int:
    """How far the database's clock is ahead of ours; 0 where it has none of its own."""
    if database.DB.engine_type == "sqlite":
        return 0
    told: datetime = await database.scalar("SELECT clock_timestamp()")
    return round((told - now).total_seconds())


async def newest_at() -> datetime | None:
    """The latest instant the registers know: later than now means that a clock went back."""
    return database.instant(
        await database.scalar(
            "SELECT MAX(at) FROM (SELECT MAX(at) AS at FROM audit UNION ALL "
            "SELECT MAX(made_at) FROM transfer) AS newest"
        )
    )


async def opens_identities() -> bool:
    """Whether the secrets in use are those people's data were encrypted with: tried on the newest person."""
    newest = await database.scalar("SELECT MAX(person_id) FROM person_key")
    try:
        return newest is None or bool(await vault.key_of(newest))
    except Exception:
        return False


async def unreminded(*, now: datetime) -> int:
    """Bookings of the next day, long known, that nobody was or will be reminded of: rows that ought to be there."""
    return int(await database.scalar(_UNREMINDED, *(now, now + timedelta(days=1), now - LONG_KNOWN, now - LONG_KNOWN)))


async def forgotten(*, now: datetime) -> list[Forgotten]:
    """Of all coming bookings, soonest first: read from the rows as they stand, by a rule of its own.

    Whoever knew of its time longer before than the last lead and a night must have a reminder that is due, came to an
    end of its own, or waits for a call. Withdrawn ones and those of another time do not count.
    """
    found = await database.rows(_COMING, now)
    names = [field.name for field in fields(Forgotten)]
    lost = [row for row in found if not _is_reminded(row) and await _was_known_in_time(row)]
    return [Forgotten(**{name: row[name] for name in names}) for row in lost]


def _is_reminded(row: database.Row) -> bool:
    until = database.instant(row["until"])
    return until is not None and until >= row["starts_at"] - AT_THE_TIME


async def _was_known_in_time(row: database.Row) -> bool:
    accepted = await database.scalar(
        "SELECT max(at) FROM audit WHERE person_id = {} AND what = 'booking.accepted' AND subject_id = {}",
        row["receiver_id"],
        row["id"],
    )
    known = [database.instant(at) for at in (row["booked_at"], row["moved_at"], accepted)]
    lead = timedelta(hours=row["lead_hours"] or LAST_LEAD_HOURS)
    return bool(max(at for at in known if at) <= row["starts_at"] - lead - A_NIGHT)


async def broken_funds() -> list[str]:
    funds = await database.rows("SELECT id, slug FROM fund ORDER BY id")
    return [row["slug"] for row in funds if (await fund.identity(row["id"])).difference_cents]


async def is_real() -> bool:
    """Whether a territory serves people who are not invented."""
    return bool(await database.scalar("SELECT COUNT(*) FROM territory WHERE NOT is_demo"))


async def survives_power_cut() -> bool:
    """Ours do on SQLite; on PostgreSQL a setting of the server may say otherwise."""
    if database.DB.engine_type == "sqlite":
        return True
    told = await database.row("SELECT current_setting('fsync') AS kept, current_setting('synchronous_commit') AS waits")
    assert told is not None
    return bool(told["kept"] == "on" and told["waits"] != "off")


async def _last(what: str, *, since: datetime) -> database.Row | None:
    """By the system's rows, newest first: `audit` has an index for that and none for `what`."""
    return await database.row(
        "SELECT at, subject_id FROM audit WHERE actor_kind = {} AND actor_id = {} AND at >= {} AND what = {} "
        "ORDER BY at DESC LIMIT 1",
        *(SYSTEM.kind, SYSTEM.id, since, what),
    )


async def _exists(table: str) -> bool:
    if database.DB.engine_type == "sqlite":
        return bool(await database.scalar("SELECT COUNT(*) FROM sqlite_master WHERE name = {}", table))
    return await database.scalar("SELECT to_regclass({})::text", table) is not None


_UNREMINDED = """
SELECT COUNT(*) FROM slot s JOIN booking b ON b.slot_id = s.id WHERE s.starts_at > {} AND s.starts_at <= {}
  AND b.state = 'confirmed' AND b.booked_at <= {}
  AND NOT EXISTS (SELECT 1 FROM message m WHERE m.booking_id = b.id AND (m.kind = 'reminder' OR m.created_at > {}))
"""
_COMING = """
SELECT b.id, b.code, b.receiver_id, b.booked_at, s.starts_at, t.slug AS territory, v.slug AS service,
  (SELECT max(at) FROM move WHERE booking_id = b.id) AS moved_at,
  (SELECT min(lead_hours) FROM service_lead l WHERE l.service_id = b.service_id) AS lead_hours,
  (SELECT max(useless_after) FROM message m WHERE m.booking_id = b.id AND m.kind = 'reminder'
    AND m.state <> 'cancelled' AND m.due_at < s.starts_at AND m.useless_after <= s.starts_at) AS until
FROM slot s JOIN booking b ON b.slot_id = s.id JOIN service v ON v.id = b.service_id
JOIN territory t ON t.id = b.territory_id
WHERE s.starts_at > {} AND b.state = 'confirmed' ORDER BY s.starts_at, b.id
"""
_TURN = "CASE WHEN lease_until > due_at THEN lease_until ELSE due_at END"  # when a worker may take it
_QUEUE = f"""
SELECT
  (SELECT COUNT(*) FROM message WHERE state = 'due' AND {_TURN} <= {{}}) AS due,
  (SELECT COUNT(*) FROM message WHERE state = 'due' AND {_TURN} <= {{}}) AS overdue,
  (SELECT MIN({_TURN}) FROM message WHERE state = 'due' AND {_TURN} <= {{}}) AS oldest,
  (SELECT COUNT(*) FROM message WHERE state = 'due' AND lease_holder <> '' AND lease_until > {{}}) AS leased,
  (SELECT COUNT(*) FROM message WHERE state = 'to_call' AND useless_after > {{}}) AS to_call,
  (SELECT COUNT(*) FROM slot_hold WHERE ended_at IS NULL AND expires_at > {{}}) AS slot_holds,
  (SELECT CAST(COALESCE(SUM(debits_pending), 0) AS BIGINT) FROM account WHERE kind = 'purse') AS held_cents,
  (SELECT COUNT(*) FROM transfer t LEFT JOIN seal_item i ON i.chain = 'transfer' AND i.row_id = t.id
    WHERE i.row_id IS NULL AND t.id > COALESCE((SELECT MAX(row_id) FROM seal_item WHERE chain = 'transfer'), 0) - {{}})
    AS unsealed
"""
