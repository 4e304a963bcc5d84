"""Somebody of every kind, and an object of every kind: what the walks over all pages stand in."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from app import database
from app.domain import (
    appointment,
    booking,
    calendar_feed,
    card,
    checkout,
    delegation,
    delivery,
    demo,
    desk,
    desk_person,
    door,
    door_review,
    for_whom,
    fund,
    message,
    person,
    pin,
    push,
    session,
    slot,
    slot_hold,
    staff,
    week_reader,
)
from app.domain.actor import SYSTEM, Actor
from app.domain.contact import Channel
from app.domain.person import NewPerson
from app.seed import catalogue
from tests.matrix import PEOPLE, STAFF, Door
from tests.pages import canary, open_door
from tests.rows import insert
from tests.visitor import Who, begin_session

HOME, ELSEWHERE = "tradate", "biella"
BOOKED, HELD, IN_TWO_PLACES = "pranzo-della-domenica", "aiuto-telefono", "spazio-mamme-e-papa"
ASKED_FOR = "cerca-badante"
READ_FROM = "aiuto-compiti"
PIN, PASSWORD = "482915", "una frase lunga"

# How they are told; whom nothing reaches is called.
REACHED: Mapping[str, tuple[tuple[Channel, str], ...]] = {"stranger": (("call", "0331 000 111"),)}

# What the same address names when there is nothing there.
MISSING: Mapping[str, object] = {
    "territory": "nessuno",
    "slug": "nessun-servizio",
    "code": "ZZZZ9999",
    "hold": 999_999,
    "purse": 999_999,
    "person": 999_999,
    "fund": "nessun-fondo",
    "story": "nessuna-storia",
    "given": 999_999,
    "callback": 999_999,
    "reference": "nessun-riferimento",
    "place": 999_999,
    "mark": "1-nessuno",
    "secret": "nessun-segreto",
    "sheet": "nessun-materiale",
    "file": "nessun-file.txt",
    "note": 999_999,
}


@dataclass
class World:
    """`ids` are people and staff by the names of tests/matrix.py, `tokens` their sessions, `parts` what is owner's.

    Owner has a card and the PIN, desk the password and a sheet of `codes`.
    """

    now: datetime
    ids: dict[str, int] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
    parts: dict[str, Any] = field(default_factory=lambda: {"territory": HOME})
    card: str = ""
    another_card: str = ""
    codes: tuple[str, ...] = ()

    def parts_of(self, door: Door) -> dict[str, Any]:
        """The address of owner's own object; "request.slug" goes before "slug" for that page."""
        own = {part: self.parts.get(f"{door.name}.{part}", self.parts.get(part)) for part in door.parts}
        absent = [part for part, value in own.items() if value is None]
        assert not absent, f"{door}: the world of tests/pages/world.py has no {absent}"
        return own

    async def fill(self) -> None:
        await catalogue.seed(self.now, (HOME, ELSEWHERE))
        await canary.fill()
        await self._people()
        await self._money()
        await self._secrets()
        for name in (*PEOPLE, *STAFF, "suspended"):
            who: Who = "person" if name in PEOPLE else "staff"
            self.tokens[name] = await begin_session(who, self.ids[name], now=self.now)
        await self._objects()
        await database.write(self._after_sign_in)
        await self._be_a_demo()

    async def _people(self) -> None:
        home = await _id("territory", HOME)
        for name in (*PEOPLE, "child", "newcomer"):
            born = date(2018, 5, 17) if name == "child" else date(1980, 5, 17)
            new = NewPerson(name.capitalize().replace("_", " "), "Colombo", born, contacts=REACHED.get(name, ()))
            self.ids[name] = await person.enrol(
                new, territory_id=home, actor=SYSTEM, now=self.now, needs_card=name != "child"
            )
        all_of_it: frozenset[delegation.Scope] = frozenset({"see", "book", "spend"})
        self.parts["given"] = await self._trust("owner", "delegate", "delegate", all_of_it)
        await self._trust("owner", "watcher", "delegate", frozenset({"see"}))
        await self._trust("owner", "former_delegate", "delegate", all_of_it)
        await self._trust("child", "owner", "parent", all_of_it)
        self.parts |= {"person": self.ids["owner"], "declaration.person": self.ids["child"]}
        self.parts["first_pin.person"] = self.ids["newcomer"]

    async def _trust(
        self, who: str, whom: str, kind: delegation.DelegationKind, scopes: frozenset[delegation.Scope]
    ) -> int:
        since, ids = self.now.date() - timedelta(days=30), self.ids
        return await delegation.grant(
            ids[who], ids[whom], kind, scopes, from_on=since, actor=Actor("system"), now=self.now
        )

    async def _money(self) -> None:
        today, told = self.now.date(), {"actor": SYSTEM, "now": self.now}
        for slug in ("comune", "altro-comune"):
            funder = await fund.create_funder(slug, slug.capitalize(), "municipality", **told)  # type: ignore[arg-type]
            terms = fund.Terms(
                f"fondo-{slug}", f"Credito {slug}", slug, today - timedelta(days=90), today + timedelta(days=300)
            )
            made = await fund.create_fund(funder, terms, **told)  # type: ignore[arg-type]
            await fund.pay_in(made, 1_000_000, reason="determina-1", **told)  # type: ignore[arg-type]
            purse = await fund.issue(
                made,
                9_000,
                today + timedelta(days=60),
                person_id=self.ids["owner"],
                **told,  # type: ignore[arg-type]
            )
            self.parts |= {"purse": purse, "fund": terms.slug}
        self.parts["fund"] = "fondo-comune"

    async def _secrets(self) -> None:
        password = await pin.hashed(PASSWORD)
        await database.write(lambda: self._staff(password))
        self.codes = tuple((await staff.new_sheet(self.ids["desk"], actor=SYSTEM, now=self.now)).split())
        await pin.choose(self.ids["owner"], PIN, actor=SYSTEM, now=self.now)
        held = [await card.of(self.ids[name]) for name in ("owner", "stranger")]
        self.card, self.another_card = (one.code for one in held if one)

    async def _staff(self, password: str) -> None:
        here, there = await _id("territory", HOME), await _id("territory", ELSEWHERE)
        provider = await database.scalar("SELECT provider_id FROM service WHERE slug = {}", BOOKED)
        other = await database.scalar(
            "SELECT min(provider_id) FROM service WHERE territory_id = {} AND provider_id <> {}", there, provider
        )
        comune, altro = await _id("funder", "comune"), await _id("funder", "altro-comune")
        scopes: dict[str, tuple[str, int]] = {
            "operator": ("provider", provider),
            "operator_elsewhere": ("provider", other),
            "coordinator": ("provider", provider),
            "funder": ("funder", comune),
            "funder_elsewhere": ("funder", altro),
            "social_office": ("funder", comune),
            "desk_elsewhere": ("territory", there),
        }
        for name in (*STAFF, "suspended"):
            self.ids[name] = await self._member(name, *scopes.get(name, ("territory", here)), password)

    async def _member(self, name: str, scope_kind: str, scope_id: int, password: str) -> int:
        told = f"{name.capitalize().replace('_', ' ')}ina"  # no word of the catalogue
        number = await insert("staff", login=name, name=told, password_hash=password, created_at=self.now)
        role = name.removesuffix("_elsewhere").replace("suspended", "desk")
        await insert("role", staff_id=number, name=role, scope_kind=scope_kind, scope_id=scope_id, from_at=self.now)
        return number

    async def _objects(self) -> None:
        """A booking, and a time still held, both of owner."""
        owner = await _actor(self.tokens["owner"], self.now)
        hold = await self._hold(BOOKED, owner)
        paid = await checkout.split_of(await checkout.load(hold, actor=owner, now=self.now), now=self.now)
        self.parts["code"] = await booking.book(hold, paid.mark, actor=owner, now=self.now)
        self.parts["hold"] = await self._hold(HELD, owner)
        await checkout.answer(self.parts["hold"], await open_door.answers(HELD), actor=owner, now=self.now)
        self.parts["reference"] = await self._pushed(owner)
        self.parts["secret"] = calendar_feed.secret_of(owner.id, "pressed")
        await calendar_feed.make(await _id("territory", HOME), self.parts["secret"], actor=owner, now=self.now)
        await self._at_the_centre()
        await self._wants_the_week()
        await self._at_the_door()
        await self._at_the_desk()
        self.parts |= {"story": "amina", "slug": HELD, "choose_place.slug": IN_TWO_PLACES, "request.slug": ASKED_FOR}
        self.parts |= {f"{door}.slug": READ_FROM for door in ("materials", "material", "material_file")}
        self.parts |= {"sheet": "le-tabelline-con-le-mani", "file": "le-otto-piu-difficili.txt"}

    async def _at_the_desk(self) -> None:
        """Owner is served by desk, who keeps a time for them; and waits for a call."""
        desk = await _actor(self.tokens["desk"], self.now)
        place = await database.row(
            "SELECT sp.id, s.territory_id FROM service_place sp JOIN service s ON s.id = sp.service_id "
            "WHERE s.slug = {} ORDER BY sp.id",
            BOOKED,
        )
        assert place
        owner = self.ids["owner"]
        had = await appointment.times_of(owner, place["id"])
        free = await slot.next_times(place["id"], now=self.now, limit=len(had) + 1)
        starts_at = next(time.starts_at for time in free if time.starts_at not in had)
        held = await desk_person.hold(owner, owner, place["id"], starts_at, 1, actor=desk, now=self.now)
        call = await insert(
            "callback",
            territory_id=place["territory_id"],
            person_id=owner,
            asked_at=self.now,
            call_by=self.now.date(),
        )
        self.parts |= {"desk_person_confirm.hold": held, "callback": call}

    async def _at_the_door(self) -> None:
        """Who comes today was written down by coordinator, and sent by operator from the same device."""
        operator, coordinator = [await _actor(self.tokens[who], self.now) for who in ("operator", "coordinator")]
        within = await desk.scope(operator, await _id("territory", HOME))
        pledge = door.pledge(coordinator, within.territory_id, self.now)
        written = door.Told("written", "arrived", self.parts["door.code"], pledge, device_ms=0, sent_ms=0)
        await door.take(written, within, actor=operator, now=self.now)
        (note,) = await door_review.waiting(within, actor=operator)
        self.parts["note"] = note.id

    async def _at_the_centre(self) -> None:
        """Two come today, one came yesterday and nobody has said so; one is to be called."""
        before, today = self.now - timedelta(days=2), open_door.hour(self.now)
        place = await open_door.publish(BOOKED, before)
        await open_door.also_on({open_door.today(today - timedelta(days=ago)) for ago in (0, 1)}, place)
        for name in ("delegate", "stranger"):
            comes = await _actor(await begin_session("person", self.ids[name], now=before), before)
            code = await open_door.book(place, today, comes, now=before)
        self.parts["door.code"] = code
        await open_door.book(place, today - timedelta(days=1), comes, now=before)
        await database.write(lambda: open_door.call_due(comes.id, code, now=self.now))
        self.parts["walk_in.slug"] = open_door.SLUG

    async def _wants_the_week(self) -> None:
        """Somebody unknown asked for the week of a centre, and has not confirmed yet."""
        home = await _id("territory", HOME)
        place = await database.scalar(
            "SELECT sp.place_id FROM service_place sp JOIN service s ON s.id = sp.service_id WHERE s.slug = {}",
            READ_FROM,
        )
        email = "vicina@esempio.example"
        await week_reader.ask(place, email, territory_id=home, language="it", actor=SYSTEM, now=self.now)
        reader = await database.scalar("SELECT max(id) FROM week_reader")
        self.parts |= {"place": place, "week_confirmation.mark": week_reader.mark("confirm", reader)}
        self.parts["week_end.mark"] = week_reader.mark("end", reader)

    async def _pushed(self, owner: Actor) -> str:
        """What owner's phone says when it shows that the booking is confirmed."""
        await push.pretend(owner.id, "Telefono", actor=SYSTEM, now=self.now)
        due = await message.claim("world", limit=9, now=self.now)
        tries = [await delivery.begin(one, now=self.now) for one in due]
        return next(one.reference for one in tries if one and one.due.person_id == owner.id)

    async def _hold(self, slug: str, owner: Actor) -> int:
        place = await database.row(
            "SELECT sp.id, sp.first_free FROM service_place sp JOIN service s ON s.id = sp.service_id "
            "WHERE s.slug = {} ORDER BY sp.id",
            slug,
        )
        assert place and place["first_free"], f"nothing is free in {slug}"
        hold = await slot_hold.hold(
            place["id"], place["first_free"], 1, token="", address_hash="", actor=owner, now=self.now
        )
        return await for_whom.choose(hold, owner.id, actor=owner, now=self.now)

    async def _be_a_demo(self) -> None:
        await demo.cast("rosa", self.ids["owner"], actor=SYSTEM, now=self.now)
        await demo.mark_told(self.now.date(), actor=SYSTEM, now=self.now)
        self.parts["story"] = "rosa"

    async def _after_sign_in(self) -> None:
        """Who is suspended or revoked was signed in before."""
        await database.execute(
            "UPDATE delegation SET revoked_at = {} WHERE delegate_id = {}", self.now, self.ids["former_delegate"]
        )
        await database.execute("UPDATE staff SET suspended_at = {} WHERE id = {}", self.now, self.ids["suspended"])


async def _actor(token: str, now: datetime) -> Actor:
    found = await session.load(token, now)
    assert found is not None
    return found.actor


async def _id(table: str, slug: str) -> int:
    number: int = await database.scalar(f"SELECT id FROM {table} WHERE slug = {{}}", slug)
    return number
