"""The person's messages: what we told, where, and whether it arrived."""

from collections.abc import AsyncIterator
from datetime import timedelta
from functools import partial

import pytest

from app import database
from app.domain import delivery, message, reminder
from tests.appointments import NOW, START, Diary
from tests.rows import insert
from tests.visitor import Visitor

pytestmark = pytest.mark.anyio


@pytest.fixture
async def diary(visitor: Visitor) -> AsyncIterator[Diary]:
    visitor.clock.now = NOW
    yield await Diary().open()


async def tell(diary: Diary, name: str, *, has_arrived: bool) -> int:
    """Plans a booking of this person's and sends its confirmation."""
    booking = await diary.book(name)
    await database.write(lambda: reminder.plan(booking, [], START, now=NOW))
    for due in await message.claim("w", limit=9, now=NOW):
        attempt = await delivery.begin(due, now=NOW)
        if attempt:
            await delivery.sent(attempt, has_arrived=has_arrived, now=NOW)
    return booking


async def test_what_was_told_and_what_will_be(visitor: Visitor, diary: Diary) -> None:
    amina = await diary.person("amina", "email")
    await tell(diary, "amina", has_arrived=False)
    await visitor.as_person(amina)
    page = await visitor.get("/tradate/io/messaggi")
    assert page.title == "I tuoi messaggi"
    assert page.says("Promemoria: martedì 24 novembre. Ti avvisiamo domenica 22 novembre alle 9.30.")
    assert page.says("Promemoria: martedì 24 novembre. Ti avvisiamo lunedì 23 novembre alle 20.00.")
    assert page.says("Prenotazione confermata: martedì 24 novembre")
    assert page.says("E-mail, venerdì 20 novembre alle 10.00: inviato.")
    assert page.says("Aiuto compiti")
    english = await visitor.get("/en/tradate/io/messaggi")
    assert english.says("Booking confirmed: Tuesday 24 November")


async def test_a_push_says_whether_it_was_shown(visitor: Visitor, diary: Diary) -> None:
    amina = await diary.person("amina", "push", "sms")
    await tell(diary, "amina", has_arrived=False)
    await visitor.as_person(amina)
    page = await visitor.get("/tradate/io/messaggi")
    assert page.says("Avviso sul telefono, venerdì 20 novembre alle 10.00: inviato, non sappiamo se è arrivato.")
    reference = await database.scalar("SELECT reference FROM delivery")
    visitor.clock.move(minutes=2)
    assert (await visitor.as_nobody().post(f"/avvisi/{reference}")).status == 204
    await visitor.as_person(amina)
    assert (await visitor.get("/tradate/io/messaggi")).says("alle 10.02: arrivato.")
    assert (await visitor.post("/avvisi/indovinato")).status == 404


async def test_a_call_and_its_outcome(visitor: Visitor, diary: Diary) -> None:
    rosa = await diary.person("rosa", "call")
    told = await insert(
        "message",
        person_id=rosa,
        booking_id=await diary.book("rosa"),
        kind="reminder",
        state="received",
        **dict.fromkeys(("due_at", "useless_after", "created_at"), NOW),
    )
    times = dict.fromkeys(("tried_at", "received_at"), NOW + timedelta(minutes=12))
    await insert("delivery", message_id=told, channel="call", state="received", detail="confirmed", **times)
    await visitor.as_person(rosa)
    page = await visitor.get("/tradate/io/messaggi")
    assert page.says("Telefonata, venerdì 20 novembre alle 10.12: hai confermato.")


async def test_what_was_told_stays_what_it_was(visitor: Visitor, diary: Diary) -> None:
    """A booking that was made at once was never a request, whatever became of it."""
    amina = await diary.person("amina", "email")
    booking = await tell(diary, "amina", has_arrived=False)
    await visitor.as_person(amina)
    for state in ("arrived", "absent", "cancelled"):
        await database.execute("UPDATE booking SET state = {} WHERE id = {}", state, booking)
        page = await visitor.get("/tradate/io/messaggi")
        assert page.says("Prenotazione confermata: martedì 24 novembre") and not page.says("Richiesta ricevuta")


async def test_a_page_speaks_one_language(visitor: Visitor, diary: Diary) -> None:
    """Whoever gets messages in English and opens the Italian page reads Italian, the service's name too."""
    omar = await diary.person("omar", "email", language="en")
    await tell(diary, "omar", has_arrived=False)
    texts = dict.fromkeys(("summary", "for_whom", "how_to", "needed", "obtained", "times", "conditions"), "-")
    texts |= {"bring": "A pen."}
    await insert("service_text", service_id=diary.services["compiti"], language="en", name="Homework help", **texts)
    await visitor.as_person(omar)
    page = await visitor.get("/tradate/io/messaggi")
    assert page.says("Aiuto compiti") and not page.says("Homework help") and not page.says("A pen.")
    english = await visitor.get("/en/tradate/io/messaggi")
    assert english.says("Homework help") and english.says("A pen.") and not english.says("Aiuto compiti")


