"""Services to read without a line: how many pages, and how much they weigh at most, before anything is fetched."""

from dataclasses import dataclass
from typing import ClassVar

from app.domain import catalogue
from app.edge.here import Here
from app.views import Kind, Page

MOST = 300  # pages
HEAVIEST = 6  # KiB that a page of this kind is sent with at most: docs/budgets.md, P2


@dataclass(frozen=True)
class KeptServicesPage(Page):
    """`pages` are their addresses, as a script takes them one after the other."""

    template: ClassVar[str] = "kept_services/show.html"
    kind: ClassVar[Kind] = "public"
    pages: list[str]
    services: int
    weight: str

    @classmethod
    async def load(cls, here: Here) -> "KeptServicesPage":
        slugs = await catalogue.slugs(here.place.id, most=MOST)
        lists = -(-len(slugs) // catalogue.PAGE)
        pages = [here.url("territory"), here.url("how_it_works"), here.url("social_points"), here.url("catalogue")]
        pages += [here.url("catalogue", query={"pagina": str(number)}) for number in range(2, lists + 1)]
        pages += [here.url("service", slug=slug) for slug in slugs]
        return cls(
            title=here.words.gettext("I servizi su questo telefono"),
            pages=pages,
            services=len(slugs),
            weight=f"{len(pages) * HEAVIEST} KB",
        )
