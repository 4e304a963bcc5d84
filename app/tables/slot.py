"""Working plans, exceptions, and the times somebody took."""

from piccolo.columns import BigSerial, Date, ForeignKey, Integer, Text, Timestamptz
from piccolo.columns.base import OnDelete
from piccolo.table import Table

from app.database import DB
from app.tables.person import Person
from app.tables.provider import Place
from app.tables.service import Service
from app.tables.session import Session


class ServicePlace(Table, tablename="service_place", db=DB):
    id = BigSerial(primary_key=True)
    service_id = ForeignKey(Service, null=False, on_delete=OnDelete.restrict)
    place_id = ForeignKey(Place, null=False, on_delete=OnDelete.restrict)
    first_free = Timestamptz(null=True, default=None)
    first_free_at = Timestamptz(null=True, default=None)


class WorkingPlan(Table, tablename="working_plan", db=DB):
    id = BigSerial(primary_key=True)
    service_place_id = ForeignKey(ServicePlace, null=False, on_delete=OnDelete.restrict)
    rule = Text()
    starts = Text()
    ends = Text()
    from_on = Date(default=None)
    until_on = Date(null=True, default=None)


class PlanException(Table, tablename="plan_exception", db=DB):
    id = BigSerial(primary_key=True)
    service_place_id = ForeignKey(ServicePlace, null=True, on_delete=OnDelete.restrict)
    place_id = ForeignKey(Place, null=True, on_delete=OnDelete.restrict)
    day = Date(default=None)
    kind = Text()
    starts = Text()
    ends = Text()
    reason = Text()


class Slot(Table, tablename="slot", db=DB):
    id = BigSerial(primary_key=True)
    service_place_id = ForeignKey(ServicePlace, null=False, on_delete=OnDelete.restrict)
    starts_at = Timestamptz(default=None)
    ends_at = Timestamptz(default=None)
    capacity = Integer()
    taken = Integer(default=0)


class SlotHold(Table, tablename="slot_hold", db=DB):
    id = BigSerial(primary_key=True)
    slot_id = ForeignKey(Slot, null=False, on_delete=OnDelete.restrict)
    session_id = ForeignKey(Session, null=False, on_delete=OnDelete.restrict)
    address_hash = Text()
    seats = Integer()
    quantity = Integer(default=1)
    held_at = Timestamptz(default=None)
    expires_at = Timestamptz(default=None)
    booked_by = ForeignKey(Person, null=True, on_delete=OnDelete.restrict)
    receiver_id = ForeignKey(Person, null=True, on_delete=OnDelete.restrict)
    payer_id = ForeignKey(Person, null=True, on_delete=OnDelete.restrict)
    chosen_purses = Text(default="all")
    ended_at = Timestamptz(null=True, default=None)
    ended_by = Text()
