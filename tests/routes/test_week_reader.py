"""The week of a centre by e-mail: nobody is written to who did not confirm, and leaving takes one tap."""

from datetime import UTC, datetime, timedelta

import pytest

from app import database
from app.domain import attempt, vault, week_reader
from app.domain.actor import SYSTEM
from tests.mail import Mailbox, links
from tests.people import Cast
from tests.processes import together
from tests.timetable import Timetable
from tests.visitor import Page, Visitor

pytestmark = pytest.mark.anyio
EMAIL = "nonna.pina@posta.example"
FRIDAY = datetime(2026, 11, 27, 8, 30, tzinfo=UTC)  # half past nine in Italy
DAY = timedelta(days=1)


@pytest.fixture
async def town(visitor: Visitor, cast: Cast) -> Timetable:
    town = await Timetable(cast).open()
    await town.service("ginnastica", capacity=4, rule="FREQ=WEEKLY;BYDAY=TH", hours=("10:00", "11:00"))
    return town


@pytest.fixture
def mailbox(visitor: Visitor) -> Mailbox:
    return Mailbox(visitor.clock)


def path(town: Timetable, more: str = "") -> str:
    return f"/tradate/centri/{town.place}/settimana/e-mail{more}"


async def ask(visitor: Visitor, town: Timetable, email: str = EMAIL, *, prefix: str = "") -> Page:
    page = await visitor.get(prefix + path(town))
    return await visitor.submit(page.form("/e-mail"), email=email)


async def subscribe(visitor: Visitor, town: Timetable, mailbox: Mailbox, email: str = EMAIL) -> None:
    await ask(visitor, town, email)
    (letter,) = await mailbox.work()
    page = await visitor.get(links(letter)[0])
    await visitor.submit(page.form("/conferma"))


async def readers() -> list[tuple[bool, bool]]:
    found = await database.rows("SELECT confirmed_at, ended_at FROM week_reader ORDER BY id")
    return [(row["confirmed_at"] is not None, row["ended_at"] is not None) for row in found]


async def test_only_who_confirms_from_the_mailbox_is_written_to(
    visitor: Visitor, town: Timetable, mailbox: Mailbox
) -> None:
    week = await visitor.get(f"/tradate/centri/{town.place}/settimana")
    assert week.link("Ogni venerdì per e-mail") == path(town)
    done = await visitor.follow(await ask(visitor, town))
    assert done.says("Apri l'e-mail e conferma")
    (letter,) = await mailbox.work()
    assert letter.recipient == EMAIL and not letter.unsubscribe and "Centro Lanterna" in letter.text
    page = await visitor.get(links(letter)[0])
    assert await readers() == [(False, False)], "a link that was only opened confirms nothing"
    visitor.clock.now = FRIDAY
    assert await mailbox.work() == []
    assert (await visitor.follow(await visitor.submit(page.form("/conferma")))).title == "È confermato"
    visitor.clock.move(minutes=1)
    assert len(await mailbox.work()) == 1


async def test_friday_s_letter_says_next_week_and_how_to_leave(
    visitor: Visitor, town: Timetable, mailbox: Mailbox
) -> None:
    await subscribe(visitor, town, mailbox)
    visitor.clock.now = FRIDAY
    (letter,) = await mailbox.work()
    assert letter.subject == "Centro Lanterna: il programma della settimana"
    assert "Da lunedì 30 novembre a domenica 6 dicembre." in letter.text
    assert "giovedì 3 dicembre, 10.00–11.00: Aiuto compiti" in letter.text and "26 novembre" not in letter.text
    open_it, leave = links(letter)
    assert (await visitor.get(open_it)).says("Da lunedì 30 novembre")
    assert letter.unsubscribe.endswith(leave) and f'href="{letter.unsubscribe}"' in letter.html
    page = await visitor.get(leave)
    assert page.title == "Vuoi smettere?" and await readers() == [(True, False)], "a link that was opened ends nothing"
    gone = await visitor.follow(await visitor.submit(page.form("/basta")))
    assert gone.title == "Non ti scriviamo più" and await readers() == [(True, True)]
    visitor.clock.move(days=7)
    assert await mailbox.work() == []


