"""The demo as it is told: the stories to the cent, on any day, told twice, and proved by the ledger."""

from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import pytest

from app import database
from app.domain import code, demo, desk, door_review, fund, purse, slot, split, verify
from app.domain.fund import FundIdentity
from app.seed import families, funds, scale, stories, tell, today, without_line
from app.seed.stage import ZONE, Stage, at, starts
from app.views.formatting import MINUS, money
from tests.copies import Copies
from tests.visitor import Clock, Visitor

pytestmark = [pytest.mark.anyio, pytest.mark.slow, pytest.mark.timeout(300)]
SUNDAY = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
ASSUMPTION, LEAP_DAY = datetime(2027, 8, 15, 9, 30, tzinfo=UTC), datetime(2028, 2, 29, 9, 30, tzinfo=UTC)
DAYS = {"a Sunday": SUNDAY, "15 August": ASSUMPTION, "29 February": LEAP_DAY}
GIULIA = FundIdentity(6_000_000, 1_840_000, 0, 2_135_000, 312_000, 1_684_000, 29_000)


def _teller(now: datetime) -> Callable[[], Awaitable[Any]]:
    return lambda: tell.tell(now)


Told = Callable[[str], str]


@pytest.fixture(scope="module")
def told(copies: Copies, migrated: str) -> Told:
    """A demo told on one of the days, when the first test wants it; tests work on copies."""
    return cache(lambda name: copies.build("told", _teller(DAYS[name]), base=migrated))


@pytest.fixture(params=list(DAYS))
async def day(request: pytest.FixtureRequest, copies: Copies, told: Told) -> AsyncIterator[datetime]:
    async with copies.fresh(told(request.param)):
        await database.start()
        yield DAYS[request.param]
        await database.stop()


@pytest.fixture
async def sunday(copies: Copies, told: Told) -> AsyncIterator[datetime]:
    async with copies.fresh(told("a Sunday")):
        await database.start()
        yield SUNDAY
        await database.stop()


async def test_the_stories_are_true_on_each_day(day: datetime) -> None:
    await check_stories(day)
    assert await verify.verify(now=day) == []


async def test_forty_days_later_they_are_true_again(sunday: datetime) -> None:
    for days in (1, 3, 40):
        later = sunday + timedelta(days=days)
        assert await tell.tell(later)
        await check_stories(later)
    assert await verify.verify(now=later) == []


async def test_a_second_time_on_the_same_day_changes_nothing(sunday: datetime) -> None:
    before = await _counts()
    assert not await tell.tell(sunday + timedelta(hours=3))
    assert await _counts() == before
    assert sum(before.values()) > 10_000


async def test_it_is_never_told_beside_real_people(fresh_database: None) -> None:
    await database.start()
    try:
        await database.execute(
            "INSERT INTO territory (slug, name, district, phone, phone_cost, colour, is_demo, opened_on) "
            "VALUES ('rho', 'Rho', 'Rho', '02 000 001', '', 'blue', {}, {})",
            *(False, SUNDAY.date()),
        )
        assert not await tell.tell(SUNDAY)
        assert await database.scalar("SELECT count(*) FROM person") == 0
    finally:
        await database.stop()


async def check_stories(now: datetime) -> None:
    stage = await Stage.load()
    assert await stories.figures(stage.people["rosa"], now) == (6_900, 3_600, 3_300)
    assert await stories.figures(stage.people["amina"], now) == (10_500, 900, 9_600)
    assert await fund.identity(await funds.id_of(families.FUND)) == GIULIA
    await _check_visits(stage, now)
    await _check_tomas(stage, now)
    await _check_omar(stage, now)
    await _check_ines(now)
    await _check_luca(stage)
    await _check_hour_without_line(stage, now)
    await _check_life(stage, now)


