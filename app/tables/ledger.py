"""Accounts and the append-only transfers between them."""

from typing import Any

from piccolo.columns import BigInt, BigSerial, Boolean, ForeignKey, Text, Timestamptz
from piccolo.columns.base import OnDelete
from piccolo.table import Table

from app.database import DB


class Account(Table, tablename="account", db=DB):
    id = BigSerial(primary_key=True)
    kind = Text()
    is_bounded = Boolean()
    credits_posted = BigInt(default=0)
    credits_pending = BigInt(default=0)
    debits_posted = BigInt(default=0)
    debits_pending = BigInt(default=0)
    opened_at = Timestamptz(default=None)


class Transfer(Table, tablename="transfer", db=DB):
    id = BigSerial(primary_key=True)
    kind = Text()
    debit_account_id = ForeignKey(Account, null=False, on_delete=OnDelete.restrict)
    credit_account_id = ForeignKey(Account, null=False, on_delete=OnDelete.restrict)
    amount = BigInt(default=None)
    hold_id: ForeignKey[Any] = ForeignKey("self", null=True, on_delete=OnDelete.restrict)
    corrects_id: ForeignKey[Any] = ForeignKey("self", null=True, on_delete=OnDelete.restrict)
    booking_id = BigInt(null=True, default=None)
    reason = Text()
    actor_kind = Text()
    actor_id = BigInt()
    made_at = Timestamptz(default=None)
    digest = Text()
