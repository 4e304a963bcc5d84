"""A child and a delegation, written down at the Social Point with the person in front, and given on paper."""

from datetime import date
from typing import Any

import pytest

from app import database
from app.domain import delegation, household
from tests.people import PIN, Cast
from tests.visitor import NOON, Page, Visitor

pytestmark = pytest.mark.anyio
PEOPLE = "/tradate/sportello/persone"
CHILD = {
    "given_name": "Sami",
    "family_name": "Haddad",
    "child_born_on": "3/2/2022",
    "tipo": "parent",
    "document": "yes",
    "declared": "yes",
}
TRUST: dict[str, Any] = {"tipo": "delegate", "cosa": ["see", "book", "spend"], "limite": "50", "document": "yes"}


async def add_child(visitor: Visitor, cast: Cast, parent: int, **typed: str) -> Page:
    page = await visitor.get(f"{PEOPLE}/{parent}/famiglia/figlio")
    return await visitor.submit(page.form("/figlio"), **{**CHILD, "municipality": str(cast.town), **typed})


async def trust(visitor: Visitor, giver: int, whom: str, **typed: Any) -> Page:
    page = await visitor.get(f"{PEOPLE}/{giver}/deleghe/nuova")
    return await visitor.submit(page.form("/nuova"), trusted=whom, **{**TRUST, **typed})


async def test_a_child_is_added_with_the_declaration_and_the_parent_books(visitor: Visitor, cast: Cast) -> None:
    await visitor.as_staff(cast.desk)
    family = await visitor.get(f"{PEOPLE}/{cast.amina.id}/famiglia")
    assert family.says("Yusuf Haddad")
    sent = await add_child(visitor, cast, cast.amina.id)
    slip = await visitor.follow(sent)
    assert slip.title == "Delega: Sami Haddad"
    assert slip.says("Genitore Amina Haddad") and slip.says("Scritta da Dora Sala")
    assert slip.says("Finisce da sola a 18 anni.")
    mine = await household.who_can_receive(cast.amina.id, NOON)
    assert [(one.given_name, one.relation, one.needs_declaration) for one in mine][1:] == [
        ("Yusuf", "child", False),
        ("Sami", "child", False),
    ]
    assert "Sami Haddad" in [one.full_name for one in await household.members(cast.karim.id)]
    assert (await visitor.get(f"{PEOPLE}/{cast.amina.id}/famiglia")).says("Sami Haddad")
    found = await database.row("SELECT declared_by, kind FROM minor_declaration ORDER BY id DESC LIMIT 1")
    assert found == {"declared_by": cast.amina.id, "kind": "parent"}


async def test_the_other_parent_brings_the_same_child(visitor: Visitor, cast: Cast) -> None:
    """Nobody is written down twice, whether the fiscal code is known or only the name and the day."""
    await visitor.as_staff(cast.desk)
    before = await database.scalar("SELECT count(*) FROM person")
    for _ in range(2):
        await add_child(visitor, cast, cast.amina.id)
    await add_child(visitor, cast, cast.karim.id)
    same = {"given_name": "Yusuf", "child_born_on": "11/4/2019", "fiscal_code": "HDDYSF19D11M999S"}
    await add_child(visitor, cast, cast.karim.id, **same)
    assert await database.scalar("SELECT count(*) FROM person") == before + 1
    assert [one.given_name for one in await household.who_can_receive(cast.karim.id, NOON)] == [
        "Karim",
        "Sami",
        "Yusuf",
    ]
    other = await add_child(visitor, cast, cast.tomas.id, **{**same, "given_name": "Nino"})
    assert (other.status, other.says("C'è già una persona con questo codice fiscale")) == (422, True)


async def test_a_missing_declaration_is_made_up_for(visitor: Visitor, cast: Cast) -> None:
    await visitor.as_staff(cast.desk)
    assert (await visitor.get(f"{PEOPLE}/{cast.tomas.id}/famiglia")).says("Per Giada manca la dichiarazione")
    same = {"given_name": "Giada", "family_name": "Ferrari", "child_born_on": "3/9/2016"}
    await add_child(visitor, cast, cast.tomas.id, **same)
    assert await household.is_declared(cast.giada.id)
    assert not (await visitor.get(f"{PEOPLE}/{cast.tomas.id}/famiglia")).says("manca la dichiarazione")


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("child_born_on", "3/2/2001", "Qui si aggiunge chi ha meno di 18 anni"),
        ("declared", "", "Metti la spunta: per un minore serve questo sì."),
        ("document", "", "Guarda i documenti, poi metti la spunta. Così nessuno passa per un altro."),
        ("tipo", "delegate", "Scegli una delle risposte"),
    ],
)
async def test_a_child_is_judged(visitor: Visitor, cast: Cast, field: str, typed: str, said: str) -> None:
    await visitor.as_staff(cast.desk)
    page = await add_child(visitor, cast, cast.amina.id, **{field: typed})
    assert (page.status, page.says(said)) == (422, True)
    assert await database.scalar("SELECT count(*) FROM identity WHERE given_name = 'Sami'") == 0


