"""A54: one checkout over several purses: the order is shown before paying, soonest expiry first, and can be changed."""

from datetime import date

import pytest

from app.domain import fund
from app.domain.actor import SYSTEM
from tests.centre import BEFORE, LAST_DAY, Centre
from tests.mission.booking_walk import to_summary
from tests.pages.answer import words
from tests.people import Cast
from tests.timetable import Timetable
from tests.visitor import Visitor

pytestmark = pytest.mark.anyio
SOON = date(2026, 11, 30)


@pytest.fixture
async def centre(visitor: Visitor) -> Centre:
    """Amina has 50,00 of the municipality until the end of the year and 10,00 of a foundation until 30 November."""
    centre = await Centre().open()
    amina = await centre.person("Amina Haddad", 5000)
    funder = await fund.create_funder(
        "fondazione", "Fondazione Seme", "foundation", said="la Fondazione Seme", actor=SYSTEM, now=BEFORE
    )
    terms = fund.Terms("fondazione", "Fondazione Seme", "Bando 3", date(2026, 1, 1), LAST_DAY)
    made = await fund.create_fund(funder, terms, actor=SYSTEM, now=BEFORE)
    await fund.pay_in(made, 100_000, reason="bando-3", actor=SYSTEM, now=BEFORE)
    await fund.issue(made, 1000, SOON, person_id=amina, actor=SYSTEM, now=BEFORE)
    visitor.clock.now = BEFORE
    await visitor.as_person(amina)
    return centre


async def purses(visitor: Visitor) -> list[str]:
    """As the wallet says them, soonest expiry first."""
    page = await visitor.get("/tradate/io/borsellino")
    return [words(card) for card in page.all("//li[@class='card']")]


async def test_the_soonest_to_expire_pays_first_and_it_is_seen_before(visitor: Visitor, centre: Centre) -> None:
    summary = await to_summary(visitor, "aiuto")
    said = summary.visible_text
    first, second = said.index("Paga la Fondazione Seme"), said.index("Paga Comune di Tradate")
    assert first < second
    assert summary.says("− 10,00 €") and summary.says("− 8,00 €") and summary.says("Tu non paghi niente")
    await visitor.follow(await visitor.submit(summary.form("/riepilogo")))
    foundation, comune = await purses(visitor)
    assert "Fondazione Seme Puoi usare 0,00" in foundation and "Già impegnati: 10,00" in foundation
    assert "Comune di Tradate Puoi usare 42,00" in comune and "Già impegnati: 8,00" in comune


async def test_the_person_changes_who_pays(visitor: Visitor, centre: Centre) -> None:
    summary = await to_summary(visitor, "aiuto")
    choice = await visitor.get(summary.link("Cambia come si paga"))
    assert choice.says("Usiamo prima il credito che scade prima.")
    form = choice.form("/come-si-paga")
    ticked = dict(
        zip(("Fondazione Seme", "Comune di Tradate"), [v for n, v in form.fields if n == "credito"], strict=True)
    )
    other = await visitor.follow(await visitor.submit(form, credito=ticked["Comune di Tradate"]))
    assert (
        other.says("Paga Comune di Tradate") and other.says("− 18,00 €") and not other.says("Paga la Fondazione Seme")
    )
    await visitor.follow(await visitor.submit(other.form("/riepilogo")))
    foundation, comune = await purses(visitor)
    assert "Fondazione Seme Puoi usare 10,00" in foundation and "Comune di Tradate Puoi usare 32,00" in comune


async def test_a_credit_that_pays_alone_can_be_chosen_instead(visitor: Visitor, cast: Cast) -> None:
    """Left out because others pay together, it stands there to be ticked, with the reason and what to do."""
    town = await Timetable(cast).open()
    await town.service()
    await town.credit(cast.omar.id, 900)
    company = await town.credit(
        *(cast.omar.id, 60_000, date(2027, 6, 30)),
        fund_name="Officine Bianchi",
        is_combinable=False,
        allows_own_money=False,
    )
    await visitor.as_person(cast.omar)
    times = await visitor.get("/tradate/prenota/compiti")
    summary = await visitor.follow(await visitor.submit(times.form("/orario")))
    assert summary.says("− 9,00 €") and summary.says("quel giorno: 16,00 €")
    choice = await visitor.get(summary.link("Cambia come si paga"))
    assert choice.says("Hai 600,00 € · vale da solo: se lo vuoi usare, togli gli altri")
    other = await visitor.follow(await visitor.submit(choice.form("/come-si-paga"), credito=str(company)))
    assert other.says("− 25,00 €") and other.says("Tu non paghi niente") and not other.says("− 9,00 €")


async def test_a_summary_that_no_longer_holds_is_shown_again(visitor: Visitor, centre: Centre) -> None:
    """What is confirmed is what was seen: another purse chosen in a second window takes nothing silently."""
    summary = await to_summary(visitor, "aiuto")
    choice = await visitor.get(summary.link("Cambia come si paga"))
    await visitor.submit(choice.form("/come-si-paga"), credito=[])
    again = await visitor.submit(summary.form("/riepilogo"))
    assert again.status == 422 and again.says("Il modo di pagare è cambiato.")
    assert await centre.wallet("amina", BEFORE) == (6000, 0, 6000)
