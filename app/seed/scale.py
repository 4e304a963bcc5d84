"""Realistic volume, fast: the one file that writes in bulk. What it writes passes `vicino ledger verify`.

For each unit of scale 1,000 services (copies of Tradate's), 10,000 people, and 10,000 bookings of 10,00 paid by credit.
"""

import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from app import database
from app.domain import code, fund, identity, ledger, vault
from app.domain.actor import SYSTEM
from app.domain.booking import CODE_LENGTH
from app.domain.digest import digest
from app.seed import funds
from app.seed.stage import at

SERVICES, PEOPLE, BOOKINGS = 1_000, 10_000, 10_000
PRICE_CENTS, EACH = 1_000, 5  # every purse pays five bookings
MOST_VALUES = 30_000  # of one statement
BOOKING_COLUMNS = (
    *("id", "code", "territory_id", "service_id", "service_place_id", "provider_id", "slot_id"),
    *("booked_by", "receiver_id", "payer_id"),
    *("state", "quantity", "unit_price", "price", "own", "booked_at", "closed_at"),
)
NAMES = ("Adele", "Bruno", "Carla", "Dario", "Elsa", "Fulvio", "Gemma", "Igor", "Lidia", "Mauro")
FAMILIES = ("Provaverdi", "Provarossi", "Provabianchi", "Provaneri", "Provagialli", "Provablu", "Provagrigi")


@dataclass(frozen=True, slots=True)
class Visit:
    booking_id: int
    person_id: int
    place: database.Row
    starts_at: datetime
    is_past: bool


async def add(
    number: int, *, now: datetime, services: int = SERVICES, people: int = PEOPLE, bookings: int = BOOKINGS
) -> str:
    """All of it in one transaction; what was added, in words."""
    async with database.whole():
        tradate = await database.scalar("SELECT id FROM territory WHERE slug = 'tradate'")
        town = await database.scalar("SELECT min(id) FROM municipality WHERE territory_id = {}", tradate)
        places = await _services(tradate, services * number)
        persons = await _people(tradate, town, people * number, now)
        visits = list(_visits(places, persons, bookings * number, now))
        await _bookings(tradate, visits)
        await _money(visits, now)
        await _reminders(visits, now)
    return f"{len(places)} services, {len(persons)} people, {len(visits)} bookings more."


async def _services(territory_id: int, number: int) -> list[database.Row]:
    """Copies with a number in their name, each at one place with its plan, found by their originals' words."""
    originals = await database.rows(
        "SELECT s.id, min(sp.id) AS sp FROM service s JOIN service_place sp ON sp.service_id = s.id "
        "WHERE s.territory_id = {} AND s.status = 'published' AND s.action = 'book' AND NOT s.is_confidential "
        "GROUP BY s.id ORDER BY s.id",
        territory_id,
    )
    first, first_place = await _next("service"), await _next("service_place")
    made = Copies(number, [(row["id"], row["sp"]) for row in originals])
    service, place = f"{first} + {COUNT}", f"{first_place} + {COUNT}"
    await made.copy("service", "id = source", {"id": service, "slug": f"slug || '-' || ({service})"})
    name = f"name || ' ' || ({COUNT} + 1)"
    await made.copy("service_text", "service_id = source", {"service_id": service, "name": name})
    await made.copy("service_family", "service_id = source", {"service_id": service})
    await made.copy("search_word", "service_id = source", {"service_id": service})
    kept = {"id": place, "service_id": service, "first_free_at": "NULL"}
    await made.copy("service_place", "id = source_place", kept)
    await made.copy("working_plan", "service_place_id = source_place", {"service_place_id": place})
    return await database.rows(
        "SELECT sp.id, s.id AS service_id, s.provider_id, s.minutes, s.capacity FROM service s "
        "JOIN service_place sp ON sp.service_id = s.id WHERE s.id >= {} AND s.territory_id = {} ORDER BY s.id",
        *(first, territory_id),
    )


COUNT = "(turn * originals + rank)"  # of a copy, from 0 on


