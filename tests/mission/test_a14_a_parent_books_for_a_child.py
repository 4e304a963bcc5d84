"""A14: a parent books for a minor; it stands in both timelines and the parent's purse pays."""

from datetime import date

import pytest

from app import database
from app.domain import delegation, household, person
from app.domain.actor import SYSTEM
from app.domain.person import NewPerson
from tests.centre import BEFORE, Centre
from tests.visitor import Visitor

pytestmark = pytest.mark.anyio


async def family(centre: Centre) -> tuple[int, int]:
    """Amina with 150,00 of credit, and her son Yusuf."""
    amina = await centre.person("Amina Haddad", 15_000)
    yusuf = await person.enrol(
        NewPerson("Yusuf", "Haddad", date(2019, 4, 11)),
        territory_id=centre.territory,
        needs_card=False,
        actor=SYSTEM,
        now=BEFORE,
    )
    home = await household.create("Haddad", actor=SYSTEM, now=BEFORE)
    await household.join(home, amina, "adult", actor=SYSTEM, now=BEFORE)
    await household.join(home, yusuf, "minor", actor=SYSTEM, now=BEFORE)
    every = frozenset[delegation.Scope]({"see", "book", "spend"})
    await delegation.grant(yusuf, amina, "parent", every, from_on=BEFORE.date(), actor=SYSTEM, now=BEFORE)
    return amina, yusuf


async def test_amina_books_for_yusuf_and_pays_from_her_credit(visitor: Visitor) -> None:
    centre = await Centre().open()
    amina, yusuf = await family(centre)
    visitor.clock.now = BEFORE
    await visitor.as_person(amina)
    declared = await visitor.get(f"/tradate/io/famiglia/persone/{yusuf}/dichiarazione")
    await visitor.submit(declared.form("/dichiarazione"), declared="yes")

    times = await visitor.get("/tradate/prenota/compiti")
    details = await visitor.follow(await visitor.submit(times.form("/orario"), chi=str(yusuf)))
    summary = await visitor.follow(await visitor.submit(details.form("/dettagli"), q1="arachidi"))
    assert summary.says("Yusuf Haddad") and summary.says("− 9,00 €") and summary.says("3,00 €")
    booked = await visitor.follow(await visitor.submit(summary.form("/riepilogo")))
    assert booked.title == "È prenotato" and booked.says("Yusuf Haddad")

    made = await database.row("SELECT booked_by, receiver_id, payer_id, own FROM booking")
    assert made is not None
    assert (made["booked_by"], made["receiver_id"], made["payer_id"], made["own"]) == (amina, yusuf, amina, 300)
    assert await centre.wallet("amina", BEFORE) == (15_000, 900, 14_100)
    for who in (amina, yusuf):
        mine = await (await visitor.as_person(who)).get("/tradate/io")
        assert mine.says("Aiuto compiti"), "in both timelines"
