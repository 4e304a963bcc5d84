"""An hour without a line, from 10.05 to 10.50 of a working day gone by: what two devices at the door wrote down, sent
when the line was back.

Three guests of the day centre are taken late, at their own times. Two had meanwhile been marked absent: one is decided
by the coordinator and pays, one waits for whoever opens the demo. At somebody's home a visit began and ended without a
signal, and was shorter than booked. The day is old enough that nobody's list of rows to close needs it (`today.STALE`).
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from app import database
from app.domain import booking, check_in, desk, door, door_review, slot
from app.domain.actor import Actor
from app.domain.desk import Scope
from app.domain.door import Kind, Told
from app.domain.errors import Refusal
from app.seed import acts, today
from app.seed.stage import Place, Stage, at, starts

LATE = tuple(zip(today.EXPECTED, ("10:12", "10:19", "10:27"), strict=True))
DECIDED, WAITS = today.UNDONE, today.ABSENT
AT_HOME, VISIT = "ruggero-fontanabona", "aiuto-in-casa"
BOOKED_HOURS, VISIT_CENTS = 2, 3_600
DONE_MINUTES = 75
LISTED, BACK = "09:58", "10:52"
LEFT_FOR = timedelta(minutes=18)  # from a home without a signal to where there is one
SLOW = timedelta(minutes=7)  # what the devices' clocks say is wrong, and how long ago it was is right
MISREAD = "KM7P4RX2"  # its check character is wrong: no booking ever has it
AGO = range(2, 16)  # days
MONDAY_WEDNESDAY_FRIDAY = (0, 2, 4)


@dataclass(frozen=True, slots=True)
class Device:
    """Whose hand it is in, where it may work, and when its list came."""

    who: Actor
    within: Scope
    listed: datetime

    async def send(self, code: str, kind: Kind, name: str, at_: datetime, now: datetime, minutes: int = 0) -> str:
        """Written at `at_`, sent `now`; `name` makes the note this one and no other."""
        told = Told(
            nonce=f"{name}-{kind}",
            kind=kind,
            code=code,
            pledge=door.pledge(self.who, self.within.territory_id, self.listed),
            device_ms=_ms(at_ - SLOW),
            sent_ms=_ms(now - SLOW),
            delivered=minutes or None,
        )
        return await door.take(told, self.within, actor=self.who, now=now)


async def tell(stage: Stage, now: datetime) -> None:
    """Once for each such day; what still waits of an earlier one is left as it is, so that one waits."""
    day = await day_before(stage, now)
    device = await _device(stage, "ines", at(day, LISTED))
    if not await _is_told(day):
        await _leave_as_it_is(device, now)
        await _at_the_centre(stage, device, day)
        await _at_home(stage, day)
    if not await door_review.waiting(device.within, actor=device.who):  # somebody who tried the demo decided it
        await device.send(MISREAD, "arrived", f"{_name(day)}-{now:%s}", at(day, "10:44"), at(day, BACK))


async def day_before(stage: Stage, now: datetime) -> date:
    """The last working day that is not Rosa's, two days ago or more: nobody else has a habit of visits at home then."""
    centre, home = await stage.place("tradate", "centro-diurno"), await stage.place("tradate", VISIT)
    days = (today.day_of(now) - timedelta(days=ago) for ago in AGO)
    working = (day for day in days if day.weekday() in MONDAY_WEDNESDAY_FRIDAY)
    return next(day for day in working if starts(centre, day, day) and starts(home, day, day))


async def _device(stage: Stage, login: str, listed: datetime) -> Device:
    who = await stage.worker(login, listed)
    place = await stage.place("tradate", "centro-diurno")
    return Device(who, await desk.scope(who, place.territory_id), listed)


async def _leave_as_it_is(device: Device, now: datetime) -> None:
    for note in await door_review.waiting(device.within, actor=device.who):
        reason = "did_not_come" if note.booking_id else "mistake"
        await door_review.decide(note.id, "kept", reason, device.within, actor=device.who, now=now)


async def _at_the_centre(stage: Stage, device: Device, day: date) -> None:
    people = (*today.SISTERS, *today.EXPECTED, DECIDED, WAITS)
    codes = await today.fill_centre(stage, day, people, at(day, "08:00"))
    first = [codes[sister] for sister in today.SISTERS if sister in codes]
    await acts.arrive([code for code in first if await _is_open(code)], device.who, now=at(day, "09:04"))
    await _miss(stage, codes.get(WAITS, ""), "transport", at(day, "09:35"))
    await _miss(stage, codes.get(DECIDED, ""), "no_news", at(day, "10:20"))
    for person, clock in (*LATE, (DECIDED, "10:33"), (WAITS, "10:41")):
        if person in codes:
            name = f"{_name(day)}-{person}"
            await device.send(codes[person], "arrived", name, at(day, clock), at(day, BACK))
    await _decide(stage, codes.get(DECIDED, ""), day)


async def _miss(stage: Stage, code: str, reason: str, now: datetime) -> None:
    """Told by telephone."""
    if code and await _is_open(code):
        who = await stage.worker("telefono", now)
        await check_in.absent(code, reason, nonce=f"demo-without-line-{code}", actor=who, now=now)


async def _decide(stage: Stage, code: str, day: date) -> None:
    coordinator = await _device(stage, "agnese", at(day, BACK))
    for note in await door_review.waiting(coordinator.within, actor=coordinator.who):
        if note.code == code and note.outcome == "absent":
            await door_review.decide(
                note.id, "arrived", "colleague", coordinator.within, actor=coordinator.who, now=at(day, "11:05")
            )


async def _at_home(stage: Stage, day: date) -> None:
    place = await stage.place("tradate", VISIT)
    booked_at = at(day - timedelta(days=3), "11:40")
    free = await slot.free_times(place.offer, day, day, quantity=BOOKED_HOURS, now=booked_at)
    if not free:
        return
    wished = at(day, "09:00")
    try:
        async with database.attempt():
            await _visit(stage, place, min((time.starts_at for time in free), key=lambda t: abs(t - wished)), booked_at)
    except Refusal:  # somebody who tried the demo booked otherwise
        return


async def _visit(stage: Stage, place: Place, starts_at: datetime, booked_at: datetime) -> None:
    receiver, day = stage.people[AT_HOME], today.day_of(starts_at)
    await today.give_enough(receiver, VISIT_CENTS, booked_at)
    who = await stage.worker("telefono", booked_at)
    code = await acts.book(stage, who, place, starts_at, receiver=receiver, quantity=BOOKED_HOURS, now=booked_at)
    device = await _device(stage, acts.LOGINS[place.provider], starts_at - timedelta(minutes=10))
    came = starts_at + timedelta(minutes=4)
    left = came + timedelta(minutes=DONE_MINUTES)
    sent, name = max(at(day, BACK), left + LEFT_FOR), f"{_name(day)}-{AT_HOME}"
    await device.send(code, "arrived", name, came, sent)
    await device.send(code, "left", name, left, sent, DONE_MINUTES)


async def _is_open(code: str) -> bool:
    return (await booking.by_code(code)).state == "confirmed"


async def _is_told(day: date) -> bool:
    return await database.scalar("SELECT 1 FROM door_note WHERE nonce LIKE {} LIMIT 1", f"%:{_name(day)}-%") is not None


def _name(day: date) -> str:
    return f"demo-{day}"


def _ms(instant: datetime) -> int:
    return int(instant.timestamp() * 1000)
