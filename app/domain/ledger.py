"""Double entry in cents: steps of a verb's transaction that move money between two accounts.

Transfers are never edited; a correction is a new one. A bounded account (fund, commitment, purse) keeps four counters
and never gives more than it got: one conditional UPDATE takes from it, and the table's CHECK stands behind that.
An unbounded account (bank, payable, returned) has no counters, its balance is a sum: no row everybody waits for.

A hold engages money of a bounded account for an unbounded one; `post` pays it, whole or in part, `void` gives it back.
The digest of a transfer covers all its columns but the id, which the engine gives while inserting; the seal binds
digest and id together.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal
from zoneinfo import ZoneInfo

from app import database
from app.domain.actor import Actor
from app.domain.audit import keyword
from app.domain.digest import digest
from app.domain.errors import CreditTooSmall, HoldResolved, NotFound

AccountKind = Literal["bank", "fund", "commitment", "purse", "voucher", "payable", "returned", "pot", "desk_cash"]
TransferKind = Literal[
    "pay_in", "issue", "commit", "release", "hold", "post", "void", "refund", "expire", "return", "move", "correct"
]
ZONE = ZoneInfo("Europe/Rome")  # money is spent in many territories but its days are counted once
FIELDS = (
    "kind",
    "debit_account_id",
    "credit_account_id",
    "amount",
    "hold_id",
    "corrects_id",
    "booking_id",
    "reason",
    "actor_kind",
    "actor_id",
    "made_at",
)


@dataclass(frozen=True, slots=True)
class _Entry:
    kind: TransferKind
    debit: int
    credit: int
    cents: int
    actor: Actor
    now: datetime
    hold_id: int | None = None
    corrects_id: int | None = None
    booking_id: int | None = None
    reason: str = ""

    def values(self) -> tuple[Any, ...]:
        links = (self.hold_id, self.corrects_id, self.booking_id, keyword(self.reason))
        fields = (self.kind, self.debit, self.credit, self.cents, *links, self.actor.kind, self.actor.id, self.now)
        return (*fields, digest(fields))


def day(now: datetime) -> date:
    return now.astimezone(ZONE).date()


async def open_account(kind: AccountKind, *, is_bounded: bool, now: datetime) -> int:
    return int(
        await database.scalar(
            "INSERT INTO account (kind, is_bounded, opened_at) VALUES ({}, {}, {}) RETURNING id", kind, is_bounded, now
        )
    )


async def transfer(
    kind: TransferKind,
    *,
    debit: int,
    credit: int,
    cents: int,
    actor: Actor,
    now: datetime,
    booking_id: int | None = None,
    corrects_id: int | None = None,
    reason: str = "",
) -> int:
    """Moves money at once. Raises CreditTooSmall when a bounded account has not enough."""
    if cents <= 0:
        raise ValueError("a transfer moves at least one cent")
    bounded = await _bounded(debit, credit)
    for account_id in sorted(bounded):
        await (_take(account_id, cents) if account_id == debit else _give(account_id, cents))
    entry = _Entry(kind, debit, credit, cents, actor, now, None, corrects_id, booking_id, reason)
    return int(await database.scalar(f"{_INSERT} RETURNING id", *entry.values()))


async def hold(*, debit: int, credit: int, cents: int, booking_id: int, actor: Actor, now: datetime) -> int:
    """Engages money of a bounded account for an unbounded one. Raises CreditTooSmall."""
    if cents <= 0:
        raise ValueError("a hold engages at least one cent")
    taken = await database.rows(
        "UPDATE account SET debits_pending = debits_pending + {} "
        "WHERE id = {} AND is_bounded AND debits_posted + debits_pending + {} <= credits_posted RETURNING id",
        cents,
        debit,
        cents,
    )
    if not taken:
        raise CreditTooSmall(account_id=debit, cents=cents)
    entry = _Entry("hold", debit, credit, cents, actor, now, booking_id=booking_id)
    made = await database.scalar(_INSERT_HOLD, *entry.values(), credit)
    if made is None:
        raise ValueError("a hold is made for an unbounded account")
    return int(made)


async def post(hold_id: int, cents: int | None = None, *, actor: Actor, now: datetime, reason: str = "") -> int:
    """Pays a hold, whole or in part; the rest is usable again. Raises HoldResolved."""
    held = await _held(hold_id)
    cents = held["amount"] if cents is None else cents
    if not 0 <= cents <= held["amount"]:
        raise ValueError(f"{cents} of {held['amount']} cents cannot be posted")
    return await _resolve("post" if cents else "void", held, cents, actor, now, reason)


async def void(hold_id: int, *, actor: Actor, now: datetime, reason: str = "") -> int:
    """Gives the whole hold back: a transfer of 0, as nothing was paid. Raises HoldResolved."""
    return await _resolve("void", await _held(hold_id), 0, actor, now, reason)


async def lock(account_ids: Iterable[int]) -> None:
    """Takes bounded accounts before reading them, in the order everybody takes them."""
    for account_id in sorted(set(account_ids)):
        await database.execute(
            "UPDATE account SET debits_pending = debits_pending WHERE id = {} AND is_bounded", account_id
        )


async def balance(account_id: int) -> int:
    """What has come in less what has gone out; money on hold is still in."""
    account = await _account(account_id)
    if account["is_bounded"]:
        return int(account["credits_posted"] - account["debits_posted"])
    return int(await database.scalar(_SUM, account_id, account_id))


async def held(account_id: int) -> int:
    """Money engaged: of a bounded account, or for an unbounded one."""
    account = await _account(account_id)
    if account["is_bounded"]:
        return int(account["debits_pending"])
    return int(
        await database.scalar(
            "SELECT COALESCE(SUM(h.amount), 0) FROM transfer h LEFT JOIN transfer r ON r.hold_id = h.id "
            "WHERE h.credit_account_id = {} AND h.kind = 'hold' AND r.id IS NULL",
            account_id,
        )
    )


async def _account(account_id: int) -> database.Row:
    account = await database.row(
        "SELECT is_bounded, credits_posted, debits_posted, debits_pending FROM account WHERE id = {}", account_id
    )
    if account is None:
        raise NotFound()
    return account


async def _bounded(debit: int, credit: int) -> list[int]:
    found = await database.rows("SELECT id, is_bounded FROM account WHERE id IN ({}, {})", debit, credit)
    if len(found) != 2:
        raise NotFound()
    return [row["id"] for row in found if row["is_bounded"]]


async def _take(account_id: int, cents: int) -> None:
    taken = await database.rows(
        "UPDATE account SET debits_posted = debits_posted + {} "
        "WHERE id = {} AND debits_posted + debits_pending + {} <= credits_posted RETURNING id",
        cents,
        account_id,
        cents,
    )
    if not taken:
        raise CreditTooSmall(account_id=account_id, cents=cents)


async def _give(account_id: int, cents: int) -> None:
    await database.execute("UPDATE account SET credits_posted = credits_posted + {} WHERE id = {}", cents, account_id)


async def _held(hold_id: int) -> database.Row:
    found = await database.row(
        "SELECT id, debit_account_id, credit_account_id, amount, booking_id FROM transfer "
        "WHERE id = {} AND kind = 'hold'",
        hold_id,
    )
    if found is None:
        raise NotFound()
    return found


async def _resolve(kind: TransferKind, held: database.Row, cents: int, actor: Actor, now: datetime, reason: str) -> int:
    debit, credit = held["debit_account_id"], held["credit_account_id"]
    entry = _Entry(kind, debit, credit, cents, actor, now, held["id"], None, held["booking_id"], reason)
    resolved = await database.scalar(f"{_INSERT} ON CONFLICT DO NOTHING RETURNING id", *entry.values())
    if resolved is None:
        raise HoldResolved(hold_id=held["id"])
    await database.execute(
        "UPDATE account SET debits_pending = debits_pending - {}, debits_posted = debits_posted + {} WHERE id = {}",
        held["amount"],
        cents,
        debit,
    )
    return int(resolved)


_COLUMNS, _PLACES = ", ".join((*FIELDS, "digest")), ", ".join(["{}"] * (len(FIELDS) + 1))
_INSERT = f"INSERT INTO transfer ({_COLUMNS}) VALUES ({_PLACES})"
_INSERT_HOLD = (
    f"INSERT INTO transfer ({_COLUMNS}) SELECT {_PLACES} FROM account WHERE id = {{}} AND NOT is_bounded RETURNING id"
)
_SUM = """
SELECT COALESCE(SUM(amount), 0) FROM (
  SELECT amount FROM transfer WHERE credit_account_id = {} AND kind <> 'hold'
  UNION ALL SELECT -amount FROM transfer WHERE debit_account_id = {} AND kind <> 'hold'
) AS entries
"""
