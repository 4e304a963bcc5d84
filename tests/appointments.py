"""Bookings and the people they are told to, for tests of messages: a service at a place, in Tradate."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from app import database
from app.domain import code, contact, push, vault
from app.domain.contact import Channel
from tests.rows import insert

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)  # a Friday, 10 o'clock in Italy
START = datetime(2026, 11, 24, 8, 30, tzinfo=UTC)  # Tuesday at 9.30
WAYS: dict[Channel, str] = {"email": "@esempio.example", "sms": "300 0000 0", "call": "0331 000 0"}


@dataclass
class Diary:
    territory: int = 0
    provider: int = 0
    place: int = 0
    services: dict[str, int] = field(default_factory=dict)
    people: dict[str, int] = field(default_factory=dict)

    async def open(self) -> "Diary":
        await database.write(self._open)
        return self

    async def person(self, name: str, *channels: Channel, language: str = "it", born: date | None = None) -> int:
        async def add() -> int:
            number = self.people[name] = 100 + len(self.people)
            await insert("person", id=number, kind="enrolled", language=language, created_at=NOW)
            await vault.add_key(number)
            names = {"given_name": name.capitalize(), "family_name": "Prova", "folded_name": name}
            await insert("identity", person_id=number, born_on=born, **names)
            await insert("enrolment", person_id=number, territory_id=self.territory, enrolled_at=NOW)
            for channel in channels:
                await self.reach(number, channel)
            return number

        return await database.write(add)

    async def reach(self, person_id: int, channel: Channel) -> None:
        if channel == "push":
            await push.add(person_id, None, f"https://phone-{person_id}.demo.invalid/", "p", "a", now=NOW)
        values = {"email": f"p{person_id}{WAYS['email']}", "sms": f"{WAYS['sms']}{person_id}"}
        values |= {"call": f"{WAYS['call']}{person_id}", "push": "Telefono"}
        await contact.add(person_id, channel, values[channel], now=NOW)

    async def book(
        self,
        booker: str,
        receiver: str = "",
        *,
        starts_at: datetime = START,
        state: str = "confirmed",
        service: str = "compiti",
        staff_id: int | None = None,
    ) -> int:
        async def add() -> int:
            return await insert(
                "booking",
                id=code.random_id(),
                code=code.mint(8),
                territory_id=self.territory,
                service_id=self.services[service],
                service_place_id=self.place,
                provider_id=self.provider,
                slot_id=await self._slot(starts_at),
                booked_by=self.people[booker],
                receiver_id=self.people[receiver or booker],
                payer_id=self.people[receiver or booker],
                staff_id=staff_id,
                state=state,
                quantity=1,
                unit_price=1200,
                price=1200,
                own=300,
                booked_at=NOW,
            )

        return await database.write(add)

    async def move(self, booking_id: int, starts_at: datetime) -> None:
        async def change() -> None:
            slot = await self._slot(starts_at)
            await database.execute("UPDATE booking SET slot_id = {} WHERE id = {}", slot, booking_id)

        await database.write(change)

    async def _open(self) -> None:
        self.territory = await insert(
            "territory",
            slug="tradate",
            name="Tradate",
            district="Distretto",
            phone="0331 000 001",
            phone_cost="",
            colour="blue",
            is_demo=True,
            opened_on=date(2026, 1, 7),
        )
        town = {"belfiore": "L319", "istat": "012127", "name": "Tradate", "province": "VA", "postcode": "21049"}
        municipality = await insert("municipality", territory_id=self.territory, **town)
        self.provider = await insert("provider", slug="quercia", name="La Quercia", kind="cooperative", phone="0331 1")
        place = {"name": "Centro La Quercia", "address": "Via dei Prati 3"}
        number = await insert("place", provider_id=self.provider, municipality_id=municipality, **place)
        category = await insert("category", code="studio", name_it="Studio", name_en="Study", matter="1", position=1)
        for slug, name, is_hidden in (("compiti", "Aiuto compiti", False), ("ascolto", "Psicologo", True)):
            await self._service(slug, name, category, is_hidden)
        self.place = await insert("service_place", service_id=self.services["compiti"], place_id=number)

    async def _service(self, slug: str, name: str, category: int, is_confidential: bool) -> None:
        self.services[slug] = await insert(
            "service",
            territory_id=self.territory,
            provider_id=self.provider,
            category_id=category,
            slug=slug,
            status="published",
            action="book",
            mode="centre",
            price=1200,
            unit="visit",
            minutes=60,
            step_minutes=60,
            is_confidential=is_confidential,
            needs_approval=False,
            allows_guest=True,
            owner="Studio",
        )
        texts = ("summary", "for_whom", "how_to", "needed", "obtained", "times", "conditions")
        said = dict.fromkeys(texts, "x") | {"name": name}
        await insert("service_text", service_id=self.services[slug], language="it", **said)

    async def _slot(self, starts_at: datetime) -> int:
        found = await database.scalar("SELECT id FROM slot WHERE starts_at = {}", starts_at)
        ends_at = starts_at + timedelta(hours=1)
        return found or await insert(
            "slot", service_place_id=self.place, starts_at=starts_at, ends_at=ends_at, capacity=9, taken=1
        )


async def messages(*columns: str) -> list[tuple[object, ...]]:
    """All rows by due time: what tests compare."""
    found = await database.rows("SELECT * FROM message ORDER BY due_at, id")
    return [tuple(row[column] for column in columns) for row in found]
