"""Who waits for an answer or a call: each with the day we promised."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar, Self

from app.domain import callback, desk, desk_person
from app.domain.callback import OpenCall
from app.domain.desk import Line
from app.edge.form import Form
from app.edge.here import Here
from app.views import Kind, Page
from app.views.desk import menu
from app.views.desk_line import Row, on, row
from app.views.formatting import day, phone


@dataclass(frozen=True, slots=True)
class Promise:
    """`late` are the words of an overdue promise, '' in time."""

    by: str
    late: str


@dataclass(frozen=True, slots=True)
class CallLine:
    id: int
    name: str
    phone: str
    service: str
    wished: str
    promise: Promise


@dataclass(frozen=True)
class DeskRequestsPage(Page):
    template: ClassVar[str] = "desk_request/index.html"
    kind: ClassVar[Kind] = "form"
    menu: list[tuple[str, str]]
    requests: list[tuple[Row, Promise]]
    accepted: list[Row]
    calls: list[CallLine]
    may_call: bool
    outcomes: list[tuple[str, str]]
    form: Form

    @classmethod
    async def load(cls, here: Here, form: Form) -> Self:
        within = await desk.scope(here.actor, here.place.id)
        waiting = await callback.open_ones(here.place.id) if within.is_whole else []
        phones = await desk_person.phones_of([one.person_id for one in waiting])
        asked = await desk.to_answer(within, language=here.language)
        agreed = await desk.accepted(within, language=here.language)
        return cls(
            title=here.words.gettext("Richieste"),
            menu=menu(here, within),
            requests=[(row(one, here), _promise_of(one, here)) for one in asked],
            accepted=[row(one, here) for one in agreed],
            calls=[_call(one, phones.get(one.person_id, ""), here) for one in waiting],
            may_call=within.is_whole,
            outcomes=list(call_outcomes(here).items()),
            form=form,
        )


def call_outcomes(here: Here) -> dict[str, str]:
    _ = here.words.gettext
    return {
        "helped": _("abbiamo parlato"),
        "booked": _("ha prenotato"),
        "no_answer": _("non risponde"),
        "wrong_number": _("numero sbagliato"),
    }


def _promise_of(line: Line, here: Here) -> Promise:
    if line.answer_by is None:
        return Promise(here.words.gettext("chiesto %(day)s", day=on(line.booked_at, here)), "")
    return _promise(line.answer_by, here)


def _promise(by: date, here: Here) -> Promise:
    _ = here.words.gettext
    today = here.now.astimezone(here.zone).date()
    return Promise(_("risposta entro %(day)s", day=day(by, here.language)), _("In ritardo") if by < today else "")


def _call(one: OpenCall, number: str, here: Here) -> CallLine:
    _ = here.words.gettext
    wished = {"any": "", "morning": _("di mattina"), "afternoon": _("di pomeriggio")}.get(one.wished, "")
    return CallLine(one.id, one.name, phone(number), one.service, wished, _promise(one.call_by, here))
