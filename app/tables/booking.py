"""An appointment and its four parties."""

from datetime import date

from piccolo.columns import BigInt, BigSerial, Date, ForeignKey, Integer, Text, Timestamptz
from piccolo.columns.base import OnDelete
from piccolo.table import Table

from app import database
from app.database import DB, Piece
from app.tables.person import Person
from app.tables.provider import Provider
from app.tables.service import Question, Service
from app.tables.slot import ServicePlace, Slot
from app.tables.staff import Staff
from app.tables.territory import Territory

ADULT = 18
# Of a booking that has its time, as in the index booking_once: absent, cancelled and refused ones gave it up.
HAS_ITS_TIME = "state IN ('requested', 'awaiting', 'confirmed', 'arrived')"


class Booking(Table, tablename="booking", db=DB):
    id = BigInt(primary_key=True)
    code = Text()
    territory_id = ForeignKey(Territory, null=False, on_delete=OnDelete.restrict)
    service_id = ForeignKey(Service, null=False, on_delete=OnDelete.restrict)
    service_place_id = ForeignKey(ServicePlace, null=True, on_delete=OnDelete.restrict)
    provider_id = ForeignKey(Provider, null=False, on_delete=OnDelete.restrict)
    slot_id = ForeignKey(Slot, null=True, on_delete=OnDelete.restrict)
    booked_by = ForeignKey(Person, null=False, on_delete=OnDelete.restrict)
    receiver_id = ForeignKey(Person, null=False, on_delete=OnDelete.restrict)
    payer_id = ForeignKey(Person, null=False, on_delete=OnDelete.restrict)
    staff_id = ForeignKey(Staff, null=True, on_delete=OnDelete.restrict)
    state = Text()
    quantity = Integer()
    delivered = Integer(null=True, default=None)
    seats = Integer(default=1)
    unit_price = BigInt(default=None)
    price = BigInt(default=None)
    own = BigInt(default=None)
    sequence = Integer(default=0)
    answer_by = Date(null=True, default=None)
    booked_at = Timestamptz(default=None)
    closed_at = Timestamptz(null=True, default=None)
    address_encrypted = Text()
    day_phone_encrypted = Text()
    note_encrypted = Text()


class Answer(Table, tablename="answer", db=DB):
    id = BigSerial(primary_key=True)
    booking_id = ForeignKey(Booking, null=False, on_delete=OnDelete.restrict)
    question_id = ForeignKey(Question, null=False, on_delete=OnDelete.restrict)
    text_encrypted = Text()
    delete_after = Timestamptz(default=None)


def for_own_child(parent_id: int, today: date) -> Piece:
    """True of a booking `b` of a service `v` that this parent made for a minor who may not come alone yet.

    What is confidential stays with who receives it; for such a child the parent answers, who declared and booked.
    """
    return Piece(
        "(b.booked_by = {} AND b.receiver_id IN (SELECT d.person_id FROM delegation d "
        "JOIN identity c ON c.person_id = d.person_id WHERE d.delegate_id = {} AND d.kind IN ('parent', 'guardian') "
        "AND d.may_see AND d.revoked_at IS NULL AND d.from_on <= {} AND (d.until_on IS NULL OR d.until_on >= {}) "
        "AND CAST(replace(CAST(c.born_on AS TEXT), '-', '') AS INTEGER) + 10000 * coalesce(v.free_from_age, {}) > {}))",
        *(parent_id, parent_id, today, today, ADULT, int(today.strftime("%Y%m%d"))),
    )


def of_who_trusted_once(person_id: int, today: date) -> Piece:
    """True of a booking `b` of somebody this person may not speak for any more."""
    return Piece(
        "(b.receiver_id <> {} AND b.receiver_id IN (SELECT person_id FROM delegation WHERE delegate_id = {}) "
        "AND b.receiver_id NOT IN (SELECT person_id FROM delegation WHERE delegate_id = {} AND revoked_at IS NULL "
        "AND (until_on IS NULL OR until_on >= {})))",
        *(person_id, person_id, person_id, today),
    )


async def trusted_once(booking_id: int, person_id: int, today: date) -> bool:
    """Whoever it is for took their trust back, or it ran out: what was booked then is not this person's any more."""
    ended = of_who_trusted_once(person_id, today)
    return bool(await database.scalar("SELECT 1 FROM booking b WHERE b.id = {} AND {}", booking_id, ended))


async def names_of(booking_ids: set[int], *, viewer: int, language: str, today: date) -> dict[int, str]:
    """The service of each booking; a confidential one is named to its receiver, and to a small child's parent."""
    if not booking_ids:
        return {}
    places = ", ".join(["{}"] * len(booking_ids))
    found = await database.rows(
        "SELECT b.id, coalesce(y.name, x.name) AS name FROM booking b JOIN service v ON v.id = b.service_id "
        "JOIN service_text x ON x.service_id = v.id AND x.language = 'it' "
        "LEFT JOIN service_text y ON y.service_id = v.id AND y.language = {} "
        f"WHERE (NOT v.is_confidential OR b.receiver_id = {{}} OR {{}}) AND b.id IN ({places})",
        language,
        viewer,
        for_own_child(viewer, today),
        *sorted(booking_ids),
    )
    return {row["id"]: row["name"] for row in found}
