"""How a territory looks among a phone's applications.

One territory is one application in every language, so its `id` is the Italian address. The scope is the whole site:
signing in, the other language and what waits for the line stand beside the territory, and must not open elsewhere.
"""

from app import addresses
from app.domain.territory import COLOURS
from app.edge import static
from app.edge.here import Here


def manifest(here: Here) -> dict[str, object]:
    return {
        "id": addresses.url("territory", territory=here.place.slug),
        "name": here.place.name,
        "short_name": here.place.name,
        "lang": here.language,
        "start_url": here.url("territory"),
        "scope": "/",
        # iPhones give pushes to standalone applications only; others show a button to go back too.
        "display": "standalone",
        "display_override": ["minimal-ui"],
        "background_color": "#fbf7f0",
        "theme_color": COLOURS.get(here.place.colour, COLOURS["blue"]),
        "icons": [_icon("192"), _icon("512"), {**_icon("maskable", "512"), "purpose": "maskable"}],
    }


def _icon(name: str, size: str = "") -> dict[str, str]:
    side = size or name
    return {"src": static.address(f"icons/{name}.png"), "sizes": f"{side}x{side}", "type": "image/png"}