async def _check_visits(stage: Stage, now: datetime) -> None:
    rosa = await _bookings(stage.people["rosa"])
    assert sorted(row["state"] for row in rosa) == ["arrived"] * 5 + ["confirmed"]
    assert sorted(row["delivered"] or 0 for row in rosa) == [0, 0, 0, 0, 0, 90]
    assert [row["starts_at"] > now for row in rosa if row["state"] == "confirmed"] == [True]
    yusuf = await _bookings(stage.people["yusuf"])
    assert sorted(row["state"] for row in yusuf) == ["arrived"] * 5 + ["confirmed"]
    assert {(row["price"], row["own"]) for row in yusuf} == {(1_200, 300)}


async def _check_tomas(stage: Stage, now: datetime) -> None:
    place = await stage.place("tradate", "corso-di-nuoto")
    first = now.astimezone(ZONE).date() + timedelta(days=4)
    (lesson, *_) = starts(place, first, first)
    tomas, giada = stage.people["tomas"], stage.people["giada"]
    offered = await split.load(tomas, giada, place.service_id, 1, lesson, now)
    assert [line.cents for line in offered.lines] == [3_000, 4_000]
    assert offered.own_cents == 1_000
    (refused,) = offered.left_out
    assert (refused.purse.fund_name, refused.reason) == ("Welfare Officine Bianchi", "combination")
    assert refused.purse.usable_cents == 60_000
    psychologist = await stage.place("tradate", "psicologo-online")
    alone = await split.load(tomas, tomas, psychologist.service_id, 1, lesson, now)
    assert alone.own_cents in (0, 2_000)
    parts = [part.purse.fund_name for part in alone.lines] + [part.purse.fund_name for part in alone.left_out]
    assert "Welfare Officine Bianchi" in parts


async def _check_omar(stage: Stage, now: datetime) -> None:
    place = await stage.place("tradate", "italiano-a1")
    lesson = await database.row(
        "SELECT s.id, s.capacity, s.taken, s.starts_at FROM slot s WHERE s.service_place_id = {} AND s.starts_at > {} "
        "ORDER BY s.starts_at LIMIT 1",
        *(place.id, now),
    )
    assert lesson is not None
    assert (lesson["taken"], lesson["capacity"]) == (15, 15)
    last = await database.rows("SELECT receiver_id FROM booking WHERE slot_id = {} ORDER BY booked_at", lesson["id"])
    assert [row["receiver_id"] for row in last][-1] == stage.people["omar"]
    waiting = "SELECT count(*) FROM waiting_entry WHERE service_id = {} AND ended_at IS NULL"
    assert await database.scalar(waiting, place.service_id) == 2
    body = await database.scalar(
        "SELECT o.body FROM outbox_copy o JOIN message m ON m.id = o.message_id WHERE m.person_id = {} "
        "AND m.kind = 'reminder' AND m.lead_hours = 48 AND m.due_at > {} ORDER BY o.id DESC LIMIT 1",
        *(stage.people["omar"], now - timedelta(days=2)),
    )
    assert "You have an appointment on" in body


async def _check_ines(now: datetime) -> None:
    opens = at(today.day_of(now), "09:00")
    rows = await database.rows(
        "SELECT b.id, b.code, b.state, b.own FROM booking b JOIN slot s ON s.id = b.slot_id JOIN service v "
        "ON v.id = b.service_id WHERE v.slug = 'centro-diurno' AND s.starts_at = {}",
        opens,
    )
    states = [row["state"] for row in rows]
    assert (len(rows), states.count("arrived"), states.count("absent"), states.count("confirmed")) == (14, 9, 1, 4)
    assert [row["own"] for row in rows if row["state"] == "arrived" and row["own"]] == [400]
    events = await database.rows(
        "SELECT c.kind, c.reason, c.at FROM check_in c JOIN booking b ON b.id = c.booking_id "
        "JOIN slot s ON s.id = b.slot_id JOIN service v ON v.id = b.service_id "
        "WHERE v.slug = 'centro-diurno' AND s.starts_at = {}",
        opens,
    )
    assert [row["reason"] for row in events if row["kind"] == "absent"] == ["transport"]
    assert sum(row["kind"] == "undone" for row in events) == 1
    pressed = Counter(row["at"] for row in events if row["kind"] == "arrived")
    assert sorted(pressed.values())[-2:] == [1, 3], "the three sisters at one press, everybody else alone"


