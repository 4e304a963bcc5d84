"""Where do you live? The list of territories for those who do not want to type."""

from dataclasses import dataclass
from typing import ClassVar

from app import database
from app.edge.here import Here
from app.views import Kind, Page


@dataclass(frozen=True)
class TerritoryLine:
    name: str
    district: str
    address: str


@dataclass(frozen=True)
class StartPage(Page):
    template: ClassVar[str] = "start/show.html"
    kind: ClassVar[Kind] = "public"
    territories: list[TerritoryLine]

    @classmethod
    async def load(cls, here: Here) -> "StartPage":
        found = await database.rows("SELECT slug, name, district FROM territory ORDER BY name")
        lines = [TerritoryLine(t["name"], t["district"], here.url("territory", territory=t["slug"])) for t in found]
        return cls(title=here.words.gettext("Dove abiti?"), territories=lines)
