import pytest

from app import database
from tests.people import PIN, Cast
from tests.visitor import Visitor

pytestmark = pytest.mark.anyio
FAMILY = "/tradate/io/famiglia"


async def test_family_page_says_who_lives_with_me_and_for_whom_i_book(visitor: Visitor, cast: Cast) -> None:
    page = await (await visitor.as_person(cast.amina.id)).get(FAMILY)
    assert page.says("Karim Haddad") and page.says("Yusuf , figlio o figlia")
    assert not page.says("Prima serve la tua dichiarazione.")


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


async def test_contacts_change_with_the_pin_only(visitor: Visitor, cast: Cast) -> None:
    page = await (await visitor.as_person(cast.elena.id)).get("/tradate/io/contatti")
    assert page.says("1. E-mail: elena@colombo.example") and page.says("2. SMS: 3000000002")
    form = page.form("/contatti")
    wrong = await visitor.submit(form, sms="333 000 0099", first="sms", pin="000111")
    assert wrong.status == 422 and "333 000 0099" in wrong.text
    empty = await visitor.submit(form, call="", first="call", pin=PIN)
    assert empty.status == 422 and empty.says("Hai scelto questo modo: scrivi dove.")
    done = await visitor.follow(await visitor.submit(form, sms="333 000 0099", first="sms", pin=PIN))
    assert done.says("Salvato.") and done.says("1. SMS: 3330000099") and done.says("2. E-mail: elena@colombo.example")


async def test_each_phone_can_be_ended_by_its_owner_alone(visitor: Visitor, cast: Cast) -> None:
    phone = visitor.somebody_else()
    door = await phone.get("/tradate/entra")
    await phone.submit(door.form("/entra"), card=cast.amina.card, pin=PIN, phone="mine")
    device = str(await database.scalar("SELECT id FROM device WHERE person_id = {}", cast.amina.id))
    await visitor.as_person(cast.rosa.id)
    page = await visitor.get("/tradate/io/telefoni")
    assert (await visitor.submit(page.form("/telefoni"), device=device)).status == 404
    assert (await phone.get("/tradate/io/telefoni")).status == 200
    await visitor.as_person(cast.amina.id)
    page = await visitor.get("/tradate/io/telefoni")
    assert (await visitor.submit(page.form("/telefoni"), device=device)).status == 303
    assert (await phone.get("/tradate/io/telefoni")).status == 303
