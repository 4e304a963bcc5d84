"""Who offers services, where, with whom, and where they are accredited."""

from piccolo.columns import BigInt, BigSerial, Date, ForeignKey, Text
from piccolo.columns.base import OnDelete
from piccolo.table import Table

from app.database import DB
from app.tables.territory import Municipality, Territory


class Provider(Table, tablename="provider", db=DB):
    id = BigSerial(primary_key=True)
    slug = Text()
    name = Text()
    kind = Text()
    vat_number = Text()
    phone = Text()
    email = Text()
    about = Text()


class Accreditation(Table, tablename="accreditation", db=DB):
    id = BigSerial(primary_key=True)
    provider_id = ForeignKey(Provider, null=False, on_delete=OnDelete.restrict)
    territory_id = ForeignKey(Territory, null=False, on_delete=OnDelete.restrict)
    from_on = Date(default=None)
    until_on = Date(null=True, default=None)


class Place(Table, tablename="place", db=DB):
    id = BigSerial(primary_key=True)
    provider_id = ForeignKey(Provider, null=False, on_delete=OnDelete.restrict)
    municipality_id = ForeignKey(Municipality, null=False, on_delete=OnDelete.restrict)
    name = Text()
    address = Text()
    directions = Text()
    accessibility = Text()


class Resource(Table, tablename="resource", db=DB):
    id = BigSerial(primary_key=True)
    provider_id = ForeignKey(Provider, null=False, on_delete=OnDelete.restrict)
    kind = Text()
    name = Text()
    version = BigInt(default=0)
