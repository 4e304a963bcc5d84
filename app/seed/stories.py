"""The people of the stories, with their amounts to the cent (the README tells who they are).

What they have engaged stays engaged: when its day has passed, the centre moves that booking to the next such day, so
five visits stay five and 36,00 stay 36,00. Omar's lesson is another matter: it was held, everybody came, and the
class books the next one. Tomas's credit that ends in nine days is given again once it has ended.
"""

from datetime import date, datetime, timedelta

from app import database
from app.domain import access, move, purse, slot, waiting
from app.domain.actor import SYSTEM
from app.domain.plan_exception import change_day
from app.seed import acts, content, funds
from app.seed.acts import Timeline
from app.seed.stage import ZONE, Place, Stage, at, starts

ELDERLY, FAMILIES, SPORT, COMPANY, AUTONOMY = (
    "anziani-a-casa",
    "famiglie-2026",
    "fondazione-crescere",
    "officine-bianchi-2026",
    "progetto-autonomia",
)
TUESDAY, THURSDAY = 1, 3
LESSON = ("18:30", "20:30")
SWIMMING = ("17:15", "18:00")
EXPIRES_IN, SWIMS_IN = 9, 4


async def give_credit(stage: Stage, now: datetime, today: datetime) -> None:
    until = funds.year_end(today)
    await funds.give(ELDERLY, 24_000, until, person=stage.people["rosa"], now=now)
    await funds.give(AUTONOMY, 30_000, until, person=stage.people["luca"], now=now)
    await funds.give(COMPANY, 60_000, until, person=stage.people["tomas"], now=now)
    await funds.give("buono-tradate", 13_000, until, household=stage.household("benali"), now=now)


async def plan(stage: Stage, timeline: Timeline, now: datetime) -> None:
    await _plan_rosa(stage, timeline, now)
    await _plan_amina(stage, timeline, now)
    await _plan_luca(stage, timeline, now)


async def _plan_rosa(stage: Stage, timeline: Timeline, now: datetime) -> None:
    """Five Tuesdays and Thursdays, the last one shorter than booked; Elena books the one to come."""
    place, day = await stage.place("tradate", "aiuto-in-casa"), now.astimezone(ZONE).date()
    past = [t for t in rosas_times(place, day - timedelta(days=40), day) if t + timedelta(hours=2) < now][-5:]
    for number, starts_at in enumerate(past):
        delivered = 90 if number == 4 else None

        async def visit(at_: datetime, starts_at: datetime = starts_at, delivered: int | None = delivered) -> None:
            who = await stage.worker("telefono", at_)
            code = await acts.book(stage, who, place, starts_at, receiver=stage.people["rosa"], quantity=2, now=at_)
            timeline.add(starts_at + timedelta(minutes=121), lambda end: _arrived(stage, place, code, end, delivered))

        timeline.add(_weekday(starts_at - timedelta(days=4, minutes=-80)), visit)
    coming = next(t for t in rosas_times(place, day, day + timedelta(days=21)) if t > now)

    async def elena_books(at_: datetime) -> None:
        who = await stage.person("elena", at_)
        await acts.book(stage, who, place, coming, receiver=stage.people["rosa"], quantity=2, now=at_)

    timeline.add(min(coming - timedelta(days=5), now - timedelta(hours=30)), elena_books)


async def _arrived(stage: Stage, place: Place, code: str, now: datetime, delivered: int | None) -> None:
    who = await acts.worker_of(stage, place, "tradate", now)
    await acts.arrive([code], who, now=now, delivered=delivered)


def rosas_times(place: Place, first: date, last: date) -> list[datetime]:
    """Tuesday and Thursday, 9 to 11, where the plan has them."""
    return [t for t in starts(place, first, last, 2) if _is_rosas(t)]


def _is_rosas(starts_at: datetime) -> bool:
    local = starts_at.astimezone(ZONE)
    return local.weekday() in (TUESDAY, THURSDAY) and (local.hour, local.minute) == (9, 0)


def _weekday(instant: datetime) -> datetime:
    """The call centre books on working days."""
    return instant - timedelta(days=max(0, instant.astimezone(ZONE).weekday() - 4))


async def _plan_amina(stage: Stage, timeline: Timeline, now: datetime) -> None:
    place, day = await stage.place("tradate", "aiuto-compiti"), now.astimezone(ZONE).date()
    times = starts(place, day - timedelta(days=40), day + timedelta(days=14))
    past = [t for t in times if t + timedelta(minutes=90) < now][-5:]
    coming = next(t for t in times if t > now + timedelta(hours=3))
    for starts_at in (*past, coming):

        async def lesson(at_: datetime, starts_at: datetime = starts_at) -> None:
            who, yusuf = await stage.person("amina", at_), stage.people["yusuf"]
            code = await acts.book(stage, who, place, starts_at, receiver=yusuf, now=at_, answers={0: "Arachidi"})
            if starts_at in past:
                timeline.add(starts_at + timedelta(minutes=5), lambda end: _arrived(stage, place, code, end, None))

        timeline.add(min(starts_at - timedelta(days=2, minutes=-75), now - timedelta(hours=26)), lesson)


