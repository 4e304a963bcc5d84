"""What all pages of a language have in common, as one page: the compression dictionary of this release."""

from datetime import UTC, datetime
from functools import cache

from app.domain.territory import TerritoryFacts
from app.edge.here import Here
from app.views import draw
from app.views.error import ErrorPage

_NOWHERE = TerritoryFacts(0, "x", "", "", "Europe/Rome", "", "", "", "blue", True, ())
_ONCE = datetime(2026, 1, 1, tzinfo=UTC)


@cache
def shell(language: str) -> bytes:
    """The same bytes in every process of a release: nothing of the database, of the clock or of anybody is in it."""
    here = Here(language=language, now=_ONCE, path="/", territory=_NOWHERE, is_demo=True)
    before, _, page = draw(ErrorPage.of(404, here), here).partition("<h1>")  # no other page has what stands there
    return (before + page[page.index("</div>\n</main>") :]).encode()
