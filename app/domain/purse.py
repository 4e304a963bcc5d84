"""A person's or a household's credit of one fund, and how the holds of a booking end.

Money that comes back to a purse past its day does not stay there: after a cancel by the provider it goes to a purse
of the same owner with `grace_days` more; otherwise where the fund says, to the fund or to the account of what is
returned to the funder. A hold made in time may be posted later.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from typing import Literal

from app import database
from app.domain import ledger
from app.domain.actor import SYSTEM, Actor
from app.domain.errors import CreditTooSmall, NotFound
from app.domain.fund_rule import rules_of
from app.domain.split import share_cap, spread
from app.domain.verb import verb

By = Literal["person", "provider", "staff"]


@dataclass(frozen=True, slots=True)
class PurseState:
    purse_id: int
    fund_id: int
    fund_name: str
    expires_on: date
    household_id: int | None
    total_cents: int
    held_cents: int

    @property
    def usable_cents(self) -> int:
        return self.total_cents - self.held_cents


@dataclass(frozen=True, slots=True)
class Wallet:
    """All a person can use: own purses and those of the household, soonest expiry first."""

    purses: tuple[PurseState, ...]

    @property
    def total_cents(self) -> int:
        return sum(purse.total_cents for purse in self.purses)

    @property
    def held_cents(self) -> int:
        return sum(purse.held_cents for purse in self.purses)

    @property
    def usable_cents(self) -> int:
        return self.total_cents - self.held_cents


@dataclass(frozen=True, slots=True)
class Movement:
    """One line of a purse's history; `cents` is what it changed in the total, `held_cents` in what is engaged."""

    transfer_id: int
    kind: ledger.TransferKind
    cents: int
    held_cents: int
    returned_cents: int
    booking_id: int | None
    corrects_id: int | None
    reason: str
    made_at: datetime


@dataclass(frozen=True, slots=True)
class Part:
    """What one purse has to do with a booking: it holds money, has paid it, or got it back."""

    purse_id: int
    fund_name: str
    state: Literal["held", "posted", "returned"]
    cents: int


async def wallet(person_id: int, *, now: datetime) -> Wallet:
    """Purses with money in them, or still open; what is past its day counts only while it is engaged."""
    found = await database.rows(_WALLET, person_id, person_id, now, now, ledger.day(now))
    return Wallet(tuple(_state(row, ledger.day(now)) for row in found))


async def movements(purse_id: int, *, after: int = 0, most: int = 1000) -> list[Movement]:
    """Newest first, but for the newest `after`."""
    account_id = await _account_of(purse_id)
    found = await database.rows(_MOVEMENTS, account_id, account_id, most, after)
    return [_movement(row, account_id) for row in found]


async def count_movements(purse_id: int) -> int:
    account_id = await _account_of(purse_id)
    return int(await database.scalar(f"SELECT count(*) {_MOVED}", account_id, account_id))


async def _account_of(purse_id: int) -> int:
    account_id: int | None = await database.scalar("SELECT account_id FROM purse WHERE id = {}", purse_id)
    if account_id is None:
        raise NotFound()
    return account_id


async def of_booking(booking_id: int) -> list[Part]:
    """In spend order. A purse that paid less than it held has two parts."""
    return [part for row in await database.rows(_PARTS, booking_id) for part in _parts(row)]


async def open_purse(
    fund_id: int, expires_on: date, *, person_id: int | None = None, household_id: int | None = None, now: datetime
) -> database.Row:
    """The one purse of this fund, owner and last day, made when missing: its id and account.

    Expects the fund's account to be locked: only then nobody else makes the same purse.
    """
    owner, owner_id = ("person_id", person_id) if person_id is not None else ("household_id", household_id)
    known = await database.row(
        f"SELECT id, account_id FROM purse WHERE fund_id = {{}} AND {owner} = {{}} AND expires_on = {{}}",
        *(fund_id, owner_id, expires_on),
    )
    if known:
        return known
    account_id = await ledger.open_account("purse", is_bounded=True, now=now)
    return (
        await database.rows(
            f"INSERT INTO purse (account_id, fund_id, {owner}, expires_on) VALUES ({{}}, {{}}, {{}}, {{}}) "
            "RETURNING id, account_id",
            *(account_id, fund_id, owner_id, expires_on),
        )
    )[0]


