"""The funder's first page: each fund, what came in and what is left to give."""

from dataclasses import dataclass
from typing import ClassVar, Self

from app import database
from app.domain import report
from app.domain.report import FundFacts
from app.edge.here import Here
from app.views import Kind, Page
from app.views.formatting import day_with_year


@dataclass(frozen=True)
class FundCard:
    name: str
    official: str
    period: str
    address: str


@dataclass(frozen=True)
class FunderPage(Page):
    template: ClassVar[str] = "funder/show.html"
    kind: ClassVar[Kind] = "never"
    cards: list[FundCard]

    @classmethod
    async def load(cls, here: Here) -> Self:
        async with database.snapshot():
            found = await report.funds(here.actor)
        return cls(here.words.gettext("I tuoi fondi"), [_card(fund, here) for fund in found])


def official(fund: FundFacts, here: Here) -> str:
    return here.words.gettext("%(funder)s, %(name)s", funder=fund.funder_name, name=fund.administrative_name)


def period(fund: FundFacts, here: Here) -> str:
    return here.words.gettext(
        "Dal %(first)s al %(last)s",
        first=day_with_year(fund.from_on, here.language),
        last=day_with_year(fund.until_on, here.language),
    )


def _card(fund: FundFacts, here: Here) -> FundCard:
    address = here.url("fund", fund=fund.slug)
    return FundCard(fund.public_name, official(fund, here), period(fund, here), address)
