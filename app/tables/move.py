"""A booking that changed its time."""

from piccolo.columns import BigInt, BigSerial, ForeignKey, Text, Timestamptz
from piccolo.columns.base import OnDelete
from piccolo.table import Table

from app.database import DB
from app.tables.booking import Booking
from app.tables.slot import Slot


class Move(Table, tablename="move", db=DB):
    id = BigSerial(primary_key=True)
    booking_id = ForeignKey(Booking, null=False, on_delete=OnDelete.restrict)
    from_slot_id = ForeignKey(Slot, null=False, on_delete=OnDelete.restrict)
    to_slot_id = ForeignKey(Slot, null=False, on_delete=OnDelete.restrict)
    by_kind = Text()
    by_id = BigInt()
    at = Timestamptz(default=None)
