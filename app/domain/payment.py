"""What a booking's credits hold, have paid and got back: read from its transfers alone."""

from dataclasses import dataclass
from typing import Literal

from app import database

PaymentState = Literal["held", "posted", "returned"]


@dataclass(frozen=True, slots=True)
class Payment:
    """One fund's part of one booking in one state; `cents` is above 0."""

    fund_name: str
    state: PaymentState
    cents: int


async def of_booking(booking_id: int) -> list[Payment]:
    """By fund in spend order: what is held, then paid, then returned. A corrected payment counts as never made."""
    found = await database.rows(_PARTS, booking_id)
    states: tuple[PaymentState, ...] = ("held", "posted", "returned")
    return [Payment(row["public_name"], state, int(row[state])) for row in found for state in states if row[state] > 0]


# A hold of a booking that was undone at the desk is made anew: what came back then is engaged or paid again.
_PARTS = """
SELECT f.public_name, p.expires_on, f.priority, p.id,
  sum(CASE WHEN r.id IS NULL THEN h.amount ELSE 0 END) AS held,
  sum(CASE WHEN r.kind = 'post' AND c.id IS NULL THEN r.amount ELSE 0 END) AS posted,
  sum(CASE WHEN n.id IS NULL AND r.id IS NOT NULL
    THEN h.amount - CASE WHEN r.kind = 'post' AND c.id IS NULL THEN r.amount ELSE 0 END ELSE 0 END) AS returned
FROM transfer h JOIN purse p ON p.account_id = h.debit_account_id JOIN fund f ON f.id = p.fund_id
LEFT JOIN transfer r ON r.hold_id = h.id
LEFT JOIN transfer c ON c.booking_id = h.booking_id AND c.corrects_id = r.id AND c.kind = 'refund'
LEFT JOIN transfer n ON n.booking_id = h.booking_id AND n.kind = 'hold'
  AND n.debit_account_id = h.debit_account_id AND n.id > h.id
  AND NOT EXISTS (SELECT 1 FROM transfer m WHERE m.booking_id = h.booking_id AND m.kind = 'hold'
    AND m.debit_account_id = h.debit_account_id AND m.id > h.id AND m.id < n.id)
WHERE h.booking_id = {} AND h.kind = 'hold'
GROUP BY f.public_name, p.expires_on, f.priority, p.id ORDER BY p.expires_on, f.priority, p.id
"""
