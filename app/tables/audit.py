"""Who did or saw what, for whom, why: append-only."""

from piccolo.columns import BigInt, BigSerial, Text, Timestamptz
from piccolo.table import Table

from app.database import DB


class Audit(Table, tablename="audit", db=DB):
    id = BigSerial(primary_key=True)
    at = Timestamptz(default=None)
    actor_kind = Text()
    actor_id = BigInt()
    person_id = BigInt(null=True, default=None)
    territory_id = BigInt(null=True, default=None)
    what = Text()
    subject_kind = Text()
    subject_id = BigInt(default=0)
    purpose = Text()
    device = Text()
    digest = Text()
