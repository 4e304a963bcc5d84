"""A53: with thousands more people, services and bookings a page asks no more of the database and weighs the same.

The whole, 130,000 people with 100,000 bookings, and how long their pages take: `bin/bench scale:a53`.
"""

import pytest

from app import database
from app.domain import verify
from app.seed import funds, scale
from tests.visitor import NOON, Page, Visitor

pytestmark = [pytest.mark.anyio, pytest.mark.slow]
FEW = {"services": 500, "people": 100, "bookings": 300}
MANY = {"services": 5_000, "people": 5_000, "bookings": 5_000}
MORE_BYTES = 16


async def test_a_page_asks_and_weighs_the_same_with_many(citizen: Visitor) -> None:
    await funds.seed(NOON)
    await scale.add(1, now=NOON, **FEW)
    person = await database.scalar("SELECT min(receiver_id) FROM booking")
    before = await seen(citizen, person)
    await scale.add(1, now=NOON, **MANY)
    after = await seen(citizen, person)
    assert {name: page.statements for name, page in after.items()} == {
        name: page.statements for name, page in before.items()
    }
    more = {name: after[name].sent - before[name].sent for name in before}
    assert max(more.values()) <= MORE_BYTES, more
    assert after["search"].all("//li[@class='card']")
    assert await database.scalar("SELECT count(*) FROM booking") == FEW["bookings"] + MANY["bookings"]
    assert await verify.verify(now=NOON) == []


async def seen(citizen: Visitor, person: int) -> dict[str, Page]:
    """The second time each: a process counts nothing of its first."""
    signed_in = await citizen.somebody_else().as_person(person)
    asked = {
        "list": (citizen, "/tradate/servizi?pagina=2"),
        "search": (citizen, "/tradate/servizi?q=compiti"),
        "service": (citizen, "/tradate/servizi/aiuto-compiti"),
        "times": (citizen, "/tradate/prenota/aiuto-compiti"),
        "own": (signed_in, "/tradate/io"),
        "wallet": (signed_in, "/tradate/io/borsellino"),
    }
    for visitor, path in asked.values():
        await visitor.get(path)
    return {name: await visitor.get(path) for name, (visitor, path) in asked.items()}
