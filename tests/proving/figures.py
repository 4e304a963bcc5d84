"""What a proof found: each figure beside its bound, and how hard it pressed among them."""

from dataclasses import dataclass
from pathlib import Path
from typing import Generic

from typing_extensions import TypeVar

from tests.people import Cast

Who = TypeVar("Who", default=Cast)


@dataclass(frozen=True)
class Trial(Generic[Who]):
    """`size` counts what the proof says in UNIT; `server` is the module that is started as `python -m` of it.

    `cast` stands in the database: the people of tests/people.py, or what the proof's own `fill` made.
    `seed` repeats what chance did in another run, 0 leaves it to chance.
    `folder` is the data folder of the database in use; `is_full`: only then a figure may be called proven.
    """

    cast: Who
    size: int
    folder: Path
    is_full: bool = False
    server: str = "app.cli"
    seed: int = 0


@dataclass(frozen=True)
class Figure:
    """A line of the outcome; `bound` is '' for what is only told."""

    name: str
    value: float
    bound: str = ""
    is_kept: bool = True

    @property
    def is_exact(self) -> bool:
        """A count that no slow machine excuses."""
        return self.bound.startswith("=")

    def line(self, *, is_full: bool) -> str:
        value = f"{self.value:g}" if abs(self.value) < 1e6 else f"{self.value:.0f}"
        if not self.bound:
            return f"{self.name}: {value}"
        kept = "ok" if is_full else "ok at this size"
        return f"{self.name}: {value} {self.bound} {kept if self.is_kept else 'MISSED'}"


def told(name: str, value: float) -> Figure:
    return Figure(name, round(value, 4))


def exactly(name: str, value: float, bound: float) -> Figure:
    return Figure(name, value, f"= {bound:g}", value == bound)


def at_least(name: str, value: float, bound: float) -> Figure:
    return Figure(name, round(value, 4), f">= {bound:.6g}", value >= bound)


def at_most(name: str, value: float, bound: float) -> Figure:
    return Figure(name, round(value, 4), f"<= {bound:.6g}", value <= bound)


def percentile(values: list[float], percent: float) -> float:
    """0 for no values: a bound on how hard was pressed then fails."""
    return sorted(values)[min(len(values) - 1, int(len(values) * percent / 100))] if values else 0.0
