"""What a camera reads is what was written: the drawing has the modules of a code that says so."""

import re

import pytest
import segno

from app.views.qr import drawn

CARD = "https://vicino.example/tradate/entra#K7M2PQRS9X"


def modules(svg: str, border: int) -> list[bytes]:
    """Follows the strokes; each row as bytes, 1 where it is dark."""
    size = int(svg.partition('viewBox="0 0 ')[2].partition(" ")[0]) - 2 * border
    rows = [bytearray(size) for _ in range(size)]
    at, y = 0, 0
    for kind, first, second in re.findall(r"([Mhm])(\d+)(?: ([\d.]+))?", svg.partition(' d="')[2]):
        if kind == "M":
            at, y = int(first) - border, int(float(second)) - border
        elif kind == "h":
            rows[y][at : at + int(first)] = bytes([1] * int(first))
        at += int(first) if kind != "M" else 0
    return [bytes(row) for row in rows]


@pytest.mark.parametrize(("text", "border"), [("K7M2PQRS", 4), ("ABCDEFGH", 4), (CARD, 2)])
def test_the_drawing_is_a_code_that_says_this(text: str, border: int) -> None:
    said = [segno.make(text, error="m", micro=False, mask=mask).matrix for mask in range(8)]
    assert modules(drawn(text, border=border), border) in [[bytes(row) for row in matrix] for matrix in said]


def test_every_module_stays_in_the_picture() -> None:
    svg = drawn("K7M2PQRS")
    assert svg.startswith('<svg width="252" height="252" viewBox="0 0 29 29">') and "M4 4.5h7" in svg
