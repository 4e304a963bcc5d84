"""What devices at the door wrote down without a line."""

from piccolo.columns import BigInt, BigSerial, ForeignKey, Integer, Text, Timestamptz
from piccolo.columns.base import OnDelete
from piccolo.table import Table

from app.database import DB
from app.tables.booking import Booking
from app.tables.staff import Staff
from app.tables.territory import Territory


class DoorNote(Table, tablename="door_note", db=DB):
    id = BigSerial(primary_key=True)
    nonce = Text()
    territory_id = ForeignKey(Territory, null=False, on_delete=OnDelete.restrict)
    booking_id = ForeignKey(Booking, null=True, default=None, on_delete=OnDelete.restrict)
    code = Text()
    kind = Text()
    delivered = Integer(null=True, default=None)
    written_by = ForeignKey(Staff, null=True, default=None, on_delete=OnDelete.restrict)
    sent_by = ForeignKey(Staff, null=False, on_delete=OnDelete.restrict)
    device_ms = BigInt(default=None)
    happened_at = Timestamptz(default=None)
    received_at = Timestamptz(default=None)
    outcome = Text()
    decision = Text()
    reason = Text()
    decided_by = ForeignKey(Staff, null=True, default=None, on_delete=OnDelete.restrict)
    decided_at = Timestamptz(null=True, default=None)
