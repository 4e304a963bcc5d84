"""Fifty people press for the same last place at the same moment, place after place: one gets it."""

import asyncio
from collections import Counter
from datetime import UTC, datetime

from app import database
from app.addresses import url
from app.domain import slot
from app.domain.slot import FreeTime
from tests.proving import town
from tests.proving.client import Client, Reply, post, watched
from tests.proving.figures import Figure, Trial, at_least, exactly, percentile, told
from tests.proving.server import pressed, processes
from tests.proving.town import PRICE, Citizen
from tests.timetable import Timetable

ENGINES = ("sqlite", "postgres")
UNIT, FULL, SMALL = "places", 200, 6
CONTENDERS = 50
PLACES_OF_A_SERVICE = 40


async def prove(trial: Trial) -> list[Figure]:
    timetable = await Timetable(trial.cast).open()
    places = [
        place for number in range(-(-trial.size // PLACES_OF_A_SERVICE)) for place in await _times(timetable, number)
    ]
    people = await town.crowd(trial.cast, CONTENDERS)
    async with pressed(trial) as client, watched(client) as seen:
        contests = [await _contest(client, people, number, *place) for number, place in enumerate(places[: trial.size])]
    answers = [reply for contest in contests for reply in contest.replies]
    statuses = Counter(reply.status if reply else 0 for reply in answers)
    return [
        told("server processes", processes()),
        told("contenders for each place", CONTENDERS),
        at_least("at once, when the first answer came (median)", percentile([c.at_once for c in contests], 50), 40),
        at_least("connections at the server (highest)", max(seen.connections), CONTENDERS),
        exactly("places asked for", len(contests), trial.size),
        exactly("places with exactly one booking", await _places_with(1), trial.size),
        exactly("places with more than one booking", await _places_with_more(), 0),
        exactly("contenders told that they have the place", sum(c.winners for c in contests), trial.size),
        exactly("answers that are neither yes nor no", sum(n for s, n in statuses.items() if s not in (303, 422)), 0),
        exactly("5xx", sum(n for s, n in statuses.items() if s >= 500), 0),
        told("deliberate 503, asked again", client.put_off),
    ]


class Contest:
    """What came of one place: how many pressed before anybody was answered, what each was told."""

    def __init__(self) -> None:
        self.at_once = 0.0
        self.replies: list[Reply | None] = []
        self.winners = 0


async def _times(timetable: Timetable, number: int) -> list[tuple[str, int, FreeTime]]:
    slug = f"compiti-{number}"
    place = await timetable.service(slug, price=PRICE, capacity=1, hours=("09:00", "18:00"))
    free = await slot.next_times(place, now=datetime.now(UTC), limit=PLACES_OF_A_SERVICE)
    return [(slug, place, time) for time in free]


async def _contest(
    client: Client, people: list[Citizen], number: int, slug: str, place: int, time: FreeTime
) -> Contest:
    """Everybody presses; whoever was given the time confirms it, twice with the same form."""
    contest = Contest()

    async def press(one: Citizen) -> str:
        form = {"luogo": str(place), "orario": time.starts_at.isoformat()}
        path = url("hold", territory="tradate", slug=slug)
        reply = await client.insist(
            post(path, form, key=f"hold-{number}-{one.id}", token=one.token, address=one.address)
        )
        contest.at_once = contest.at_once or client.in_flight + 1
        contest.replies.append(reply)
        return reply.location if reply and reply.status == 303 else ""

    for one, summary in zip(people, await asyncio.gather(*map(press, people)), strict=True):
        if summary:
            contest.winners += 1
            confirm = post(summary, {"visto": f"own:{PRICE}"}, key=f"book-{number}-{one.id}", token=one.token)
            contest.replies += await asyncio.gather(client.insist(confirm), client.insist(confirm))
    return contest


async def _places_with(bookings: int) -> int:
    return sum(1 for found in await _booked() if found["bookings"] == bookings)


async def _places_with_more() -> int:
    return sum(1 for found in await _booked() if found["bookings"] > 1)


async def _booked() -> list[database.Row]:
    return await database.rows("SELECT slot_id, count(*) AS bookings FROM booking GROUP BY slot_id")
