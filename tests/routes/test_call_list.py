"""Calls nobody else can make: whom, what to say, what came of it."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from app import database
from tests.centre import NOON, Centre
from tests.rows import insert
from tests.visitor import Visitor

pytestmark = pytest.mark.anyio
DESK = "/tradate/sportello"


@pytest.fixture
async def centre(visitor: Visitor) -> AsyncIterator[Centre]:
    centre = await Centre().open()
    await visitor.as_staff(centre.staff["desk"].id)
    await centre.person("Rosa Colombo", 1500, contacts=(("call", "0331 000 111"),))
    yield centre


async def test_the_call_list_says_whom_what_and_notes_the_outcome(visitor: Visitor, centre: Centre) -> None:
    booked = await centre.book("rosa", "aiuto")
    number = await database.scalar("SELECT id FROM booking WHERE code = {}", booked)
    visitor.clock.move(hours=-2)
    now = visitor.clock.now
    await insert(
        "message",
        person_id=centre.people["rosa"],
        booking_id=number,
        kind="reminder",
        due_at=now,
        useless_after=NOON,
        state="to_call",
        created_at=now,
    )
    await visitor.as_staff(centre.staff["desk"].id)
    page = await visitor.get(f"{DESK}/telefonate")
    assert page.says("Rosa Colombo 0331 000 111")
    assert page.all("//a[@href='tel:0331000111']")
    assert page.says("Parlo con Rosa?")
    page = await visitor.submit(page.form("telefonate"), esito="maybe")
    assert page.status == 422
    page = await visitor.follow(await visitor.submit(page.form("telefonate"), esito="confirmed"))
    assert page.says("Nessuno da chiamare adesso")
    assert await database.scalar("SELECT detail FROM delivery WHERE channel = 'call'") == "confirmed"
    page = await visitor.get(f"{DESK}/persone/{centre.people['rosa']}?motivo=contact")
    assert page.says("ricevuto, ha confermato")


async def test_one_call_for_one_appointment(visitor: Visitor, centre: Centre) -> None:
    """Two reminders wait for the telephone: the person is called once, and not again once reached."""
    number = await database.scalar("SELECT id FROM booking WHERE code = {}", await centre.book("rosa", "aiuto"))
    visitor.clock.move(hours=-2)
    now = visitor.clock.now
    about = {"person_id": centre.people["rosa"], "booking_id": number, "kind": "reminder"}
    for lead in (48, 24):
        times = {"due_at": now, "useless_after": NOON, "created_at": now}
        await insert("message", **about, **times, lead_hours=lead, state="to_call")
    await visitor.as_staff(centre.staff["desk"].id)
    page = await visitor.get(f"{DESK}/telefonate")
    page = await visitor.follow(await visitor.submit(page.form("telefonate"), esito="no_answer"))
    page = await visitor.follow(await visitor.submit(page.form("telefonate"), esito="told"))
    assert page.says("Nessuno da chiamare adesso")


async def test_one_call_for_two_appointments(visitor: Visitor, centre: Centre) -> None:
    """Each has its own answer, or the first one's."""
    codes = [await centre.book("rosa", "aiuto"), await centre.book("rosa", "compiti", NOON + timedelta(hours=3))]
    visitor.clock.move(hours=-2)
    times = {"due_at": visitor.clock.now, "useless_after": NOON, "created_at": visitor.clock.now}
    for code in codes:
        number = await database.scalar("SELECT id FROM booking WHERE code = {}", code)
        about = {"person_id": centre.people["rosa"], "booking_id": number, "kind": "reminder"}
        await insert("message", **about, **times, state="to_call")
    await visitor.as_staff(centre.staff["desk"].id)
    page = await visitor.get(f"{DESK}/telefonate")
    assert len(page.all("//p[@class='who']")) == 1
    assert page.visible_text.count("Parlo con Rosa?") == 1
    assert page.says("alle 12.00") and page.says("alle 15.00")
    page = await visitor.follow(await visitor.submit(page.form("telefonate"), esito="no_answer"))
    assert page.says("Rosa Colombo")
    second = next(name for name, _ in page.form("telefonate").fields if name.startswith("esito-"))
    form = page.form("telefonate")
    for _ in range(2):
        done = await visitor.submit(form, esito="confirmed", **{second: "cannot_come"})
        assert (await visitor.follow(done)).says("Nessuno da chiamare adesso")
    told = await database.rows("SELECT detail FROM delivery WHERE state = 'received' ORDER BY id")
    assert [row["detail"] for row in told] == ["confirmed", "cannot_come"]


async def test_operators_make_no_calls(visitor: Visitor, centre: Centre) -> None:
    await visitor.as_staff(centre.staff["operator"].id)
    assert (await visitor.get(f"{DESK}/telefonate")).status == 404
    assert not (await visitor.get(f"{DESK}/richieste")).says("Da richiamare")
