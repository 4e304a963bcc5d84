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


@pytest.mark.parametrize("count", [2, 20])
async def test_the_last_place(database: ModuleType, cast: Cast, count: int) -> None:
    await (await Timetable(cast).open()).service()
    async with served(processes=PROCESSES) as origin:
        people = await crowd(origin, cast, count)
        forms = [(await one.get(TIMES)).form("/orario") for one in people]
        assert len({dict(form.fields)["orario"] for form in forms}) == 1
        answers = await press(people, forms)
        late = [page for page in answers if page.status == 422]
        assert len(late) == count - 1 and all(page.says("Questo orario è appena stato preso") for page in late)
        winner = next(at for at, page in enumerate(answers) if page.status == 303)
        summary = await people[winner].follow(answers[winner])
        booked = await people[winner].follow(await people[winner].submit(summary.form("/riepilogo")))
        assert booked.status == 200
    assert await taken() == [(1, 1)]
    assert await engine_room.scalar("SELECT count(*) FROM booking") == 1
    print(f"{PROCESSES} processes, {count} at once, one booking")


async def test_the_last_euro(database: ModuleType, cast: Cast) -> None:
    """Eight browsers of one person, each with a time of its own and a summary that the same credit pays."""
    await (await Timetable(cast).open()).service(price=PRICE)
    purse = await _credit(cast)
    async with served(processes=PROCESSES) as origin:
        browsers = [await caller(origin, cast.amina.id, number) for number in range(1, AT_ONCE + 1)]
        summaries = [await _summary(browser) for browser in browsers]
        assert all(page.says("ti restano 35,00 €") for page in summaries)
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
    return await fund.issue(made, CREDIT, FAR, person_id=cast.amina.id, **WHO)


async def _summary(browser: Caller) -> Page:
    """Each sees the first time that is still free."""
    times = await browser.get(TIMES)
    return await browser.follow(await browser.submit(times.form("/orario")))


@pytest.mark.parametrize("is_known", [True, False])
async def test_a_double_click(database: ModuleType, cast: Cast, is_known: bool) -> None:
    """On the button of the time and on the one that confirms: the same address twice, and one effect."""
    await (await Timetable(cast).open()).service()
    async with served(processes=PROCESSES) as origin:
        browser = await caller(origin, cast.amina.id) if is_known else Caller(origin)
        times = (await browser.get(TIMES)).form("/orario")
        held = await _twice(browser, times)
        page = await browser.follow(held)
        if not is_known:
            page = await browser.get(page.path.replace("per-chi", "senza-tessera"))
            guest = await browser.submit(page.form("/senza-tessera"), nome="Carla Neri", telefono="3000000009")
            page = await browser.follow(guest)
        booked = await browser.follow(await _twice(browser, page.form("/riepilogo")))
        assert booked.status == 200
    assert await taken() == [(1, 1)]
    assert await engine_room.scalar("SELECT count(*) FROM booking") == 1
    assert await engine_room.scalar("SELECT count(*) FROM slot_hold") == 1


async def _twice(browser: Caller, form: FilledForm) -> Page:
    first, second = await press([browser, browser], [form, form])
    assert first.status == second.status == 303
    assert first.location == second.location
    return first
