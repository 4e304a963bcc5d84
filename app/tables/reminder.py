"""What we have to tell people, and each try to do so."""

from piccolo.columns import BigInt, BigSerial, ForeignKey, Integer, Text, Timestamptz
from piccolo.columns.base import OnDelete
from piccolo.table import Table

from app.database import DB
from app.tables.booking import Booking
from app.tables.person import Person
from app.tables.staff import Staff


class Message(Table, tablename="message", db=DB):
    id = BigSerial(primary_key=True)
    person_id = ForeignKey(Person, null=False, on_delete=OnDelete.restrict)
    booking_id = ForeignKey(Booking, null=True, on_delete=OnDelete.restrict)
    kind = Text()
    lead_hours = Integer(default=0)
    due_at = Timestamptz(default=None)
    useless_after = Timestamptz(default=None)
    state = Text()
    lease_until = Timestamptz(null=True, default=None)
    lease_holder = Text()
    tries = Integer(default=0)
    created_at = Timestamptz(default=None)
    closed_at = Timestamptz(null=True, default=None)


class Delivery(Table, tablename="delivery", db=DB):
    id = BigSerial(primary_key=True)
    message_id = ForeignKey(Message, null=False, on_delete=OnDelete.restrict)
    channel = Text()
    state = Text()
    reference = Text()
    detail = Text()
    staff_id = ForeignKey(Staff, null=True, on_delete=OnDelete.restrict)
    tried_at = Timestamptz(default=None)
    received_at = Timestamptz(null=True, default=None)


class OutboxCopy(Table, tablename="outbox_copy", db=DB):
    id = BigSerial(primary_key=True)
    channel = Text()
    recipient = Text()
    subject = Text()
    body = Text()
    message_id = BigInt(null=True, default=None)
    sent_at = Timestamptz(default=None)
