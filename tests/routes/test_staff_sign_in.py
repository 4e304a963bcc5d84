import pytest

from app import database
from app.domain import staff
from app.domain.actor import SYSTEM
from tests.people import PASSWORD, Cast, Colleague
from tests.visitor import Page, Visitor

pytestmark = pytest.mark.anyio
DOOR = "/tradate/sportello/entra"


async def first_step(visitor: Visitor, login: str, password: str = PASSWORD, door: str = DOOR) -> Page:
    page = await visitor.get(door)
    return await visitor.submit(page.form(door), login=login, password=password)


async def sign_in(visitor: Visitor, who: Colleague, number: int = 1, door: str = DOOR) -> Page:
    asked = await first_step(visitor, who.login, door=door)
    assert asked.says(f"Scrivi il codice numero {number}")
    return await visitor.submit(asked.form(door), code=who.codes[number - 1])


async def test_password_then_the_numbered_code(visitor: Visitor, cast: Cast) -> None:
    assert (await sign_in(visitor, cast.desk)).location == "/tradate/sportello"
    assert (await visitor.get("/tradate/sportello/iscrizione")).title == "Nuova iscrizione"


async def test_each_code_works_once(visitor: Visitor, cast: Cast) -> None:
    await sign_in(visitor, cast.desk)
    other = visitor.somebody_else()
    asked = await first_step(other, cast.desk.login)
    assert asked.says("Scrivi il codice numero 2")
    refused = await other.submit(asked.form(DOOR), code=cast.desk.codes[0])
    assert refused.status == 422 and refused.says("Nome, password o codice non corrispondono")
    assert (await other.submit(refused.form(DOOR), code=cast.desk.codes[1].lower())).location == "/tradate/sportello"


async def test_wrong_password_and_unknown_name_are_the_same(visitor: Visitor, cast: Cast) -> None:
    known = await first_step(visitor, cast.desk.login, "una frase sbagliata")
    unknown = await first_step(visitor, "nessuno", "una frase sbagliata")
    assert known.status == unknown.status == 422 and known.visible_text == unknown.visible_text


async def test_an_old_or_forged_ticket_is_refused(visitor: Visitor, cast: Cast) -> None:
    asked = await first_step(visitor, cast.desk.login)
    ticket = dict(asked.form(DOOR).fields)["ticket"]
    forged = "1" + ticket
    for sent, minutes in ((forged, 0), (ticket, 6)):
        visitor.clock.move(minutes=minutes)
        refused = await visitor.post(DOOR, {"ticket": sent, "code": cast.desk.codes[0]})
        assert refused.status == 422 and refused.says("Nome per entrare")


async def test_funders_have_a_door_without_territory(visitor: Visitor, cast: Cast) -> None:
    done = await sign_in(visitor, cast.giulia, door="/finanziatori/entra")
    assert done.location == "/finanziatori"


async def test_suspension_ends_everything_at_once(visitor: Visitor, cast: Cast) -> None:
    await sign_in(visitor, cast.desk)
    await staff.suspend(cast.desk.id, actor=SYSTEM, now=visitor.clock.now)
    assert DOOR in (await visitor.get("/tradate/sportello/iscrizione")).location
    assert (await first_step(visitor.somebody_else(), cast.desk.login)).status == 422


async def test_staff_sessions_end_after_half_an_hour(visitor: Visitor, cast: Cast) -> None:
    await sign_in(visitor, cast.desk)
    visitor.clock.move(minutes=31)
    assert DOOR in (await visitor.get("/tradate/sportello/iscrizione")).location


async def test_a_role_that_ended_opens_nothing(visitor: Visitor, cast: Cast) -> None:
    await visitor.as_staff(cast.desk.id)
    role = await database.scalar("SELECT id FROM role WHERE staff_id = {}", cast.desk.id)
    await staff.end_role(role, actor=SYSTEM, now=visitor.clock.now)
    assert (await visitor.get("/tradate/sportello/iscrizione")).status == 404
