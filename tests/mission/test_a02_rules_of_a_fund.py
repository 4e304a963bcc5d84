"""A02: credit for the co-operatives of one territory is refused elsewhere, the rule is named, nothing is taken."""

from datetime import date

import pytest

from app import database
from app.domain import fund, provider, territory
from app.domain.actor import SYSTEM
from app.domain.fund_rule import Rule
from tests.centre import BEFORE, LAST_DAY, Centre
from tests.mission.booking_walk import to_summary
from tests.visitor import Page, Visitor

pytestmark = pytest.mark.anyio


@pytest.fixture
async def centre(visitor: Visitor) -> Centre:
    """Amina has 50,00 for the co-operatives of Tradate."""
    centre = await Centre().open()
    funder = await fund.create_funder(
        "tradate", "Comune", "municipality", said="il Comune di Tradate", actor=SYSTEM, now=BEFORE
    )
    terms = fund.Terms("solo-tradate", "Buono Tradate", "Capitolo 2", date(2026, 1, 1), LAST_DAY)
    rules = (Rule("territory", "tradate"), Rule("provider_kind", "cooperative"))
    made = await fund.create_fund(funder, terms, rules, actor=SYSTEM, now=BEFORE)
    await fund.pay_in(made, 100_000, reason="determina-2", actor=SYSTEM, now=BEFORE)
    amina = await centre.person("Amina Haddad")
    await fund.issue(made, 5000, LAST_DAY, person_id=amina, actor=SYSTEM, now=BEFORE)
    visitor.clock.now = BEFORE
    await visitor.as_person(amina)
    return centre


async def why_not(visitor: Visitor, summary: Page) -> Page:
    assert summary.says("Paghi tu, al centro, quel giorno: 18,00 €")
    return await visitor.get(summary.link("Cambia come si paga"))


async def nothing_taken(visitor: Visitor, summary: Page, centre: Centre) -> None:
    """Booked all the same, for own money."""
    await visitor.follow(await visitor.submit(summary.form("/riepilogo")))
    assert await centre.wallet("amina", BEFORE) == (5000, 0, 5000)
    assert await database.scalar("SELECT count(*) FROM transfer WHERE booking_id IS NOT NULL") == 0


async def test_a_co_operative_of_tradate_is_paid(visitor: Visitor, centre: Centre) -> None:
    summary = await to_summary(visitor, "aiuto")
    assert summary.says("Paga il Comune di Tradate")
    await visitor.follow(await visitor.submit(summary.form("/riepilogo")))
    assert await centre.wallet("amina", BEFORE) == (5000, 1800, 3200)


async def test_a_provider_of_rho_is_not_and_the_rule_is_named(visitor: Visitor, centre: Centre) -> None:
    rho = await territory.create(
        "rho",
        "Rho",
        district="Distretto di Rho",
        phone="02 000 001",
        phone_cost="Costa come una telefonata in città.",
        opened_on=date(2026, 1, 7),
        actor=SYSTEM,
        now=BEFORE,
    )
    await provider.accredit(centre.provider, rho, date(2026, 1, 7), actor=SYSTEM, now=BEFORE)
    await database.execute("UPDATE service SET territory_id = {} WHERE slug = 'aiuto'", rho)
    summary = await to_summary(visitor, "aiuto", territory="rho")
    assert (await why_not(visitor, summary)).says("Buono Tradate (Hai 50,00 €): non vale in questo territorio.")
    await nothing_taken(visitor, summary, centre)


async def test_an_association_is_not_and_the_rule_is_named(visitor: Visitor, centre: Centre) -> None:
    await database.execute("UPDATE provider SET kind = 'association' WHERE id = {}", centre.provider)
    summary = await to_summary(visitor, "aiuto")
    assert (await why_not(visitor, summary)).says("Buono Tradate (Hai 50,00 €): non vale per questo tipo di fornitore.")
    await nothing_taken(visitor, summary, centre)
