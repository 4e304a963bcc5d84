"""What makes a day alive: a full house at the day centre, somebody at the door within the hour, a closure this week,
rows nobody has closed, requests and calls that wait. Told again on every day the demo is opened, by verbs alone."""

from datetime import date, datetime, timedelta

from app import database
from app.domain import callback, check_in, plan, purse, slot, territory
from app.domain.actor import ANONYMOUS, SYSTEM, Actor
from app.domain.errors import Refusal
from app.domain.plan_exception import change_day, close_place
from app.seed import acts, content, families, funds, history, stories
from app.seed.stage import ZONE, Place, Stage, at, starts

SISTERS = ("piera-tuttibene", "bice-tuttibene", "nives-tuttibene")
ARRIVED = (*SISTERS, "ernesto-zucca", "armida-pancotto", "silvano-mezzanotte", "ines-quattropani", "attilio-bonanotte")
PAYS_A_PART = "luciana-passalacqua"  # her credit covers 12,00 of 16,00
ABSENT, UNDONE = "gino-tagliaferro", "vanda-bellosguardo"
EXPECTED = ("oreste-malvestito", "jolanda-fiordaliso", "dante-settepassi")
CENTRE_HOURS = ("09:00", "16:30")
DAY_CENTS, PART_CENTS = 1_600, 1_200
ALWAYS_OPEN = (("tradate", "centro-diurno", CENTRE_HOURS), ("milano", "visita-al-mulino", ("10:00", "17:30")))
COMING = (
    ("nicolo-sanpietrini", "aiuto-telefono"),
    ("michele-portalupi", "orientamento-lavoro"),
    ("liudmyla-shevchukprova", "telefonata-amica"),
    ("aurelio-campochiaro", "pasti-a-casa"),
    ("celestina-montelupo", "ginnastica-dolce"),
    ("ludovica-spaccapietra", "laboratorio-serra"),
)
WITHIN_THE_HOUR = (("michele-portalupi", "aiuto-telefono"), ("noemi-altavilla", "orientamento-lavoro"))
STALE = timedelta(hours=36)


def day_of(now: datetime) -> date:
    return now.astimezone(ZONE).date()


async def change_plans(stage: Stage, now: datetime) -> None:
    """Two places stay open whatever the calendar says; a few others close once in the coming week."""
    today = day_of(now)
    for territory_slug, slug, hours in ALWAYS_OPEN:
        place = await stage.place(territory_slug, slug)
        for day in (today + timedelta(days=n) for n in range(-1, 8)):
            if plan.is_holiday(day, "") and not starts(place, day, day):
                await _open(stage, place, day, hours, "Aperti anche oggi.", now)
                place = await stage.again(place)
    for slug in content.TERRITORIES:
        for closure in content.load(slug).closures:
            await _change(stage, slug, closure, now)


async def _open(stage: Stage, place: Place, day: date, hours: tuple[str, str], reason: str, now: datetime) -> Place:
    starts_at, ends_at = hours
    told = now - timedelta(days=7)
    await change_day(place.id, day, "open", reason, starts=starts_at, ends=ends_at, actor=SYSTEM, now=told)
    return await stage.again(place)


async def _change(stage: Stage, slug: str, closure: content.Closure, now: datetime) -> None:
    today = day_of(now)
    day = today + timedelta(days=(closure.weekday - today.weekday() - 1) % 7 + 1)
    place_id, service_place_id = await _where(stage, slug, closure)
    known = await database.scalar(
        "SELECT id FROM plan_exception WHERE (place_id = {} OR service_place_id = {}) AND reason = {} AND day > {}",
        *(place_id, service_place_id, closure.reason, today),
    )
    if known is None and service_place_id:
        what = (closure.kind, closure.reason)
        hours = (closure.starts, closure.ends)
        await change_day(service_place_id, day, *what, starts=hours[0], ends=hours[1], actor=SYSTEM, now=now)
    elif known is None:
        await close_place(place_id, day, closure.reason, actor=SYSTEM, now=now)


async def _where(stage: Stage, slug: str, closure: content.Closure) -> tuple[int, int]:
    """The place, and one service there where the closure names it."""
    told = next(place for place in content.load(slug).places if place.code == closure.place)
    place_id = await database.scalar(
        "SELECT p.id FROM place p JOIN provider v ON v.id = p.provider_id WHERE p.name = {} AND v.slug = {}",
        *(told.name, told.provider),
    )
    service_id = stage.services.get((slug, closure.service), 0)
    found = await database.scalar(
        "SELECT id FROM service_place WHERE place_id = {} AND service_id = {}", place_id, service_id
    )
    return int(place_id), int(found or 0)


