"""The first page of a territory: find help, or talk to a person."""

from dataclasses import dataclass
from typing import ClassVar

from app.domain import social_point
from app.domain.social_point import SocialPointFacts
from app.edge.here import Here
from app.views import Kind, Page, service_words
from app.views.phone_hours import today_in_words


@dataclass(frozen=True)
class TerritoryPage(Page):
    template: ClassVar[str] = "territory/show.html"
    kind: ClassVar[Kind] = "public"
    families: list[tuple[str, str]]
    phone_today: str
    point: str
    point_today: str

    @classmethod
    async def load(cls, here: Here) -> "TerritoryPage":
        point = _open_first(await social_point.of_territory(here.place.id), here)
        return cls(
            title=here.words.gettext("Trova e prenota un aiuto per te e la tua famiglia"),
            families=[
                (words, here.url("catalogue", query={"famiglia": family}))
                for family, words in service_words.families(here).items()
            ],
            phone_today=today_in_words(here.place.phone_openings, here),
            point=f"{point.name}, {point.address}" if point else "",
            point_today=today_in_words(point.openings, here) if point else "",
        )


def _open_first(points: list[SocialPointFacts], here: Here) -> SocialPointFacts | None:
    """One that is open now, else the first."""
    local = here.now.astimezone(here.zone)
    now = local.strftime("%H:%M")
    for point in points:
        if any(o.weekday == local.weekday() and o.opens <= now < o.closes for o in point.openings):
            return point
    return points[0] if points else None
