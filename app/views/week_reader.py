"""The week of a centre by e-mail: the pages to ask, confirm and end, and the two letters."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar, Self

from app import database, i18n
from app.config import settings
from app.domain import territory, week, week_reader
from app.domain.message import Kind as MessageKind
from app.edge.form import Form
from app.edge.here import Here
from app.views import Kind, Page
from app.views.delivery import Told
from app.views.refusal import sentence
from app.views.week import days_of, said_period

KINDS: tuple[MessageKind, ...] = ("week_asked", "week")


@dataclass(frozen=True)
class WeekReaderPage(Page):
    template: ClassVar[str] = "week_reader/show.html"
    kind: ClassVar[Kind] = "form"
    form: Form
    refusal: str
    centre: str
    action: str
    back: str

    @classmethod
    async def load(cls, here: Here, place_id: int, form: Form) -> Self:
        centre = await week.centre(here.place.id, place_id)
        return cls(
            title=here.words.gettext("Il programma ogni venerdì"),
            form=form,
            refusal=sentence(form.refusal, here.words) if form.refusal else "",
            centre=centre.name,
            action=here.url("week_reader", place=place_id),
            back=here.url("week", place=place_id),
        )


@dataclass(frozen=True)
class WeekReaderDonePage(Page):
    template: ClassVar[str] = "week_reader/done.html"
    kind: ClassVar[Kind] = "never"
    back: str
    again: str

    @classmethod
    async def load(cls, here: Here, place_id: int) -> Self:
        centre = await week.centre(here.place.id, place_id)
        title = here.words.gettext("Guarda la tua posta")
        return cls(title, here.url("week", place=centre.id), here.url("week_reader", place=centre.id))


@dataclass(frozen=True)
class WeekMarkPage(Page):
    """What a link of a letter opens: nothing is done before the button. `is_done` says that it was pressed."""

    template: ClassVar[str] = "week_reader/mark.html"
    kind: ClassVar[Kind] = "form"
    is_done: bool
    said: str
    button_words: str
    action: str
    back: str

    @classmethod
    async def confirmation(cls, here: Here, mark: str) -> Self:
        _ = here.words.gettext
        reader = await week_reader.marked("confirm", mark, here.place.id)
        centre = await week.centre(here.place.id, reader.place_id)
        is_done = reader.is_confirmed
        asked = _("Ogni venerdì ti mandiamo il programma di %(centre)s. Premi per confermare.", centre=centre.name)
        return cls(
            title=_("È confermato") if is_done else _("Conferma la tua e-mail"),
            is_done=is_done,
            said=_("Il venerdì ti scriviamo che cosa si fa a %(centre)s.", centre=centre.name) if is_done else asked,
            button_words=_("Sì, scrivetemi"),
            action=here.url("week_confirmation", mark=mark),
            back=here.url("week", place=centre.id),
        )

    @classmethod
    async def end(cls, here: Here, mark: str) -> Self:
        _ = here.words.gettext
        reader = await week_reader.marked("end", mark, here.place.id)
        done = _("Abbiamo tolto il tuo indirizzo. Puoi iscriverti di nuovo quando vuoi.")
        return cls(
            title=_("Non ti scriviamo più") if reader.is_ended else _("Vuoi smettere?"),
            is_done=reader.is_ended,
            said=done if reader.is_ended else _("Togliamo il tuo indirizzo. Il programma resta sempre su questo sito."),
            button_words=_("Non scrivetemi più"),
            action=here.url("week_end", mark=mark),
            back=here.url("week", place=reader.place_id),
        )


@dataclass(frozen=True, slots=True)
class _Facts:
    """A letter, its reader and their centre; `monday` of the week that is sent."""

    kind: MessageKind
    reader_id: int
    language: str
    place_id: int
    centre: str
    monday: date | None
    slug: str


async def told(message_id: int, now: datetime) -> Told:
    """The letter, as its reader gets it."""
    row = await database.row(_FACTS, message_id)
    assert row is not None
    facts = _Facts(**{**row, "monday": database.day(row["monday"])})
    place = await territory.by_slug(facts.slug)
    here = Here(i18n.shipped(facts.language), now, "/", territory=place)
    return _asked(facts, here) if facts.kind == "week_asked" else await _week(facts, here)


def _asked(facts: _Facts, here: Here) -> Told:
    _ = here.words.gettext
    mark = week_reader.mark("confirm", facts.reader_id)
    return _letter(
        here,
        subject=_("Conferma la tua e-mail"),
        lead=_("Hai chiesto il programma della settimana di %(centre)s.", centre=facts.centre),
        todo=[_("Non l'hai chiesto tu? Non fare niente: non ti scriviamo più.")],
        links=[(_("Tocca qui per confermare"), here.url("week_confirmation", mark=mark))],
    )


async def _week(facts: _Facts, here: Here) -> Told:
    _ = here.words.gettext
    assert facts.monday is not None
    days = await days_of(here, facts.place_id, facts.monday)
    period, nothing = said_period(facts.monday, here.words), _("Non ci sono attività.")
    week_at = here.url("week", place=facts.place_id)
    end = here.url("week_end", mark=week_reader.mark("end", facts.reader_id))
    lines = [(f"{day.title}, {line.hours}", _said(line.said, line.state)) for day in days for line in day.lines]
    return _letter(
        here,
        subject=_("%(centre)s: il programma della settimana", centre=facts.centre),
        lead=f"{period}." if lines else f"{period}. {nothing}",
        details=lines,
        links=[(_("Apri la settimana e prenota"), week_at), (_("Non scrivetemi più"), end)],
        unsubscribe=settings().public_url + end,
    )


def _said(name: str, state: str) -> str:
    return f"{name} ({state})" if state else name


def _letter(
    here: Here,
    *,
    subject: str,
    lead: str,
    links: list[tuple[str, str]],
    details: Sequence[tuple[str, str]] = (),
    todo: Sequence[str] = (),
    unsubscribe: str = "",
) -> Told:
    """By e-mail alone: it has nothing to say on other channels."""
    return Told(
        language=here.language,
        greeting=here.words.gettext("Buongiorno,"),
        subject=subject,
        lead=lead,
        details=list(details),
        todo=list(todo),
        address=links[0][1],
        links=[(words, settings().public_url + path) for words, path in links],
        buttons=[],
        sms="",
        push={},
        call=[],
        is_urgent=False,
        unsubscribe=unsubscribe,
    )


_FACTS = """
SELECT m.kind, r.id AS reader_id, p.language, r.place_id, l.name AS centre, i.monday, t.slug
FROM message m JOIN person p ON p.id = m.person_id JOIN week_reader r ON r.person_id = m.person_id
JOIN place l ON l.id = r.place_id JOIN territory t ON t.id = r.territory_id
LEFT JOIN week_issue i ON i.message_id = m.id WHERE m.id = {}
"""