async def _check_luca(stage: Stage) -> None:
    looks = await database.rows(
        "SELECT purpose FROM audit WHERE person_id = {} AND what = 'person.looked' ORDER BY at", stage.people["luca"]
    )
    assert [row["purpose"] for row in looks] == ["request", "help"]


async def _check_hour_without_line(stage: Stage, now: datetime) -> None:
    """Each arrival at its own time, though sent later and by a wrong clock; paid to the cent, or not at all."""
    day = await without_line.day_before(stage, now)
    assert timedelta(days=2) <= today.day_of(now) - day <= timedelta(days=5)
    notes = {(row["person"], row["kind"]): row for row in await database.rows(HOUR, at(day, "00:00"), at(day, "23:59"))}
    assert {who: (note["outcome"], note["decision"], note["reason"]) for who, note in notes.items()} == {
        **{(stage.people[person], "arrived"): ("done", "", "") for person in today.EXPECTED},
        (stage.people[today.UNDONE], "arrived"): ("absent", "arrived", "colleague"),
        (stage.people[today.ABSENT], "arrived"): ("absent", "", ""),
        (stage.people[without_line.AT_HOME], "arrived"): ("begun", "", ""),
        (stage.people[without_line.AT_HOME], "left"): ("done", "", ""),
    }
    back = at(day, "10:52")
    assert all(note["happened_at"] < at(day, "10:50") and note["received_at"] >= back for note in notes.values())
    assert all(note["device_ms"] < note["happened_at"].timestamp() * 1000 for note in notes.values()), "slow clocks"
    for person, clock in (("oreste-malvestito", "10:12"), ("dante-settepassi", "10:27"), (today.UNDONE, "10:33")):
        note = notes[stage.people[person], "arrived"]
        assert (database.instant(note["marked_at"]), note["paid"], note["held"]) == (at(day, clock), 1_600, 0)
    home = notes[stage.people[without_line.AT_HOME], "left"]
    assert (database.instant(home["marked_at"]), home["paid"], home["held"]) == (at(day, "09:04"), 2_250, 0)
    assert (home["state"], home["delivered"], home["price"], home["own"]) == ("arrived", 75, 3_600, 0)
    waits = notes[stage.people[today.ABSENT], "arrived"]
    assert (waits["state"], waits["paid"], waits["held"]) == ("absent", 0, 0)
    assert await database.scalar(OPEN_NOTES) == 1


OPEN_NOTES = "SELECT count(*) FROM door_note WHERE decided_at IS NULL AND outcome NOT IN ('done', 'begun')"
HOUR = """
SELECT b.receiver_id AS person, n.kind, n.outcome, coalesce(n.decision, '') AS decision, coalesce(n.reason, '')
  AS reason, n.happened_at, n.received_at, n.device_ms, b.state, b.price, b.own, b.delivered,
  (SELECT max(c.device_at) FROM check_in c WHERE c.booking_id = b.id AND c.kind = 'arrived' AND c.id = (SELECT max(id)
    FROM check_in WHERE booking_id = b.id)) AS marked_at,
  coalesce((SELECT sum(CASE t.kind WHEN 'post' THEN t.amount WHEN 'refund' THEN -t.amount ELSE 0 END) FROM transfer t
    WHERE t.booking_id = b.id), 0) AS paid,
  (SELECT count(*) FROM transfer t WHERE t.booking_id = b.id AND t.kind = 'hold' AND NOT EXISTS (SELECT 1
    FROM transfer r WHERE r.hold_id = t.id)) AS held
FROM door_note n JOIN booking b ON b.id = n.booking_id WHERE n.happened_at >= {} AND n.happened_at < {}
"""


