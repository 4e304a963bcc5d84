"""Bookings opened by their code, each for one session."""

from piccolo.columns import BigSerial, ForeignKey, Timestamptz
from piccolo.columns.base import OnDelete
from piccolo.table import Table

from app.database import DB
from app.tables.booking import Booking
from app.tables.session import Session


class BookingGrant(Table, tablename="booking_grant", db=DB):
    id = BigSerial(primary_key=True)
    session_id = ForeignKey(Session, null=False, on_delete=OnDelete.restrict)
    booking_id = ForeignKey(Booking, null=False, on_delete=OnDelete.restrict)
    granted_at = Timestamptz(default=None)
