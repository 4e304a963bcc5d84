"""Who called a booking off, and why."""

from piccolo.columns import BigInt, BigSerial, Boolean, ForeignKey, Text, Timestamptz
from piccolo.columns.base import OnDelete
from piccolo.table import Table

from app.database import DB
from app.tables.booking import Booking


class Cancellation(Table, tablename="cancellation", db=DB):
    id = BigSerial(primary_key=True)
    booking_id = ForeignKey(Booking, null=False, on_delete=OnDelete.restrict)
    by_kind = Text()
    by_id = BigInt()
    reason = Text()
    is_late = Boolean()
    at = Timestamptz(default=None)
