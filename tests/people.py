"""The cast: named people and the staff who serve them, made by the verbs of the house.

    async def test_...(visitor: Visitor, cast: Cast) -> None:
        await visitor.as_person(cast.amina)

Built once a run; each test has a copy. Everybody's PIN is PIN, every password is PASSWORD.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TypedDict

from app.domain import (
    card,
    delegation,
    fund,
    household,
    municipality,
    person,
    pin,
    provider,
    social_point,
    staff,
    territory,
)
from app.domain.access import ScopeKind
from app.domain.actor import SYSTEM, Actor, RoleName
from app.domain.delegation import DelegationKind
from app.domain.person import NewPerson

BEFORE = datetime(2026, 1, 12, 9, tzinfo=UTC)
PIN = "482915"
PASSWORD = "una frase lunga"


class Who(TypedDict):
    actor: Actor
    now: datetime


@dataclass(frozen=True)
class Someone:
    """A person: `card` is '' for who has none."""

    id: int
    card: str = ""


@dataclass(frozen=True)
class Colleague:
    """A staff member, with the printed sheet in the hand."""

    id: int
    login: str
    codes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Cast:
    tradate: int
    biella: int
    town: int
    provider: int
    funder: int
    amina: Someone
    karim: Someone
    yusuf: Someone
    tomas: Someone
    giada: Someone
    rosa: Someone
    elena: Someone
    omar: Someone
    luca: Someone
    paolo: Someone
    beppe: Someone
    ines: Colleague
    desk: Colleague
    giulia: Colleague
    foreign_desk: Colleague


_PEOPLE: dict[str, NewPerson] = {
    "amina": NewPerson(
        "Amina", "Haddad", date(1992, 5, 21), fiscal_code="HDDMNA92E61Z999R", contacts=(("sms", "300 0000 003"),)
    ),
    "karim": NewPerson("Karim", "Haddad", date(1988, 1, 30), contacts=(("sms", "300 0000 003"),)),
    "yusuf": NewPerson("Yusuf", "Haddad", date(2019, 4, 11), fiscal_code="HDDYSF19D11M999S"),
    "tomas": NewPerson("Tomas", "Ferrari", date(1985, 6, 18), contacts=(("email", "tomas@ferrari.example"),)),
    "giada": NewPerson("Giada", "Ferrari", date(2016, 9, 3)),
    "rosa": NewPerson("Rosa", "Colombo", date(1948, 3, 14), contacts=(("call", "0331 000 051"),)),
    "elena": NewPerson(
        "Elena", "Colombo", date(1976, 9, 2), contacts=(("email", "elena@colombo.example"), ("sms", "300 0000 002"))
    ),
    "omar": NewPerson("Omar", "Ceesay", date(2007, 2, 8), fiscal_code="99999990122", language="en"),
    "luca": NewPerson("Luca", "Bassi", date(1999, 7, 1)),
    "paolo": NewPerson("Paolo", "Bassi", date(1990, 10, 19)),
}
_CHILDREN = ("yusuf", "giada")
_WHO: Who = {"actor": SYSTEM, "now": BEFORE}


async def fill() -> Cast:
    tradate, town = await _territory("tradate", "Tradate", "L319", "Tradate")
    biella, _ = await _territory("biella", "Biella", "A859", "Biella")
    coop = await provider.register("lanterna", "Coop Lanterna", "cooperative", phone="0331 000 061", **_WHO)
    await provider.accredit(coop, tradate, BEFORE.date(), **_WHO)
    funder = await fund.create_funder("ufficio-di-piano", "Ufficio di Piano", "municipality", **_WHO)
    people = {name: await _person(new, tradate, name in _CHILDREN) for name, new in _PEOPLE.items()}
    await _families(people)
    return Cast(
        tradate,
        biella,
        town,
        coop,
        funder,
        **people,
        beppe=await _person(NewPerson("Beppe", "Colombo", date(1950, 1, 2)), biella, False),
        ines=await _colleague("ines", "Ines Moretti", "operator", "provider", coop),
        desk=await _colleague("dora", "Dora Sala", "desk", "territory", tradate),
        giulia=await _colleague("giulia", "Giulia Fontana", "funder", "funder", funder),
        foreign_desk=await _colleague("fulvia", "Fulvia Gatti", "desk", "territory", biella),
    )


async def _territory(slug: str, name: str, belfiore: str, town: str) -> tuple[int, int]:
    made = await territory.create(
        slug,
        name,
        district=f"Ambito di {name}",
        phone="0331 000 001",
        phone_cost="costa come una chiamata normale",
        opened_on=BEFORE.date(),
        **_WHO,
    )
    place = await municipality.add(
        made, name=town, province="VA", postcode="21049", belfiore=belfiore, istat="012127", **_WHO
    )
    await social_point.add(
        made,
        place,
        f"Social Point {town}",
        address="Via del Tiglio 1",
        directions="Vicino al municipio",
        phone="0331 000 002",
        openings=[(0, "09:00", "12:00")],
        **_WHO,
    )
    return made, place


async def _person(new: NewPerson, territory_id: int, is_child: bool) -> Someone:
    number = await person.enrol(new, territory_id=territory_id, needs_card=not is_child, **_WHO)
    if is_child:
        return Someone(number)
    await pin.choose(number, PIN, **_WHO)
    held = await card.of(number)
    assert held is not None
    return Someone(number, held.code)


async def _families(people: dict[str, Someone]) -> None:
    """Amina has declared for Yusuf; Tomas not yet for Giada."""
    for name, adults, minors in (("Haddad", ("amina", "karim"), ("yusuf",)), ("Ferrari", ("tomas",), ("giada",))):
        home = await household.create(name, **_WHO)
        for each in adults:
            await household.join(home, people[each].id, "adult", **_WHO)
        for each in minors:
            await household.join(home, people[each].id, "minor", **_WHO)
            for parent in adults:
                await _delegate(people[each], people[parent], "parent")
    await household.declare_minor(people["yusuf"].id, people["amina"].id, **_WHO)
    await _delegate(people["rosa"], people["elena"], "delegate", limit=8000)
    await _delegate(people["luca"], people["paolo"], "administrator", until=date(2028, 6, 30))


async def _delegate(
    giver: Someone, holder: Someone, kind: DelegationKind, *, limit: int | None = None, until: date | None = None
) -> None:
    await delegation.grant(
        giver.id,
        holder.id,
        kind,
        frozenset({"see", "book", "spend"}),
        from_on=BEFORE.date(),
        until_on=until,
        monthly_limit_cents=limit,
        **_WHO,
    )


async def _colleague(login: str, name: str, role: RoleName, scope_kind: ScopeKind, scope_id: int) -> Colleague:
    number = await staff.add(login, name, PASSWORD, **_WHO)
    codes = await staff.new_sheet(number, **_WHO)
    await staff.give_role(number, role, scope_kind, scope_id, **_WHO)
    return Colleague(number, login, tuple(codes.split()))