async def _check_life(stage: Stage, now: datetime) -> None:
    """Somebody at the door soon, somebody to decide about, somebody reminded, and a place that is open."""
    open_rows = "SELECT count(*) FROM booking b JOIN slot s ON s.id = b.slot_id WHERE b.state = 'confirmed' "
    soon = f"{open_rows} AND s.starts_at > {{}} AND s.starts_at <= {{}}"
    over = f"{open_rows} AND s.ends_at > {{}} AND s.ends_at <= {{}}"
    assert await database.scalar(soon, now, now + timedelta(hours=1)) >= 2
    assert await database.scalar(over, now - timedelta(hours=36), now) >= 2
    day = today.day_of(now)
    for territory, slug, _ in today.ALWAYS_OPEN[:1]:
        place = await stage.place(territory, slug)
        assert all(starts(place, d, d) for d in (day, day + timedelta(days=1)))
    sent = (
        "SELECT count(*) FROM message m JOIN delivery d ON d.message_id = m.id "
        "WHERE m.kind = 'reminder' AND d.tried_at >= {}"
    )
    assert await database.scalar(sent, at(day, "07:30")) >= 1
    closed = "SELECT count(*) FROM plan_exception WHERE kind = 'closed' AND day > {} AND day <= {}"
    assert await database.scalar(closed, day, day + timedelta(days=7)) >= 1
    group = await stage.again(await stage.place("tradate", "gruppo-chi-cura"))
    assert await slot.first_free(group.offer, now=now) is None
    assert await database.scalar("SELECT count(*) FROM callback WHERE done_at IS NULL") >= 2
    assert await database.scalar("SELECT count(*) FROM booking WHERE state = 'requested'") >= 2


async def _bookings(receiver: int) -> list[database.Row]:
    return await database.rows(
        "SELECT b.state, b.delivered, b.price, b.own, s.starts_at FROM booking b JOIN slot s ON s.id = b.slot_id "
        "WHERE b.receiver_id = {}",
        receiver,
    )


async def _counts() -> dict[str, int]:
    tables = ("person", "booking", "transfer", "audit", "message", "slot", "plan_exception", "session", "check_in")
    return {table: await database.scalar(f"SELECT count(*) FROM {table}") for table in tables}


async def test_three_months_have_all_that_happens(sunday: datetime) -> None:
    kinds = {row["kind"] for row in await database.rows("SELECT DISTINCT kind FROM transfer")}
    assert {"pay_in", "issue", "hold", "post", "void", "refund", "expire"} <= kinds
    states = {row["state"] for row in await database.rows("SELECT DISTINCT state FROM booking")}
    assert {"requested", "confirmed", "cancelled", "refused", "arrived", "absent"} <= states
    for what in ("move", "cancellation", "collection", "waiting_entry", "callback"):
        assert await database.scalar(f"SELECT count(*) FROM {what}") > 0, what
    partly = await database.scalar("SELECT count(*) FROM booking WHERE delivered IS NOT NULL")
    assert partly >= 5
    first = database.instant(await database.scalar("SELECT min(made_at) FROM transfer WHERE kind = 'post'"))
    assert first is not None
    assert first < sunday - timedelta(days=90)


async def test_the_hour_without_line_is_seen_and_what_waits_is_decided_to_the_cent(sunday: datetime) -> None:
    visitor, stage = Visitor(clock=Clock(sunday)), await Stage.load()
    gino, elderly = stage.people[today.ABSENT], await funds.id_of(stories.ELDERLY)
    before, had = await fund.identity(elderly), (await purse.wallet(gino, now=sunday)).usable_cents
    door = await visitor.follow(await visitor.submit((await visitor.get("/prova")).form("/prova/ines")))
    review = await visitor.get(door.link("Da rivedere (1)"))
    for said in ("Gino Tagliaferro", "Intanto era segnata un'assenza.", "alle 10.41, da Ines Moretti", "alle 10.52"):
        assert review.says(said), said
    day = review.link("Lista di venerdì 20 novembre")
    for minute in (12, 19, 27, 33):
        assert (await visitor.get(day)).says(f"Arrivo alle 10.{minute}")
    reason = f"perche-{await database.scalar(f'{OPEN_NOTES}'.replace('count(*)', 'id'))}"
    await visitor.submit(review.form("da-rivedere"), fai="arrived", **{reason: "seen"})
    assert (await visitor.get(day)).says("Arrivo alle 10.41")
    assert (await purse.wallet(gino, now=sunday)).usable_cents == had - 1_600
    after = await fund.identity(elderly)
    assert (after.spent_cents, after.held_cents) == (before.spent_cents + 1_600, before.held_cents)
    await visitor.submit((await visitor.get("/prova")).form("/prova/giulia"))
    funder = await visitor.get(f"/finanziatori/{stories.ELDERLY}")
    assert funder.says(money(after.spent_cents, "it")), funder.visible_text
    assert await verify.verify(now=sunday) == []


