"""Where a funder begins, and ends."""

import pytest

from app.domain import fund, staff
from app.domain.actor import SYSTEM
from tests.people import BEFORE, PASSWORD, Cast
from tests.visitor import Visitor

pytestmark = pytest.mark.anyio


async def test_giulia_signs_in_finds_her_fund_and_leaves(visitor: Visitor, cast: Cast) -> None:
    terms = fund.Terms("famiglie-2026", "Famiglie 2026", "Determina 214/2026", BEFORE.date(), BEFORE.date())
    await fund.create_fund(cast.funder, terms, actor=SYSTEM, now=BEFORE)
    door = await visitor.follow(await visitor.get("/finanziatori"))
    code = await visitor.submit(door.form("/finanziatori/entra"), login=cast.giulia.login, password=PASSWORD)
    page = await visitor.follow(await visitor.submit(code.form("/finanziatori/entra"), code=cast.giulia.codes[0]))
    assert page.path == "/finanziatori"
    assert page.says("Ufficio di Piano, Determina 214/2026 Dal 12 gennaio 2026 al 12 gennaio 2026")
    own = await visitor.get(page.link("Famiglie 2026"))
    assert own.title == "Famiglie 2026"
    await visitor.post("/finanziatori/chiudi", {"_key": "k"})
    assert (await visitor.get("/finanziatori")).location.startswith("/finanziatori/entra")


async def test_a_funder_without_funds_is_told_whom_to_ask(visitor: Visitor, cast: Cast) -> None:
    page = await (await visitor.as_staff(cast.giulia)).get("/finanziatori")
    assert page.says("Non ci sono ancora fondi.")


async def test_other_staff_find_nothing_here(visitor: Visitor, cast: Cast) -> None:
    for colleague in (cast.desk, cast.ines):
        assert (await (await visitor.as_staff(colleague)).get("/finanziatori")).status == 404
    await staff.give_role(cast.desk.id, "funder", "funder", cast.funder, actor=SYSTEM, now=BEFORE)
    assert (await (await visitor.as_staff(cast.desk)).get("/finanziatori")).status == 200


async def test_the_page_offers_to_leave(visitor: Visitor, cast: Cast) -> None:
    page = await (await visitor.as_staff(cast.giulia)).get("/finanziatori")
    assert [form.get("action") for form in page.all("//header//form")] == ["/finanziatori/chiudi"]
