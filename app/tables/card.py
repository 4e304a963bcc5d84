"""The card says who; alone it opens nothing."""

from piccolo.columns import BigSerial, ForeignKey, Text, Timestamptz
from piccolo.columns.base import OnDelete
from piccolo.table import Table

from app.database import DB
from app.tables.person import Person


class Card(Table, tablename="card", db=DB):
    id = BigSerial(primary_key=True)
    code = Text()
    person_id = ForeignKey(Person, null=True, on_delete=OnDelete.restrict)
    pin_hash = Text()
    printed_at = Timestamptz(default=None)
    bound_at = Timestamptz(null=True, default=None)
    revoked_at = Timestamptz(null=True, default=None)
