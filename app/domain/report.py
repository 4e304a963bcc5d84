"""What a funder reads of a fund: its accounts to the cent, and where the money went without saying to whom.

Sums by month and category come from the transfers themselves; `disclosure` decides which of them are told. Two readings
of different moments can still be compared, as every statement of an account can: that is for roles and law to keep.
"""

import bisect
from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, TypeVar

from app import database
from app.domain import access, disclosure, ledger
from app.domain.actor import Actor, RoleName
from app.domain.errors import NotFound, SignInNeeded

Label = TypeVar("Label", str, tuple[str, str])
Kind = Literal["paid_in", "issued", "returned", "held", "spent"]
KINDS: tuple[Kind, ...] = ("paid_in", "issued", "returned", "held", "spent")
OTHERS = "*"  # the label of what is told as one sum
BANDS = (5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000)


@dataclass(frozen=True, slots=True)
class FundFacts:
    id: int
    funder_id: int
    slug: str
    public_name: str
    administrative_name: str
    funder_name: str
    from_on: date
    until_on: date


@dataclass(frozen=True, slots=True)
class Entry:
    """Movements of one kind, month, category and person, summed; `owner` is negative for a household, `category` is
    '' for what buys no service."""

    kind: Kind
    month: str
    category: str
    receiver: int
    owner: int
    cents: int


@dataclass(frozen=True, slots=True)
class Sum:
    """`cents` None is not told alone: it is within the one labelled OTHERS."""

    label: str
    cents: int | None


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the export; with both labels OTHERS it is what the other lines leave of the kind's total."""

    kind: Kind
    month: str
    category: str
    cents: int


@dataclass(frozen=True, slots=True)
class TakeUp:
    """People as (from, to) of a band, to 0 where open; `never_used` is None where it would tell of too few."""

    given_cents: int
    given: tuple[int, int]
    never_used_cents: int | None
    never_used: tuple[int, int] | None


@dataclass(frozen=True, slots=True)
class Seal:
    """`verified_at` is when everything was last recomputed and found right."""

    head: str
    sealed_at: datetime
    verified_at: datetime | None


async def funds(actor: Actor) -> list[FundFacts]:
    """The funds of the actor's funders, the newest period first. Raises SignInNeeded, NotFound without such a role."""
    if actor.kind != "staff":
        raise SignInNeeded()
    funders = actor.scopes(*access.FUNDER_ROLES, scope_kind="funder")
    if not funders:
        raise NotFound()
    places = ", ".join(["{}"] * len(funders))
    found = await database.rows(
        f"{_FUND} WHERE f.funder_id IN ({places}) ORDER BY f.from_on DESC, f.public_name, f.id", *funders
    )
    return [FundFacts(**row) for row in found]


async def fund_of(slug: str, *, actor: Actor, roles: tuple[RoleName, ...] = access.FUNDER_ROLES) -> FundFacts:
    """The actor's own fund. What is not theirs is NotFound like what does not exist."""
    if actor.kind != "staff":
        raise SignInNeeded()
    found = await database.row(f"{_FUND} WHERE f.slug = {{}}", slug)
    if found is None or not actor.holds(*roles, scope_kind="funder", scope_id=found["funder_id"]):
        raise NotFound()
    return FundFacts(**found)


async def entries(fund_id: int, *, now: datetime) -> list[Entry]:
    """Everything that moved, by month of the transfer: what is given back counts in the month it came back."""
    since = await database.row(
        "SELECT f.from_on, a.opened_at FROM fund f JOIN account a ON a.id = f.account_id WHERE f.id = {}", fund_id
    )
    if since is None:
        raise NotFound()
    starts = _months(min(since["from_on"], ledger.day(since["opened_at"])), ledger.day(now))
    ended = "".join(f" WHEN flow.made_at < {{}} THEN {number}" for number in range(len(starts) - 1))
    month = f"CASE{ended} ELSE {len(starts) - 1} END" if ended else "0"
    found = await database.rows(_ENTRIES.replace("MONTH", month, 1), *[fund_id] * 6, *starts[1:])
    return [Entry(row.pop("kind"), f"{starts[row.pop('month')]:%Y-%m}", **row) for row in found]


