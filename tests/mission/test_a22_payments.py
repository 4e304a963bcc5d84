"""A22: a time held and not confirmed goes back to others; what is paid late at the centre is noted, never lost."""

from datetime import timedelta

import pytest

from app import database
from tests.centre import BEFORE, NOON, Centre
from tests.mission.booking_walk import times, to_summary
from tests.visitor import Visitor

pytestmark = pytest.mark.anyio
DESK = "/tradate/sportello"


async def test_an_unconfirmed_hold_ends_and_frees_the_time(visitor: Visitor) -> None:
    centre = await Centre().open()
    await database.execute("UPDATE service SET capacity = 1 WHERE slug = 'aiuto'")
    visitor.clock.now = BEFORE
    amina = await visitor.as_person(await centre.person("Amina Haddad", 5000))
    rosa = await visitor.somebody_else().as_person(await centre.person("Rosa Colombo", 5000))
    wanted = (await times(amina, "aiuto"))[-1]
    slow = await to_summary(amina, "aiuto", time=wanted)
    assert wanted not in await times(rosa, "aiuto")

    visitor.clock.move(minutes=16)
    assert wanted in await times(rosa, "aiuto")
    quick = await to_summary(rosa, "aiuto", time=wanted)
    booked = await rosa.follow(await rosa.submit(quick.form("/riepilogo")))
    assert booked.path.startswith("/tradate/prenotazioni/")
    refused = await amina.submit(slow.form("/riepilogo"))
    assert refused.status == 422 and refused.says("Il tempo è passato")
    assert await centre.wallet("amina", visitor.clock.now) == (5000, 0, 5000)
    assert await centre.wallet("rosa", visitor.clock.now) == (5000, 1800, 3200)


async def test_an_own_share_paid_late_is_noted_and_the_public_part_stays(visitor: Visitor) -> None:
    centre = await Centre().open()
    await centre.person("Amina Haddad", 5000)
    code = await centre.book("amina", "compiti")
    await visitor.as_staff(centre.staff["operator"].id)

    async def press(what: str) -> bool:
        page = await visitor.get(f"{DESK}/prenotazioni/{code}")
        form = page.form(code) if what != "arrived" else (await visitor.get(DESK)).form("arrivi")
        done = await visitor.submit(form, fai=f"{what} {code}" if what == "arrived" else what)
        return (await visitor.follow(done)).status == 200

    assert await press("arrived") and await press("not_paid")
    assert (await visitor.get(DESK)).says("Da incassare 3,00 €")
    assert await centre.paid_to_centre() == 900
    visitor.clock.now = NOON + timedelta(hours=2)
    await visitor.as_staff(centre.staff["operator"].id)
    assert await press("cash")
    page = await visitor.get(f"{DESK}/prenotazioni/{code}")
    assert page.says("Incassato 3,00 €") and not page.says("Da incassare")
    found = await database.rows("SELECT method, amount FROM collection ORDER BY id")
    assert [(row["method"], row["amount"]) for row in found] == [("not_paid", 300), ("cash", 300)]
    assert await centre.paid_to_centre() == 900
