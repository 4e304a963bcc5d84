"""Requests: no money before the answer; a yes engages what staff saw, a no gives everything back."""

from collections.abc import AsyncIterator

import pytest

from app import database as engine_room
from app.domain import booking, fund, request
from app.domain.actor import SYSTEM, Actor
from app.domain.errors import AlreadyClosed, NotFound, SplitChanged
from app.domain.request import Wish
from tests.centre import LAST_DAY, NOON, Centre, state_of

pytestmark = pytest.mark.anyio


@pytest.fixture
async def centre(database: object) -> AsyncIterator[Centre]:
    centre = await Centre().open()
    await centre.person("Rosa Colombo", 1500)
    yield centre


async def _ask(centre: Centre) -> str:
    rosa = centre.people["rosa"]
    wish = Wish(rosa, "", "", "it", 1, {})
    return await request.ask(centre.services["trasporto"], wish, token="t" * 24, actor=Actor("person", rosa), now=NOON)


async def _mark(code: str) -> str:
    return (await request.would_pay(await booking.by_code(code), now=NOON)).mark


async def test_a_yes_engages_what_was_seen(centre: Centre) -> None:
    code = await _ask(centre)
    assert await centre.wallet("rosa") == (1500, 0, 1500)
    await request.accept(code, await _mark(code), actor=centre.staff["operator"], now=NOON)
    assert (await state_of(code), await centre.wallet("rosa")) == ("confirmed", (1500, 1500, 0))
    assert await engine_room.scalar("SELECT own FROM booking") == 500
    assert await engine_room.scalar("SELECT count(*) FROM message WHERE kind = 'answered'") == 1
    with pytest.raises(AlreadyClosed):
        await request.accept(code, await _mark(code), actor=centre.staff["operator"], now=NOON)


async def test_credit_that_changed_meanwhile_is_shown_again(centre: Centre) -> None:
    code = await _ask(centre)
    shown = await _mark(code)
    await fund.issue(centre.fund, 500, LAST_DAY, person_id=centre.people["rosa"], actor=SYSTEM, now=NOON)
    with pytest.raises(SplitChanged):
        await request.accept(code, shown, actor=centre.staff["operator"], now=NOON)
    assert (await state_of(code), await centre.wallet("rosa")) == ("requested", (2000, 0, 2000))


async def test_a_no_closes_it_and_tells_the_person(centre: Centre) -> None:
    code = await _ask(centre)
    await request.refuse(code, actor=centre.staff["desk"], now=NOON)
    assert (await state_of(code), await centre.wallet("rosa")) == ("refused", (1500, 0, 1500))
    with pytest.raises(AlreadyClosed):
        await request.accept(code, "", actor=centre.staff["desk"], now=NOON)


async def test_only_staff_answer(centre: Centre) -> None:
    code = await _ask(centre)
    for actor in (Actor("person", centre.people["rosa"]), Actor("staff", 77)):
        with pytest.raises(NotFound):
            await request.accept(code, await _mark(code), actor=actor, now=NOON)
    assert await state_of(code) == "requested"
