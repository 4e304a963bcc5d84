"""The controlled categories and the words people really use."""

from piccolo.columns import BigSerial, ForeignKey, Integer, Text
from piccolo.columns.base import OnDelete
from piccolo.table import Table

from app.database import DB
from app.tables.territory import Territory


class Category(Table, tablename="category", db=DB):
    id = BigSerial(primary_key=True)
    code = Text()
    name_it = Text()
    name_en = Text()
    matter = Text()
    position = Integer()


class Synonym(Table, tablename="synonym", db=DB):
    id = BigSerial(primary_key=True)
    territory_id = ForeignKey(Territory, null=True, on_delete=OnDelete.restrict)
    said = Text()
    meant = Text()


class NotOffered(Table, tablename="not_offered", db=DB):
    id = BigSerial(primary_key=True)
    territory_id = ForeignKey(Territory, null=True, on_delete=OnDelete.restrict)
    said = Text()
    answer = Text()
    phone = Text()