@dataclass(frozen=True, slots=True)
class Copies:
    """`number` copies of some services, in turns; `originals` are (service, one of its places)."""

    number: int
    originals: list[tuple[int, int]]

    async def copy(self, table: str, where: str, changed: dict[str, str]) -> None:
        """The rows of the originals again, a statement a table, with other values in some columns."""
        names = [name for name in await self._names(table) if name != "id" or "id" in changed]
        values = ", ".join(changed.get(name, f"{table}.{name}") for name in names)
        each = ", ".join(f"({rank}, {one}, {place})" for rank, (one, place) in enumerate(self.originals))
        turns = max(0, -(-self.number // len(self.originals)) - 1)
        await database.execute(
            f"INSERT INTO {table} ({', '.join(names)}) WITH RECURSIVE turns(turn) AS (SELECT 0 UNION ALL "
            f"SELECT turn + 1 FROM turns WHERE turn < {turns}), origin(rank, source, source_place) AS (VALUES {each}), "
            f"copy AS (SELECT turn, rank, source, source_place, {len(self.originals)} AS originals FROM turns, origin) "
            f"SELECT {values} FROM copy JOIN {table} ON {table}.{where} WHERE {COUNT} < {self.number}"
        )
        if database.DB.engine_type == "postgres" and "id" in changed:
            await database.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) FROM {table}")

    async def _names(self, table: str) -> list[str]:
        return list(await database.row(f"SELECT * FROM {table} LIMIT 1") or ())


async def _next(table: str) -> int:
    return int(await database.scalar(f"SELECT max(id) FROM {table}")) + 1


async def _people(territory_id: int, town: int, number: int, now: datetime) -> list[int]:
    ids = [code.random_id() for _ in range(number)]
    keys = {person_id: vault.new_key(person_id) for person_id in ids}
    await _insert("person", ("id", "kind", "language", "created_at"), ((i, "enrolled", "it", now) for i in ids))
    await _insert("person_key", ("person_id", "wrapped"), ((i, stored) for i, (_, stored) in keys.items()))
    columns = (
        "person_id",
        "given_name",
        "family_name",
        "folded_name",
        "born_on",
        "municipality_id",
        "address_encrypted",
    )
    await _insert("identity", columns, (_identity(n, i, keys[i][0], town) for n, i in enumerate(ids)))
    await _insert("enrolment", ("person_id", "territory_id", "enrolled_at"), ((i, territory_id, now) for i in ids))
    return ids


def _identity(number: int, person_id: int, key: bytes, town: int) -> tuple[Any, ...]:
    given, family = NAMES[number % len(NAMES)], f"{FAMILIES[number % len(FAMILIES)]} {number}"
    born_on = date(1930 + number % 75, 1 + number % 12, 1 + number % 28)
    address = vault.encrypt_with(key, person_id, "address", f"Via delle Prove {number}")
    return person_id, given, family, identity.fold(f"{family} {given}"), born_on, town, address


def _visits(places: list[database.Row], people: list[int], number: int, now: datetime) -> Iterator[Visit]:
    """Six in ten are past; a place has one visit a day."""
    for count in range(number):
        turn = count // len(places)
        days = (-turn - 2, turn + 2)[count % 10 >= 6]
        starts_at = at(now.date() + timedelta(days=days), "10:00")
        person_id = people[count // EACH % len(people)]
        yield Visit(code.random_id(), person_id, places[count % len(places)], starts_at, days < 0)


async def _bookings(territory_id: int, visits: list[Visit]) -> None:
    columns = ("service_place_id", "starts_at", "ends_at", "capacity", "taken")
    slots = await _insert("slot", columns, map(_slot, visits), returning="id, service_place_id, starts_at")
    ids = {(slot["service_place_id"], slot["starts_at"]): slot["id"] for slot in slots}
    codes = await _codes(len(visits))
    rows = (_booking(territory_id, v, ids[v.place["id"], v.starts_at], codes.pop()) for v in visits)
    await _insert("booking", BOOKING_COLUMNS, rows)


async def _codes(number: int) -> set[str]:
    """Of a million random ones some are twins."""
    taken = {str(row["code"]) for row in await database.rows("SELECT code FROM booking")}
    found: set[str] = set()
    while len(found) < number:
        found |= {code.mint(CODE_LENGTH) for _ in range(number - len(found))} - taken
    return found


def _slot(visit: Visit) -> tuple[Any, ...]:
    ends_at = visit.starts_at + timedelta(minutes=visit.place["minutes"])
    return visit.place["id"], visit.starts_at, ends_at, visit.place["capacity"], 1


def _booking(territory_id: int, visit: Visit, slot_id: int, booking_code: str) -> tuple[Any, ...]:
    place, person = visit.place, visit.person_id
    where = (territory_id, place["service_id"], place["id"], place["provider_id"], slot_id)
    state, closed_at = ("arrived", visit.starts_at) if visit.is_past else ("confirmed", None)
    booked_at = visit.starts_at - timedelta(days=40)
    facts = (state, 1, PRICE_CENTS, PRICE_CENTS, 0, booked_at, closed_at)
    return visit.booking_id, booking_code, *where, person, person, person, *facts


async def _money(visits: list[Visit], now: datetime) -> None:
    """One fund, one purse a person, one hold a booking; what is past was paid."""
    fund_id, row = await _fund(len(visits) * PRICE_CENTS, now)
    payers: dict[int, list[Visit]] = {}
    for visit in visits:
        payers.setdefault(visit.person_id, []).append(visit)
    accounts = await _purses(fund_id, row["until_on"], payers, now)
    issued = ((row["account_id"], accounts[p], len(v) * PRICE_CENTS, None, None) for p, v in payers.items())
    await _transfers("issue", issued, now)
    total = len(visits) * PRICE_CENTS
    await database.execute(
        "UPDATE account SET debits_posted = debits_posted + {} WHERE id = {}", total, row["account_id"]
    )
    payables = await _payables(fund_id, {visit.place["provider_id"] for visit in visits}, now)
    ends = {v.booking_id: (accounts[v.person_id], payables[v.place["provider_id"]], PRICE_CENTS) for v in visits}
    holds = await _transfers("hold", ((*end, None, booking) for booking, end in ends.items()), now)
    held = {hold["booking_id"]: hold["id"] for hold in holds}
    paid = [v.booking_id for v in visits if v.is_past]
    await _transfers("post", ((*ends[booking], held[booking], booking) for booking in paid), now)


async def _reminders(visits: list[Visit], now: datetime) -> None:
    """One a booking, two days before: received where it is past."""
    columns = ("person_id", "booking_id", "kind", "lead_hours", "due_at", "useless_after", "state", "created_at")
    await _insert("message", columns, (_reminder(visit, now) for visit in visits))


def _reminder(visit: Visit, now: datetime) -> tuple[Any, ...]:
    due_at = visit.starts_at - timedelta(hours=48)
    state = "received" if visit.is_past else "due"
    return visit.person_id, visit.booking_id, "reminder", 48, due_at, visit.starts_at, state, now


async def _fund(cents: int, now: datetime) -> tuple[int, database.Row]:
    funder = await database.scalar("SELECT id FROM funder WHERE slug = 'comune-di-tradate'")
    number = await database.scalar("SELECT count(*) FROM fund")
    terms = fund.Terms(f"volume-{number}", f"Volume {number}", "Volume", ledger.day(now), funds.year_end(now))
    fund_id = await fund.create_fund(funder, terms, actor=SYSTEM, now=now)
    await fund.pay_in(fund_id, cents, reason="volume", actor=SYSTEM, now=now)
    row = await database.row("SELECT account_id, until_on FROM fund WHERE id = {}", fund_id)
    assert row is not None
    return fund_id, row


async def _purses(fund_id: int, until: date, payers: dict[int, list[Visit]], now: datetime) -> dict[int, int]:
    """The account of each payer, with the counters that its transfers will add up to."""
    columns = ("kind", "is_bounded", "credits_posted", "debits_posted", "debits_pending", "opened_at")
    counters = ((len(v) * PRICE_CENTS, sum(one.is_past for one in v) * PRICE_CENTS) for v in payers.values())
    rows = (("purse", True, total, paid, total - paid, now) for total, paid in counters)
    made = await _insert("account", columns, rows, returning="id")
    accounts = dict(zip(payers, (row["id"] for row in made), strict=True))
    await _insert(
        "purse",
        ("account_id", "fund_id", "person_id", "expires_on"),
        ((a, fund_id, p, until) for p, a in accounts.items()),
    )
    return accounts


async def _payables(fund_id: int, providers: Iterable[int], now: datetime) -> dict[int, int]:
    found = {provider: await ledger.open_account("payable", is_bounded=False, now=now) for provider in providers}
    await _insert("payable", ("account_id", "provider_id", "fund_id"), ((a, p, fund_id) for p, a in found.items()))
    return found


async def _transfers(kind: str, lines: Iterable[tuple[Any, ...]], now: datetime) -> list[database.Row]:
    """Lines are debit, credit, cents, hold and booking."""
    facts = ((kind, *line[:4], None, line[4], "", SYSTEM.kind, SYSTEM.id, now) for line in lines)
    rows = ((*fact, digest(fact)) for fact in facts)
    return await _insert("transfer", (*ledger.FIELDS, "digest"), rows, returning="id, booking_id")


async def _insert(
    table: str, columns: Sequence[str], rows: Iterable[tuple[Any, ...]], *, returning: str = ""
) -> list[database.Row]:
    """Many rows a statement; the rows asked for, in the order given."""
    found, waiting = list[database.Row](), iter(rows)
    ending = f" RETURNING {returning}" if returning else ""
    while some := list(itertools.islice(waiting, MOST_VALUES // len(columns))):
        line = f"({', '.join(['{}'] * len(columns))})"
        statement = f"INSERT INTO {table} ({', '.join(columns)}) VALUES {', '.join([line] * len(some))}{ending}"
        found += await database.rows(statement, *(value for row in some for value in row))
    return found