def by_month(found: Iterable[Entry], kind: Kind) -> list[Sum]:
    return _sums(sorted(((e.month, e) for e in found if e.kind == kind), key=lambda pair: pair[0]))


def by_category(found: Iterable[Entry], kind: Kind) -> list[Sum]:
    return _sums([(entry.category, entry) for entry in found if entry.kind == kind])


def total(found: Iterable[Entry], kind: Kind) -> int:
    return sum(entry.cents for entry in found if entry.kind == kind)


def lines(found: Sequence[Entry]) -> list[Line]:
    """What is exported: the lines of a kind add up to its total, to the cent."""
    return [line for kind in KINDS for line in _lines([entry for entry in found if entry.kind == kind])]


def take_up(found: Sequence[Entry]) -> TakeUp:
    """How much of the credit given was never engaged or spent by its owner."""
    given, used = _owners(found, "issued"), _owners(found, "held", "spent")
    never = given - used
    is_told = not any(0 < len(group) < disclosure.LEAST for group in (never, given - never))
    left = sum(_given(entry) for entry in found if entry.owner in never)
    return TakeUp(
        given_cents=total(found, "issued"),
        given=band(len(given)),
        never_used_cents=left if is_told else None,
        never_used=band(len(never)) if is_told else None,
    )


def band(people: int) -> tuple[int, int]:
    """(5, 9), (10, 19) ...: an exact number would tell who came last. Fewer than five are (1, 4)."""
    if people < BANDS[0]:
        return (1, BANDS[0] - 1) if people else (0, 0)
    place = bisect.bisect_right(BANDS, people)
    return BANDS[place - 1], BANDS[place] - 1 if place < len(BANDS) else 0


async def last_seal() -> Seal | None:
    found = await database.row(
        "SELECT head, sealed_at, (SELECT MAX(at) FROM audit WHERE what = 'ledger.verified') AS verified_at "
        "FROM seal WHERE chain = 'transfer' ORDER BY id DESC LIMIT 1"
    )
    return Seal(found["head"], found["sealed_at"], database.instant(found["verified_at"])) if found else None


