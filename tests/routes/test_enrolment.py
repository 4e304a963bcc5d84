from datetime import date

import pytest

from app import database
from app.domain import card, contact, identity
from app.domain.actor import SYSTEM
from tests.pages.answer import words
from tests.people import Cast
from tests.visitor import Page, Visitor

pytestmark = pytest.mark.anyio
FORM = "/tradate/sportello/iscrizione"


async def enrol(visitor: Visitor, cast: Cast, **typed: str) -> Page:
    page = await visitor.get(FORM)
    told = {
        "given_name": "Samba",
        "family_name": "N'Diaye",
        "born_on": "8/2/2007",
        "municipality": str(cast.town),
        "phone": "+39 333 000 0001",
        "first": "sms",
    }
    return await visitor.submit(page.form(FORM), **{**told, **typed})


async def printed(visitor: Visitor) -> str:
    return await card.print_cards(1, actor=SYSTEM, now=visitor.clock.now)


async def test_from_the_blank_page_to_a_card_that_signs_in(visitor: Visitor, cast: Cast) -> None:
    """Four pages: the data, the PIN, the card, and the person in on any phone."""
    await visitor.as_staff(cast.desk.id)
    code = await printed(visitor)
    pin_page = await visitor.follow(await enrol(visitor, cast, card=code.lower(), fiscal_code="99999990114"))
    assert pin_page.title == "Samba, scegli il tuo PIN"
    sheet = await visitor.follow(await visitor.submit(pin_page.form("/pin"), pin="739164", again="739164"))
    assert sheet.title == "La tessera di Samba N'Diaye" and f"{code[:4]} {code[4:8]} {code[8:]}" in sheet.visible_text
    assert "739164" not in sheet.text
    person = visitor.somebody_else()
    door = await person.get("/tradate/entra")
    assert (await person.submit(door.form("/entra"), card=code, pin="739164", phone="others")).location == "/tradate/io"


async def test_identity_is_kept_as_the_law_says(visitor: Visitor, cast: Cast) -> None:
    await visitor.as_staff(cast.desk.id)
    await enrol(visitor, cast, fiscal_code="99999990114 ", address="Via dei Pini 4")
    number = await database.scalar("SELECT person_id FROM identity WHERE folded_name = {}", "ndiaye samba")
    stored = str(await database.rows("SELECT * FROM identity WHERE person_id = {}", number))
    assert "99999990114" not in stored and "Via dei Pini" not in stored
    assert await identity.fiscal_code_of(number) == "99999990114"
    assert await identity.address_of(number) == "Via dei Pini 4"
    assert await identity.born_on(number) == date(2007, 2, 8)
    assert [(c.channel, c.value) for c in await contact.of(number)] == [("sms", "3330000001")]


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("given_name", "", "Scrivi il nome."),
        ("born_on", "31/2/2007", "Scrivi la data come giorno, mese e anno"),
        ("born_on", "8/2/1807", "Controlla l'anno di nascita."),
        ("fiscal_code", "HDDMNA92E61Z999X", "Il codice fiscale non torna."),
        ("municipality", "999999", "Scegli una delle risposte."),
        ("phone", "12", "Scrivi un numero come"),
        ("phone", "", "Per questo modo serve il telefono."),
        ("email", "samba@", "Scrivi un'e-mail come"),
        ("card", "AB", "Il codice della tessera ha 10 lettere e numeri."),
        ("card", "2222222222", "Questo codice non è di una nostra tessera."),
    ],
)
async def test_each_mistake_is_told_beside_its_field_and_nothing_typed_is_lost(
    visitor: Visitor, cast: Cast, field: str, typed: str, said: str
) -> None:
    await visitor.as_staff(cast.desk.id)
    before = await database.scalar("SELECT count(*) FROM person")
    page = await enrol(visitor, cast, **{field: typed})
    assert page.status == 422
    assert said in " ".join(words(e) for e in page.all(f"//*[@id='{field}-error']"))
    assert 'value="N&#39;Diaye"' in page.text
    assert await database.scalar("SELECT count(*) FROM person") == before


async def test_a_taken_card_and_a_known_fiscal_code_are_refused(visitor: Visitor, cast: Cast) -> None:
    await visitor.as_staff(cast.desk.id)
    taken = await enrol(visitor, cast, card=cast.amina.card)
    assert taken.status == 422 and taken.says("Questa tessera è già di un'altra persona.")
    known = await enrol(visitor, cast, fiscal_code="HDDMNA92E61Z999R")
    assert known.status == 422 and known.says("C'è già una persona con questo codice fiscale.")


