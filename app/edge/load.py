"""How much is at work at once: who comes when all places are taken is told to come back, at the cost of nothing.

Beyond what a machine can do, more requests at a time only wait longer, until nobody is answered in time. So each
process works on a bounded number and refuses the rest before session and database are asked. Where answers become slow
there are fewer places, as processes share one database and are not equally busy; where they are quick again, more.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

MOST, FEWEST = 72.0, 16.0  # places in one process
SLOW = 1.5  # seconds: longer than anybody likes to wait after a press
FEWER, MORE = 0.95, 0.25  # times so many after a slow answer, so many more after a quick one


class Load:
    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.clock = clock
        self.places = MOST
        self.taken = 0

    @property
    def is_full(self) -> bool:
        return self.taken >= int(self.places)

    @contextmanager
    def at_work(self) -> Iterator[None]:
        began = self.clock()
        self.taken += 1
        try:
            yield
        finally:
            self.taken -= 1
            is_slow = self.clock() - began > SLOW
            self.places = max(FEWEST, self.places * FEWER) if is_slow else min(MOST, self.places + MORE)
