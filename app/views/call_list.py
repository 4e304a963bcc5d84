"""Who is told by telephone: the number, what to say, and what came of it."""

from dataclasses import dataclass
from typing import ClassVar, Self

from app.domain import desk, desk_person, identity, message
from app.domain.message import OUTCOMES, ToCall
from app.edge.form import Form
from app.edge.here import Here
from app.views import Kind, Page, delivery
from app.views.delivery import Facts
from app.views.desk import menu
from app.views.desk_person import outcomes
from app.views.desk_person_book import require_guide
from app.views.formatting import phone, when_near

SHOWN = 20


@dataclass(frozen=True, slots=True)
class ToCallLine:
    message: int
    name: str
    phone: str
    before: str
    say: list[str]
    tries: str


@dataclass(frozen=True)
class CallListPage(Page):
    template: ClassVar[str] = "call_list/index.html"
    kind: ClassVar[Kind] = "form"
    menu: list[tuple[str, str]]
    calls: list[ToCallLine]
    more: str
    outcomes: list[tuple[str, str]]
    form: Form

    @classmethod
    async def load(cls, here: Here, form: Form) -> Self:
        require_guide(here)
        within = await desk.scope(here.actor, here.place.id)
        due = await message.to_call(here.place.id, now=here.now)
        shown, left = due[:SHOWN], len(due) - SHOWN
        facts = await delivery.facts(one.message_id for one in shown)
        phones = await desk_person.phones_of([one.person_id for one in shown])
        names = await identity.names_of(one.person_id for one in shown)
        ngettext = here.words.ngettext
        return cls(
            title=here.words.gettext("Telefonate da fare"),
            menu=menu(here, within),
            calls=[
                _line(one, facts[one.message_id], names[one.person_id], phones.get(one.person_id, ""), here)
                for one in shown
            ],
            more=ngettext("Poi ce n'è ancora %(num)s.", "Poi ce ne sono ancora %(num)s.", left) if left > 0 else "",
            outcomes=[(outcome, outcomes(here)[outcome]) for outcome in OUTCOMES],
            form=form,
        )


def _line(one: ToCall, found: Facts, name: str, number: str, here: Here) -> ToCallLine:
    tries = here.words.ngettext("Già provato %(num)s volta", "Già provato %(num)s volte", one.tries)
    before = here.words.gettext(
        "Chiama prima di %(when)s", when=when_near(one.useless_after, here.now, here.zone, here.words)
    )
    return ToCallLine(one.message_id, name, phone(number), before, delivery.call(found), tries if one.tries > 1 else "")
