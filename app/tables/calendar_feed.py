"""A person's appointments for a calendar outside: a secret address, of which only the hash is kept."""

from piccolo.columns import BigSerial, ForeignKey, Text, Timestamptz
from piccolo.columns.base import OnDelete
from piccolo.table import Table

from app.database import DB
from app.tables.person import Person
from app.tables.territory import Territory


class CalendarFeed(Table, tablename="calendar_feed", db=DB):
    id = BigSerial(primary_key=True)
    person_id = ForeignKey(Person, null=False, on_delete=OnDelete.restrict)
    territory_id = ForeignKey(Territory, null=False, on_delete=OnDelete.restrict)
    secret_hash = Text()
    made_at = Timestamptz(default=None)
    ended_at = Timestamptz(null=True, default=None)
