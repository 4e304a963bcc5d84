"""A14: a parent books for a minor; it stands in both timelines and the parent's purse pays."""

from datetime import date

import pytest

from app import database
from app.domain import booking, checkout, delegation, household, person, slot_hold
from app.domain.actor import SYSTEM, Actor
from app.domain.person import NewPerson
from tests.centre import BEFORE, NOON, Centre
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
    session_id = await database.scalar("SELECT id FROM session WHERE person_id = {}", amina)
    actor = Actor("person", amina, session_id)
    held = await slot_hold.hold(centre.places["compiti"], NOON, 1, token="", address_hash="", actor=actor, now=BEFORE)
    steps = f"/tradate/prenotazione-in-corso/{held}"

    page = await visitor.get(f"/tradate/io/famiglia/persone/{yusuf}/dichiarazione")
    await visitor.submit(page.form("/dichiarazione"), declared="yes")
    whom = await visitor.get(f"{steps}/per-chi")
    assert whom.says("Yusuf")
    chosen = await visitor.submit(whom.form("/per-chi"), chi=str(yusuf))
    assert chosen.location.startswith(steps)
    split = await checkout.split_of(await checkout.load(held, actor=actor, now=BEFORE), now=BEFORE)
    await booking.book(held, split.mark, actor=actor, now=BEFORE)

    made = await database.row("SELECT booked_by, receiver_id, payer_id, own FROM booking")
    assert made is not None
    assert (made["booked_by"], made["receiver_id"], made["payer_id"], made["own"]) == (amina, yusuf, amina, 300)
    assert await centre.wallet("amina", BEFORE) == (15_000, 900, 14_100)
    for who in (amina, yusuf):
        mine = await (await visitor.as_person(who)).get("/tradate/io")
        assert mine.says("Aiuto compiti"), "in both timelines"
