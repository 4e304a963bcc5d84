"""A36: a service cannot be published without mode, price (0 allowed), owner, and at least one way to act."""

from dataclasses import replace
from datetime import date

import pytest

from app import database
from app.domain import service
from app.domain.actor import SYSTEM
from app.domain.errors import ServiceIncomplete
from app.domain.service import Draft, DraftPlace, Plan, Terms, Text
from tests.visitor import NOON, Visitor

pytestmark = pytest.mark.anyio
TEXT = Text(*["Una frase breve e chiara."] * 8)
PLAN = Plan("FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", "09:00", "12:00", date(2026, 1, 7))
WHOLE = Terms(action="book", mode="centre", price=0, owner="Ines Ferrari")


async def draft(**changed: object) -> int:
    place = await database.row(
        "SELECT p.id, p.provider_id FROM place p JOIN provider r ON r.id = p.provider_id WHERE r.slug = 'lanterna'"
    )
    assert place is not None
    whole = Draft(
        "prova", place["provider_id"], "day-centre", WHOLE, {"it": TEXT}, places=(DraftPlace(place["id"], (), (PLAN,)),)
    )
    territory_id = await database.scalar("SELECT id FROM territory WHERE slug = 'tradate'")
    return await service.create_draft(territory_id, replace(whole, **changed), actor=SYSTEM, now=NOON)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changed", "missing"),
    [
        ({"terms": replace(WHOLE, mode=None)}, "mode"),
        ({"terms": replace(WHOLE, price=None)}, "price"),
        ({"terms": replace(WHOLE, owner=" ")}, "owner"),
        ({"places": ()}, "action"),
        ({"terms": replace(WHOLE, action="call")}, "action"),
        ({"category": None}, "category"),
        ({"texts": {"it": replace(TEXT, conditions="")}}, "texts"),
        ({"texts": {}, "terms": Terms(), "category": None}, "mode, price, category, owner, texts"),
    ],
)
async def test_each_gap_is_named_and_nobody_sees_the_draft(
    citizen: Visitor, changed: dict[str, object], missing: str
) -> None:
    service_id = await draft(**changed)
    with pytest.raises(ServiceIncomplete) as refused:
        await service.publish(service_id, actor=SYSTEM, now=NOON)
    assert refused.value.arguments["missing"] == missing
    assert (await citizen.get("/tradate/servizi/prova")).status == 404


async def test_a_free_and_whole_service_is_published(citizen: Visitor) -> None:
    await service.publish(await draft(), actor=SYSTEM, now=NOON)
    page = await citizen.get("/tradate/servizi/prova")
    assert page.status == 200 and page.says("Gratis") and page.says("Prenota")


async def test_the_tables_refuse_it_too(citizen: Visitor) -> None:
    service_id = await draft(terms=replace(WHOLE, price=None))
    with pytest.raises(Exception, match=r"(?i)check"):
        await database.execute("UPDATE service SET status = 'published' WHERE id = {}", service_id)


async def test_a_suspended_service_says_why(citizen: Visitor) -> None:
    service_id = await draft()
    await service.publish(service_id, actor=SYSTEM, now=NOON)
    await service.suspend(service_id, "Lavori in cucina fino a gennaio.", actor=SYSTEM, now=NOON)
    page = await citizen.get("/tradate/servizi/prova")
    assert page.says("Sospeso") and page.says("Lavori in cucina fino a gennaio.") and page.says("Avvisatemi")
    assert not page.says("Prenota")
