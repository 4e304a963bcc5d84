"""How often somebody may try, and that nobody tries oftener by trying from many processes at the same moment."""

import asyncio
from datetime import timedelta
from types import ModuleType

import pytest

from app.domain import attempt, pin
from app.domain.actor import SYSTEM, Actor
from app.domain.errors import TooManyAttempts, TooManyFromHere, TooManyToday, WrongCredentials
from tests.people import BEFORE, PIN, Cast
from tests.processes import together

pytestmark = pytest.mark.anyio
PROCESSES, AT_ONCE = 4, 5
WRONG = "000111"


async def guess(number: int, person_id: int) -> int:
    """How many of several guesses at the same moment were judged at all."""
    outcomes = await asyncio.gather(
        *(pin.confirm(WRONG, actor=Actor("person", person_id, 1), now=BEFORE) for _ in range(AT_ONCE)),
        return_exceptions=True,
    )
    assert all(isinstance(each, WrongCredentials | TooManyAttempts) for each in outcomes), outcomes
    return sum(isinstance(each, WrongCredentials) for each in outcomes)


@pytest.mark.slow
async def test_no_more_guesses_are_judged_than_the_limit_however_many_come_at_once(
    database: ModuleType, cast: Cast
) -> None:
    judged = await together(PROCESSES, guess, cast.amina.id)
    print(f"{PROCESSES} processes, {PROCESSES * AT_ONCE} guesses at once, {sum(judged)} judged")
    assert sum(judged) == 5
    assert sorted(await failed("person")) == [5, 5]


async def test_a_try_that_was_right_does_not_count(database: ModuleType, cast: Cast) -> None:
    for _ in range(7):
        await attempt.succeed(await attempt.begin(attempt.scope("card", "A"), now=BEFORE))
    assert await failed("card") == [0, 0]


async def test_a_window_begins_anew_when_it_is_over(database: ModuleType) -> None:
    card = attempt.scope("card", "A")
    for _ in range(5):
        await attempt.begin(card, now=BEFORE)
    with pytest.raises(TooManyAttempts) as refused:
        await attempt.begin(card, now=BEFORE + timedelta(minutes=5))
    assert (refused.value.arguments, refused.value.seconds) == ({"minutes": 10}, 600)
    late = await attempt.begin(card, now=BEFORE + timedelta(minutes=15))
    assert sorted(await failed("card")) == [1, 6]
    await attempt.succeed(late)
    assert sorted(await failed("card")) == [0, 5]


async def test_a_day_has_its_own_limit(database: ModuleType) -> None:
    card = attempt.scope("card", "A")
    for number in range(20):
        await attempt.begin(card, now=BEFORE + timedelta(minutes=number * 15))
    with pytest.raises(TooManyToday) as refused:
        await attempt.begin(card, now=BEFORE + timedelta(hours=6))
    assert refused.value.seconds == 18 * 60 * 60
    await attempt.begin(card, now=BEFORE + timedelta(days=1))


async def test_one_connection_tries_only_so_many_cards(database: ModuleType) -> None:
    """With IPv6 the whole network of a line counts as one; the next line is somebody else."""
    for number in range(40):
        here = attempt.address(f"2001:db8:1:1::{number:x}")
        await attempt.begin(attempt.scope("card", number), here, now=BEFORE)
    with pytest.raises(TooManyFromHere) as refused:
        await attempt.begin(attempt.scope("card", "new"), attempt.address("2001:db8:1:1::ffff"), now=BEFORE)
    assert refused.value.seconds == 15 * 60
    assert await failed("card", "new") == []
    await attempt.begin(attempt.scope("card", "new"), attempt.address("2001:db8:1:2::1"), now=BEFORE)


async def test_old_windows_are_deleted(database: ModuleType, cast: Cast) -> None:
    await attempt.begin(attempt.scope("card", "A"), now=BEFORE)
    await attempt.begin(attempt.scope("card", "B"), now=BEFORE + timedelta(hours=1))
    assert await attempt.delete_old(actor=SYSTEM, now=BEFORE + timedelta(days=1)) == 2
    assert await failed("card", "A") == [] != await failed("card", "B")


async def test_the_right_pin_waits_too(database: ModuleType, cast: Cast) -> None:
    await guess(0, cast.amina.id)
    with pytest.raises(TooManyAttempts):
        await pin.confirm(PIN, actor=Actor("person", cast.amina.id, 1), now=BEFORE)


async def failed(kind: str, value: object = None) -> list[int]:
    from app import database

    found = await database.rows("SELECT scope, failed FROM attempt ORDER BY scope, minutes")
    start = f"{kind}:" if value is None else attempt.scope(kind, value)
    return [row["failed"] for row in found if row["scope"].startswith(start)]
