"""What happened at the door, and what was collected there."""

from piccolo.columns import BigInt, BigSerial, ForeignKey, Integer, Text, Timestamptz
from piccolo.columns.base import OnDelete
from piccolo.table import Table

from app.database import DB
from app.tables.booking import Booking
from app.tables.staff import Staff


class CheckIn(Table, tablename="check_in", db=DB):
    id = BigSerial(primary_key=True)
    booking_id = ForeignKey(Booking, null=False, on_delete=OnDelete.restrict)
    kind = Text()
    delivered = Integer(null=True, default=None)
    reason = Text()
    staff_id = ForeignKey(Staff, null=False, on_delete=OnDelete.restrict)
    at = Timestamptz(default=None)
    device_at = Timestamptz(default=None)
    nonce = Text()


class Collection(Table, tablename="collection", db=DB):
    id = BigSerial(primary_key=True)
    booking_id = ForeignKey(Booking, null=False, on_delete=OnDelete.restrict)
    amount = BigInt(default=None)
    method = Text()
    staff_id = ForeignKey(Staff, null=False, on_delete=OnDelete.restrict)
    at = Timestamptz(default=None)
    undone_at = Timestamptz(null=True, default=None)
