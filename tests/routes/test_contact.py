import pytest

from tests.people import PIN, Cast
from tests.visitor import Visitor

pytestmark = pytest.mark.anyio


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
