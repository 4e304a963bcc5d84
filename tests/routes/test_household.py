import pytest

from app import database
from tests.pages.answer import words
from tests.people import PIN, Cast
from tests.timetable import Timetable
from tests.visitor import Visitor

pytestmark = pytest.mark.anyio
FAMILY = "/tradate/io/famiglia"


async def test_family_page_says_who_lives_with_me_and_for_whom_i_book(visitor: Visitor, cast: Cast) -> None:
    page = await (await visitor.as_person(cast.amina.id)).get(FAMILY)
    assert page.says("Karim Haddad") and page.says("Yusuf , figlio o figlia")
    assert not page.says("Prima serve la tua dichiarazione.")


async def test_who_acts_for_somebody_reads_how_far_they_may_go(visitor: Visitor, cast: Cast) -> None:
    page = await (await visitor.as_person(cast.elena.id)).get(FAMILY)
    assert page.says("Con i suoi crediti paghi fino a 80,00 € al mese.")
    page = await (await visitor.as_person(cast.paolo.id)).get(FAMILY)
    assert page.says("sei amministratore di sostegno") and page.says("Vale fino al 30 giugno 2028.")
    assert (await visitor.get(page.link("Chi ha guardato i dati di Luca"))).title == "Chi ha guardato i dati di Luca"


async def test_who_may_spend_for_somebody_reads_how_much_there_is(visitor: Visitor, cast: Cast) -> None:
    town = await Timetable(cast).open()
    await town.credit(cast.luca.id, 30_000)
    await town.credit(cast.rosa.id, 3_300)
    await town.credit(cast.yusuf.id, 700)
    page = await (await visitor.as_person(cast.paolo.id)).get(FAMILY)
    assert page.says("Ha 300,00 € di credito da usare.")
    page = await (await visitor.as_person(cast.elena.id)).get(FAMILY)
    assert page.says("Ha 33,00 € di credito da usare. Con i suoi crediti paghi fino a 80,00 € al mese.")
    page = await (await visitor.as_person(cast.amina.id)).get(FAMILY)
    assert not page.says("credito da usare"), "a parent pays for a child from their own"


async def test_who_may_not_spend_reads_no_sum(visitor: Visitor, cast: Cast) -> None:
    town = await Timetable(cast).open()
    await town.credit(cast.rosa.id, 3_300)

    async def books_only() -> None:
        await database.execute("UPDATE delegation SET may_spend = FALSE WHERE delegate_id = {}", cast.elena.id)

    await database.write(books_only)
    page = await (await visitor.as_person(cast.elena.id)).get(FAMILY)
    assert page.says("Prenota per Rosa") and not page.says("33,00")


async def test_a_person_takes_back_what_they_gave_with_the_pin(visitor: Visitor, cast: Cast) -> None:
    page = await (await visitor.as_person(cast.rosa.id)).get(FAMILY)
    assert page.says("Elena Colombo") and page.says("fino a 80,00 € al mese")
    asked = await visitor.get(page.link("Togli la delega"))
    wrong = await visitor.submit(asked.form("/deleghe/"), pin="000111")
    assert wrong.status == 422 and wrong.says("Tessera o PIN non corrispondono")
    done = await visitor.follow(await visitor.submit(wrong.form("/deleghe/"), pin=PIN))
    assert not done.says("Elena Colombo")
    elena = await (await visitor.as_person(cast.elena.id)).get(FAMILY)
    assert not elena.says("Rosa")


async def test_a_declaration_says_what_is_missing_and_why(visitor: Visitor, cast: Cast) -> None:
    await visitor.as_person(cast.tomas.id)
    page = await visitor.get((await visitor.get(FAMILY)).link("Fai la dichiarazione"))
    refused = await visitor.submit(page.form("/dichiarazione"))
    why = "metti la spunta: per un minore serve questo sì."
    assert refused.status == 422 and refused.says(f"Errore: {why.capitalize()}")
    (summary,) = refused.all("//*[@id='problem']//a[@href='#declared']")
    assert words(summary).lower().endswith(why) and words(summary).startswith("Dichiaro di essere genitore")
    assert (await visitor.submit(refused.form("/dichiarazione"), declared="yes")).status == 303


async def test_what_a_judge_gave_has_no_button(visitor: Visitor, cast: Cast) -> None:
    page = await (await visitor.as_person(cast.luca.id)).get(FAMILY)
    assert page.says("Amministratore di sostegno") and page.says("fino al 30 giugno 2028")
    assert not page.says("Togli la delega")
    given = await database.scalar("SELECT id FROM delegation WHERE person_id = {}", cast.luca.id)
    assert (await visitor.get(f"{FAMILY}/deleghe/{given}")).status == 404


async def test_a_delegation_of_somebody_else_is_not_there(visitor: Visitor, cast: Cast) -> None:
    given = await database.scalar("SELECT id FROM delegation WHERE person_id = {}", cast.rosa.id)
    await visitor.as_person(cast.amina.id)
    for number in (given, 999_999):
        assert (await visitor.get(f"{FAMILY}/deleghe/{number}")).status == 404
        assert (await visitor.post(f"{FAMILY}/deleghe/{number}", {"pin": PIN, "_key": "k"})).status == 404
    assert await database.scalar("SELECT revoked_at FROM delegation WHERE id = {}", given) is None
