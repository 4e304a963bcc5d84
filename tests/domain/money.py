"""A small town for the tests of the ledger: named people, amounts as they are said ('36,00')."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from functools import partial

from app import database
from app.domain import fund, purse, split
from app.domain.actor import SYSTEM
from app.domain.fund_rule import Rule
from app.domain.split import Split
from app.domain.verb import verb

NOW = datetime(2026, 5, 4, 8, 0, tzinfo=UTC)
TODAY = date(2026, 5, 4)
NEW_YEAR_EVE = date(2026, 12, 31)
AFTER = datetime(2027, 1, 4, 8, 0, tzinfo=UTC)
TERMS = fund.Terms("fondo", "Comune di Tradate", "Capitolo 1104", date(2026, 1, 1), NEW_YEAR_EVE)
PEOPLE = ("rosa", "elena", "amina", "yusuf", "tomas", "giada")


def cents(said: str) -> int:
    """'1.234,50' is 123450."""
    euros, _, rest = said.replace(".", "").partition(",")
    return int(euros) * 100 + int(rest or 0)


def said(amount: int) -> str:
    return f"{amount // 100},{amount % 100:02}"


@dataclass
class Town:
    person: dict[str, int] = field(default_factory=dict)
    service: dict[str, int] = field(default_factory=dict)
    territory: int = 0
    provider: int = 0
    funder: int = 0
    bookings: int = 1000

    async def fund(self, slug: str, budget: str, *rules: Rule, **terms: object) -> int:
        chosen = replace(TERMS, slug=slug, public_name=slug, **terms)  # type: ignore[arg-type]
        fund_id = await fund.create_fund(self.funder, chosen, rules, actor=SYSTEM, now=NOW)
        await fund.pay_in(fund_id, cents(budget), reason="determina-214/2026", actor=SYSTEM, now=NOW)
        return fund_id

    async def give(self, fund_id: int, name: str, amount: str, until: date = NEW_YEAR_EVE, now: datetime = NOW) -> int:
        return await fund.issue(fund_id, cents(amount), until, person_id=self.person[name], actor=SYSTEM, now=now)

    async def split(
        self,
        name: str,
        what: str,
        quantity: int = 1,
        *,
        receiver: str = "",
        booker: str = "",
        chosen: set[int] | None = None,
        when: datetime = NOW,
        now: datetime = NOW,
    ) -> Split:
        payer, served = self.person[name], self.person[receiver or name]
        return await split.load(
            payer, served, self.service[what], quantity, when, now, chosen, booker=self.person[booker or name]
        )

    async def book(self, name: str, what: str, quantity: int = 1, *, booker: str = "", now: datetime = NOW) -> int:
        """A confirmed booking with its holds."""
        shown = await self.split(name, what, quantity, booker=booker, now=now)
        self.bookings += 1
        await _book(self, self.bookings, name, booker or name, self.service[what], quantity, shown, now=now)
        return self.bookings

    async def hold(self, shown: Split, booker: str = "") -> None:
        self.bookings += 1
        payer = next(iter(self.person))
        await _book(self, self.bookings, payer, booker or payer, self.service["home"], 1, shown, now=NOW)

    async def void(self, booking_id: int) -> None:
        await void_all(booking_id)

    async def household(self, *names: str) -> int:
        return await database.write(lambda: self._household(names))

    async def _household(self, names: Sequence[str]) -> int:
        household = await _insert("household", created_at=NOW)
        for name in names:
            await _insert(
                "household_member", household_id=household, person_id=self.person[name], part="adult", from_at=NOW
            )
        return household

    async def give_household(self, fund_id: int, household: int, amount: str) -> int:
        return await fund.issue(fund_id, cents(amount), NEW_YEAR_EVE, household_id=household, actor=SYSTEM, now=NOW)

    async def delegate(self, name: str, delegate: str, limit: str, since: date = TODAY) -> None:
        await database.execute(
            "INSERT INTO delegation (person_id, delegate_id, kind, may_see, may_book, may_spend, monthly_limit_cents, "
            "from_on) VALUES ({}, {}, 'delegate', {}, {}, {}, {}, {})",
            *(self.person[name], self.person[delegate], True, True, True, cents(limit), since),
        )

    async def wallet(self, name: str, now: datetime = NOW) -> str:
        """In all, engaged, usable."""
        found = await purse.wallet(self.person[name], now=now)
        return " ".join(said(amount) for amount in (found.total_cents, found.held_cents, found.usable_cents))


@verb
async def _book(
    town: Town, booking_id: int, name: str, booker: str, service: int, quantity: int, shown: Split, *, now: datetime
) -> None:
    payer = town.person[name]
    parties = (town.person[booker], payer, payer)
    await database.execute(
        "INSERT INTO booking (id, code, territory_id, service_id, provider_id, booked_by, receiver_id, payer_id, "
        "state, quantity, unit_price, price, own, booked_at) "
        "VALUES ({}, {}, {}, {}, {}, {}, {}, {}, 'confirmed', {}, {}, {}, {}, {})",
        *(booking_id, f"B{booking_id}", town.territory, service, town.provider, *parties, quantity),
        *(shown.price_cents // quantity, shown.price_cents, shown.own_cents, now),
    )
    await split.hold(shown, booking_id, actor=SYSTEM, now=now)


@verb
async def post_all(booking_id: int, delivered: str | None = None, *, now: datetime = NOW) -> int:
    return await purse.post_all(booking_id, None if delivered is None else cents(delivered), actor=SYSTEM, now=now)


@verb
async def void_all(booking_id: int, by: purse.By = "person", *, now: datetime = NOW) -> int:
    return await purse.void_all(booking_id, by=by, actor=SYSTEM, now=now)


@verb
async def refund_all(booking_id: int, by: purse.By = "staff", *, now: datetime = NOW) -> int:
    return await purse.refund_all(booking_id, by=by, actor=SYSTEM, now=now)


@verb
async def reopen_all(booking_id: int, *, now: datetime = NOW) -> int:
    return await purse.reopen_all(booking_id, actor=SYSTEM, now=now)


async def open_town() -> Town:
    return await database.write(_open_town)


async def _open_town() -> Town:
    town = Town()
    town.territory = await _insert(
        "territory",
        slug="tradate",
        name="Tradate",
        district="Tradate",
        phone="0331",
        phone_cost="",
        colour="blu",
        is_demo=True,
        opened_on=TODAY,
    )
    town.funder = await _insert("funder", slug="tradate", name="Comune di Tradate", kind="municipality")
    town.provider = await _insert("provider", slug="aurora", name="Aurora", kind="cooperative", phone="0331")
    await _insert("provider", slug="ginnika", name="Ginnika", kind="association", phone="0331")
    for number, name in enumerate(PEOPLE, 1):
        town.person[name] = await _insert("person", id=number, kind="enrolled", created_at=NOW)
        await _insert(
            "identity",
            "person_id",
            person_id=number,
            given_name=name,
            family_name="",
            folded_name=name,
            born_on=date(1948 if name == "rosa" else 2019 if name in ("yusuf", "giada") else 1990, 3, 1),
        )
    for position, (code, name, price) in enumerate(_OFFER):
        category = await _insert("category", code=code, name_it=name, name_en=name, matter="1", position=position)
        town.service[code] = await _insert(
            "service",
            territory_id=town.territory,
            provider_id=town.provider,
            category_id=category,
            slug=code,
            status="published",
            action="book",
            mode="centre",
            price=price,
            unit="visit",
            max_quantity=20,
            minutes=60,
            step_minutes=60,
            is_confidential=False,
            needs_approval=False,
            allows_guest=True,
            owner="Comune",
        )
    return town


_OFFER = (
    ("home", "Aiuto in casa", 1800),
    ("homework", "Aiuto compiti", 1200),
    ("swimming", "Corso di nuoto", 8000),
    ("psychology", "Psicologo online", 6000),
)


async def _insert(table: str, returning: str = "id", /, **values: object) -> int:
    names, places = ", ".join(values), ", ".join(["{}"] * len(values))
    return int(
        await database.scalar(
            f"INSERT INTO {table} ({names}) VALUES ({places}) RETURNING {returning}", *values.values()
        )
    )


@asynccontextmanager
async def writable(table: str) -> AsyncIterator[None]:
    """What only somebody with the keys of the database could do: change rows that are append-only."""
    triggers = await database.write(lambda: _drop_triggers(table))
    yield
    for statement in triggers:
        await database.write(partial(database.execute, statement))


async def _drop_triggers(table: str) -> Sequence[str]:
    if database.DB.engine_type == "postgres":
        await database.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        return [f"ALTER TABLE {table} ENABLE TRIGGER USER"]
    found = await database.rows("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = {}", table)
    for row in found:
        await database.execute(f"DROP TRIGGER {row['name']}")
    return [row["sql"] for row in found]
