"""Who lives together and who may act for whom."""

from piccolo.columns import BigInt, BigSerial, Boolean, Date, ForeignKey, Text, Timestamptz
from piccolo.columns.base import OnDelete
from piccolo.table import Table

from app.database import DB
from app.tables.person import Person


class Household(Table, tablename="household", db=DB):
    id = BigSerial(primary_key=True)
    name = Text()
    created_at = Timestamptz(default=None)


class HouseholdMember(Table, tablename="household_member", db=DB):
    id = BigSerial(primary_key=True)
    household_id = ForeignKey(Household, null=False, on_delete=OnDelete.restrict)
    person_id = ForeignKey(Person, null=False, on_delete=OnDelete.restrict)
    part = Text()
    from_at = Timestamptz(default=None)
    until_at = Timestamptz(null=True, default=None)


class Delegation(Table, tablename="delegation", db=DB):
    id = BigSerial(primary_key=True)
    person_id = ForeignKey(Person, null=False, on_delete=OnDelete.restrict)
    delegate_id = ForeignKey(Person, null=False, on_delete=OnDelete.restrict)
    kind = Text()
    may_see = Boolean()
    may_book = Boolean()
    may_spend = Boolean()
    monthly_limit_cents = BigInt(null=True, default=None)
    from_on = Date(default=None)
    until_on = Date(null=True, default=None)
    recorded_by = BigInt(null=True, default=None)
    revoked_at = Timestamptz(null=True, default=None)


class MinorDeclaration(Table, tablename="minor_declaration", db=DB):
    id = BigSerial(primary_key=True)
    minor_id = ForeignKey(Person, null=False, on_delete=OnDelete.restrict)
    declared_by = ForeignKey(Person, null=False, on_delete=OnDelete.restrict)
    kind = Text()
    text_version = Text()
    declared_at = Timestamptz(default=None)
