"""People with sessions and credit, and services with times, made by the verbs of the house before a proof presses."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from app import database
from app.domain import fund, household, person, plan_exception, slot
from app.domain.actor import SYSTEM
from app.domain.ledger import day
from app.domain.person import NewPerson
from tests.pages.open_door import ROME
from tests.people import BEFORE, Cast
from tests.timetable import WHO, Timetable
from tests.visitor import begin_session

PRICE = 2500
ROOM = 100_000  # seats of a time that is never full
FAR = date(2099, 12, 31)


@dataclass(frozen=True)
class Citizen:
    """`token` is a session's, `purse` holds credit in cents (0: none), `address` is told by the proxy."""

    id: int
    token: str
    purse: int
    address: str


async def fund_with(cast: Cast, cents: int, *, for_household: bool = False) -> int:
    terms = fund.Terms("comune", "Comune", "Comune", BEFORE.date(), FAR, for_household=for_household)
    made = await fund.create_fund(cast.funder, terms, **WHO)
    await fund.pay_in(made, cents, reason="determina-1/2026", **WHO)
    return made


async def crowd(cast: Cast, count: int, cents: int = 0) -> list[Citizen]:
    """Signed in, each with a purse of `cents`; in one transaction, as many wait for them."""
    made: list[Citizen] = []
    async with database.whole():
        paying = await fund_with(cast, count * cents) if cents else 0
        for number in range(count):
            new = NewPerson(f"Persona{number}", "Prova")
            someone = await person.enrol(new, territory_id=cast.tradate, needs_card=False, **WHO)
            purse = await fund.issue(paying, cents, FAR, person_id=someone, **WHO) if cents else 0
            token = await begin_session("person", someone, now=datetime.now(UTC))
            made.append(Citizen(someone, token, purse, f"10.0.{number // 250}.{number % 250 + 1}"))
    return made


async def community(cast: Cast, count: int, cents: int) -> tuple[list[Citizen], int]:
    """People who live together and pay from one purse of `cents`; with its id."""
    people = await crowd(cast, count)
    async with database.whole():
        paying = await fund_with(cast, cents, for_household=True)
        home = await household.create("Casa Prova", **WHO)
        for each in people:
            await household.join(home, each.id, "adult", **WHO)
        return people, await fund.issue(paying, cents, FAR, household_id=home, **WHO)


async def roomy(timetable: Timetable, slug: str) -> tuple[int, list[datetime]]:
    """A service whose every time has room for everybody: its place, and its times of two months.

    None of the first day, as what begins while a proof presses can no longer be booked.
    """
    made = await timetable.service(
        slug, hours=("08:00", "20:00"), minutes=30, step_minutes=30, price=PRICE, capacity=ROOM
    )
    found = await slot.next_times(made, now=datetime.now(UTC) + timedelta(days=1), limit=ROOM)
    return made, [time.starts_at for time in found]


async def all_day(timetable: Timetable, slug: str) -> int:
    """A service that is going on right now and takes who comes by, on holidays and after midnight too."""
    today = day(datetime.now(UTC))
    days = (today, today + timedelta(days=1))
    minutes = min(_minutes(each) for each in days)  # when the clocks change to summer a day lacks an hour
    made = await timetable.service(slug, hours=("00:00", "23:59"), minutes=minutes, price=PRICE, capacity=ROOM)
    for each in days:
        open_then = {"kind": "open", "starts": "00:00", "ends": "23:59"}
        await plan_exception.change_day(made, each, reason="", **open_then, actor=SYSTEM, now=BEFORE)  # type: ignore[arg-type]
    return made


def _minutes(of: date) -> int:
    """From midnight to a minute before the next one, by the clocks of Rome."""
    begins, ends = (datetime.combine(each, time(), ROME).astimezone(UTC) for each in (of, of + timedelta(days=1)))
    return min(int((ends - begins) / timedelta(minutes=1)), 1440) - 1
