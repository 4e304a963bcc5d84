"""Who is told by telephone: the number, what to say, and what came of it."""

from dataclasses import dataclass
from typing import ClassVar, Self

from app.domain import desk, desk_person, identity, message
from app.domain.message import OUTCOMES, Outcome, ToCall
from app.edge.form import Form
from app.edge.here import Here
from app.views import Kind, Page, delivery
from app.views.delivery import Facts
from app.views.desk import menu
from app.views.desk_person import outcomes
from app.views.desk_person_book import require_guide
from app.views.formatting import phone, when, when_near

SHOWN = 20


@dataclass(frozen=True, slots=True)
class Telling:
    """One thing to say, and ask about."""

    message: int
    about: str
    say: list[str]


@dataclass(frozen=True, slots=True)
class Call:
    """One person, once, whatever there is to tell: `say` opens the call, in the person's own language."""

    name: str
    phone: str
    before: str
    tries: str
    language: str
    say: str
    tellings: list[Telling]


@dataclass(frozen=True)
class CallListPage(Page):
    template: ClassVar[str] = "call_list/index.html"
    kind: ClassVar[Kind] = "form"
    menu: list[tuple[str, str]]
    calls: list[Call]
    more: str
    outcomes: list[tuple[str, str]]
    form: Form

    @classmethod
    async def load(cls, here: Here, form: Form) -> Self:
        require_guide(here)
        within = await desk.scope(here.actor, here.place.id)
        people = _by_person(await message.to_call(here.place.id, now=here.now))
        shown, left = dict(list(people.items())[:SHOWN]), len(people) - SHOWN
        facts = await delivery.facts(one.message_id for due in shown.values() for one in due)
        phones = await desk_person.phones_of(list(shown))
        names = await identity.names_of(shown)
        ngettext = here.words.ngettext
        return cls(
            title=here.words.gettext("Telefonate da fare"),
            menu=menu(here, within),
            calls=[_call(names[who], phones.get(who, ""), due, facts, here) for who, due in shown.items()],
            more=ngettext("Poi ce n'è ancora %(num)s.", "Poi ce ne sono ancora %(num)s.", left) if left > 0 else "",
            outcomes=[(outcome, outcomes(here)[outcome]) for outcome in OUTCOMES],
            form=form,
        )


def _by_person(due: list[ToCall]) -> dict[int, list[ToCall]]:
    """Whoever's first thing is most urgent comes first."""
    people: dict[int, list[ToCall]] = {}
    for one in due:
        people.setdefault(one.person_id, []).append(one)
    return people


def _call(name: str, number: str, due: list[ToCall], facts: dict[int, Facts], here: Here) -> Call:
    tries = max(one.tries for one in due)
    said = here.words.ngettext("Già provato %(num)s volta", "Già provato %(num)s volte", tries)
    before = here.words.gettext(
        "Chiama prima di %(when)s", when=when_near(due[0].useless_after, here.now, here.zone, here.words)
    )
    first = facts[due[0].message_id]
    tellings = [_telling(one, facts[one.message_id], here) for one in due]
    return Call(
        name, phone(number), before, said if tries > 1 else "", first.words.language, delivery.call(first)[0], tellings
    )


def _telling(one: ToCall, found: Facts, here: Here) -> Telling:
    about = when(found.starts_at, here.zone, here.words) if found.starts_at else ""
    return Telling(one.message_id, about, delivery.call(found)[1:])


def read_outcomes(form: Form, here: Here) -> dict[int, Outcome]:
    """By message: its own answer, or the one given for the first."""
    found: dict[int, Outcome] = {}
    for number in form.values("messaggio"):
        said = form.value(f"esito-{number}") or form.value("esito")
        outcome = next((each for each in OUTCOMES if each == said), None)
        if outcome and number.isascii() and number.isdigit() and len(number) < 19:
            found[int(number)] = outcome
        else:
            form.note("esito", here.words.gettext("Scegli una delle risposte."))
    return found