async def test_weak_pins_are_refused_with_the_reason_and_a_pin_is_chosen_once(visitor: Visitor, cast: Cast) -> None:
    await visitor.as_staff(cast.desk.id)
    page = await visitor.follow(await enrol(visitor, cast))
    for weak, said in (
        ("123456", "È troppo facile"),
        ("000000", "È troppo facile"),
        ("080207", "È la tua data di nascita"),
        ("1234", "Il PIN ha 6 cifre"),
    ):
        refused = await visitor.submit(page.form("/pin"), pin=weak, again=weak)
        assert refused.status == 422 and refused.says(said), weak
    different = await visitor.submit(page.form("/pin"), pin="739164", again="739165")
    assert different.says("I due PIN sono diversi.")
    await visitor.submit(page.form("/pin"), pin="739164", again="739164")
    second = await visitor.submit(different.form("/pin"), pin="860275", again="860275")
    assert second.status == 422 and second.says("Il PIN di questa tessera c'è già.")


async def test_the_person_reads_the_pin_page_in_their_language(visitor: Visitor, cast: Cast) -> None:
    await visitor.as_staff(cast.desk.id)
    done = await enrol(visitor, cast, language="en")
    assert done.location.startswith("/en/tradate/") and (await visitor.follow(done)).title == "Samba, choose your PIN"


async def test_a_double_click_enrols_once(visitor: Visitor, cast: Cast) -> None:
    await visitor.as_staff(cast.desk.id)
    page = await visitor.get(FORM)
    told = {"given_name": "Lia", "family_name": "Po", "born_on": "1/3/1990", "municipality": str(cast.town)}
    done = [await visitor.submit(page.form(FORM), **told, first="none") for _ in range(2)]
    assert done[0].location == done[1].location != ""
    assert await database.scalar("SELECT count(*) FROM identity WHERE folded_name = {}", "po lia") == 1


async def test_a_lost_card_dies_with_everything_that_was_signed_in(visitor: Visitor, cast: Cast) -> None:
    amina = await visitor.somebody_else().as_person(cast.amina.id)
    await visitor.as_staff(cast.desk.id)
    page = await visitor.get(f"/tradate/sportello/persone/{cast.amina.id}/nuova-tessera")
    unseen = await visitor.submit(page.form("/nuova-tessera"))
    assert unseen.status == 422 and unseen.says("Guarda i documenti, poi metti la spunta.")
    assert (await visitor.submit(page.form("/nuova-tessera"), document="yes")).location.endswith("/pin")
    assert "/tradate/entra" in (await amina.get("/tradate/io/telefoni")).location
    old = await card.by_code(cast.amina.card)
    new = await card.of(cast.amina.id)
    assert old and old.is_revoked and new and new.code != old.code and not new.has_pin


async def test_staff_elsewhere_and_operators_find_nothing_here(visitor: Visitor, cast: Cast) -> None:
    for who in (cast.foreign_desk, cast.ines, cast.giulia):
        await visitor.as_staff(who.id)
        for path in (FORM, f"/tradate/sportello/persone/{cast.amina.id}/tessera"):
            assert (await visitor.get(path)).status == 404, (who.login, path)
    await visitor.as_staff(cast.desk.id)
    assert (await visitor.get(f"/tradate/sportello/persone/{cast.beppe.id}/tessera")).status == 404


async def test_each_look_at_a_card_is_written_down(visitor: Visitor, cast: Cast) -> None:
    await visitor.as_staff(cast.desk.id)
    await visitor.get(f"/tradate/sportello/persone/{cast.amina.id}/tessera")
    look = await database.row(
        "SELECT actor_id, purpose FROM audit WHERE what = 'person.looked' AND person_id = {}", cast.amina.id
    )
    assert look == {"actor_id": cast.desk.id, "purpose": "card"}


async def test_who_is_enrolled_elsewhere_keeps_card_and_pin(visitor: Visitor, cast: Cast) -> None:
    await visitor.as_staff(cast.foreign_desk.id)
    form = "/biella/sportello/iscrizione"
    page = await visitor.get(form)
    town = await database.scalar("SELECT id FROM municipality WHERE territory_id = {}", cast.biella)
    told = {"given_name": "Amina", "municipality": str(town), "first": "none", "fiscal_code": "HDDMNA92E61Z999R"}
    wrong = await visitor.submit(page.form(form), **told, family_name="Verdi", born_on="21/5/1992")
    assert wrong.status == 422 and not wrong.says("Apri la sua pagina") and not wrong.says("Haddad")
    done = await visitor.submit(page.form(form), **told, family_name="Haddad", born_on="21/5/1992")
    assert done.location == f"/biella/sportello/persone/{cast.amina.id}/pin"
    assert (await visitor.follow(done)).says("Il PIN di questa tessera c'è già.")
