"""All appointments of a person: those to come, then those that were."""

from dataclasses import dataclass
from typing import ClassVar, Self

from app.edge.here import Here
from app.tables import agenda
from app.tables.agenda import AgendaLine
from app.views import Kind, Page
from app.views.booking import state
from app.views.formatting import day, when_near
from app.views.pagination import Pages, pages

A_PAGE = 20


@dataclass(frozen=True)
class Line:
    address: str
    service: str
    provider: str
    when: str
    who: str
    state: str


@dataclass(frozen=True)
class AgendaPage(Page):
    template: ClassVar[str] = "agenda/show.html"
    kind: ClassVar[Kind] = "personal"
    upcoming: list[Line]
    past: list[Line]
    pages: Pages

    @classmethod
    async def load(cls, here: Here, number: int) -> Self:
        after = A_PAGE * (number - 1)
        mine, lines = await agenda.page(
            here.person_id, now=here.now, today=here.today, language=here.language, after=after, most=A_PAGE
        )
        if number > 1 and not lines:  # there are fewer than there were
            return await cls.load(here, 1)
        return cls(
            title=here.words.gettext("I tuoi appuntamenti"),
            upcoming=[line(one, here) for one in mine.upcoming],
            past=[line(one, here) for one in mine.past],
            pages=pages(here, "agenda", number, lines, A_PAGE, {}),
        )


def line(found: AgendaLine, here: Here) -> Line:
    _ = here.words.gettext
    if found.starts_at:
        said = when_near(found.starts_at, here.now, here.zone, here.words)
    else:
        said = _("risposta entro %(day)s", day=day(found.answer_by, here.language)) if found.answer_by else ""
    return Line(
        address=here.url("booking", code=found.code),
        service=found.service,
        provider=found.provider,
        when=said,
        who="" if found.receiver_id == here.person_id else _("per %(name)s", name=found.given_name),
        state="" if found.state == "confirmed" else state(found.state, here),
    )
