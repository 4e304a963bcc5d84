"""Who is at the other end, and how often somebody tried."""

from piccolo.columns import BigSerial, Boolean, ForeignKey, Integer, Text, Timestamptz
from piccolo.columns.base import OnDelete
from piccolo.table import Table

from app.database import DB
from app.tables.device import Device
from app.tables.person import Person
from app.tables.staff import Staff


class Session(Table, tablename="session", db=DB):
    id = BigSerial(primary_key=True)
    token_hash = Text()
    csrf = Text()
    kind = Text()
    person_id = ForeignKey(Person, null=True, on_delete=OnDelete.restrict)
    staff_id = ForeignKey(Staff, null=True, on_delete=OnDelete.restrict)
    device_id = ForeignKey(Device, null=True, on_delete=OnDelete.restrict)
    is_shared = Boolean()
    browser = Text()
    pin_at = Timestamptz(null=True, default=None)
    started_at = Timestamptz(default=None)
    last_seen_at = Timestamptz(default=None)
    ended_at = Timestamptz(null=True, default=None)


class Attempt(Table, tablename="attempt", db=DB):
    """How many failed tries of a scope count in the window of so many minutes that began at `since`."""

    scope = Text(primary_key=True)
    minutes = Integer()
    since = Timestamptz(default=None)
    failed = Integer()