async def post_all(booking_id: int, delivered_cents: int | None = None, *, actor: Actor, now: datetime) -> int:
    """Pays the booking's holds and returns the cents paid; `delivered_cents` is the price of what was delivered.

    Less than booked is split again by the rule of the checkout, over what was held: soonest expiry first, each fund
    within its share of the new price. So the purse spent last, whose money lives longest, gets back first, no fund
    pays more than its share of what really happened, and the person's own share is still simply the rest.
    """
    holds = await _open_holds(booking_id)
    parts = {row["id"]: row["amount"] for row in holds}
    if delivered_cents is not None:
        parts = await _delivered(holds, booking_id, delivered_cents)
    if any(parts.get(row["id"], 0) < row["amount"] for row in holds):
        await _lock(holds, now)
    for row in holds:
        cents = parts.get(row["id"], 0)
        await ledger.post(row["id"], cents, actor=actor, now=now)
        await _after_return(row, row["amount"] - cents, "person", actor, now)
    return sum(parts.values())


async def void_all(booking_id: int, *, by: By, actor: Actor, now: datetime, reason: str = "") -> int:
    """Gives the booking's holds back and returns the cents; `by` says who cancelled."""
    holds = await _open_holds(booking_id)
    await _lock(holds, now)
    for row in holds:
        await ledger.void(row["id"], actor=actor, now=now, reason=reason)
        await _after_return(row, row["amount"], by, actor, now)
    return sum(row["amount"] for row in holds)


async def refund_all(booking_id: int, *, by: By, actor: Actor, now: datetime, reason: str = "") -> int:
    """Gives back what the booking has paid, by transfers that correct each payment; a second time finds nothing."""
    posts = await _lock_posts(booking_id, now)
    for row in posts:
        await _refund(row, actor, now, reason)
        await _after_return(row, row["amount"], by, actor, now)
    return sum(row["amount"] for row in posts)


async def reopen_all(booking_id: int, *, actor: Actor, now: datetime, reason: str = "undone") -> int:
    """Undoes what was decided at the desk: refunds, then engages again what each purse had engaged at first.

    Returns the cents engaged. A purse that has meanwhile spent what it got back engages only what it had paid;
    raises CreditTooSmall when it had paid nothing.
    """
    posts = {row["hold_id"]: row for row in await _lock_posts(booking_id, now)}
    for row in posts.values():
        await _refund(row, actor, now, reason)
    engaged = 0
    for row in await _last_resolved(booking_id):
        paid = posts[row["id"]]["amount"] if row["id"] in posts else 0
        engaged += await _hold_again(row, paid, booking_id, actor, now)
    return engaged


@verb
async def expire_due(*, now: datetime, actor: Actor = SYSTEM, limit: int = 200) -> int:
    """Takes what is left in purses past their day, but not what they have engaged; returns how many there were.

    Call again while it returns `limit`.
    """
    today = ledger.day(now)
    due = await database.rows(
        f"{_PURSE} WHERE p.expires_on < {{}} AND a.credits_posted > a.debits_posted + a.debits_pending "
        "ORDER BY p.account_id LIMIT {}",
        *(today, limit),
    )
    await _lock(due, now)
    for row in due:
        left = await database.scalar(
            "SELECT credits_posted - debits_posted - debits_pending FROM account WHERE id = {}", row["account_id"]
        )
        await _after_return(row, left, "person", actor, now)
    return len(due)


async def _open_holds(booking_id: int) -> list[database.Row]:
    return await database.rows(
        f"{_PURSE_OF_TRANSFER} LEFT JOIN transfer r ON r.hold_id = t.id "
        "WHERE t.booking_id = {} AND t.kind = 'hold' AND r.id IS NULL ORDER BY p.account_id",
        booking_id,
    )


