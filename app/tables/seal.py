"""The chain over committed rows, and the lease of its one writer."""

from piccolo.columns import BigSerial, Integer, Text, Timestamptz
from piccolo.table import Table

from app.database import DB


class Seal(Table, tablename="seal", db=DB):
    id = BigSerial(primary_key=True)
    chain = Text()
    previous = Text()
    head = Text()
    items = Integer()
    sealed_at = Timestamptz(default=None)


class Lease(Table, tablename="lease", db=DB):
    name = Text(primary_key=True)
    holder = Text()
    until_at = Timestamptz(default=None)