async def _plan_luca(stage: Stage, timeline: Timeline, now: datetime) -> None:
    """Two mornings in the greenhouse, booked by his brother; the Welfare Manager looked twice and said why."""
    place, day = await stage.place("tradate", "laboratorio-serra"), now.astimezone(ZONE).date()
    for starts_at in starts(place, day - timedelta(days=30), day - timedelta(days=6))[-2:]:

        async def morning(at_: datetime, starts_at: datetime = starts_at) -> None:
            who = await stage.person("paolo", at_)
            code = await acts.book(stage, who, place, starts_at, receiver=stage.people["luca"], now=at_)
            timeline.add(starts_at + timedelta(minutes=4), lambda end: _arrived(stage, place, code, end, None))

        timeline.add(starts_at - timedelta(days=3), morning)
    for days, purpose in ((16, "request"), (3, "help")):

        async def look(at_: datetime, purpose: str = purpose) -> None:
            await access.look(stage.people["luca"], purpose, actor=await stage.worker("welfare", at_), now=at_)

        timeline.add(at(day - timedelta(days=days), "11:20"), look)


async def keep(stage: Stage, now: datetime) -> None:
    """On every day the demo is opened."""
    await _keep_engaged(stage, "rosa", now)
    await _keep_engaged(stage, "yusuf", now)
    await keep_tomas(stage, now)


async def _keep_engaged(stage: Stage, receiver: str, now: datetime) -> None:
    """The visit whose day has passed goes to the next such day."""
    found = await database.rows(
        "SELECT b.code, b.provider_id, v.slug FROM booking b JOIN slot s ON s.id = b.slot_id "
        "JOIN service v ON v.id = b.service_id WHERE b.receiver_id = {} AND b.state = 'confirmed' "
        "AND s.starts_at <= {} ORDER BY s.starts_at",
        *(stage.people[receiver], now),
    )
    for row in found:
        place = await stage.place("tradate", row["slug"])
        free = await slot.free_times(place.offer, now.date(), now.date() + timedelta(days=21), quantity=2, now=now)
        wished = [t.starts_at for t in free if receiver != "rosa" or _is_rosas(t.starts_at)]
        who = await acts.worker_for(stage, row["provider_id"], now)
        await move.move(row["code"], wished[0], actor=who, now=now)


async def keep_tomas(stage: Stage, now: datetime) -> None:
    """A lesson in four days, and a credit of 30,00 that ends in nine."""
    day, household = now.astimezone(ZONE).date(), stage.household("ferrari")
    usable = [p for p in (await purse.wallet(stage.people["tomas"], now=now)).purses if p.fund_name == _sport_name()]
    if not usable:
        await funds.give(SPORT, 3_000, day + timedelta(days=EXPIRES_IN), household=household, now=now)
    place = await stage.again(await stage.place("tradate", "corso-di-nuoto"))
    if not starts(place, day + timedelta(days=SWIMS_IN), day + timedelta(days=SWIMS_IN)):
        first, last = SWIMMING
        wished, reason = day + timedelta(days=SWIMS_IN), "Comincia un corso nuovo."
        await change_day(place.id, wished, "open", reason, starts=first, ends=last, actor=SYSTEM, now=now)


def _sport_name() -> str:
    return next(one.public_name for one in content.load_funds().funds if one.slug == SPORT)


async def fill_lesson(stage: Stage, now: datetime) -> None:
    """Tomorrow's Italiano A1 is full: Omar took the last of its places, and two more people wait."""
    place, day = await stage.place("tradate", "italiano-a1"), now.astimezone(ZONE).date() + timedelta(days=1)
    if not starts(place, day, day):
        first, last = LESSON
        earlier = now - timedelta(days=6)
        await change_day(place.id, day, "open", "Lezione in più.", starts=first, ends=last, actor=SYSTEM, now=earlier)
        place = await stage.again(place)
    (starts_at, *_) = starts(place, day, day)
    for number, code in enumerate((*_class(stage), "omar")):
        booked_at = at(day - timedelta(days=5), f"{9 + number // 2:02}:{number % 2 * 30 + 7:02}")
        who = await stage.person(code, booked_at)
        await acts.book(stage, who, place, starts_at, now=booked_at)
    for number, code in enumerate(("zoe-belvedere", "noemi-altavilla")):
        who = await stage.person(code, now)
        await waiting.ask(place.service_id, actor=who, now=starts_at - timedelta(days=3, hours=number))


def _class(stage: Stage) -> list[str]:
    """Fourteen who speak other languages."""
    adults = [p for p in stage.facts.values() if p.part == "adult" and p.language != "it" and not p.is_cast]
    return [p.code for p in adults if p.territory == "tradate"][:14]


async def end_lessons(stage: Stage, now: datetime) -> None:
    """Everybody came to the lesson that is over."""
    place = await stage.place("tradate", "italiano-a1")
    for ended in await database.rows(
        "SELECT DISTINCT s.id, s.starts_at FROM slot s JOIN booking b ON b.slot_id = s.id "
        "WHERE s.service_place_id = {} AND b.state = 'confirmed' AND s.ends_at <= {} ORDER BY s.starts_at",
        *(place.id, now),
    ):
        codes = await database.rows("SELECT code FROM booking WHERE slot_id = {} AND state = 'confirmed'", ended["id"])
        who = await acts.worker_of(stage, place, "tradate", now)
        await acts.arrive([row["code"] for row in codes], who, now=now)


async def figures(person_id: int, now: datetime) -> tuple[int, int, int]:
    """Total, engaged and usable, in cents: what the stories promise."""
    found = await purse.wallet(person_id, now=now)
    return found.total_cents, found.held_cents, found.usable_cents
