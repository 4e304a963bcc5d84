"""What somebody may spend for another person: the right and the month's limit stand in the delegation."""

from dataclasses import dataclass
from datetime import datetime

from app import database
from app.domain import ledger


@dataclass(frozen=True, slots=True)
class Spending:
    """`cents` is what is left this month, None without a limit."""

    delegation_id: int | None
    cents: int | None


FREE = Spending(None, None)


async def spending(person_id: int, delegate_id: int, now: datetime) -> Spending | None:
    """None where no delegation lets the delegate spend."""
    today = ledger.day(now)
    found = await database.row(
        "SELECT id, monthly_limit_cents FROM delegation WHERE person_id = {} AND delegate_id = {} AND may_spend "
        "AND revoked_at IS NULL AND from_on <= {} AND (until_on IS NULL OR until_on >= {}) "
        "ORDER BY CASE WHEN monthly_limit_cents IS NULL THEN 0 ELSE 1 END, monthly_limit_cents DESC",
        *(person_id, delegate_id, today, today),
    )
    if found is None:
        return None
    limit = found["monthly_limit_cents"]
    left = None if limit is None else max(0, limit - await _spent_this_month(person_id, delegate_id, now))
    return Spending(found["id"], left)


async def lock(delegation_id: int, now: datetime) -> Spending | None:
    """Bookings of one delegate queue up here, so that two of them cannot both use the same rest."""
    found = await database.row(
        "UPDATE delegation SET may_spend = may_spend WHERE id = {} RETURNING person_id, delegate_id", delegation_id
    )
    return await spending(found["person_id"], found["delegate_id"], now) if found else None


async def _spent_this_month(person_id: int, delegate_id: int, now: datetime) -> int:
    """Engaged or paid since the first of the month, less what came back."""
    month = now.astimezone(ledger.ZONE).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    return int(
        await database.scalar(
            "SELECT COALESCE(SUM(COALESCE(r.amount, h.amount) - COALESCE((SELECT SUM(c.amount) FROM transfer c "
            "WHERE c.booking_id = b.id AND c.kind = 'refund' AND c.corrects_id = r.id), 0)), 0) "
            "FROM booking b JOIN transfer h ON h.booking_id = b.id AND h.kind = 'hold' "
            "LEFT JOIN transfer r ON r.hold_id = h.id "
            "WHERE b.payer_id = {} AND b.booked_by = {} AND h.made_at >= {}",
            *(person_id, delegate_id, month),
        )
    )
