from datetime import timedelta
from types import ModuleType

import pytest

from app.domain import card, delegation, session
from app.domain.actor import SYSTEM, Actor
from app.domain.errors import CardRevoked, CardTaken, NotFound, UnknownCard
from tests.people import BEFORE, Cast
from tests.visitor import begin_session

pytestmark = pytest.mark.anyio


async def signed_in(person_id: int) -> tuple[str, Actor]:
    token = await begin_session("person", person_id, now=BEFORE)
    found = await session.load(token, BEFORE)
    assert found is not None
    return token, found.actor


async def acting_for(token: str, days: int = 0) -> tuple[int, str]:
    found = await session.load(token, BEFORE + timedelta(days=days))
    assert found is not None
    return found.acting_for, found.acting_for_name


async def test_a_delegate_acts_until_the_right_is_taken_back(database: ModuleType, cast: Cast) -> None:
    token, elena = await signed_in(cast.elena.id)
    await session.act_for(cast.rosa.id, actor=elena, now=BEFORE)
    assert await acting_for(token) == (cast.rosa.id, "Rosa")
    given = await delegation.between(cast.elena.id, cast.rosa.id, "see", BEFORE.date())
    assert given is not None and given.monthly_limit_cents == 8000
    await delegation.revoke(given.id, actor=Actor("person", cast.rosa.id), now=BEFORE)
    assert await acting_for(token) == (0, "")
    with pytest.raises(NotFound):
        await session.act_for(cast.rosa.id, actor=elena, now=BEFORE)


async def test_a_right_that_ended_by_its_date_counts_no_more(database: ModuleType, cast: Cast) -> None:
    token, elena = await signed_in(cast.elena.id)
    tomorrow = BEFORE.date() + timedelta(days=1)
    scopes = frozenset[delegation.Scope]({"see"})
    omar = Actor("person", cast.omar.id)
    await delegation.grant(
        omar.id, elena.id, "delegate", scopes, from_on=BEFORE.date(), until_on=tomorrow, actor=omar, now=BEFORE
    )
    await session.act_for(omar.id, actor=elena, now=BEFORE)
    assert not await delegation.allows(elena.id, omar.id, "book", BEFORE.date())
    await database.execute("UPDATE session SET last_seen_at = {}", BEFORE + timedelta(days=2))
    assert await acting_for(token, days=1) == (omar.id, "Omar")
    assert await acting_for(token, days=2) == (0, "")


async def test_nobody_acts_for_a_stranger(database: ModuleType, cast: Cast) -> None:
    _, amina = await signed_in(cast.amina.id)
    for stranger in (cast.rosa.id, cast.giada.id, 1):
        with pytest.raises(NotFound):
            await session.act_for(stranger, actor=amina, now=BEFORE)


async def test_a_printed_card_is_bound_once(database: ModuleType, cast: Cast) -> None:
    first, second = (await card.print_cards(2, actor=SYSTEM, now=BEFORE)).split()
    await card.bind(first.lower(), cast.yusuf.id, actor=SYSTEM, now=BEFORE)
    held = await card.of(cast.yusuf.id)
    assert held is not None and held.code == first and not held.has_pin
    refusals = ((first, CardTaken), (cast.amina.card, CardTaken), ("2222222222", UnknownCard))
    for code, refusal in refusals:
        with pytest.raises(refusal):
            await card.bind(code, cast.giada.id, actor=SYSTEM, now=BEFORE)
    await card.reissue(cast.yusuf.id, card_code=second, actor=SYSTEM, now=BEFORE)
    with pytest.raises(CardRevoked):
        await card.bind(first, cast.giada.id, actor=SYSTEM, now=BEFORE)
