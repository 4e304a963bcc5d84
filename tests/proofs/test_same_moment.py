"""The last place, the last euro and the double click, over HTTP: on PostgreSQL of a server with four processes."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, date, datetime
from types import ModuleType

import pytest

from app import database as engine_room
from app.domain import fund, person
from app.domain.person import NewPerson
from tests.people import BEFORE, Cast
from tests.servers import Caller, served
from tests.timetable import WHO, Timetable
from tests.visitor import FilledForm, Page, begin_session

pytestmark = [pytest.mark.anyio, pytest.mark.slow, pytest.mark.timeout(90)]
PROCESSES = 4 if engine_room.DB.engine_type == "postgres" else 1
TIMES = "/tradate/prenota/compiti"
PRICE, CREDIT, AT_ONCE = 2500, 6000, 8
FAR = date(2099, 12, 31)


async def caller(origin: str, person_id: int, number: int = 1) -> Caller:
    """Signed in, in a browser and at an address of its own: one address may hold a few times only."""
    made = Caller(origin, f"10.0.0.{number}")
    made.carry(await begin_session("person", person_id, now=datetime.now(UTC)))
    return made


async def crowd(origin: str, cast: Cast, count: int) -> list[Caller]:
    names = [NewPerson(f"Persona{number}", "Prova") for number in range(count)]
    numbers = [await person.enrol(each, territory_id=cast.tradate, needs_card=False, **WHO) for each in names]
    return [await caller(origin, one, number) for number, one in enumerate(numbers, 1)]


async def press(callers: Sequence[Caller], forms: Sequence[FilledForm]) -> list[Page]:
    return await asyncio.gather(*(one.submit(form) for one, form in zip(callers, forms, strict=True)))


async def taken() -> list[tuple[int, int]]:
    found = await engine_room.rows("SELECT taken, capacity FROM slot ORDER BY id")
    return [(slot["taken"], slot["capacity"]) for slot in found]


async def test_the_last_place(database: ModuleType, cast: Cast) -> None:
    """Of two who press at once, then of twenty for the next time."""
    await (await Timetable(cast).open()).service()
    async with served(processes=PROCESSES) as origin:
        for count in (2, 20):
            await _one_of(await crowd(origin, cast, count))
    assert await taken() == [(1, 1), (1, 1)]
    assert await engine_room.scalar("SELECT count(*) FROM booking") == 2
    print(f"{PROCESSES} processes, 2 and 20 at once, one booking each")


async def _one_of(people: list[Caller]) -> None:
    forms = [(await one.get(TIMES)).form("/orario") for one in people]
    assert len({dict(form.fields)["orario"] for form in forms}) == 1
    answers = await press(people, forms)
    late = [page for page in answers if page.status == 422]
    assert len(late) == len(people) - 1 and all(page.says("Questo orario è appena stato preso") for page in late)
    winner = next(at for at, page in enumerate(answers) if page.status == 303)
    summary = await people[winner].follow(answers[winner])
    booked = await people[winner].follow(await people[winner].submit(summary.form("/riepilogo")))
    assert booked.status == 200


async def test_the_last_euro(database: ModuleType, cast: Cast) -> None:
    """Eight browsers of one person, each with a time of its own and a summary that the same credit pays."""
    await (await Timetable(cast).open()).service(price=PRICE)
    purse = await _credit(cast)
    async with served(processes=PROCESSES) as origin:
        browsers = [await caller(origin, cast.rosa.id, number) for number in range(1, AT_ONCE + 1)]
        summaries = [await _summary(browser) for browser in browsers]
        assert all(page.says("restano 35,00 €") for page in summaries)
        answers = await press(browsers, [page.form("/riepilogo") for page in summaries])
    statuses = sorted(page.status for page in answers)
    assert statuses == [303] * (CREDIT // PRICE) + [422] * (AT_ONCE - CREDIT // PRICE)
    assert all(page.says("Il modo di pagare è cambiato") for page in answers if page.status == 422)
    account = await engine_room.row(
        "SELECT a.credits_posted, a.debits_posted, a.debits_pending FROM account a "
        "JOIN purse p ON p.account_id = a.id WHERE p.id = {}",
        purse,
    )
    assert account == {"credits_posted": CREDIT, "debits_posted": 0, "debits_pending": CREDIT // PRICE * PRICE}
    print(f"{PROCESSES} processes, {AT_ONCE} confirmations at once, {statuses.count(303)} paid")


async def _credit(cast: Cast) -> int:
    terms = fund.Terms("comune", "Comune", "Comune", BEFORE.date(), FAR)
    made = await fund.create_fund(cast.funder, terms, **WHO)
    await fund.pay_in(made, CREDIT, reason="determina-1/2026", **WHO)
    return await fund.issue(made, CREDIT, FAR, person_id=cast.rosa.id, **WHO)


async def _summary(browser: Caller) -> Page:
    """Each sees the first time that is still free."""
    times = await browser.get(TIMES)
    return await browser.follow(await browser.submit(times.form("/orario")))


async def test_a_double_click(database: ModuleType, cast: Cast) -> None:
    """On the button of the time and on the one that confirms: the same address twice, and one effect."""
    await (await Timetable(cast).open()).service()
    async with served(processes=PROCESSES) as origin:
        rosa = await caller(origin, cast.rosa.id)
        summary = await rosa.follow(await _twice(rosa, (await rosa.get(TIMES)).form("/orario")))
        await _confirm_twice(rosa, summary)
        guest = Caller(origin, "10.0.0.99")
        asked = await guest.follow(await _twice(guest, (await guest.get(TIMES)).form("/orario")))
        who = await guest.get(asked.path.replace("per-chi", "senza-tessera"))
        told = await guest.submit(who.form("/senza-tessera"), nome="Carla Neri", telefono="3000000009")
        await _confirm_twice(guest, await guest.follow(told))
    assert await taken() == [(1, 1), (1, 1)]
    assert await engine_room.scalar("SELECT count(*) FROM booking") == 2
    assert await engine_room.scalar("SELECT count(*) FROM slot_hold") == 2


async def _confirm_twice(browser: Caller, summary: Page) -> None:
    assert (await browser.follow(await _twice(browser, summary.form("/riepilogo")))).status == 200


async def _twice(browser: Caller, form: FilledForm) -> Page:
    first, second = await press([browser, browser], [form, form])
    assert first.status == second.status == 303
    assert first.location == second.location
    return first
