"""People who asked to be called."""

from piccolo.columns import BigSerial, Date, ForeignKey, Text, Timestamptz
from piccolo.columns.base import OnDelete
from piccolo.table import Table

from app.database import DB
from app.tables.person import Person
from app.tables.service import Service
from app.tables.staff import Staff
from app.tables.territory import Territory


class Callback(Table, tablename="callback", db=DB):
    id = BigSerial(primary_key=True)
    territory_id = ForeignKey(Territory, null=False, on_delete=OnDelete.restrict)
    service_id = ForeignKey(Service, null=True, on_delete=OnDelete.restrict)
    person_id = ForeignKey(Person, null=False, on_delete=OnDelete.restrict)
    wished = Text()
    asked_at = Timestamptz(default=None)
    call_by = Date(default=None)
    staff_id = ForeignKey(Staff, null=True, on_delete=OnDelete.restrict)
    outcome = Text()
    done_at = Timestamptz(null=True, default=None)
