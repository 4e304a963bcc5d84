"""One booking at the desk: part of it done, absent, called off."""

from collections.abc import AsyncIterator

import pytest

from app import database
from tests.centre import Centre, at, state_of
from tests.visitor import FilledForm, Page, Visitor

pytestmark = pytest.mark.anyio
DESK = "/tradate/sportello"


@pytest.fixture
async def centre(visitor: Visitor) -> AsyncIterator[Centre]:
    centre = await Centre().open()
    await visitor.as_staff(centre.staff["operator"].id)
    yield centre


async def test_half_an_hour_less_is_paid_less(visitor: Visitor, centre: Centre) -> None:
    await centre.person("Rosa Colombo", 24000)
    code = await centre.book("rosa", "aiuto", quantity=2)
    page = await visitor.get(f"{DESK}/prenotazioni/{code}")
    assert page.says("Impegnato da Comune di Tradate")
    arrival = next(form for form in _forms(page) if ("fai", "arrived") in form.fields)
    page = await visitor.follow(await visitor.submit(arrival, fatto="90"))
    assert page.says("fatto 1 h 30 min di 2 ore")
    assert page.says("Pagato da Comune di Tradate − 27,00 €")
    assert page.says("Restituito a Comune di Tradate 9,00 €")
    assert await centre.wallet("rosa") == (21300, 0, 21300)


async def test_absence_and_call_off_ask_why(visitor: Visitor, centre: Centre) -> None:
    await centre.person("Rosa Colombo", 24000)
    codes = [await centre.book("rosa", "aiuto", at(clock)) for clock in ("09:00", "11:00")]
    for code, does, field, reason, state in (
        (codes[0], "absent", "assenza", "transport", "absent"),
        (codes[1], "called_off", "saltata", "provider_ill", "cancelled"),
    ):
        page = await visitor.get(f"{DESK}/prenotazioni/{code}")
        form = next(form for form in _forms(page) if ("fai", does) in form.fields)
        assert (await visitor.submit(form)).status == 422
        assert await state_of(code) == "confirmed"
        await visitor.follow(await visitor.submit(form, **{field: reason}))
        assert await state_of(code) == state
    assert await centre.wallet("rosa") == (24000, 0, 24000)


async def test_only_what_can_be_done_is_offered(visitor: Visitor, centre: Centre) -> None:
    """Over: no other time, and 'came' instead of 'is here'. Before the day, and early on it, nobody arrives."""
    await centre.person("Rosa Colombo", 24000)
    past, evening = (
        await centre.book("rosa", "aiuto", at("09:00")),
        await centre.book("rosa", "aiuto", at("19:00", days=1)),
    )
    page = await visitor.get(f"{DESK}/prenotazioni/{past}")
    assert page.says("È venuto") and not page.says("Sposta a un altro orario")
    visitor.clock.move(hours=18.5)  # half past six in the morning
    await visitor.as_staff(centre.staff["operator"].id)
    address = f"{DESK}/prenotazioni/{evening}"
    assert _does(await visitor.get(address)).isdisjoint({"arrived", "absent"})
    assert f"arrived {evening}" not in (await visitor.get(DESK)).text
    visitor.clock.move(minutes=30)
    page = await visitor.get(address)
    assert _does(page) >= {"arrived", "absent"} and page.says("È qui")
    assert f"arrived {evening}" in (await visitor.get(DESK)).text
    await visitor.submit(next(form for form in _forms(page) if ("fai", "arrived") in form.fields))
    assert await state_of(evening) == "arrived"


async def test_a_service_that_is_given_no_more_has_no_other_times(visitor: Visitor, centre: Centre) -> None:
    rosa = await centre.person("Rosa Colombo", 24000)
    code = await centre.book("rosa", "aiuto", at("12:00", days=1))
    await visitor.as_staff(centre.staff["desk"].id)
    for status, offered in (("published", True), ("suspended", False)):
        await database.execute("UPDATE service SET status = {}, status_reason = 'lavori'", status)
        page = await visitor.get(f"{DESK}/prenotazioni/{code}")
        assert page.says("Sposta a un altro orario") is offered
    await visitor.as_person(rosa)
    page = await visitor.get(f"/tradate/prenotazioni/{code}")
    assert page.says("Annulla") and not page.says("Sposta")


def _does(page: Page) -> set[str]:
    return {str(value) for value in page.all("//input[@name='fai']/@value")}


def _forms(page: Page) -> list[FilledForm]:
    return [FilledForm.of(form) for form in page.all("//main//form")]
