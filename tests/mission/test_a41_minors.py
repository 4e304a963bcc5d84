"""A41: no booking for a minor without a parent's or guardian's declaration, recorded once."""

import pytest

from app import database
from app.domain import household
from tests.people import Cast
from tests.visitor import Visitor

pytestmark = pytest.mark.anyio


async def test_a_parent_declares_once_on_their_own_page(visitor: Visitor, cast: Cast) -> None:
    now = visitor.clock.now
    children = (await household.who_can_receive(cast.tomas.id, now))[1:]
    assert [(child.given_name, child.needs_declaration) for child in children] == [("Giada", True)]

    await visitor.as_person(cast.tomas.id)
    family = await visitor.get("/tradate/io/famiglia")
    page = await visitor.get(family.link("Fai la dichiarazione"))
    unticked = await visitor.submit(page.form("/dichiarazione"))
    assert unticked.status == 422 and not await household.is_declared(cast.giada.id)
    for _ in range(2):
        await visitor.submit(page.form("/dichiarazione"), declared="yes")

    rows = await database.rows("SELECT declared_by, kind FROM minor_declaration WHERE minor_id = {}", cast.giada.id)
    assert rows == [{"declared_by": cast.tomas.id, "kind": "parent"}]
    assert not (await household.who_can_receive(cast.tomas.id, now))[1].needs_declaration


async def test_nobody_else_declares(visitor: Visitor, cast: Cast) -> None:
    for stranger in (cast.amina, cast.rosa):
        await visitor.as_person(stranger.id)
        path = f"/tradate/io/famiglia/persone/{cast.giada.id}/dichiarazione"
        assert (await visitor.get(path)).status == 404
        assert (await visitor.post(path, {"declared": "yes", "_key": "k"})).status == 404
    assert not await household.is_declared(cast.giada.id)


async def test_a_parent_of_a_grown_child_no_longer_books(visitor: Visitor, cast: Cast) -> None:
    visitor.clock.move(days=365 * 12)
    assert await household.who_can_receive(cast.tomas.id, visitor.clock.now) == [
        household.Receiver(cast.tomas.id, "Tomas", "self", False)
    ]
