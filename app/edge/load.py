"""How much is at work at once: who comes when all places are taken is told to come back, at the cost of nothing.

Beyond what a machine can do, more requests at a time only wait longer, until nobody is answered in time. So each
process works on a bounded number and refuses the rest before session and database are asked.
"""

from collections.abc import Iterator
from contextlib import contextmanager

PLACES = 64  # requests at work in all processes together: half a second's work of a small machine
SPARE = 8  # in each process: those who come do not spread evenly


class Load:
    def __init__(self, processes: int) -> None:
        self.places = PLACES // processes + SPARE
        self.taken = 0

    @property
    def is_full(self) -> bool:
        return self.taken >= self.places

    @contextmanager
    def at_work(self) -> Iterator[None]:
        self.taken += 1
        try:
            yield
        finally:
            self.taken -= 1
