"""Somebody who books again and again, and asks the same with the same key until told."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from app.addresses import url
from tests.people import Cast
from tests.proving import town
from tests.proving.client import post
from tests.proving.town import PRICE, Citizen
from tests.timetable import Timetable


@dataclass
class Booker:
    """Holds a time, confirms it and pays from the own purse, holds the next one; `told` is what each key led to.

    Nobody has a time twice: whoever has booked all of `times` stops the proof with an IndexError.
    """

    who: Citizen
    slug: str
    place: int
    times: Sequence[datetime]
    number: int = 0
    summary: str = ""
    told: dict[str, set[str]] = field(default_factory=dict)

    @property
    def key(self) -> str:
        return f"{'book' if self.summary else 'hold'}-{self.who.id}-{self.number}"

    @cached_property
    def request(self) -> bytes:
        path = self.summary or url("hold", territory="tradate", slug=self.slug)
        form = {"visto": f"{self.who.purse}:{PRICE},own:0"} if self.summary else self.wish
        return post(path, form, key=self.key, token=self.who.token, address=self.who.address)

    @property
    def wish(self) -> dict[str, str]:
        return {"luogo": str(self.place), "orario": self.times[self.number].isoformat()}

    def accepted(self, key: str, location: str) -> None:
        """A repeat is told where the first one led, and changes nothing here."""
        self.told.setdefault(key, set()).add(location)
        if key == self.key:
            self.number += 1 if self.summary else 0
            self.summary = "" if self.summary else location
            del self.request


async def bookers(cast: Cast, count: int, *, services: int, cents: int) -> list[Booker]:
    """Spread over services that have room for everybody; each goes through all times of one."""
    timetable = await Timetable(cast).open()
    offered = [(f"corso-{number}", *await town.roomy(timetable, f"corso-{number}")) for number in range(services)]
    people = await town.crowd(cast, count, cents)
    return [Booker(one, *service) for one, service in zip(people, itertools.cycle(offered), strict=False)]


def codes(told: list[Booker]) -> set[str]:
    """Of all bookings that somebody was told of."""
    places = (p for one in told for key, found in one.told.items() if key.startswith("book") for p in found)
    return {place.rpartition("/")[2] for place in places}


def told_twice(told: list[Booker]) -> int:
    """Keys that led to more than one place."""
    return sum(1 for one in told for places in one.told.values() if len(places) > 1)
