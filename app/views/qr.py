"""A code as a drawing, for who reads it with a camera."""

import re

import segno
from markupsafe import Markup

SIDE = 252  # px: six a module or more for the codes of bookings
_MASK = 0  # readers are told which it is; trying all eight for the most even look takes longer than the whole page
_RUNS = re.compile(b"\x00+|\x01+")


def drawn(value: str, *, border: int = 4) -> Markup:
    """It has its size before any sheet came; `border` in modules."""
    rows = segno.make(value, error="m", micro=False, mask=_MASK).matrix
    size = len(rows) + 2 * border
    path = "".join(f"M{border} {border + y}.5{_line(row)}" for y, row in enumerate(rows))
    sized = f'<svg width="{SIDE}" height="{SIDE}" viewBox="0 0 {size} {size}">'
    return Markup(f'{sized}<path stroke="#000" d="{path}"/></svg>')


def _line(row: bytearray) -> str:
    """Strokes where it is dark, steps where it is light."""
    runs: list[bytes] = _RUNS.findall(row)
    return "".join(f"h{len(run)}" if run[0] else f"m{len(run)} 0" for run in runs)
