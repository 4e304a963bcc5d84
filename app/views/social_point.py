"""Where to sit down with somebody: address, how to get there, hours, whether it is open now."""

from dataclasses import dataclass
from typing import ClassVar

from app.domain import social_point
from app.domain.social_point import SocialPointFacts
from app.edge.here import Here
from app.views import Kind, Page
from app.views.phone_hours import days_in_words, today_in_words


@dataclass(frozen=True)
class PointCard:
    name: str
    address: str
    directions: str
    phone: str
    today: str
    hours: tuple[tuple[str, str], ...]

    @classmethod
    def of(cls, point: SocialPointFacts, here: Here) -> "PointCard":
        address = f"{point.address}, {point.postcode} {point.municipality}"
        today, hours = today_in_words(point.openings, here), days_in_words(point.openings, here)
        return cls(point.name, address, point.directions, point.phone, today, hours)


@dataclass(frozen=True)
class SocialPointsPage(Page):
    template: ClassVar[str] = "social_point/show.html"
    kind: ClassVar[Kind] = "public"
    points: list[PointCard]
    phone_today: str

    @classmethod
    async def load(cls, here: Here) -> "SocialPointsPage":
        points = await social_point.of_territory(here.place.id)
        return cls(
            title=here.words.gettext("Social Point: sportelli vicino a te"),
            points=[PointCard.of(point, here) for point in points],
            phone_today=today_in_words(here.place.phone_openings, here),
        )
