from datetime import date
from types import ModuleType

import pytest

from app.domain import pin
from app.domain.actor import Actor
from app.domain.errors import PinNeeded, TooManyAttempts, WrongCredentials
from tests.people import BEFORE, PIN, Cast

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("000000", "easy"),
        ("123456", "easy"),
        ("654321", "easy"),
        ("890123", "easy"),
        ("121212", "easy"),
        ("123123", "easy"),
        ("112112", "easy"),
        ("140348", "birth_date"),
        ("480314", "birth_date"),
        ("031948", "birth_date"),
        ("12345", "length"),
        ("12345a", "length"),
        ("١٢٣٤٥٦", "length"),
        (PIN, ""),
    ],
)
def test_weak_pins(typed: str, reason: str) -> None:
    assert pin.weakness(typed, date(1948, 3, 14)) == reason


async def test_five_wrong_pins_close_the_door_for_a_while(database: ModuleType, cast: Cast) -> None:
    amina = Actor("person", cast.amina.id, 1)
    for _ in range(5):
        with pytest.raises(WrongCredentials):
            await pin.confirm("000111", actor=amina, now=BEFORE)
    with pytest.raises(TooManyAttempts) as refused:
        await pin.confirm(PIN, actor=amina, now=BEFORE)
    assert refused.value.arguments == {"minutes": 15}
    await pin.confirm(PIN, actor=Actor("person", cast.rosa.id, 2), now=BEFORE)


async def test_large_spending_asks_again_after_a_quarter_of_an_hour(database: ModuleType, cast: Cast) -> None:
    amina = Actor("person", cast.amina.id, 0)
    assert not await pin.needed(amina, now=BEFORE, spends_cents=pin.SPEND_WITHOUT_PIN_CENTS)
    with pytest.raises(PinNeeded):
        await pin.require(amina, now=BEFORE, spends_cents=pin.SPEND_WITHOUT_PIN_CENTS + 1)