async def _lock_posts(booking_id: int, now: datetime) -> list[database.Row]:
    """What the booking has paid and not got back yet, read once its purses are locked."""
    posts = f"{_PURSE_OF_TRANSFER} WHERE t.booking_id = {{}} AND t.kind = 'post'"
    await _lock(await database.rows(posts, booking_id), now)
    return await database.rows(
        f"{posts} AND NOT EXISTS (SELECT 1 FROM transfer c WHERE c.booking_id = t.booking_id "
        "AND c.corrects_id = t.id AND c.kind = 'refund') ORDER BY p.account_id",
        booking_id,
    )


async def _last_resolved(booking_id: int) -> list[database.Row]:
    """Each purse's last hold for the booking, if it is resolved."""
    return await database.rows(
        f"{_PURSE_OF_TRANSFER} JOIN transfer r ON r.hold_id = t.id WHERE t.booking_id = {{}} AND t.kind = 'hold' "
        "AND NOT EXISTS (SELECT 1 FROM transfer n WHERE n.booking_id = t.booking_id AND n.kind = 'hold' "
        "AND n.debit_account_id = t.debit_account_id AND n.id > t.id) ORDER BY p.account_id",
        booking_id,
    )


async def _refund(post: database.Row, actor: Actor, now: datetime, reason: str) -> None:
    await ledger.transfer(
        "refund",
        debit=post["credit_account_id"],
        credit=post["account_id"],
        cents=post["amount"],
        booking_id=post["booking_id"],
        corrects_id=post["id"],
        actor=actor,
        now=now,
        reason=reason,
    )


async def _hold_again(first: database.Row, paid: int, booking_id: int, actor: Actor, now: datetime) -> int:
    again = partial(
        ledger.hold,
        debit=first["account_id"],
        credit=first["credit_account_id"],
        booking_id=booking_id,
        actor=actor,
        now=now,
    )
    try:
        await again(cents=first["amount"])
        return int(first["amount"])
    except CreditTooSmall:
        if not paid:
            raise
    await again(cents=paid)
    return paid


async def _delivered(holds: Sequence[database.Row], booking_id: int, delivered_cents: int) -> dict[int, int]:
    category = await database.scalar(
        "SELECT c.code FROM booking b JOIN service s ON s.id = b.service_id JOIN category c ON c.id = s.category_id "
        "WHERE b.id = {}",
        booking_id,
    )
    rules = await rules_of({row["fund_id"] for row in holds})
    caps = {fund_id: share_cap(rules[fund_id], delivered_cents, category or "") for fund_id in rules}
    ordered = sorted(holds, key=lambda row: (row["expires_on"], row["priority"], row["purse_id"]))
    return spread(delivered_cents, ((row["id"], row["fund_id"], row["amount"]) for row in ordered), caps)


async def _lock(purses: Sequence[database.Row], now: datetime) -> None:
    """The purses, and the funds of those past their day, in the one order everybody takes them."""
    today = ledger.day(now)
    funds = {row["fund_account_id"] for row in purses if row["expires_on"] < today}
    await ledger.lock(funds | {row["account_id"] for row in purses})


async def _after_return(purse: database.Row, cents: int, by: By, actor: Actor, now: datetime) -> None:
    """Moves on what came back to a purse past its day."""
    if cents <= 0 or purse["expires_on"] >= ledger.day(now):
        return
    kind: ledger.TransferKind = "expire"
    credit = purse["fund_account_id"] if purse["expired_goes_to"] == "fund" else purse["returned_account_id"]
    if by == "provider":
        kind, credit = "move", await _grace_account(purse, now)
    await ledger.transfer(
        kind,
        debit=purse["account_id"],
        credit=credit,
        cents=cents,
        booking_id=purse["booking_id"],
        actor=actor,
        now=now,
    )


async def _grace_account(purse: database.Row, now: datetime) -> int:
    until = ledger.day(now) + timedelta(days=purse["grace_days"])
    person_id, household_id = purse["person_id"], purse["household_id"]
    opened = await open_purse(purse["fund_id"], until, person_id=person_id, household_id=household_id, now=now)
    return int(opened["account_id"])


