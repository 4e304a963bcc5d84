"""Where people live and who answers the telephone there."""

from piccolo.columns import BigSerial, Boolean, Date, ForeignKey, Integer, Text, Timestamptz
from piccolo.columns.base import OnDelete
from piccolo.table import Table

from app.database import DB


class Territory(Table, tablename="territory", db=DB):
    id = BigSerial(primary_key=True)
    slug = Text()
    name = Text()
    district = Text()
    zone = Text(default="Europe/Rome")
    holiday_subdivision = Text()
    phone = Text()
    phone_cost = Text()
    colour = Text()
    is_demo = Boolean()
    opened_on = Date(default=None)


class Municipality(Table, tablename="municipality", db=DB):
    id = BigSerial(primary_key=True)
    territory_id = ForeignKey(Territory, null=False, on_delete=OnDelete.restrict)
    belfiore = Text()
    istat = Text()
    name = Text()
    province = Text()
    postcode = Text()


class SocialPoint(Table, tablename="social_point", db=DB):
    id = BigSerial(primary_key=True)
    territory_id = ForeignKey(Territory, null=False, on_delete=OnDelete.restrict)
    municipality_id = ForeignKey(Municipality, null=False, on_delete=OnDelete.restrict)
    name = Text()
    address = Text()
    directions = Text()
    phone = Text()


class Opening(Table, tablename="opening", db=DB):
    id = BigSerial(primary_key=True)
    territory_id = ForeignKey(Territory, null=False, on_delete=OnDelete.restrict)
    social_point_id = ForeignKey(SocialPoint, null=True, on_delete=OnDelete.restrict)
    weekday = Integer()
    opens = Text()
    closes = Text()


class MissingMunicipality(Table, tablename="missing_municipality", db=DB):
    id = BigSerial(primary_key=True)
    name = Text()
    phone_encrypted = Text()
    asked_at = Timestamptz(default=None)
