"""A person is a random number; identity alone knows who that is."""

from piccolo.columns import BigInt, BigSerial, Date, ForeignKey, Integer, Text, Timestamptz
from piccolo.columns.base import OnDelete
from piccolo.table import Table

from app.database import DB
from app.tables.territory import Municipality, SocialPoint, Territory


class Person(Table, tablename="person", db=DB):
    id = BigInt(primary_key=True)
    kind = Text()
    language = Text(default="it")
    created_at = Timestamptz(default=None)


class PersonKey(Table, tablename="person_key", db=DB):
    person_id = BigInt(primary_key=True)
    wrapped = Text()


class Identity(Table, tablename="identity", db=DB):
    person_id = BigInt(primary_key=True)
    given_name = Text()
    family_name = Text()
    folded_name = Text()
    born_on = Date(null=True, default=None)
    municipality_id = ForeignKey(Municipality, null=True, on_delete=OnDelete.restrict)
    fiscal_code_encrypted = Text()
    fiscal_code_index = Text()
    address_encrypted = Text()


class Contact(Table, tablename="contact", db=DB):
    id = BigSerial(primary_key=True)
    person_id = ForeignKey(Person, null=False, on_delete=OnDelete.restrict)
    channel = Text()
    position = Integer()
    value_encrypted = Text()
    value_index = Text()
    added_at = Timestamptz(default=None)
    removed_at = Timestamptz(null=True, default=None)


class Enrolment(Table, tablename="enrolment", db=DB):
    id = BigSerial(primary_key=True)
    person_id = ForeignKey(Person, null=False, on_delete=OnDelete.restrict)
    territory_id = ForeignKey(Territory, null=False, on_delete=OnDelete.restrict)
    social_point_id = ForeignKey(SocialPoint, null=True, on_delete=OnDelete.restrict)
    staff_id = BigInt(null=True, default=None)
    enrolled_at = Timestamptz(default=None)
