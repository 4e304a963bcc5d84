"""What a service gives to read, also where there is no line."""

from piccolo.columns import BigSerial, ForeignKey, Integer, Text
from piccolo.columns.base import OnDelete
from piccolo.table import Table

from app.database import DB
from app.tables.service import Service


class Material(Table, tablename="material", db=DB):
    id = BigSerial(primary_key=True)
    service_id = ForeignKey(Service, null=False, on_delete=OnDelete.restrict)
    slug = Text()
    position = Integer()
    kind = Text()
    title = Text()
    text = Text()


class MaterialFile(Table, tablename="material_file", db=DB):
    id = BigSerial(primary_key=True)
    material_id = ForeignKey(Material, null=False, on_delete=OnDelete.restrict)
    name = Text()
    media_type = Text()
    size = Integer()
    content = Text()