async def test_a_call_nobody_made_is_promised_no_more(visitor: Visitor, diary: Diary) -> None:
    rosa = await diary.person("rosa", "call")
    about = {"booking_id": await diary.book("rosa"), "kind": "reminder", "state": "to_call"}
    times = dict.fromkeys(("due_at", "created_at"), NOW)
    await insert("message", person_id=rosa, **about, useless_after=NOW + timedelta(hours=2), **times)
    await visitor.as_person(rosa)
    assert (await visitor.get("/tradate/io/messaggi")).says("Ti telefoniamo noi.")
    visitor.clock.move(hours=3)
    page = await visitor.get("/tradate/io/messaggi")
    assert page.says("Non ti abbiamo telefonato.") and not page.says("Ti telefoniamo noi.")


async def test_nobody_reads_anothers(visitor: Visitor, diary: Diary) -> None:
    await diary.person("amina", "email")
    await tell(diary, "amina", has_arrived=False)
    await visitor.as_person(await diary.person("bruno", "sms"))
    page = await visitor.get("/tradate/io/messaggi")
    assert page.says("Non ci sono messaggi per te.")
    assert not page.says("Aiuto compiti")
    assert (await visitor.as_nobody().get("/tradate/io/messaggi")).status == 303


async def test_ten_a_page(visitor: Visitor, diary: Diary) -> None:
    amina = await diary.person("amina", "email")

    async def fill() -> None:
        for hours in range(11):
            at = NOW - timedelta(hours=hours)
            await message.put("credit_given", amina, due_at=at, useless_after=START, now=at)

    await database.write(fill)
    await visitor.as_person(amina)
    page = await visitor.get("/tradate/io/messaggi")
    assert len(page.all("//section[contains(@class, 'panel')]")) == 10
    second = await visitor.get(page.link("Avanti"))
    assert len(second.all("//section[contains(@class, 'panel')]")) == 1
    assert not second.all("//a[@rel='next']")
    assert (await visitor.get("/tradate/io/messaggi?pagina=9")).says("Pagina 2 di 2")


async def test_what_comes_together_is_announced_for_the_same_moment(visitor: Visitor, diary: Diary) -> None:
    """On the list of messages and on the page of each booking: the second reminder comes with the first."""
    amina = await diary.person("amina", "email")
    codes = []
    for later in (0, 20):
        starts_at = START + timedelta(days=2, hours=4, minutes=later)
        booking = await diary.book("amina", starts_at=starts_at)
        await database.write(partial(reminder.plan, booking, [], starts_at, now=NOW))
        codes.append(await database.scalar("SELECT code FROM booking WHERE id = {}", booking))
    await visitor.as_person(amina)
    page = await visitor.get("/tradate/io/messaggi")
    assert page.visible_text.count("Ti avvisiamo martedì 24 novembre alle 13.30.") == 2
    booked = await visitor.get(f"/tradate/prenotazioni/{codes[1]}")
    assert booked.says("Ti avvisiamo martedì 24 novembre alle 13.30.") and booked.says("alle 10.30.")


async def coming_of(visitor: Visitor, diary: Diary, name: str) -> list[str]:
    """What is announced of an appointment a week and a day away."""
    starts_at = START + timedelta(days=5)
    booking = await diary.book(name, starts_at=starts_at)
    await database.write(partial(reminder.plan, booking, [], starts_at, now=NOW))
    await database.execute("UPDATE message SET due_at = {} WHERE kind = 'confirmed'", NOW + timedelta(hours=1))
    await visitor.as_person(diary.people[name])
    page = await visitor.get("/tradate/io/messaggi")
    return [str(words).strip() for words in page.all("//h2[. = 'In arrivo']/following-sibling::ul[1]/li/text()")]


async def test_who_is_telephoned_is_announced_no_more_than_the_call(visitor: Visitor, diary: Diary) -> None:
    """Two days before: not a week before too, not again three hours before, and not because of a confirmation."""
    await diary.person("rosa", "call")
    assert await coming_of(visitor, diary, "rosa") == [
        "Promemoria: domenica 29 novembre. Ti telefoniamo prima dell'appuntamento."
    ]
    assert (await visitor.get("/en/tradate/io/messaggi")).says("We will phone you before the appointment.")


async def test_who_can_be_written_to_is_announced_each(visitor: Visitor, diary: Diary) -> None:
    await diary.person("amina", "call", "email")
    assert len(await coming_of(visitor, diary, "amina")) == 4


async def test_who_cannot_be_reached_is_promised_nothing(visitor: Visitor, diary: Diary) -> None:
    await diary.person("luca")
    assert await coming_of(visitor, diary, "luca") == []


async def test_of_what_is_near_the_telephone_tells_the_first(visitor: Visitor, diary: Diary) -> None:
    """Where a day before is past already, three hours before is announced; other news has a call of its own."""
    rosa = await diary.person("rosa", "call")
    starts_at = NOW + timedelta(hours=30)
    booking = await diary.book("rosa", starts_at=starts_at)
    await database.write(partial(reminder.plan, booking, [], starts_at, now=NOW))
    tomorrow = NOW + timedelta(days=1)
    put = partial(message.put, "credit_given", rosa, due_at=tomorrow, useless_after=starts_at, now=NOW)
    await database.write(put)
    await visitor.as_person(rosa)
    page = await visitor.get("/tradate/io/messaggi")
    assert page.says("Promemoria: sabato 21 novembre. Ti telefoniamo prima dell'appuntamento.")
    assert page.says("Hai un nuovo credito. Ti telefoniamo noi.")