async def test_who_was_visited_without_signal_reads_what_was_paid(sunday: datetime) -> None:
    visitor, stage = Visitor(clock=Clock(sunday)), await Stage.load()
    await visitor.as_person(stage.people[without_line.AT_HOME])
    wallet = await visitor.get("/tradate/io/borsellino")
    credit = await visitor.get(wallet.link("Anziani a casa"))
    assert credit.says(f"{MINUS}22,50 €") and credit.says("36,00 €"), credit.visible_text


async def test_who_decides_all_of_it_finds_one_more_the_next_day(sunday: datetime) -> None:
    stage = await Stage.load()
    agnese = await stage.worker("agnese", sunday)
    within = await desk.scope(agnese, (await stage.place("tradate", "centro-diurno")).territory_id)
    (note,) = await door_review.waiting(within, actor=agnese)
    await door_review.decide(note.id, "kept", "did_not_come", within, actor=agnese, now=sunday)
    await stage.leave(sunday)
    assert await tell.tell(sunday + timedelta(days=1))
    visitor = Visitor(clock=Clock(sunday + timedelta(days=1)))
    page = await visitor.follow(await visitor.submit((await visitor.get("/prova")).form("/prova/ines")))
    assert (await visitor.get(page.link("Da rivedere (1)"))).says(f"Codice {code.spaced(without_line.MISREAD)}")


async def test_volume_passes_the_proof(sunday: datetime) -> None:
    said = await scale.add(1, now=sunday, services=40, people=200, bookings=300)
    assert said == "40 services, 200 people, 300 bookings more."
    assert await database.scalar("SELECT count(*) FROM booking WHERE unit_price = 1000") == 300
    assert await verify.verify(now=sunday) == []
    assert await fund.identity(await funds.id_of(families.FUND)) == GIULIA


async def test_prova_tells_the_stories_and_opens_each(sunday: datetime) -> None:
    visitor = Visitor(clock=Clock(sunday))
    for story in ("rosa", "elena", "amina", "tomas", "omar", "ines", "giulia", "paolo"):
        page = await visitor.get("/prova")
        assert page.status == 200
        done = await visitor.submit(page.form(f"/prova/{story}"))
        opened = await visitor.follow(done)
        assert opened.status == 200, f"{story}: {opened.path}"
        for words in TOLD[story]:
            assert words in opened.text.replace("\xa0", " "), f"{story}: {words}"


TOLD = {
    "rosa": ("69,00 €", "36,00 €", "33,00 €"),
    "elena": ("Rosa",),
    "amina": ("105,00 €", "9,00 €", "96,00 €"),
    "tomas": ("Crescere in movimento", "Famiglie 2026", "Welfare Officine Bianchi", "600,00 €"),
    "omar": ("Your messages", "Booking confirmed", "Italian A1"),
    "ines": ("14 attese, 9 arrivate, 1 assente", "4,00 €", "Arrivo annullato"),
    "giulia": ("18.400,00 €", "21.350,00 €", "3.120,00 €", "16.840,00 €", "290,00 €", "60.000,00 €"),
    "paolo": ("Benedetta Ascolti",),
}


async def test_prova_prints_what_lets_people_in(sunday: datetime) -> None:
    visitor = Visitor(clock=Clock(sunday))
    page = await visitor.get("/prova")
    codes = await demo.next_codes(("ines",))
    assert demo.PIN in page.text
    assert codes["ines"].code in page.text
    assert codes["ines"].number == 1
