"""The day's list in the browser: one press a row, several at once, undo, money, and who sees what."""

from collections.abc import AsyncIterator

import pytest

from app import database
from app.domain import check_in
from tests.centre import NOON, Centre, at, state_of
from tests.visitor import Visitor

pytestmark = pytest.mark.anyio
DESK = "/tradate/sportello"


@pytest.fixture
async def centre(visitor: Visitor) -> AsyncIterator[Centre]:
    centre = await Centre().open()
    await visitor.as_staff(centre.staff["operator"].id)
    yield centre


async def test_arrived_is_one_press_and_the_money_moves(visitor: Visitor, centre: Centre) -> None:
    await centre.person("Amina Haddad", 15000)
    code = await centre.book("amina", "compiti", answers={"allergies": "arachidi"})
    page = await visitor.get(DESK)
    assert page.says("1 attesa, 0 arrivate")
    assert page.says("Allergie? arachidi")
    assert page.says("Poi da incassare 3,00 €")
    page = await visitor.follow(await visitor.submit(page.form("arrivi"), fai=f"arrived {code}"))
    assert page.says("1 attesa, 1 arrivata")
    assert page.says("Arrivo alle 12.00")
    assert page.says("Da incassare 3,00 €")
    assert (await centre.wallet("amina"), await centre.paid_to_centre()) == ((14100, 0, 14100), 900)
    page = await visitor.follow(await visitor.submit(page.form("arrivi"), fai=f"cash {code}"))
    assert page.says("Incassato 3,00 €")
    page = await visitor.follow(await visitor.submit(page.form("arrivi"), fai=f"undone {code}"))
    assert page.says("1 attesa, 0 arrivate")
    assert await centre.wallet("amina") == (15000, 900, 14100)


async def test_three_sisters_in_one_action_and_a_double_click(visitor: Visitor, centre: Centre) -> None:
    codes = []
    for name in ("Zoe", "Noemi", "Maya"):
        await centre.person(f"{name} Sala", 2000)
        codes.append(await centre.book(name.lower(), "compiti"))
    form = (await visitor.get(DESK)).form("arrivi")
    for _ in range(2):
        page = await visitor.follow(await visitor.submit(form, scelti=codes))
        assert page.says("3 attese, 3 arrivate")
    assert await database.scalar("SELECT count(*) FROM check_in") == 3
    assert await centre.paid_to_centre() == 2700


async def test_of_several_each_stands_by_itself_and_who_cannot_is_named(visitor: Visitor, centre: Centre) -> None:
    codes = {}
    for name in ("Zoe", "Noemi", "Maya"):
        await centre.person(f"{name} Sala", 2000)
        codes[name] = await centre.book(name.lower(), "compiti")
    form = (await visitor.get(DESK)).form("arrivi")
    await check_in.absent(codes["Noemi"], "ill", nonce="other", actor=centre.staff["coordinator"], now=NOON)
    for _ in range(2):
        page = await visitor.submit(form, scelti=list(codes.values()))
        assert page.status == 422
        assert page.says("2 arrivi sono segnati. Questi no:")
        assert page.link("Noemi Sala: Questa prenotazione è già chiusa.").endswith(codes["Noemi"])
        assert page.says("3 attese, 2 arrivate, 1 assente")
    assert await centre.paid_to_centre() == 1800
    assert await database.scalar("SELECT count(*) FROM check_in WHERE kind = 'arrived'") == 2


async def test_other_rows_ticked_after_going_back_arrive_too(visitor: Visitor, centre: Centre) -> None:
    """The browser shows the old page with its old key."""
    codes = []
    for name in ("Zoe", "Noemi"):
        await centre.person(f"{name} Sala", 2000)
        codes.append(await centre.book(name.lower(), "compiti"))
    form = (await visitor.get(DESK)).form("arrivi")
    await visitor.follow(await visitor.submit(form, scelti=codes[:1]))
    page = await visitor.follow(await visitor.submit(form, scelti=codes))
    assert page.says("2 attese, 2 arrivate")
    assert await centre.paid_to_centre() == 1800


async def test_nobody_chosen_is_said_and_a_refusal_keeps_the_row(visitor: Visitor, centre: Centre) -> None:
    await centre.person("Amina Haddad", 15000)
    code = await centre.book("amina", "compiti")
    form = (await visitor.get(DESK)).form("arrivi")
    page = await visitor.submit(form)
    assert (page.status, page.says("Scegli almeno una persona")) == (422, True)
    await check_in.absent(code, "transport", nonce="other", actor=centre.staff["coordinator"], now=NOON)
    page = await visitor.submit(page.form("arrivi"), fai=f"arrived {code}")
    assert page.status == 422
    assert page.says("già chiusa")
    assert page.says("Amina Haddad")
    assert page.says("Assenza: trasporto saltato")


async def test_other_days_hide_answers_and_take_no_arrivals(visitor: Visitor, centre: Centre) -> None:
    await centre.person("Amina Haddad", 15000)
    code = await centre.book("amina", "compiti", at("12:00", days=1), answers={"allergies": "arachidi"})
    today = await visitor.get(DESK)
    assert today.says("Nessuno è atteso")
    tomorrow = await visitor.get(today.link("Domani"))
    assert tomorrow.says("Amina Haddad")
    assert not tomorrow.says("arachidi")
    assert not tomorrow.forms("//form[contains(@action, 'arrivi')]")
    page = await visitor.post(f"{DESK}/arrivi", {"fai": f"arrived {code}", "giorno": "2026-11-25", "_key": "k"})
    assert (page.status, page.says("non è di oggi")) == (422, True)
    assert await state_of(code) == "confirmed"


async def test_the_social_point_sees_the_list_but_not_the_answers(visitor: Visitor, centre: Centre) -> None:
    await centre.person("Amina Haddad", 15000)
    await centre.book("amina", "compiti", answers={"allergies": "arachidi"})
    await centre.book("amina", "ascolto", at("15:00"))
    assert (await visitor.get(DESK)).says("Ascolto")
    await visitor.as_staff(centre.staff["desk"].id)
    page = await visitor.get(DESK)
    assert page.says("Aiuto compiti")
    assert not page.says("arachidi")
    assert not page.says("Ascolto")


async def test_who_does_not_work_here_finds_nothing(visitor: Visitor, centre: Centre) -> None:
    await centre.person("Amina Haddad", 15000)
    code = await centre.book("amina", "compiti")
    await visitor.as_person(centre.people["amina"])
    assert "/sportello/entra" in (await visitor.get(DESK)).location
    foreign = await Centre.stranger()
    await visitor.as_staff(foreign)
    for path in (DESK, f"{DESK}/prenotazioni/{code}", f"{DESK}/da-chiudere"):
        assert (await visitor.get(path)).status == 404
    assert (await visitor.post(f"{DESK}/arrivi", {"fai": f"arrived {code}"})).status == 404
    assert await state_of(code) == "confirmed"
