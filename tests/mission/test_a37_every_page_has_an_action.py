"""A37: not a flyer online: each published service can be booked, asked for, or called now."""

import pytest

from app import database
from tests.visitor import Visitor

pytestmark = pytest.mark.anyio
ACCESS = "//*[@data-element='service-{}-access']"


@pytest.mark.slow
async def test_every_service_can_be_acted_on(citizen: Visitor) -> None:
    rows = await database.rows(
        "SELECT t.slug AS territory, s.slug, s.action, s.status FROM service s "
        "JOIN territory t ON t.id = s.territory_id WHERE s.status <> 'draft' AND t.slug <> 'canarino' ORDER BY s.id"
    )
    actions = set()
    for row in rows:
        page = await citizen.get(f"/{row['territory']}/servizi/{row['slug']}")
        ways = [str(a.get("href")) for a in page.all("//main//a[contains(@data-element, '-access')]")]
        assert len(ways) == 1, f"{row['slug']} has the ways {ways}"
        actions.add(_kind(ways[0]))
        if row["action"] == "call" and row["status"] == "published":
            assert ways[0].startswith("tel:"), row["slug"]
    assert len(rows) >= 60 and {"book", "request", "call"} <= actions


def _kind(address: str) -> str:
    parts = {"/prenota/": "book", "/richiedi/": "request", "tel:": "call", "/avvisatemi": "waiting"}
    return next(kind for part, kind in parts.items() if part in address)


async def test_without_a_date_one_can_be_told(citizen: Visitor) -> None:
    await database.execute(
        "DELETE FROM working_plan WHERE service_place_id IN (SELECT sp.id FROM service_place sp "
        "JOIN service s ON s.id = sp.service_id WHERE s.slug = 'aiuto-compiti')"
    )
    page = await citizen.get("/tradate/servizi/aiuto-compiti")
    assert page.says("Per ora non ci sono date libere.") and page.says("Servizi simili")
    form = (await citizen.get(page.link("Avvisatemi"))).form("avvisatemi")
    wrong = await citizen.submit(form, nome="Rosa Colombo", telefono="abc")
    assert wrong.status == 422 and wrong.says("Rosa Colombo") is False and "Rosa Colombo" in wrong.text
    done = await citizen.follow(await citizen.submit(form, nome="Rosa Colombo", telefono="300 0000 001"))
    assert done.title == "Ti avvisiamo noi"
    assert await database.scalar("SELECT count(*) FROM waiting_entry") == 1
    again = (await citizen.get("/tradate/servizi/aiuto-compiti/avvisatemi")).form("avvisatemi")
    await citizen.submit(again, nome="Rosa Colombo", telefono="+39 3000000001")
    assert await database.scalar("SELECT count(*) FROM waiting_entry") == 1


async def test_whoever_does_not_want_to_type_is_called(citizen: Visitor) -> None:
    form = (await citizen.get("/tradate/chiamatemi?servizio=aiuto-compiti")).form("chiamatemi")
    done = await citizen.follow(
        await citizen.submit(form, nome="Tomas Ferri", telefono="300 0000 002", quando="morning")
    )
    assert done.says("Ti chiamiamo entro mercoledì 25 novembre.")
    row = await database.row("SELECT wished, call_by, service_id FROM callback")
    assert row is not None and row["wished"] == "morning" and row["service_id"]
