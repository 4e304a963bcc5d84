"""Services with times, sessions and credit for the cast, made by the verbs of the house."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any, Literal

from app import database
from app.domain import booking, category, checkout, for_whom, fund, provider, service, session, slot_hold
from app.domain.actor import SYSTEM, Actor
from app.domain.fund_rule import Rule
from app.domain.service import Draft, DraftPlace, DraftPriceClass, DraftQuestion, Plan, Terms, Text
from tests.people import BEFORE, Cast, Who

NOW = datetime(2026, 11, 24, 11, tzinfo=UTC)  # a Tuesday, 12 o'clock in Italy
TEN = datetime(2026, 11, 26, 9, tzinfo=UTC)  # Thursday at 10
ELEVEN = TEN.replace(hour=10)
WHO: Who = {"actor": SYSTEM, "now": BEFORE}
SAID = "Si fa insieme, al centro."
TEXT = Text("Aiuto compiti", SAID, SAID, SAID, SAID, SAID, SAID, SAID, "Lo zaino con i libri.")
BASE: dict[str, Any] = {"mode": "centre", "price": 2500, "owner": "Segreteria", "notice_hours": 2}


@dataclass
class Timetable:
    """Places and services of Coop Lanterna in Tradate; what `service` returns is a service at the one place."""

    cast: Cast
    place: int = 0
    services: dict[str, int] = field(default_factory=dict)
    funds: dict[str, int] = field(default_factory=dict)

    async def open(self) -> "Timetable":
        await category.add("studio", "Studio", "Study", matter="education", position=1, **WHO)
        self.place = await self.another_place("Centro Lanterna")
        return self

    async def another_place(self, name: str) -> int:
        cast = self.cast
        return await provider.add_place(cast.provider, cast.town, name=name, address="Via dei Prati 3", **WHO)

    async def resource(self, name: str) -> int:
        return await provider.add_resource(self.cast.provider, "operator", name, **WHO)

    async def service(
        self,
        slug: str = "compiti",
        *,
        resources: tuple[int, ...] = (),
        hours: tuple[str, str] = ("09:00", "12:00"),
        rule: str = "FREQ=DAILY",
        questions: tuple[DraftQuestion, ...] = (),
        classes: tuple[DraftPriceClass, ...] = (),
        place: int = 0,
        **terms: Any,
    ) -> int:
        plans = (Plan(rule, *hours, BEFORE.date()),) if terms.get("action", "book") == "book" else ()
        where = DraftPlace(place or self.place, tuple(sorted(resources)), plans)
        draft = Draft(
            slug,
            self.cast.provider,
            "studio",
            Terms(**{**BASE, **terms}),
            {"it": TEXT},
            places=(where,),
            questions=questions,
            price_classes=classes,
        )
        self.services[slug] = await service.create_draft(self.cast.tradate, draft, **WHO)
        await service.publish(self.services[slug], actor=SYSTEM, now=NOW)
        found: int = await database.scalar("SELECT id FROM service_place WHERE service_id = {}", self.services[slug])
        return found

    async def credit(
        self,
        person_id: int,
        cents: int,
        until: date = date(2026, 12, 31),
        *,
        fund_name: str = "Comune di Tradate",
        rules: tuple[Rule, ...] = (),
        household: int | None = None,
        **terms: Any,
    ) -> int:
        if fund_name not in self.funds:
            slug = fund_name.lower().replace(" ", "-")
            told = fund.Terms(slug, fund_name, fund_name, date(2026, 1, 1), date(2027, 12, 31), **terms)
            self.funds[fund_name] = await fund.create_fund(self.cast.funder, told, rules, **WHO)
            await fund.pay_in(self.funds[fund_name], 1_000_000, reason="determina-1/2026", **WHO)
        holder = {"household_id": household} if household else {"person_id": person_id}
        return await fund.issue(self.funds[fund_name], cents, until, **holder, **WHO)  # type: ignore[arg-type]


async def person(person_id: int, now: datetime = NOW) -> Actor:
    return await _begin("person", now, person_id=person_id)


async def staff(staff_id: int, now: datetime = NOW) -> Actor:
    return await _begin("staff", now, staff_id=staff_id)


async def nobody(now: datetime = NOW) -> Actor:
    """A browser that holds something already, not signed in."""
    return await _begin("anonymous", now)


async def hold(
    place: int, starts_at: datetime, actor: Actor, quantity: int = 1, *, now: datetime = NOW, address: str = ""
) -> int:
    return await slot_hold.hold(place, starts_at, quantity, token="", address_hash=address, actor=actor, now=now)


async def book(
    place: int, starts_at: datetime, actor: Actor, receiver: int = 0, quantity: int = 1, *, now: datetime = NOW
) -> str:
    """From the free time to the code, as the pages do it."""
    held = await hold(place, starts_at, actor, quantity, now=now)
    if receiver:
        await for_whom.choose(held, receiver, actor=actor, now=now)
    return await booking.book(held, await mark(held, actor, now=now), actor=actor, now=now)


async def mark(held: int, actor: Actor, *, now: datetime = NOW) -> str:
    """What the summary shows of who pays what."""
    return (await checkout.split_of(await checkout.load(held, actor=actor, now=now), now=now)).mark


async def as_guest(place: int, starts_at: datetime, phone: str, *, now: datetime = NOW) -> str:
    actor = await nobody(now)
    held = await hold(place, starts_at, actor, now=now)
    await checkout.as_guest(held, "Carla Neri", phone, language="it", actor=actor, now=now)
    return await booking.book(held, await mark(held, actor, now=now), actor=actor, now=now)


async def first_free(place: int) -> datetime | None:
    found: datetime | None = await database.scalar("SELECT first_free FROM service_place WHERE id = {}", place)
    return found


async def _begin(
    kind: Literal["anonymous", "person", "staff"],
    now: datetime,
    person_id: int | None = None,
    staff_id: int | None = None,
) -> Actor:
    async def start() -> str:
        return (await session.start(kind, now=now, browser="test", person_id=person_id, staff_id=staff_id))[1]

    found = await session.load(await database.write(start), now)
    assert found is not None
    return found.actor
