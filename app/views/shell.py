"""What all pages of a language have in common, as one page: the compression dictionary of this release."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import ClassVar

from app.domain.territory import TerritoryFacts
from app.edge.here import Here
from app.views import Kind, Page, draw
from app.views.error import ErrorPage
from app.views.formatting import when

_NOWHERE = TerritoryFacts(0, "x", "", "", "Europe/Rome", "", "", "", "blue", True, ())
_ONCE = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class SamplePage(Page):
    template: ClassVar[str] = "sample.html"
    kind: ClassVar[Kind] = "public"
    days: list[str]

    @classmethod
    def of(cls, here: Here) -> "SamplePage":
        week = [here.now + timedelta(days=number) for number in range(7)]
        return cls("", [when(day, here.zone, here.words) for day in week])


@cache
def shell(language: str) -> bytes:
    """The same bytes in every process of a release: nothing of the database, of the clock or of anybody is in it."""
    here = Here(language=language, now=_ONCE, path="/", territory=_NOWHERE, is_demo=True)
    before, _, page = draw(ErrorPage.of(404, here), here).partition("<h1>")  # no other page has what stands there
    after = page[page.index("</div>\n</main>") :]
    return (before + after + draw(SamplePage.of(here), here)).encode()