async def test_a_mail_program_ends_it_with_one_post_and_no_redirect(
    visitor: Visitor, town: Timetable, mailbox: Mailbox
) -> None:
    """RFC 8058: no cookie, no origin, no key; twice does no harm. Another site cannot do it in a browser."""
    await subscribe(visitor, town, mailbox)
    visitor.clock.now = FRIDAY
    (letter,) = await mailbox.work()
    leave, program = links(letter)[1], Visitor(visitor.clock, is_old=True)
    evil = await visitor.post(leave, {"List-Unsubscribe": "One-Click"}, sec_fetch_site="cross-site")
    assert evil.status == 403 and await readers() == [(True, False)]
    for _ in range(2):
        assert (await program.post(leave, {"List-Unsubscribe": "One-Click"})).status == 200
    assert await readers() == [(True, True)]
    confirmation = links(mailbox.letters[0])[0]
    assert (await program.post(confirmation, {})).status == 403, "one click is for leaving alone"


async def test_who_leaves_is_forgotten_and_what_waited_is_not_sent(
    visitor: Visitor, town: Timetable, mailbox: Mailbox
) -> None:
    await subscribe(visitor, town, mailbox)
    await week_reader.issue_due(actor=SYSTEM, now=FRIDAY)
    reader = await database.scalar("SELECT id FROM week_reader")
    await week_reader.end(reader, actor=SYSTEM, now=FRIDAY)
    visitor.clock.now = FRIDAY
    assert await mailbox.work() == []
    assert await database.rows("SELECT id FROM contact WHERE value_index = {}", vault.blind_index("email", EMAIL)) == []
    assert await database.scalar("SELECT email_index FROM week_reader") == ""
    person = await database.scalar("SELECT person_id FROM week_reader")
    assert await database.rows("SELECT person_id FROM person_key WHERE person_id = {}", person) == []
    await subscribe(visitor, town, mailbox)
    assert await readers() == [(True, True), (True, False)]


async def test_a_week_goes_out_once_whatever_happens(visitor: Visitor, town: Timetable, mailbox: Mailbox) -> None:
    await subscribe(visitor, town, mailbox)
    visitor.clock.now, mailbox.fails = FRIDAY, True
    assert len(await mailbox.work()) == 1, "sent, and not written down: the worker died"
    mailbox.fails = False
    visitor.clock.move(minutes=30)
    assert len(await mailbox.work()) == 1
    assert len(set(mailbox.tags[1:])) == 1, "a mailbox knows the second one as the first"
    for _ in range(5):
        visitor.clock.move(hours=5)
        assert await mailbox.work() == []
    assert await database.scalar("SELECT count(*) FROM week_issue") == 1
    visitor.clock.now = FRIDAY + 7 * DAY
    assert len(await mailbox.work()) == 1


async def _issue(number: int) -> int:
    return await week_reader.issue_due(actor=SYSTEM, now=FRIDAY)


async def test_several_workers_at_the_same_moment_write_it_once(
    visitor: Visitor, town: Timetable, mailbox: Mailbox
) -> None:
    for number in range(12):
        address = f"reader{number}@posta.example"
        told = {"territory_id": town.cast.tradate, "language": "it"}
        await week_reader.ask(town.place, address, **told, actor=SYSTEM, now=visitor.clock())  # type: ignore[arg-type]
        await week_reader.confirm(number + 1, actor=SYSTEM, now=visitor.clock())
    assert sum(await together(2, _issue)) == 12
    assert await database.scalar("SELECT count(*) FROM message WHERE kind = 'week'") == 12


@pytest.mark.parametrize(
    ("local", "is_sent"),
    [
        ("2026-11-27 08:59", False),
        ("2026-11-27 09:00", True),
        ("2026-11-29 17:59", True),
        ("2026-11-29 18:00", False),
        ("2026-11-30 09:00", False),
        ("2026-12-03 23:59", False),
    ],
)
async def test_it_is_written_from_friday_morning_to_sunday_evening(
    visitor: Visitor, town: Timetable, mailbox: Mailbox, local: str, is_sent: bool
) -> None:
    await subscribe(visitor, town, mailbox)
    visitor.clock.now = datetime.fromisoformat(f"{local}+01:00").astimezone(UTC)
    assert len(await mailbox.work()) == is_sent


