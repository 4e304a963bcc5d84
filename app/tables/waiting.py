"""People who asked to be told when there is a place."""

from piccolo.columns import BigSerial, ForeignKey, Timestamptz
from piccolo.columns.base import OnDelete
from piccolo.table import Table

from app.database import DB
from app.tables.person import Person
from app.tables.service import Service
from app.tables.slot import Slot


class WaitingEntry(Table, tablename="waiting_entry", db=DB):
    id = BigSerial(primary_key=True)
    service_id = ForeignKey(Service, null=False, on_delete=OnDelete.restrict)
    slot_id = ForeignKey(Slot, null=True, on_delete=OnDelete.restrict)
    person_id = ForeignKey(Person, null=False, on_delete=OnDelete.restrict)
    asked_at = Timestamptz(default=None)
    ended_at = Timestamptz(null=True, default=None)
