"""How a territory looks among a phone's applications."""

from app.domain.territory import COLOURS
from app.edge import static
from app.edge.here import Here


def manifest(here: Here) -> dict[str, object]:
    return {
        "id": here.url("territory"),
        "name": here.place.name,
        "short_name": here.place.name,
        "lang": here.language,
        "start_url": here.url("territory"),
        "scope": "/",
        "display": "minimal-ui",
        "background_color": "#fbf7f0",
        "theme_color": COLOURS.get(here.place.colour, COLOURS["blue"]),
        "icons": [_icon("192"), _icon("512"), {**_icon("maskable", "512"), "purpose": "maskable"}],
    }


def _icon(name: str, size: str = "") -> dict[str, str]:
    side = size or name
    return {"src": static.address(f"icons/{name}.png"), "sizes": f"{side}x{side}", "type": "image/png"}