async def fill_centre(stage: Stage, day: date, people: tuple[str, ...], now: datetime) -> dict[str, str]:
    """Books the day centre for who is not booked yet; the codes of that day by person."""
    place = await stage.place("tradate", "centro-diurno")
    starts_at = at(day, CENTRE_HOURS[0])
    codes = await _booked(place, starts_at)
    for number, person in enumerate(people):
        person_id = stage.people[person]
        if person_id not in codes:
            booked_at = min(starts_at - timedelta(days=2, hours=17) + timedelta(minutes=9 * number), now)
            await give_enough(person_id, PART_CENTS if person == PAYS_A_PART else DAY_CENTS, booked_at)
            who = await stage.worker("telefono", booked_at)
            try:
                async with database.attempt():
                    codes[person_id] = await acts.book(stage, who, place, starts_at, receiver=person_id, now=booked_at)
            except Refusal:  # somebody who tried the demo took the place
                continue
    return {person: codes[stage.people[person]] for person in people if stage.people[person] in codes}


async def give_enough(person_id: int, cents: int, now: datetime) -> None:
    """Exactly the part for who pays the rest; else credit for some more days."""
    usable = (await purse.wallet(person_id, now=now)).usable_cents
    if usable < cents:
        more = cents - usable if cents == PART_CENTS else 10 * cents
        await funds.give(stories.ELDERLY, more, funds.year_end(now), person=person_id, now=now)


async def _booked(place: Place, starts_at: datetime) -> dict[int, str]:
    found = await database.rows(
        "SELECT b.receiver_id, b.code FROM booking b JOIN slot s ON s.id = b.slot_id WHERE s.service_place_id = {} "
        "AND s.starts_at = {} AND b.state <> 'cancelled'",
        *(place.id, starts_at),
    )
    return {row["receiver_id"]: row["code"] for row in found}


async def ines_day(stage: Stage, now: datetime) -> None:
    """Fourteen expected: nine came, three sisters at one press, one is absent, one arrival was undone."""
    day = day_of(now)
    everybody = (*ARRIVED, PAYS_A_PART, ABSENT, UNDONE, *EXPECTED)
    codes = await fill_centre(stage, day, everybody, now)
    ines = await stage.worker("ines", now)
    door = min(now, at(day, "09:04"))
    await acts.arrive([codes[sister] for sister in SISTERS if sister in codes], ines, now=door)
    for number, person in enumerate((*ARRIVED[3:], PAYS_A_PART), 1):
        if person in codes:
            await acts.arrive([codes[person]], ines, now=min(now, door + timedelta(minutes=3 * number)), pays=None)
    later = min(now, door + timedelta(minutes=31))
    if ABSENT in codes:
        await check_in.absent(codes[ABSENT], "transport", nonce=f"demo-{codes[ABSENT]}", actor=ines, now=later)
    if UNDONE in codes:
        await acts.arrive([codes[UNDONE]], ines, now=later, pays=None)
        await check_in.undo(codes[UNDONE], nonce=f"demo-{codes[UNDONE]}", actor=ines, now=later)


async def leave_open(stage: Stage, now: datetime) -> None:
    """Yesterday's day centre: most were marked, two rows wait for a decision."""
    yesterday = day_of(now) - timedelta(days=1)
    place = await stage.place("tradate", "centro-diurno")
    if not starts(place, yesterday, yesterday) or await _booked(place, at(yesterday, CENTRE_HOURS[0])):
        return
    codes = list((await fill_centre(stage, yesterday, (*ARRIVED[:6], *EXPECTED[:2]), now)).values())
    ines = await stage.worker("ines", now)
    await acts.arrive(codes[:-2], ines, now=at(yesterday, "09:10"))


async def close_old_rows(stage: Stage, now: datetime) -> None:
    """What waited too long is decided; what a fund or a story keeps engaged goes to another day."""
    await stories.end_lessons(stage, now)
    rows = await database.rows(_OPEN_ROWS, families.FUND, now)
    kept = [row["code"] for row in rows if row["is_family"] and row["receiver_id"] not in _of_stories(stage)]
    await families.keep_held(stage, kept, now=now)
    for row in rows:
        if not row["is_family"] and row["ends_at"] < now - STALE and row["receiver_id"] not in _of_stories(stage):
            who = await _closer(stage, row, now)
            await acts.arrive([row["code"]], who, now=now)


async def _closer(stage: Stage, row: database.Row, now: datetime) -> Actor:
    login = acts.LOGINS.get(row["provider"]) or acts.DESKS[row["territory"]]
    return await stage.worker(login, now)


def _of_stories(stage: Stage) -> set[int]:
    return {stage.people["rosa"], stage.people["yusuf"]}