def _months(since: date, until: date) -> list[datetime]:
    """The first instant of each month."""
    first, last = since.year * 12 + since.month - 1, until.year * 12 + until.month - 1
    return [datetime(n // 12, n % 12 + 1, 1, tzinfo=ledger.ZONE) for n in range(min(first, last), last + 1)]


def _sums(labelled: Sequence[tuple[str, Entry]]) -> list[Sum]:
    """In the order given; at the end what is told as one sum."""
    cents, hidden = _cents(labelled), disclosure.together(_people(labelled))
    told = [Sum(label, None if label in hidden else amount) for label, amount in cents.items()]
    return [*told, Sum(OTHERS, sum(cents[label] for label in hidden))] if hidden else told


def _lines(found: Sequence[Entry]) -> list[Line]:
    """Of one kind, months and categories joined where they are told as one sum."""
    months = disclosure.together(_people([(entry.month, entry) for entry in found]))
    categories = disclosure.together(_people([(entry.category, entry) for entry in found]))
    labelled = [((_joined(e.month, months), _joined(e.category, categories)), e) for e in found]
    cents, hidden = _cents(labelled), disclosure.hidden_cells(_people(labelled))
    kind = found[0].kind if found else "spent"
    told = sorted((Line(kind, *cell, amount) for cell, amount in cents.items() if cell not in hidden), key=_month)
    rest = [amount for cell, amount in cents.items() if cell in hidden]
    return [*told, Line(kind, OTHERS, OTHERS, sum(rest))] if rest else told


def _month(line: Line) -> str:
    return line.month.replace(OTHERS, "~")  # after all months


def _joined(label: str, hidden: AbstractSet[str]) -> str:
    return OTHERS if label in hidden else label


def _cents(labelled: Iterable[tuple[Label, Entry]]) -> dict[Label, int]:
    found: dict[Label, int] = {}
    for label, entry in labelled:
        found[label] = found.get(label, 0) + entry.cents
    return found


def _people(labelled: Iterable[tuple[Label, Entry]]) -> dict[Label, set[tuple[int, int]]]:
    """What is paid in is nobody's secret: it has no people."""
    found: dict[Label, set[tuple[int, int]]] = {}
    for label, entry in labelled:
        people = found.setdefault(label, set())
        if entry.owner:
            people.add((entry.receiver, entry.owner))
    return found


def _owners(found: Iterable[Entry], *kinds: Kind) -> set[int]:
    return {entry.owner for entry in found if entry.kind in kinds}


def _given(entry: Entry) -> int:
    return {"issued": entry.cents, "returned": -entry.cents}.get(entry.kind, 0)


_FUND = """
SELECT f.id, f.funder_id, f.slug, f.public_name, f.administrative_name, u.name AS funder_name, f.from_on, f.until_on
FROM fund f JOIN funder u ON u.id = f.funder_id
"""
_OWNER = "p.person_id, p.household_id, t.made_at"
_ENTRIES = f"""
WITH flow AS (
  SELECT 'held' AS kind, t.booking_id, {_OWNER}, t.amount FROM purse p
    JOIN transfer t ON t.debit_account_id = p.account_id LEFT JOIN transfer r ON r.hold_id = t.id
    WHERE p.fund_id = {{}} AND t.kind = 'hold' AND r.id IS NULL
  UNION ALL SELECT 'spent', t.booking_id, {_OWNER}, t.amount FROM purse p
    JOIN transfer t ON t.debit_account_id = p.account_id JOIN payable y ON y.account_id = t.credit_account_id
    WHERE p.fund_id = {{}} AND t.kind <> 'hold' AND t.amount > 0
  UNION ALL SELECT 'spent', t.booking_id, {_OWNER}, -t.amount FROM purse p
    JOIN transfer t ON t.credit_account_id = p.account_id JOIN payable y ON y.account_id = t.debit_account_id
    WHERE p.fund_id = {{}}
  UNION ALL SELECT 'issued', NULL, {_OWNER}, t.amount FROM purse p JOIN fund f ON f.id = p.fund_id
    JOIN transfer t ON t.credit_account_id = p.account_id AND t.debit_account_id = f.account_id
    WHERE p.fund_id = {{}}
  UNION ALL SELECT 'returned', NULL, {_OWNER}, t.amount FROM purse p JOIN fund f ON f.id = p.fund_id
    JOIN transfer t ON t.debit_account_id = p.account_id
    AND t.credit_account_id IN (f.account_id, f.returned_account_id) WHERE p.fund_id = {{}}
  UNION ALL SELECT 'paid_in', NULL, NULL, NULL, t.made_at,
    CASE WHEN t.credit_account_id = f.account_id THEN t.amount ELSE -t.amount END FROM fund f
    JOIN transfer t ON f.account_id IN (t.credit_account_id, t.debit_account_id)
    WHERE f.id = {{}} AND t.kind IN ('pay_in', 'move')
)
SELECT kind, MONTH AS month, COALESCE(c.code, '') AS category,
  COALESCE(b.receiver_id, flow.person_id, -flow.household_id, 0) AS receiver,
  COALESCE(flow.person_id, -flow.household_id, 0) AS owner, CAST(SUM(flow.amount) AS BIGINT) AS cents
FROM flow LEFT JOIN booking b ON b.id = flow.booking_id LEFT JOIN service s ON s.id = b.service_id
LEFT JOIN category c ON c.id = s.category_id
GROUP BY 1, 2, 3, 4, 5, c.position ORDER BY 1, COALESCE(c.position, 0), 3, 2, 4, 5
"""
