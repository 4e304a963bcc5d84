"""A52: each territory has its own manifest name, and a theme colour that white words can be read on."""

import json

import pytest

from app.domain.territory import COLOURS
from app.seed.content import TERRITORIES
from tests.visitor import Visitor

pytestmark = pytest.mark.anyio


async def test_each_territory_has_its_own_name_and_colour(citizen: Visitor) -> None:
    found = [json.loads((await citizen.get(f"/{slug}/app.webmanifest")).text) for slug in TERRITORIES]
    assert len({one["name"] for one in found}) == len(TERRITORIES)
    for one in found:
        assert contrast(one["theme_color"], "#ffffff") >= 4.5
    for slug in TERRITORIES:
        page = await citizen.get(f"/{slug}")
        assert str(page.all("//html/@data-colour")[0]) in COLOURS


def test_every_colour_is_read_at_the_highest_level() -> None:
    assert all(contrast(colour, "#ffffff") >= 7 for colour in COLOURS.values())


def contrast(one: str, other: str) -> float:
    """WCAG 2: relative luminances, the lighter over the darker."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