def _state(row: database.Row, today: date) -> PurseState:
    total = row["total"] if row["expires_on"] >= today else row["held"]
    keys = (row["id"], row["fund_id"], row["public_name"], row["expires_on"], row["household_id"])
    return PurseState(*keys, total, row["held"])


def _parts(row: database.Row) -> list[Part]:
    """`paid` is None while the hold is open."""
    paid = row["paid"] - row["refunded"] if row["paid"] is not None else None
    cents = {"held": row["amount"]} if paid is None else {"posted": paid, "returned": row["amount"] - paid}
    return [Part(row["id"], row["public_name"], state, part) for state, part in cents.items() if part]  # type: ignore[arg-type]


def _movement(row: database.Row, account_id: int) -> Movement:
    amount, of_hold = row["amount"], row["held"] or 0
    cents = amount if row["credit_account_id"] == account_id else -amount
    engaged = amount if row["kind"] == "hold" else -of_hold
    links = (row["booking_id"], row["corrects_id"], row["reason"], row["made_at"])
    returned = of_hold - amount if of_hold else 0
    return Movement(row["id"], row["kind"], 0 if row["kind"] == "hold" else cents, engaged, returned, *links)


_RULES = "f.account_id AS fund_account_id, f.returned_account_id, f.expired_goes_to, f.grace_days, f.priority"
_OWNER = "p.account_id, p.id AS purse_id, p.fund_id, p.person_id, p.household_id, p.expires_on"
_PURSE = (
    f"SELECT {_OWNER}, {_RULES}, NULL AS booking_id FROM purse p "
    "JOIN fund f ON f.id = p.fund_id JOIN account a ON a.id = p.account_id"
)
_PURSE_OF_TRANSFER = (
    f"SELECT t.id, t.amount, t.hold_id, t.credit_account_id, t.booking_id, {_OWNER}, {_RULES} FROM transfer t "
    "JOIN purse p ON p.account_id = t.debit_account_id JOIN fund f ON f.id = p.fund_id"
)
# By the index of each owner first, as in split.py.
_WALLET = """
WITH mine AS (SELECT id FROM purse WHERE person_id = {} UNION
  SELECT h.id FROM household_member m JOIN purse h ON h.household_id = m.household_id
  WHERE m.person_id = {} AND m.from_at <= {} AND (m.until_at IS NULL OR m.until_at > {}))
SELECT p.id, p.fund_id, f.public_name, p.expires_on, p.household_id,
  a.credits_posted - a.debits_posted AS total, a.debits_pending AS held
FROM mine JOIN purse p ON p.id = mine.id JOIN fund f ON f.id = p.fund_id JOIN account a ON a.id = p.account_id
WHERE p.expires_on >= {} OR a.debits_pending > 0
ORDER BY p.expires_on, f.priority, p.id
"""
_MOVED = (
    "FROM transfer t LEFT JOIN transfer h ON h.id = t.hold_id WHERE t.debit_account_id = {} OR t.credit_account_id = {}"
)
_MOVEMENTS = (
    "SELECT t.id, t.kind, t.amount, t.credit_account_id, t.booking_id, t.corrects_id, t.reason, t.made_at, "
    f"h.amount AS held {_MOVED} ORDER BY t.id DESC LIMIT {{}} OFFSET {{}}"
)
_PARTS = """
SELECT p.id, f.public_name, h.amount, r.amount AS paid, COALESCE((SELECT SUM(c.amount) FROM transfer c
  WHERE c.booking_id = h.booking_id AND c.corrects_id = r.id AND c.kind = 'refund'), 0) AS refunded
FROM transfer h JOIN purse p ON p.account_id = h.debit_account_id JOIN fund f ON f.id = p.fund_id
LEFT JOIN transfer r ON r.hold_id = h.id
WHERE h.booking_id = {} AND h.kind = 'hold' AND NOT EXISTS (SELECT 1 FROM transfer n WHERE n.booking_id = h.booking_id
  AND n.kind = 'hold' AND n.debit_account_id = h.debit_account_id AND n.id > h.id)
ORDER BY p.expires_on, f.priority, p.id
"""
