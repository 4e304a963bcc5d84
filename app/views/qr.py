"""A code as a drawing, for who reads it with a camera."""

import re
from functools import cache, lru_cache

import segno
from markupsafe import Markup

SIDE = 252  # px: six a module or more for the codes of bookings
_MASK = 0  # readers are told which it is; trying all eight for the most even look takes longer than the whole page
_RUNS = re.compile(b"\x00+|\x01+").findall


@lru_cache(maxsize=1024)
def drawn(value: str, *, border: int = 4) -> Markup:
    """It has its size before any sheet came; `border` in modules.

    The same words are the same drawing for ever, and a ticket is opened again and again: page, slip, the phone's copy.
    """
    rows = segno.make(value, error="m", micro=False, mask=_MASK).matrix
    size = len(rows) + 2 * border
    path = "".join(f"M{border} {border + y}.5{''.join(map(_said, _RUNS(row)))}" for y, row in enumerate(rows))
    sized = f'<svg width="{SIDE}" height="{SIDE}" viewBox="0 0 {size} {size}">'
    return Markup(f'{sized}<path stroke="#000" d="{path}"/></svg>')


@cache
def _said(run: bytes) -> str:
    """A stroke where it is dark, a step where it is light: no more of them than a side has modules."""
    return f"h{len(run)}" if run[0] else f"m{len(run)} 0"
