"""Find, book, see, cancel in browsers as old phones and poor ones have them, each pressed as somebody presses it.

Two Chromium of long ago come from packages for Node; WebKitGTK, w3m and lynx are those of this machine, where it has
them. What runs scripts is to run ours without a complaint and to have the worker in place at the end.
"""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from functools import partial
from pathlib import Path

from app import database
from app.domain import card, person, pin
from app.domain.person import NewPerson
from tests import people
from tests.proving import journey
from tests.proving.figures import Figure, Trial, at_least, exactly, told
from tests.proving.journey import Browser, NotHere, Visit
from tests.proving.old_chromium import chromium
from tests.proving.server import LOG
from tests.proving.terminal import LYNX, W3M, terminal
from tests.proving.webkit import webkit
from tests.servers import served
from tests.timetable import WHO, Timetable

ENGINES = ("sqlite",)
FEWEST = 3
Cards = list[str]
BROWSERS: dict[str, Callable[[str, Path], AbstractAsyncContextManager[Browser]]] = {
    "Chromium 89": lambda origin, _: chromium(89, origin),
    "Chromium 109": lambda origin, _: chromium(109, origin),
    "WebKitGTK": webkit,
    "w3m": partial(terminal, W3M),
    "lynx": partial(terminal, LYNX),
}
UNIT, FULL, SMALL = "browsers", len(BROWSERS), 1


async def fill() -> Cards:
    """Of one person a browser, each with credit for what they book."""
    cast = await people.fill()
    timetable = await Timetable(cast).open()
    await timetable.service(journey.SLUG, minutes=60, step_minutes=60, capacity=FULL, notice_hours=72)
    return [await _with_credit(timetable, name) for name in BROWSERS]


async def _with_credit(timetable: Timetable, name: str) -> str:
    new = NewPerson(journey.GIVEN, name.replace(" ", ""))
    who = await person.enrol(new, territory_id=timetable.cast.tradate, needs_card=True, **WHO)
    await pin.choose(who, people.PIN, **WHO)
    await timetable.credit(who, 10_000)
    held = await card.of(who)
    assert held
    return held.code


async def prove(trial: Trial[Cards]) -> list[Figure]:
    visits = []
    async with served(module=trial.server, log=trial.folder / LOG) as origin:
        for name, code in list(zip(BROWSERS, trial.cast, strict=True))[: trial.size]:
            if visit := await _visit(name, origin, trial.folder, code):
                visits.append(visit)
                _tell(visit)
    return [*_pressure(trial, visits), *_held(visits), *await _booked(visits)]


async def _visit(name: str, origin: str, folder: Path, code: str) -> Visit | None:
    """None where this machine does not have it."""
    try:
        async with BROWSERS[name](origin, folder) as browser:
            return await journey.walk(browser, code)
    except NotHere as missing:
        print(f"{name}: not to be had here: {missing}", flush=True)
        return None


def _tell(visit: Visit) -> None:
    worker = {None: "runs no scripts", True: "worker in place", False: "NO WORKER"}[visit.has_worker]
    errors = "its console is not heard" if visit.errors is None else f"{len(visit.errors)} errors"
    print(f"{visit.browser}: {visit.steps} of {len(journey.steps(''))} steps, {worker}, {errors}", flush=True)
    for said in [*filter(None, [visit.stopped]), *(visit.errors or ())]:
        print(f"{visit.browser}: {said}", flush=True)


def _pressure(trial: Trial[Cards], visits: list[Visit]) -> list[Figure]:
    return [
        at_least("browsers that ran", len(visits), FEWEST if trial.is_full else 1),
        at_least("browsers that run scripts", sum(1 for one in visits if one.has_worker is not None), 1),
        at_least("consoles heard", sum(1 for one in visits if one.errors is not None), 1),
        told("browsers that could not be had", trial.size - len(visits)),
        told("steps asked", len(visits) * len(journey.steps(""))),
    ]


def _held(visits: list[Visit]) -> list[Figure]:
    return [
        exactly("steps made", sum(one.steps for one in visits), len(visits) * len(journey.steps(""))),
        exactly("page errors", sum(len(one.errors or ()) for one in visits), 0),
        exactly("browsers where the worker is not in place", sum(1 for one in visits if one.has_worker is False), 0),
    ]


async def _booked(visits: list[Visit]) -> list[Figure]:
    """As the database says."""
    states = [row["state"] for row in await database.rows("SELECT state FROM booking")]
    return [
        exactly("bookings made", len(states), len(visits)),
        exactly("bookings cancelled", states.count("cancelled"), len(visits)),
    ]