async def within_the_hour(stage: Stage, now: datetime) -> None:
    """In the day: two people who come in the next hour, to two doors."""
    local = now.astimezone(ZONE)
    if not 7 <= local.hour < 21:
        return
    first = local.replace(minute=30 if local.minute < 30 else 0, second=0, microsecond=0)
    first += timedelta(hours=0 if local.minute < 30 else 1)
    hours = (f"{first:%H:%M}", f"{first + timedelta(hours=1):%H:%M}")
    for person, slug in WITHIN_THE_HOUR:
        place = await _open(stage, await stage.place("tradate", slug), local.date(), hours, "Aperto anche oggi.", now)
        earlier = now - timedelta(hours=place.offer.notice_hours + 2)
        for time in await slot.free_times(place.offer, local.date(), local.date(), now=earlier):
            if now < time.starts_at <= now + timedelta(hours=1):
                await acts.book(stage, await stage.person(person, earlier), place, time.starts_at, now=earlier)
                break


async def remind_this_morning(stage: Stage, now: datetime) -> None:
    """Somebody comes in two days at eight: the text message left today at eight."""
    day = day_of(now) + timedelta(days=2)
    place = await stage.place("tradate", "aiuto-telefono")
    place = await _open(stage, place, day, ("08:00", "09:00"), "Apertura in più.", now)
    booked_at = now - timedelta(days=2)
    who = await stage.person("nicolo-sanpietrini", booked_at)
    await acts.book(stage, who, place, at(day, "08:00"), now=booked_at)


async def book_coming_days(stage: Stage, now: datetime) -> None:
    """People go on booking; the day decides who begins."""
    today = day_of(now)
    for number, (person, slug) in enumerate(COMING):
        place = await stage.place("tradate", slug)
        booked_at = now - timedelta(hours=2, minutes=13 * number)
        wished = today + timedelta(days=2 + (number + today.toordinal()) % 4)
        if starts_at := await history.free_time(place, wished, 1, booked_at, stage.people[person]):
            who = await stage.person(person, booked_at)
            await acts.book(stage, who, place, starts_at, now=booked_at)
    for ahead, guests in ((1, 9), (2, 6)):
        await fill_centre(stage, today + timedelta(days=ahead), (*ARRIVED, *EXPECTED)[:guests], now)


async def fill_one_service(stage: Stage, now: datetime) -> None:
    """A group with no place left as far as one can book."""
    place = await stage.again(await stage.place("tradate", "gruppo-chi-cura"))
    today = day_of(now)
    adults = [p.code for p in stage.facts.values() if p.part == "adult" and p.territory == "tradate" and not p.is_cast]
    for time in await slot.free_times(place.offer, today, today + timedelta(days=46), now=now):
        taken = await _booked(place, time.starts_at)
        others = [code for code in adults if stage.people[code] not in taken]
        for code in others[: time.left]:
            await acts.book(stage, await stage.person(code, now), place, time.starts_at, now=now)


async def ask_something(stage: Stage, now: datetime) -> None:
    """Two requests and two calls wait for an answer."""
    waiting = await database.scalar(
        "SELECT count(*) FROM booking b JOIN territory t ON t.id = b.territory_id WHERE t.slug = 'tradate' "
        "AND b.state = 'requested'"
    )
    wishes = (("federico-acquafresca", "cerca-badante"), ("iside-tramontana", "accompagnamento-in-ospedale"))
    for person, slug in wishes[int(waiting) :]:
        await history.ask(stage, person, slug, now - timedelta(hours=20))
    place = await territory.by_slug("tradate")
    assert place is not None
    calls = await database.scalar("SELECT count(*) FROM callback WHERE done_at IS NULL AND territory_id = {}", place.id)
    for number, name in list(enumerate(("Ada Squilli", "Otello Pronto")))[int(calls) :]:
        phone = f"300 0000 {800 + (day_of(now).toordinal() + number) % 100}"
        asked_at = now - timedelta(hours=3, minutes=20 * number)
        await callback.ask(place, wished="morning", name=name, phone=phone, actor=ANONYMOUS, now=asked_at)


_OPEN_ROWS = """
SELECT b.code, b.receiver_id, s.ends_at, p.slug AS provider, t.slug AS territory,
  EXISTS (SELECT 1 FROM transfer h JOIN purse u ON u.account_id = h.debit_account_id JOIN fund f ON f.id = u.fund_id
    WHERE h.booking_id = b.id AND h.kind = 'hold' AND f.slug = {}
    AND NOT EXISTS (SELECT 1 FROM transfer r WHERE r.hold_id = h.id)) AS is_family
FROM booking b JOIN slot s ON s.id = b.slot_id JOIN provider p ON p.id = b.provider_id
JOIN territory t ON t.id = b.territory_id
WHERE b.state = 'confirmed' AND s.ends_at <= {} AND t.is_demo ORDER BY s.ends_at, b.id
"""
