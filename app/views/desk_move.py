"""Another time for somebody's booking, chosen with them at the desk."""

from dataclasses import dataclass
from typing import ClassVar, Self

from app.domain import appointment, desk, desk_person, move
from app.domain.desk import Line
from app.domain.errors import NotFound
from app.edge.form import Form
from app.edge.here import Here
from app.views import Kind, Page
from app.views.desk import menu
from app.views.desk_line import what
from app.views.formatting import when
from app.views.slot import Times


@dataclass(frozen=True)
class DeskMovePage(Page):
    template: ClassVar[str] = "desk_move/show.html"
    kind: ClassVar[Kind] = "form"
    menu: list[tuple[str, str]]
    person: int
    code: str
    what: str
    when: str
    reasons: list[tuple[str, str]]
    times: Times
    form: Form

    @classmethod
    async def load(cls, here: Here, person: int, typed: str, form: Form) -> Self:
        within = await desk.scope(here.actor, here.place.id)
        line = await desk.line(within, typed, here.language)
        if line.receiver_id != person or line.service_place_id is None or line.starts_at is None:
            raise NotFound()
        await desk_person.look(person, "booking", actor=here.actor, now=here.now)
        return cls(
            title=here.words.gettext("Nuovo orario per %(name)s", name=line.who),
            menu=menu(here, within),
            person=person,
            code=line.code,
            what=what(line, here),
            when=when(line.starts_at, here.zone, here.words),
            reasons=_reasons(here),
            times=await _times(line, here, form),
            form=form,
        )


async def _times(line: Line, here: Here, form: Form) -> Times:
    """Where this booking stands now, or another one of the same person, is no new time."""

    def address(more: dict[str, str]) -> str:
        return here.url("desk_move", person=line.receiver_id, code=line.code, query=more or None)

    assert line.service_place_id is not None
    had = await appointment.times_of(line.receiver_id, line.service_place_id)
    return await Times.load(here, line.service_place_id, line.quantity, form, address, but=had)


def _reasons(here: Here) -> list[tuple[str, str]]:
    _ = here.words.gettext
    words = {
        "person_asks": _("lo chiede la persona"),
        "provider_closed": _("il centro è chiuso"),
        "provider_ill": _("l'operatore sta male"),
        "transport": _("il trasporto è saltato"),
    }
    return [(reason, words[reason]) for reason in move.REASONS]
