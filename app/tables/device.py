"""Phones that stay signed in, and where they can be pushed."""

from piccolo.columns import BigSerial, ForeignKey, Text, Timestamptz
from piccolo.columns.base import OnDelete
from piccolo.table import Table

from app.database import DB
from app.tables.person import Person


class Device(Table, tablename="device", db=DB):
    id = BigSerial(primary_key=True)
    person_id = ForeignKey(Person, null=False, on_delete=OnDelete.restrict)
    key_hash = Text()
    name = Text()
    added_at = Timestamptz(default=None)
    last_seen_at = Timestamptz(default=None)
    ended_at = Timestamptz(null=True, default=None)


class PushSubscription(Table, tablename="push_subscription", db=DB):
    id = BigSerial(primary_key=True)
    person_id = ForeignKey(Person, null=False, on_delete=OnDelete.restrict)
    device_id = ForeignKey(Device, null=True, on_delete=OnDelete.restrict)
    endpoint = Text()
    p256dh = Text()
    auth = Text()
    added_at = Timestamptz(default=None)
    ended_at = Timestamptz(null=True, default=None)
