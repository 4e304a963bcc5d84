"""Money with rules, an owner and a period, and the purses it fills."""

from piccolo.columns import BigInt, BigSerial, Boolean, Date, ForeignKey, Integer, Text
from piccolo.columns.base import OnDelete
from piccolo.table import Table

from app.database import DB
from app.tables.household import Household
from app.tables.ledger import Account
from app.tables.person import Person
from app.tables.provider import Provider


class Funder(Table, tablename="funder", db=DB):
    id = BigSerial(primary_key=True)
    slug = Text()
    name = Text()
    said = Text()
    kind = Text()


class Fund(Table, tablename="fund", db=DB):
    id = BigSerial(primary_key=True)
    funder_id = ForeignKey(Funder, null=False, on_delete=OnDelete.restrict)
    slug = Text()
    public_name = Text()
    administrative_name = Text()
    account_id = ForeignKey(Account, null=False, on_delete=OnDelete.restrict)
    commitment_account_id = ForeignKey(Account, null=False, on_delete=OnDelete.restrict)
    returned_account_id = ForeignKey(Account, null=False, on_delete=OnDelete.restrict)
    bank_account_id = ForeignKey(Account, null=False, on_delete=OnDelete.restrict)
    from_on = Date(default=None)
    until_on = Date(default=None)
    priority = Integer(default=100)
    validity_day = Text(default="service")
    grace_days = Integer(default=30)
    expired_goes_to = Text(default="fund")
    is_combinable = Boolean()
    allows_own_money = Boolean()
    for_household = Boolean()
    target = Text()


class FundRule(Table, tablename="fund_rule", db=DB):
    id = BigSerial(primary_key=True)
    fund_id = ForeignKey(Fund, null=False, on_delete=OnDelete.restrict)
    kind = Text()
    value = Text()
    share_percent = Integer(null=True, default=None)
    max_cents = BigInt(null=True, default=None)


class Purse(Table, tablename="purse", db=DB):
    id = BigSerial(primary_key=True)
    account_id = ForeignKey(Account, null=False, on_delete=OnDelete.restrict)
    fund_id = ForeignKey(Fund, null=False, on_delete=OnDelete.restrict)
    person_id = ForeignKey(Person, null=True, on_delete=OnDelete.restrict)
    household_id = ForeignKey(Household, null=True, on_delete=OnDelete.restrict)
    expires_on = Date(default=None)


class Payable(Table, tablename="payable", db=DB):
    id = BigSerial(primary_key=True)
    account_id = ForeignKey(Account, null=False, on_delete=OnDelete.restrict)
    provider_id = ForeignKey(Provider, null=False, on_delete=OnDelete.restrict)
    fund_id = ForeignKey(Fund, null=False, on_delete=OnDelete.restrict)
