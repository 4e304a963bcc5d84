"""One measured figure, what it is held against, and whether it keeps to it."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Literal

Verdict = Literal["kept", "missed", "too little pressure", "-"]


@dataclass(frozen=True, slots=True)
class Figure:
    """`most` or `least` is the bound; without one the figure is only told. `is_pressed` False: it proves nothing."""

    name: str
    value: float
    unit: str = ""
    most: float | None = None
    least: float | None = None
    is_pressed: bool = True
    note: str = ""

    @property
    def verdict(self) -> Verdict:
        if self.most is None and self.least is None:
            return "-"
        if not self.is_pressed:
            return "too little pressure"
        is_kept = (self.most is None or self.value <= self.most) and (self.least is None or self.value >= self.least)
        return "kept" if is_kept else "missed"

    @property
    def bound(self) -> str:
        if self.most is not None:
            return f"at most {in_digits(self.most)}"
        return f"at least {in_digits(self.least)}" if self.least is not None else "no bound"

    def __str__(self) -> str:
        value = f"{in_digits(self.value)} {self.unit}".strip()
        note = f"  ({self.note})" if self.note else ""
        return f"{self.name}: {value}  {self.bound}  {self.verdict}{note}"


def exit_code(figures: Sequence[Figure]) -> int:
    """1 where a bound was missed, or where there was too little pressure to tell."""
    return int(any(figure.verdict in ("missed", "too little pressure") for figure in figures))


def ratio(ours: Sequence[float], theirs: Sequence[float]) -> float:
    """Of medians: one disturbed round moves neither."""
    return median(ours) / median(theirs)


def in_digits(value: float) -> str:
    return f"{value:,.0f}" if value == int(value) or abs(value) >= 1000 else f"{value:.3g}"
