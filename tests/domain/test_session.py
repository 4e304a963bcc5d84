from types import ModuleType

import pytest

from app.domain import card
from app.domain.actor import SYSTEM
from app.domain.errors import CardRevoked, CardTaken, UnknownCard
from tests.people import BEFORE, Cast

pytestmark = pytest.mark.anyio


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