async def test_a_delegation_is_given_with_the_pin_and_goes_home_on_paper(visitor: Visitor, cast: Cast) -> None:
    await visitor.as_staff(cast.desk)
    sent = await trust(visitor, cast.rosa.id, cast.paolo.card, al="31/12/2026")
    turned = await visitor.follow(sent)
    assert turned.title == "Ti fidi di Paolo Bassi?"
    assert turned.says("Al mese, al massimo 50,00 €") and turned.says("Fino al 31 dicembre 2026")
    form = turned.form("/pin")
    wrong = await visitor.submit(form, pin="000111")
    assert (wrong.status, wrong.says("PIN non corrispondono")) == (422, True)
    assert await delegation.between(cast.paolo.id, cast.rosa.id, "book", NOON.date()) is None
    for _ in range(2):
        slip = await visitor.follow(await visitor.submit(form, pin=PIN))
        assert slip.says("Persona di fiducia Paolo Bassi") and slip.says("Scritta da Dora Sala")
        assert slip.says("Firma di chi dà la delega")
    held = await delegation.between(cast.paolo.id, cast.rosa.id, "spend", NOON.date())
    assert held and (held.monthly_limit_cents, held.until_on) == (5000, date(2026, 12, 31))
    assert await database.scalar("SELECT count(*) FROM delegation WHERE delegate_id = {}", cast.paolo.id) == 2
    await visitor.as_person(cast.rosa)
    assert (await visitor.get("/tradate/io/famiglia")).says("Paolo Bassi")
    assert (await visitor.get("/tradate/io/chi-ha-guardato")).says("Ha scritto una delega")


async def test_the_screen_is_turned_in_italian_to_who_speaks_a_language_we_lack(visitor: Visitor, cast: Cast) -> None:
    """Amina's is Arabic: without it her page is the Italian one, and no address that nobody answers."""

    async def speaks_arabic() -> None:
        await database.execute("UPDATE person SET language = 'ar' WHERE id = {}", cast.amina.id)

    await database.write(speaks_arabic)
    await visitor.as_staff(cast.desk)
    turned = await visitor.follow(await trust(visitor, cast.amina.id, cast.tomas.card))
    assert turned.status == 200 and turned.form("/pin")


async def test_the_last_delegation_of_two_people_counts(visitor: Visitor, cast: Cast) -> None:
    """Elena may spend 80 euro a month; from today it is 20."""
    await visitor.as_staff(cast.desk)
    turned = await visitor.follow(await trust(visitor, cast.rosa.id, cast.elena.card, limite="20"))
    await visitor.follow(await visitor.submit(turned.form("/pin"), pin=PIN))
    live = await delegation.given_by(cast.rosa.id, NOON.date())
    assert [(one.delegate_id, one.monthly_limit_cents) for one in live] == [(cast.elena.id, 2000)]


async def test_what_a_court_gave_needs_no_pin(visitor: Visitor, cast: Cast) -> None:
    await visitor.as_staff(cast.desk)
    sent = await trust(visitor, cast.omar.id, cast.luca.card, tipo="administrator", limite="")
    slip = await visitor.follow(sent)
    assert slip.says("Amministratore di sostegno Luca Bassi")
    assert slip.says("Finisce quando lo decide il giudice.")


async def test_it_is_ended_at_the_desk_with_a_document(visitor: Visitor, cast: Cast) -> None:
    await visitor.as_staff(cast.desk)
    family = await visitor.get(f"{PEOPLE}/{cast.rosa.id}/famiglia")
    slip = await visitor.get(family.link("Elena Colombo"))
    unseen = await visitor.submit(slip.form("/deleghe"))
    assert unseen.status == 422 and unseen.says("Ho visto un documento della persona: guarda i documenti, poi metti")
    over = await visitor.follow(await visitor.submit(slip.form("/deleghe"), document="yes"))
    assert over.says("Non vale più")
    assert await delegation.given_by(cast.rosa.id, NOON.date()) == []


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"trusted": "Elena"}, "Serve la sua tessera o il suo codice fiscale"),
        ({"cosa": []}, "Scegli che cosa può fare"),
        ({"limite": "molto"}, "Scrivi un importo in euro"),
        ({"cosa": ["see", "book"]}, "Il limite vale se può pagare"),
        ({"al": "1/1/2026"}, "L'ultimo giorno viene prima del primo"),
        ({"document": ""}, "Guarda i documenti, poi metti la spunta. Così nessuno passa per un altro."),
    ],
)
async def test_a_delegation_is_judged(visitor: Visitor, cast: Cast, typed: dict[str, Any], said: str) -> None:
    await visitor.as_staff(cast.desk)
    page = await visitor.get(f"{PEOPLE}/{cast.rosa.id}/deleghe/nuova")
    page = await visitor.submit(page.form("/nuova"), **{"trusted": cast.paolo.card, **TRUST, **typed})
    assert (page.status, page.says(said)) == (422, True)


async def test_only_who_enrols_here_finds_a_family(visitor: Visitor, cast: Cast) -> None:
    for colleague in (cast.ines, cast.foreign_desk):
        await visitor.as_staff(colleague)
        for path in ("famiglia", "famiglia/figlio", "deleghe/nuova", "deleghe/pin?delega=1.s..20261124."):
            assert (await visitor.get(f"{PEOPLE}/{cast.rosa.id}/{path}")).status == 404
    await visitor.as_staff(cast.desk)
    address = f"{PEOPLE}/{cast.rosa.id}/deleghe/pin?delega="
    for nobody in (cast.beppe.id, cast.rosa.id, 1):
        assert (await visitor.get(f"{address}{nobody}.s..20261124.")).status == 404
    for junk in ("x", f"{cast.paolo.id}...20261124.", f"{cast.paolo.id}.s..20261399."):
        assert (await visitor.get(f"{address}{junk}")).status == 404
