"""Who gets the week of a centre by e-mail."""

from piccolo.columns import BigSerial, ForeignKey, Text, Timestamptz
from piccolo.columns.base import OnDelete
from piccolo.table import Table

from app.database import DB
from app.tables.person import Person
from app.tables.provider import Place
from app.tables.territory import Territory


class WeekReader(Table, tablename="week_reader", db=DB):
    id = BigSerial(primary_key=True)
    territory_id = ForeignKey(Territory, null=False, on_delete=OnDelete.restrict)
    place_id = ForeignKey(Place, null=False, on_delete=OnDelete.restrict)
    person_id = ForeignKey(Person, null=False, on_delete=OnDelete.restrict)
    email_index = Text()
    asked_at = Timestamptz(default=None)
    confirmed_at = Timestamptz(null=True, default=None)
    ended_at = Timestamptz(null=True, default=None)
