"""The social office's own people: why first, then names and amounts, never what was booked."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Self

from app.domain import fund_people
from app.domain.fund_people import A_PAGE, Helped
from app.domain.report import FundFacts
from app.edge.form import Form
from app.edge.here import Here
from app.views import Kind, Page
from app.views.formatting import money
from app.views.pagination import Pages, pages


@dataclass(frozen=True)
class PurposePage(Page):
    template: ClassVar[str] = "fund_people/purpose.html"
    kind: ClassVar[Kind] = "form"
    form: Form
    fund: str
    action: str
    back: str
    purposes: list[tuple[str, str]]

    @classmethod
    def load(cls, here: Here, own: FundFacts, form: Form) -> Self:
        back, action = here.url("fund", fund=own.slug), here.url("fund_people", fund=own.slug)
        purposes = list(_purposes(here).items())
        return cls(here.words.gettext("Perché guardi?"), form, own.public_name, action, back, purposes)


@dataclass(frozen=True)
class FundPeoplePage(Page):
    template: ClassVar[str] = "fund_people/show.html"
    kind: ClassVar[Kind] = "never"
    fund: str
    back: str
    purpose: str
    rows: list[tuple[str, ...]]
    pages: Pages

    @classmethod
    async def load(cls, here: Here, own: FundFacts, purpose: str, number: int, helped: Sequence[Helped]) -> Self:
        people, query = await fund_people.count(own), {"motivo": purpose}
        return cls(
            title=here.words.gettext("Le persone di questo fondo"),
            fund=own.public_name,
            back=here.url("fund", fund=own.slug),
            purpose=_purposes(here)[purpose],
            rows=[_row(each, here) for each in helped],
            pages=pages(here, "fund_people", number, people, A_PAGE, query, fund=own.slug),
        )


def _purposes(here: Here) -> dict[str, str]:
    _ = here.words.gettext
    return {
        "money": _("Controllo come si usa il credito"),
        "call": _("Devo telefonare a una persona"),
        "request": _("Rispondo a una richiesta"),
        "help": _("Aiuto una persona a scegliere"),
    }


def _row(helped: Helped, here: Here) -> tuple[str, ...]:
    name = ", ".join(helped.names) or here.words.gettext("Persona cancellata")
    given = helped.given_cents - helped.returned_cents
    cents = (given, helped.used_cents, helped.held_cents, helped.left_cents)
    return (name, *(money(each, here.language) for each in cents))
