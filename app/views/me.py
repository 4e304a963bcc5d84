"""A person's own first page: what comes next, the credit in one sentence, and where everything else is."""

from dataclasses import dataclass
from typing import ClassVar

from app.domain import purse
from app.edge.here import Here
from app.tables import agenda
from app.tables.agenda import AgendaLine
from app.views import Kind, Page
from app.views.booking import state
from app.views.formatting import day, when_near
from app.views.wallet import in_one_sentence


@dataclass(frozen=True)
class Line:
    address: str
    service: str
    provider: str
    when: str
    who: str
    state: str


@dataclass(frozen=True)
class MePage(Page):
    template: ClassVar[str] = "me/show.html"
    kind: ClassVar[Kind] = "personal"
    is_carried: ClassVar[bool] = True
    upcoming: list[Line]
    past: list[Line]
    credit: str

    @classmethod
    async def load(cls, here: Here) -> "MePage":
        person = here.person_id
        mine = await agenda.of(person, now=here.now, today=here.today, language=here.language, most_past=6)
        wallet = await purse.wallet(person, now=here.now)
        return cls(
            title=here.words.gettext("Ciao %(name)s", name=here.actor_name),
            upcoming=[_line(line, here) for line in mine.upcoming],
            past=[_line(line, here) for line in mine.past],
            credit=in_one_sentence(wallet, here),
        )


def _line(line: AgendaLine, here: Here) -> Line:
    _ = here.words.gettext
    if line.starts_at:
        said = when_near(line.starts_at, here.now, here.zone, here.words)
    else:
        said = _("risposta entro %(day)s", day=day(line.answer_by, here.language)) if line.answer_by else ""
    return Line(
        address=here.url("booking", code=line.code),
        service=line.service,
        provider=line.provider,
        when=said,
        who="" if line.receiver_id == here.person_id else _("per %(name)s", name=line.given_name),
        state="" if line.state == "confirmed" else state(line.state, here),
    )
