import pytest

from app import database
from tests.people import PIN, Cast
from tests.visitor import Visitor

pytestmark = pytest.mark.anyio


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
