"""A44: on Friday the following week's plan goes out once per subscriber; a plain text under 1,000 characters."""

from datetime import UTC, datetime, timedelta

import pytest

from app import database
from app.domain import week_reader
from app.domain.actor import SYSTEM
from tests.mail import Mailbox, links
from tests.visitor import Visitor

pytestmark = pytest.mark.anyio
FRIDAY = datetime(2026, 11, 27, 8, 1, tzinfo=UTC)  # 9.01 in Italy
READERS = ("pina@posta.example", "gino@posta.example", "ada@posta.example")


async def centre(name: str) -> int:
    number: int = await database.scalar("SELECT id FROM place WHERE name = {}", name)
    return number


async def test_each_reader_gets_next_week_once(citizen: Visitor) -> None:
    mailbox = Mailbox(citizen.clock)
    address = f"/tradate/centri/{await centre('Casa Girandola')}/settimana/e-mail"
    for email in READERS:
        await citizen.submit((await citizen.get(address)).form(address), email=email)
    for letter in await mailbox.work():
        await citizen.submit((await citizen.get(links(letter)[0])).form("/conferma"))
    sent = []
    citizen.clock.now = FRIDAY
    for _ in range(2 * 8):  # every twelve hours until after the next Friday
        sent += [(letter.recipient, letter.text) for letter in await mailbox.work()]
        citizen.clock.move(hours=12)
    this_week = [(to, text) for to, text in sent if "Da lunedì 30 novembre a domenica 6 dicembre" in text]
    assert sorted(to for to, _ in this_week) == sorted(READERS)
    assert all("mercoledì 2 dicembre, 16.30–18.00: Aiuto compiti" in text for _, text in this_week)
    assert sorted(to for to, text in sent if "Da lunedì 7 dicembre" in text) == sorted(READERS)
    assert len(sent) == 2 * len(READERS)


async def test_every_centre_has_a_text_for_a_chat(citizen: Visitor) -> None:
    """Selectable without a script; the button that copies it is only shown where one runs."""
    centres = await citizen.get("/tradate/centri")
    paths = [str(href) for href in centres.all("//main//ul[@class='cards']//a/@href")]
    assert len(paths) > 5
    for path in paths:
        page = await citizen.get(path)
        (field,) = page.all("//textarea[@readonly]")
        text = str(field.text).strip()
        assert len(text) < 1000 and text.endswith(path) and "\n\n" in text
        assert page.all("//button[@data-copy='testo'][@disabled]")


async def test_a_very_busy_centre_too(citizen: Visitor) -> None:
    """Thirty more activities: the text still fits, and says where the rest is."""
    place = await centre("Casa Girandola")
    number = await database.scalar("SELECT id FROM service_place WHERE place_id = {} ORDER BY id", place)
    for hour in range(6, 21):
        for rule in ("FREQ=WEEKLY;BYDAY=TU", "FREQ=WEEKLY;BYDAY=SU"):
            await database.execute(
                "INSERT INTO working_plan (service_place_id, rule, starts, ends, from_on) VALUES ({}, {}, {}, {}, {})",
                *(number, rule, f"{hour:02}:00", f"{hour + 1:02}:30", FRIDAY.date() - timedelta(days=90)),
            )
    page = await citizen.get(f"/tradate/centri/{place}/settimana")
    (field,) = page.all("//textarea")
    text = str(field.text).strip()
    assert len(text) < 1000 and text.endswith(page.path) and page.says("Aiuto compiti")


async def test_who_left_is_not_written_to(citizen: Visitor) -> None:
    mailbox = Mailbox(citizen.clock)
    place, home = (
        await centre("Casa Girandola"),
        await database.scalar("SELECT id FROM territory WHERE slug = 'tradate'"),
    )
    told = {"territory_id": home, "language": "it", "actor": SYSTEM}
    await week_reader.ask(place, READERS[0], **told, now=citizen.clock())
    (letter,) = await mailbox.work()
    await citizen.submit((await citizen.get(links(letter)[0])).form("/conferma"))
    citizen.clock.now = FRIDAY
    (letter,) = await mailbox.work()
    await Visitor(citizen.clock, is_old=True).post(links(letter)[1], {"List-Unsubscribe": "One-Click"})
    citizen.clock.move(days=7)
    assert await mailbox.work() == []
