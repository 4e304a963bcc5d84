"""What a person can book, ask for or call."""

from piccolo.columns import BigInt, BigSerial, Boolean, ForeignKey, Integer, Text, Timestamptz
from piccolo.columns.base import OnDelete
from piccolo.table import Table

from app.database import DB
from app.tables.catalogue import Category
from app.tables.provider import Provider
from app.tables.territory import Territory


class ServiceTemplate(Table, tablename="service_template", db=DB):
    id = BigSerial(primary_key=True)
    code = Text()
    category_id = ForeignKey(Category, null=False, on_delete=OnDelete.restrict)
    name = Text()


class Service(Table, tablename="service", db=DB):
    id = BigSerial(primary_key=True)
    territory_id = ForeignKey(Territory, null=False, on_delete=OnDelete.restrict)
    provider_id = ForeignKey(Provider, null=False, on_delete=OnDelete.restrict)
    category_id = ForeignKey(Category, null=True, on_delete=OnDelete.restrict)
    template_id = ForeignKey(ServiceTemplate, null=True, on_delete=OnDelete.restrict)
    slug = Text()
    status = Text()
    status_reason = Text()
    action = Text()
    mode = Text(null=True, default=None)
    price = BigInt(null=True, default=None)
    unit = Text()
    min_quantity = Integer(default=1)
    max_quantity = Integer(default=1)
    minutes = Integer()
    step_minutes = Integer()
    buffer_minutes = Integer(default=0)
    capacity = Integer(default=1)
    notice_hours = Integer(default=24)
    horizon_days = Integer(default=60)
    cancel_hours = Integer(default=24)
    answer_days = Integer(default=3)
    min_age = Integer(null=True, default=None)
    max_age = Integer(null=True, default=None)
    free_from_age = Integer(null=True, default=None)
    free_from_basis = Text()
    is_confidential = Boolean()
    needs_approval = Boolean()
    allows_guest = Boolean()
    call_phone = Text()
    owner = Text()
    published_at = Timestamptz(null=True, default=None)


# What many do together at a centre, at fixed times: it stands in the centre's week. Of a service `s`.
IS_ACTIVITY = "(s.action = 'book' AND s.mode = 'centre' AND s.capacity > 1 AND NOT s.is_confidential)"


class PriceClass(Table, tablename="price_class", db=DB):
    id = BigSerial(primary_key=True)
    service_id = ForeignKey(Service, null=False, on_delete=OnDelete.restrict)
    name = Text()
    price = BigInt(default=None)
    max_age = Integer(null=True, default=None)


class Question(Table, tablename="question", db=DB):
    id = BigSerial(primary_key=True)
    service_id = ForeignKey(Service, null=False, on_delete=OnDelete.restrict)
    position = Integer()
    wording = Text()
    why = Text()
    seen_by = Text()
    choices = Text()
    is_required = Boolean()
