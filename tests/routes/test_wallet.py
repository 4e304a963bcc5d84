"""The wallet says the same as the ledger, and names nothing that is somebody's secret."""

import pytest

from app.domain import cancellation, household
from tests.people import Cast
from tests.timetable import NOW, TEN, Timetable, book, person
from tests.visitor import Visitor

pytestmark = pytest.mark.anyio


async def test_every_movement_of_a_purse(visitor: Visitor, cast: Cast) -> None:
    town = await Timetable(cast).open()
    amina = await person(cast.amina.id)
    purse = await town.credit(cast.amina.id, 6900)
    code = await book(await town.service(), TEN, amina)
    await cancellation.cancel(code, "ill", actor=amina, now=NOW)
    await visitor.as_person(cast.amina)
    wallet = await visitor.get("/tradate/io/borsellino")
    assert wallet.says("Hai 69,00 €. Puoi usarli tutti. Conto delle 12.") and wallet.says("Da usare entro: 31 dicembre")
    page = await visitor.get(wallet.link("Comune di Tradate"))
    amounts = [str(found).replace("\xa0", " ") for found in page.all("//main//dl//dd/text()")]
    assert amounts == ["25,00 €", "25,00 €", "+69,00 €"]
    assert page.says("Impegnato: Aiuto compiti") and page.says("Credito ricevuto")
    await visitor.as_person(cast.tomas)
    for address in (f"/tradate/io/borsellino/{purse}", "/tradate/io/borsellino/999999"):
        assert (await visitor.get(address)).status == 404


async def test_a_confidential_service_is_unnamed_in_a_shared_purse(visitor: Visitor, cast: Cast) -> None:
    town = await Timetable(cast).open()
    home = await household.of(cast.amina.id)
    purse = await town.credit(0, 6900, household=home, for_household=True)
    await book(await town.service("ascolto", is_confidential=True), TEN, await person(cast.amina.id))
    for who, named in ((cast.amina, True), (cast.karim, False)):
        await visitor.as_person(who)
        page = await visitor.get(f"/tradate/io/borsellino/{purse}")
        assert page.says("25,00 €") and page.says("Aiuto compiti") == named
