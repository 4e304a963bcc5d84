"""A01: a municipality gives 50,00; 30,00 spent leave 20,00; the entries add up to it and none is ever edited."""

import pytest

from app import database
from tests.centre import BEFORE, Centre
from tests.mission.booking_walk import book
from tests.visitor import Visitor

pytestmark = pytest.mark.anyio
WALLET = "/tradate/io/borsellino"


async def test_fifty_given_thirty_spent_twenty_left(visitor: Visitor) -> None:
    centre = await Centre().open()
    await database.execute("UPDATE service SET price = 3000 WHERE slug = 'aiuto'")
    visitor.clock.now = BEFORE
    amina = await visitor.as_person(await centre.person("Amina Haddad", 5000))
    assert (await amina.get(WALLET)).says("Hai 50,00 €. Puoi usarli tutti.")

    confirmed = await book(amina, "aiuto")
    assert (await amina.get(WALLET)).says("Hai 50,00 €. 30,00 € sono già impegnati. Puoi usare 20,00 €.")
    await arrive(visitor, centre, confirmed.path.rpartition("/")[2])
    wallet = await (await visitor.as_person(centre.people["amina"])).get(WALLET)
    assert wallet.says("Hai 20,00 €. Puoi usarli tutti.")
    movements = await visitor.get(wallet.link("Comune di Tradate"))
    assert movements.says("Credito ricevuto") and movements.says("Pagato")
    assert await entries(centre.people["amina"]) == 2000
    await nothing_is_edited()


async def arrive(visitor: Visitor, centre: Centre, code: str) -> None:
    """The centre's day list, when the appointment is."""
    starts_at = await database.scalar("SELECT starts_at FROM slot WHERE taken > 0")
    visitor.clock.now = starts_at
    desk = await visitor.somebody_else().as_staff(centre.staff["operator"].id)
    page = await desk.get("/tradate/sportello")
    assert (await desk.follow(await desk.submit(page.form("arrivi"), fai=f"arrived {code}"))).says("1 arrivata")


async def entries(person_id: int) -> int:
    """What the ledger's entries of this person's purse add up to."""
    return int(
        await database.scalar(
            "SELECT sum(CASE WHEN t.credit_account_id = p.account_id THEN t.amount ELSE -t.amount END) FROM purse p "
            "JOIN transfer t ON p.account_id IN (t.credit_account_id, t.debit_account_id) "
            "WHERE p.person_id = {} AND t.kind <> 'hold'",
            person_id,
        )
    )


async def nothing_is_edited() -> None:
    before = await database.rows("SELECT id, amount, digest FROM transfer ORDER BY id")
    for change in ("UPDATE transfer SET amount = 1", "DELETE FROM transfer"):
        with pytest.raises(Exception, match="append-only"):
            await database.execute(change)
    assert await database.rows("SELECT id, amount, digest FROM transfer ORDER BY id") == before
