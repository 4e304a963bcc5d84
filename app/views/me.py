"""A person's own first page: what comes next, the credit in one sentence, and where everything else is."""

from dataclasses import dataclass
from typing import ClassVar

from app.domain import purse
from app.edge.here import Here
from app.tables import agenda
from app.views import Kind, Page
from app.views.agenda import Line, line
from app.views.wallet import in_one_sentence

MOST = 12
MOST_PAST = 4


@dataclass(frozen=True)
class MePage(Page):
    template: ClassVar[str] = "me/show.html"
    kind: ClassVar[Kind] = "personal"
    is_carried: ClassVar[bool] = True
    upcoming: list[Line]
    past: list[Line]
    has_more: bool
    has_more_past: bool
    credit: str

    @classmethod
    async def load(cls, here: Here) -> "MePage":
        person = here.person_id
        most, most_past = MOST + 1, MOST_PAST + 1
        mine = await agenda.of(
            person, now=here.now, today=here.today, language=here.language, most=most, most_past=most_past
        )
        wallet = await purse.wallet(person, now=here.now)
        return cls(
            title=here.words.gettext("Ciao %(name)s", name=here.actor_name),
            upcoming=[line(one, here) for one in mine.upcoming[:MOST]],
            past=[line(one, here) for one in mine.past[:MOST_PAST]],
            has_more=len(mine.upcoming) > MOST,
            has_more_past=len(mine.past) > MOST_PAST,
            credit=in_one_sentence(wallet, here),
        )
