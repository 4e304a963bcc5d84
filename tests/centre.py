"""A day centre and its people, made by the verbs themselves: for the tests of the desk."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

from app import database
from app.domain import (
    booking,
    checkout,
    delegation,
    fund,
    household,
    municipality,
    person,
    provider,
    purse,
    service,
    slot_hold,
)
from app.domain import territory as territories
from app.domain.actor import SYSTEM, Actor, Role, RoleName
from app.domain.fund_rule import Rule
from app.domain.person import NewPerson
from app.domain.service import Draft, DraftPlace, DraftQuestion, Plan, Terms, Text
from tests.rows import insert

NOON = datetime(2026, 11, 24, 11, tzinfo=UTC)  # a Tuesday, 12 o'clock in Italy
BEFORE = NOON - timedelta(days=8)
LAST_DAY = date(2026, 12, 31)


@dataclass
class Centre:
    """By name: people, services (by slug: their place), staff as actors, what each fund and purse is called."""

    territory: int = 0
    provider: int = 0
    fund: int = 0
    people: dict[str, int] = field(default_factory=dict)
    places: dict[str, int] = field(default_factory=dict)
    services: dict[str, int] = field(default_factory=dict)
    staff: dict[str, Actor] = field(default_factory=dict)

    async def open(self) -> "Centre":
        self.territory = await territories.create(
            "tradate",
            "Tradate",
            district="Distretto di Tradate",
            phone="0331 000 001",
            phone_cost="Costa come una telefonata in città.",
            opened_on=date(2026, 1, 7),
            actor=SYSTEM,
            now=BEFORE,
        )
        town = await municipality.add(
            self.territory,
            name="Tradate",
            province="VA",
            postcode="21049",
            belfiore="L319",
            istat="012127",
            actor=SYSTEM,
            now=BEFORE,
        )
        self.provider = await provider.register(
            "aurora", "Aurora", "cooperative", phone="0331 000 002", actor=SYSTEM, now=BEFORE
        )
        await provider.accredit(self.provider, self.territory, date(2026, 1, 7), actor=SYSTEM, now=BEFORE)
        place = await provider.add_place(
            self.provider, town, "Centro Aurora", address="Via Roma 1", actor=SYSTEM, now=BEFORE
        )
        await self._services(place)
        await self._fund()
        await self._staff("operator", "provider", self.provider)
        await self._staff("coordinator", "provider", self.provider)
        await self._staff("desk", "territory", self.territory)
        await self._staff("area_manager", "territory", self.territory)
        return self

    async def _services(self, place: int) -> None:
        asks = DraftQuestion("Allergie?", "Per la merenda.", "chi lavora quel giorno", False)
        await self._service("compiti", "Aiuto compiti", place, price=1200, capacity=15, questions=(asks,))
        await self._service("aiuto", "Aiuto in casa", place, price=1800, unit="hour", max_quantity=4, capacity=5)
        await self._service("spesa", "Spesa insieme", place, price=50, unit="km", max_quantity=30, capacity=3)
        await self._service("ascolto", "Ascolto", place, price=0, is_confidential=True)
        await self._service("trasporto", "Trasporto", place, price=2000, action="request")

    async def _service(
        self,
        slug: str,
        name: str,
        place: int,
        *,
        questions: tuple[DraftQuestion, ...] = (),
        **terms: object,
    ) -> None:
        said = Text(
            name, f"{name} a Tradate.", "Per tutti.", "Si prenota qui.", "Niente.", name, "Ogni giorno.", "Si va."
        )
        every_day = Plan("FREQ=DAILY", "08:00", "20:00", date(2026, 1, 7))
        draft = Draft(
            slug,
            self.provider,
            "homework" if slug == "compiti" else "home",
            Terms(mode="centre", owner="Aurora", notice_hours=0, **terms),  # type: ignore[arg-type]
            {"it": said},
            places=(DraftPlace(place, plans=(every_day,)),),
            questions=questions,
        )
        if not self.services:
            for position, code in enumerate(("homework", "home")):
                await insert("category", code=code, name_it=code, name_en=code, matter="1", position=position)
        self.services[slug] = await service.create_draft(self.territory, draft, actor=SYSTEM, now=BEFORE)
        await service.publish(self.services[slug], actor=SYSTEM, now=BEFORE)
        self.places[slug] = int(
            await database.scalar("SELECT id FROM service_place WHERE service_id = {}", self.services[slug])
        )

    async def _fund(self) -> None:
        funder = await fund.create_funder("comune", "Comune di Tradate", "municipality", actor=SYSTEM, now=BEFORE)
        terms = fund.Terms("famiglie", "Comune di Tradate", "Capitolo 1", date(2026, 1, 1), LAST_DAY, grace_days=30)
        rules = (Rule("share", value="homework", share_percent=75),)
        self.fund = await fund.create_fund(funder, terms, rules, actor=SYSTEM, now=BEFORE)
        await fund.pay_in(self.fund, 1_000_000, reason="determina-1", actor=SYSTEM, now=BEFORE)

    async def _staff(self, name: RoleName, kind: str, scope: int) -> None:
        number = await insert("staff", login=name, name=f"{name.capitalize()}ina", password_hash="", created_at=BEFORE)
        await insert("role", staff_id=number, name=name, scope_kind=kind, scope_id=scope, from_at=BEFORE)
        self.staff[name] = Actor("staff", number, 0, (Role(name, kind, scope),))  # type: ignore[arg-type]

    @staticmethod
    async def stranger() -> int:
        """Staff of another territory."""
        number = await insert("staff", login="far", name="Far", password_hash="", created_at=BEFORE)
        await insert("role", staff_id=number, name="desk", scope_kind="territory", scope_id=99, from_at=BEFORE)
        return number

    async def person(self, name: str, credit: int = 0, *, until: date = LAST_DAY, **more: object) -> int:
        """'Rosa Colombo', enrolled here, with credit of the municipality."""
        given, _, family = name.partition(" ")
        new = NewPerson(given, family, born_on=date(1980, 3, 1), **more)  # type: ignore[arg-type]
        number = await person.enrol(new, territory_id=self.territory, actor=SYSTEM, now=BEFORE)
        self.people[given.lower()] = number
        if credit:
            await fund.issue(self.fund, credit, until, person_id=number, actor=SYSTEM, now=BEFORE)
        return number

    async def child(self, name: str, parent: str) -> int:
        """A child of seven, for whom the parent has declared."""
        number = await self.person(name)
        await database.execute("UPDATE identity SET born_on = {} WHERE person_id = {}", date(2019, 3, 1), number)
        rights: frozenset[delegation.Scope] = frozenset({"see", "book", "spend"})
        told = {"from_on": BEFORE.date(), "actor": SYSTEM, "now": BEFORE}
        await delegation.grant(number, self.people[parent], "parent", rights, **told)  # type: ignore[arg-type]
        await household.declare_minor(number, self.people[parent], actor=SYSTEM, now=BEFORE)
        return number

    async def another_place(self, slug: str, name: str) -> int:
        """Where the service is given too, every day; the service at that place."""
        town = await database.scalar("SELECT id FROM municipality WHERE belfiore = 'L319'")
        where = await provider.add_place(self.provider, town, name, address="Via Po 2", actor=SYSTEM, now=BEFORE)
        made = await insert("service_place", service_id=self.services[slug], place_id=where)
        times = {"rule": "FREQ=DAILY", "starts": "08:00", "ends": "20:00", "from_on": date(2026, 1, 7)}
        await insert("working_plan", service_place_id=made, **times)
        return made

    async def book(
        self, name: str, what: str, at: datetime = NOON, *, quantity: int = 1, answers: dict[str, str] | None = None
    ) -> str:
        """As the person would, eight days before; the booking's code."""
        number = self.people[name]
        session_id = await insert(
            "session",
            token_hash=f"{name}{what}{at}{quantity}",
            csrf="",
            kind="person",
            person_id=number,
            is_shared=False,
            browser="",
            started_at=BEFORE,
            last_seen_at=BEFORE,
        )
        actor = Actor("person", number, session_id)
        held = await slot_hold.hold(self.places[what], at, quantity, token="", address_hash="", actor=actor, now=BEFORE)
        if answers:
            question = await database.scalar("SELECT id FROM question WHERE service_id = {}", self.services[what])
            await checkout.answer(held, {f"q{question}": answers["allergies"]}, actor=actor, now=BEFORE)
        standing = await checkout.load(held, actor=actor, now=BEFORE)
        paid = await checkout.split_of(standing, now=BEFORE)
        return await booking.book(held, paid.mark, actor=actor, now=BEFORE)

    async def wallet(self, name: str, now: datetime = NOON) -> tuple[int, int, int]:
        """In all, engaged, usable: in cents."""
        found = await purse.wallet(self.people[name], now=now)
        return found.total_cents, found.held_cents, found.usable_cents

    async def paid_to_centre(self) -> int:
        """What the provider's account holds, net of corrections."""
        return int(
            await database.scalar(
                "SELECT coalesce(sum(CASE WHEN t.kind = 'post' THEN t.amount ELSE -t.amount END), 0) FROM transfer t "
                "WHERE t.kind IN ('post', 'refund') AND t.booking_id IS NOT NULL"
            )
        )


def at(clock: str, days: int = 0) -> datetime:
    """A wall-clock time of the day of NOON in Italy, as UTC."""
    return datetime.combine(NOON.date() + timedelta(days=days), time.fromisoformat(clock), UTC) - timedelta(hours=1)


async def state_of(code: str) -> str:
    return str(await database.scalar("SELECT state FROM booking WHERE code = {}", code))