async def test_nobody_is_woken_and_what_came_too_late_is_not_sent(
    visitor: Visitor, town: Timetable, mailbox: Mailbox
) -> None:
    await subscribe(visitor, town, mailbox)
    visitor.clock.now = FRIDAY + timedelta(hours=17)  # half past two at night
    assert await mailbox.work() == []
    visitor.clock.move(hours=5, minutes=29)
    assert await mailbox.work() == []
    visitor.clock.move(minutes=2)
    assert len(await mailbox.work()) == 1
    await week_reader.issue_due(actor=SYSTEM, now=FRIDAY + 7 * DAY)
    visitor.clock.now = FRIDAY + 10 * DAY + timedelta(hours=3)  # Monday, half past twelve
    assert await mailbox.work() == []


async def test_an_empty_week_is_said_too(visitor: Visitor, town: Timetable, mailbox: Mailbox) -> None:
    await subscribe(visitor, town, mailbox)
    await database.execute("UPDATE service SET status = 'suspended' WHERE slug = 'ginnastica'")
    await town.service("compagnia")
    visitor.clock.now = FRIDAY
    (letter,) = await mailbox.work()
    assert "Non ci sono attività." in letter.text


async def test_asking_twice_is_one_reader_and_tells_nobody_who_reads(
    visitor: Visitor, town: Timetable, mailbox: Mailbox
) -> None:
    first = await visitor.follow(await ask(visitor, town))
    again = await visitor.follow(await ask(visitor, town, " Nonna.Pina@posta.example "))
    assert len(await mailbox.work()) == 2 and await readers() == [(False, False)]
    page = await visitor.get(links(mailbox.letters[0])[0])
    await visitor.submit(page.form("/conferma"))
    known = await visitor.follow(await ask(visitor, town))
    assert await mailbox.work() == [] and known.stable_text == first.stable_text == again.stable_text


async def test_a_mailbox_is_not_filled_by_others(visitor: Visitor, town: Timetable, mailbox: Mailbox) -> None:
    ((most, _),) = attempt.LIMITS["mailbox"]
    for _ in range(most):
        assert (await ask(visitor, town)).status == 303
    late = await ask(visitor, town)
    assert late.status == 429 and len(await mailbox.work()) == most
    assert (await ask(visitor, town, "altra@posta.example")).status == 303


@pytest.mark.parametrize("typed", ["", "pina", "pina@posta", "a b@c.it"])
async def test_what_is_no_address_is_said_beside_the_field(visitor: Visitor, town: Timetable, typed: str) -> None:
    page = await ask(visitor, town, typed)
    assert page.status == 422 and page.all("//*[@id='email-error']") and await readers() == []


async def test_an_address_that_nobody_confirms_is_forgotten(
    visitor: Visitor, town: Timetable, mailbox: Mailbox
) -> None:
    await ask(visitor, town)
    (letter,) = await mailbox.work()
    visitor.clock.move(days=6)
    await mailbox.work()
    assert (await visitor.get(links(letter)[0])).status == 200
    visitor.clock.move(days=1, minutes=1)
    await mailbox.work()
    assert (await visitor.get(links(letter)[0])).status == 404
    assert await database.rows("SELECT id FROM contact WHERE value_index = {}", vault.blind_index("email", EMAIL)) == []


async def test_marks_open_only_what_they_were_made_for(visitor: Visitor, town: Timetable, mailbox: Mailbox) -> None:
    await subscribe(visitor, town, mailbox)
    confirm, end = week_reader.mark("confirm", 1), week_reader.mark("end", 1)
    for address in (
        f"/tradate/settimana/{end}/conferma",
        f"/tradate/settimana/{confirm}/basta",
        f"/biella/settimana/{end}/basta",
        f"/tradate/settimana/{end[:-1]}/basta",
        f"/tradate/settimana/2{end[1:]}/basta",
        "/tradate/settimana/1/basta",
    ):
        assert (await visitor.get(address)).status == 404
        assert (await visitor.post(address, {"_key": "k"})).status == 404
    assert await readers() == [(True, False)]


async def test_letters_come_in_the_language_they_were_asked_in(
    visitor: Visitor, town: Timetable, mailbox: Mailbox
) -> None:
    await ask(visitor, town, prefix="/en")
    (letter,) = await mailbox.work()
    assert letter.language == "en" and letter.subject == "Confirm your e-mail"
    assert links(letter)[0].startswith("/en/tradate/")
