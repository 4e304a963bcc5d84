"""'Avvisatemi': once for each person, by name or signed in."""

import pytest

from app import database
from app.domain import observation, person
from app.domain.person import NewPerson
from tests.visitor import NOON, Visitor

pytestmark = pytest.mark.anyio
PATH = "/tradate/servizi/aiuto-compiti/avvisatemi"


async def test_a_double_click_waits_once(citizen: Visitor) -> None:
    form = (await citizen.get(PATH)).form("avvisatemi")
    for _ in range(2):
        done = await citizen.follow(await citizen.submit(form, nome="Rosa Colombo", telefono="300 0000 001"))
        assert done.says("Sei in lista per «Aiuto compiti».")
    assert await database.scalar("SELECT count(*) FROM waiting_entry") == 1


async def test_a_signed_in_person_types_nothing(citizen: Visitor) -> None:
    amina = 0

    async def add() -> None:
        nonlocal amina
        amina = await person.add(NewPerson("Amina", "Haddad"), "enrolled", now=NOON)

    await database.write(add)
    await citizen.as_person(amina)
    page = await citizen.get(PATH)
    assert page.says("Avvisiamo te, Amina") and not page.all("//main//input[@name='telefono']")
    await citizen.follow(await citizen.submit(page.form("avvisatemi")))
    await observation.flush()
    assert await database.rows("SELECT kind, subject, seen FROM observation") == [
        {"kind": "waiting", "subject": "aiuto-compiti", "seen": 1}
    ]
    assert await database.rows("SELECT person_id FROM waiting_entry") == [{"person_id": amina}]
