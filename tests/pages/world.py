"""Somebody of every kind, and an object of every kind: what the walks over all pages stand in."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from app import database
from tests.matrix import PEOPLE, STAFF, Door
from tests.pages import canary
from tests.rows import insert
from tests.visitor import Who, begin_session

HOME, ELSEWHERE = "tradate", "biella"

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
    "reference": "nessun-riferimento",
}


@dataclass
class World:
    """`ids` are people and staff by the names of tests/matrix.py, `tokens` their sessions, `parts` what is owner's."""

    now: datetime
    ids: dict[str, int] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
    parts: dict[str, Any] = field(default_factory=lambda: {"territory": HOME})

    def parts_of(self, door: Door) -> dict[str, Any]:
        """The address of owner's own object."""
        absent = [part for part in door.parts if part not in self.parts]
        assert not absent, f"{door}: the world of tests/pages/world.py has no {absent}"
        return {part: self.parts[part] for part in door.parts}

    async def fill(self) -> None:
        await canary.fill()
        await database.write(self._fill)
        for name in (*PEOPLE, *STAFF, "suspended"):
            who: Who = "person" if name in PEOPLE else "staff"
            self.tokens[name] = await begin_session(who, self.ids[name], now=self.now)
        await database.write(self._after_sign_in)

    async def _fill(self) -> None:
        here, there = await self._territory(HOME), await self._territory(ELSEWHERE)
        provider, other_provider = await self._provider("coop", here), await self._provider("altra-coop", there)
        funder, other_funder = await self._funder("comune"), await self._funder("altro-comune")
        for name in PEOPLE:
            await self._person(name, here)
        for name in ("delegate", "watcher", "former_delegate"):
            await self._delegation(name)
        self.parts["reference"] = await self._push("owner")
        scopes: dict[str, tuple[str, int]] = {
            "operator": ("provider", provider),
            "operator_elsewhere": ("provider", other_provider),
            "coordinator": ("provider", provider),
            "funder": ("funder", funder),
            "funder_elsewhere": ("funder", other_funder),
            "social_office": ("funder", funder),
            "desk_elsewhere": ("territory", there),
        }
        for name in (*STAFF, "suspended"):
            await self._staff(name, *scopes.get(name, ("territory", here)))

    async def _after_sign_in(self) -> None:
        """Who acts for owner does so in this session; who is suspended or revoked was signed in before."""
        for name in ("delegate", "watcher", "former_delegate"):
            await database.execute(
                "UPDATE session SET acting_for = {} WHERE person_id = {}", self.ids["owner"], self.ids[name]
            )
        await database.execute(
            "UPDATE delegation SET revoked_at = {} WHERE delegate_id = {}", self.now, self.ids["former_delegate"]
        )
        await database.execute("UPDATE staff SET suspended_at = {} WHERE id = {}", self.now, self.ids["suspended"])

    async def _territory(self, slug: str) -> int:
        number = await insert(
            "territory",
            slug=slug,
            name=slug.capitalize(),
            district=f"Distretto di {slug.capitalize()}",
            phone="0331 000 001",
            phone_cost="Paghi come una telefonata in città.",
            colour="blue",
            is_demo=True,
            opened_on=date(2026, 1, 7),
        )
        for weekday in range(5):
            await insert("opening", territory_id=number, weekday=weekday, opens="09:00", closes="18:00")
        return number

    async def _provider(self, slug: str, territory: int) -> int:
        number = await insert("provider", slug=slug, name=slug, kind="cooperative", phone="0331 000 002")
        await insert("accreditation", provider_id=number, territory_id=territory, from_on=date(2026, 1, 7))
        return number

    async def _funder(self, slug: str) -> int:
        return await insert("funder", slug=slug, name=slug, kind="municipality")

    async def _person(self, name: str, territory: int) -> None:
        number = self.ids[name] = 1000 + len(self.ids)
        given, family = name.capitalize().replace("_", " "), "Colombo"
        await insert("person", id=number, kind="enrolled", created_at=self.now)
        await insert(
            "identity",
            person_id=number,
            given_name=given,
            family_name=family,
            folded_name=f"{given} {family}".lower(),
            born_on=date(1980, 5, 17),
        )
        await insert("enrolment", person_id=number, territory_id=territory, enrolled_at=self.now)

    async def _push(self, name: str) -> str:
        times = dict.fromkeys(("due_at", "useless_after", "created_at"), self.now)
        told = await insert("message", person_id=self.ids[name], kind="credit_given", state="sent", **times)
        await insert("delivery", message_id=told, channel="push", state="sent", reference="r3f", tried_at=self.now)
        return "r3f"

    async def _delegation(self, name: str) -> None:
        await insert(
            "delegation",
            person_id=self.ids["owner"],
            delegate_id=self.ids[name],
            kind="delegate",
            may_see=True,
            may_book=name != "watcher",
            may_spend=name != "watcher",
            from_on=date(2026, 1, 7),
        )

    async def _staff(self, name: str, scope_kind: str, scope_id: int) -> None:
        number = await insert("staff", login=name, name=name, password_hash="", created_at=self.now)
        role = name.removesuffix("_elsewhere").replace("suspended", "desk")
        await insert("role", staff_id=number, name=role, scope_kind=scope_kind, scope_id=scope_id, from_at=self.now)
        self.ids[name] = number
