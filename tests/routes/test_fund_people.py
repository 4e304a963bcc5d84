"""The social office sees its people by name: it says why first, and they read that it looked."""

import pytest

from app import database
from tests.centre import BEFORE, Centre
from tests.rows import insert
from tests.visitor import Visitor

pytestmark = pytest.mark.anyio
PEOPLE = "/finanziatori/famiglie/persone"


@pytest.fixture
async def centre(visitor: Visitor) -> Centre:
    centre = await Centre().open()
    scope = await database.scalar("SELECT funder_id FROM fund WHERE id = {}", centre.fund)
    for role in ("social_office", "funder"):
        number = await insert("staff", login=role, name="Sara Neri", password_hash="", created_at=BEFORE)
        await insert("role", staff_id=number, name=role, scope_kind="funder", scope_id=scope, from_at=BEFORE)
    return centre


async def office(visitor: Visitor, role: str = "social_office") -> Visitor:
    return await visitor.as_staff(await database.scalar("SELECT id FROM staff WHERE login = {}", role))


async def looks() -> list[tuple[int, str, str]]:
    found = await database.rows("SELECT person_id, what, purpose FROM audit WHERE what = 'person.looked' ORDER BY id")
    return [(row["person_id"], row["what"], row["purpose"]) for row in found]


async def test_why_comes_first_and_is_written(visitor: Visitor, centre: Centre) -> None:
    amina, luca = await centre.person("Amina Haddad", 15000), await centre.person("Luca Bassi", 4000)
    await centre.person("Rosa Colombo")
    await centre.book("amina", "aiuto", quantity=2)
    await office(visitor)
    asked = await visitor.get(PEOPLE)
    assert "Haddad" not in asked.text and await looks() == []
    unsaid = await visitor.get(f"{PEOPLE}?motivo=curiosita")
    assert unsaid.status == 422 and "Haddad" not in unsaid.text and await looks() == []
    page = await visitor.submit(asked.form("persone", method="get"), motivo="money")
    assert page.says("Luca Bassi 40,00 € 0,00 € 0,00 € 40,00 € Amina Haddad 150,00 € 0,00 € 36,00 € 114,00 €")
    assert "Colombo" not in page.text
    assert page.says("Motivo: Controllo come si usa il credito.")
    assert sorted(await looks()) == sorted([(amina, "person.looked", "money"), (luca, "person.looked", "money")])


async def test_the_person_reads_who_looked_and_why(visitor: Visitor, centre: Centre) -> None:
    amina = await centre.person("Amina Haddad", 15000)
    await (await office(visitor)).get(f"{PEOPLE}?motivo=money")
    page = await (await visitor.as_person(amina)).get("/tradate/io/chi-ha-guardato")
    assert page.says("Sara Neri, servizi sociali del Comune")
    assert page.says("per controllare i crediti")


async def test_no_service_is_named_least_of_all_a_confidential_one(visitor: Visitor, centre: Centre) -> None:
    await centre.person("Amina Haddad", 15000)
    await database.execute("UPDATE service SET price = 1000 WHERE slug = 'ascolto'")
    code = await centre.book("amina", "ascolto")
    page = await (await office(visitor)).get(f"{PEOPLE}?motivo=help")
    assert page.says("Amina Haddad 150,00 € 0,00 € 10,00 € 140,00 €")
    assert "Ascolto" not in page.text and code not in page.text


async def test_only_those_on_the_page_are_looked_at(visitor: Visitor, centre: Centre) -> None:
    for number in range(21):
        await centre.person(f"Persona{number} {chr(65 + number)}", 100)
    await office(visitor)
    first = await visitor.get(f"{PEOPLE}?motivo=call")
    assert first.says("Pagina 1 di 2") and len(await looks()) == 20
    second = await visitor.get(first.link("Avanti"))
    assert second.says("Persona20 U") and len(await looks()) == 21


async def test_a_family_is_named_by_its_grown_ups(visitor: Visitor, centre: Centre) -> None:
    people = [await centre.person(f"{name} Ferrari") for name in ("Tomas", "Marta", "Giada")]
    home = await insert("household", name="Ferrari", created_at=BEFORE)
    for person_id, part in zip(people, ("adult", "adult", "minor"), strict=True):
        await insert("household_member", household_id=home, person_id=person_id, part=part, from_at=BEFORE)
    account = await insert("account", kind="purse", is_bounded=True, opened_at=BEFORE)
    await insert("purse", account_id=account, fund_id=centre.fund, household_id=home, expires_on=BEFORE.date())
    page = await (await office(visitor)).get(f"{PEOPLE}?motivo=request")
    assert page.says("Marta Ferrari, Tomas Ferrari 0,00 €")
    assert {person_id for person_id, *_ in await looks()} == set(people[:2])


async def test_a_funder_does_not_see_names(visitor: Visitor, centre: Centre) -> None:
    amina = await centre.person("Amina Haddad", 15000)
    page = await (await office(visitor, "funder")).get(f"{PEOPLE}?motivo=money")
    assert page.status == 404 and await looks() == []
    assert amina and "Guarda le persone" not in (await visitor.get("/finanziatori/famiglie")).text


async def test_a_fund_without_people_says_so(visitor: Visitor, centre: Centre) -> None:
    assert (await (await office(visitor)).get(f"{PEOPLE}?motivo=money")).says("Nessuno ha ancora credito")
