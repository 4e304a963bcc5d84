"""Da chiudere: what is over and nobody has decided; no credit moves by itself."""

from dataclasses import dataclass
from datetime import timedelta
from typing import ClassVar, Self

from app.domain import desk
from app.domain.desk import WAITS, Line, Scope
from app.domain.errors import NotFound
from app.edge.form import Form
from app.edge.here import Here
from app.views import Kind, Page
from app.views.desk import menu
from app.views.desk_line import Row, on, row
from app.views.formatting import money

SHOWN = 40


@dataclass(frozen=True, slots=True)
class Age:
    """Rows that wait equally long."""

    words: str
    rows: list[tuple[str, Row]]


@dataclass(frozen=True, slots=True)
class Done:
    """What the last press did; `row` is there when the list has it no more, so that it can be taken back."""

    words: str
    paid: str
    row: Row | None


@dataclass(frozen=True)
class ToClosePage(Page):
    template: ClassVar[str] = "to_close/show.html"
    kind: ClassVar[Kind] = "form"
    menu: list[tuple[str, str]]
    done: Done | None
    ages: list[Age]
    more: str
    form: Form

    @classmethod
    async def load(cls, here: Here, form: Form) -> Self:
        within = await desk.scope(here.actor, here.place.id)
        lines = await desk.to_close(within, here.actor, now=here.now, language=here.language)
        left = len(lines) - SHOWN
        ngettext = here.words.ngettext
        return cls(
            title=here.words.gettext("Da chiudere"),
            menu=menu(here, within),
            done=await _done(form.value("fatto"), within, here),
            ages=_ages(lines[:SHOWN], here),
            more=ngettext("Poi ce n'è ancora %(num)s.", "Poi ce ne sono ancora %(num)s.", left) if left > 0 else "",
            form=form,
        )


async def _done(typed: str, within: Scope, here: Here) -> Done | None:
    """Of the booking that was pressed, as it stands now; None for what this desk may not see."""
    try:
        line = await desk.line(within, typed, here.language) if typed else None
    except NotFound:
        line = None
    if line is None:
        return None
    _ = here.words.gettext
    if line.state == "confirmed":
        return Done(_("Di nuovo da chiudere: %(name)s.", name=line.who), "", None)
    paid = line.price_cents - line.own_cents
    said = _("Il credito paga %(money)s.", money=money(paid, here.language)) if paid > 0 else ""
    return Done(_("Arrivo segnato"), said, row(line, here)) if line.state == "arrived" else None


def _ages(lines: list[Line], here: Here) -> list[Age]:
    _ = here.words.gettext
    week, day = WAITS["area_manager"], WAITS["coordinator"]
    named = [
        (week, timedelta.max, _("Da più di 7 giorni: lo vede anche il responsabile di area")),
        (day, week, _("Da più di 24 ore: lo vede anche il coordinatore")),
        (timedelta(0), day, _("Appena finiti")),
    ]
    ages = [
        Age(
            words,
            [
                (on(one.ends_at, here), row(one, here))
                for one in lines
                if one.ends_at and low <= here.now - one.ends_at < high
            ],
        )
        for low, high, words in named
    ]
    return [age for age in ages if age.rows]
