"""Named accounts of people who work, their printed codes and their roles."""

from piccolo.columns import BigInt, BigSerial, ForeignKey, Integer, Text, Timestamptz
from piccolo.columns.base import OnDelete
from piccolo.table import Table

from app.database import DB


class Staff(Table, tablename="staff", db=DB):
    id = BigSerial(primary_key=True)
    login = Text()
    name = Text()
    password_hash = Text()
    created_at = Timestamptz(default=None)
    suspended_at = Timestamptz(null=True, default=None)


class StaffCode(Table, tablename="staff_code", db=DB):
    id = BigSerial(primary_key=True)
    staff_id = ForeignKey(Staff, null=False, on_delete=OnDelete.restrict)
    number = Integer()
    code_hash = Text()
    used_at = Timestamptz(null=True, default=None)


class Role(Table, tablename="role", db=DB):
    id = BigSerial(primary_key=True)
    staff_id = ForeignKey(Staff, null=False, on_delete=OnDelete.restrict)
    name = Text()
    scope_kind = Text()
    scope_id = BigInt()
    from_at = Timestamptz(default=None)
    until_at = Timestamptz(null=True, default=None)
