"""A code as a drawing, for who reads it with a camera."""

from io import BytesIO

import segno
from markupsafe import Markup

SIDE = 252  # px: six a module or more for the codes of bookings


def drawn(value: str, *, border: int = 4) -> Markup:
    """It has its size before any sheet came; `border` in modules."""
    out = BytesIO()
    code = segno.make(value, error="m", micro=False)
    code.save(
        out,
        kind="svg",
        border=border,
        omitsize=True,
        xmldecl=False,
        svgns=False,
        nl=False,
        svgclass=None,
        lineclass=None,
    )
    return Markup(out.getvalue().decode().replace("<svg ", f'<svg width="{SIDE}" height="{SIDE}" ', 1))
