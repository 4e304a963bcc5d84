"""Da rivedere: what a device wrote down without a line and could not be done so; each waits for a decision."""

from dataclasses import dataclass
from typing import ClassVar, Self

from app.domain import code, desk, door_review
from app.domain.door_review import Note
from app.edge.form import Form
from app.edge.here import Here
from app.views import Kind, Page
from app.views.desk import menu
from app.views.desk_line import Row, lasting, on, row
from app.views.formatting import clock, day


@dataclass(frozen=True, slots=True)
class Item:
    """`who` is a code where no booking has it, or none that this desk may see; `now` says how the booking stands, `day`
    is (words, address) of the list of the day it was written."""

    number: int
    who: str
    address: str
    what: str
    why: str
    written: str
    sent: str
    now: str
    day: tuple[str, str]
    can_arrive: bool


@dataclass(frozen=True)
class DoorReviewPage(Page):
    template: ClassVar[str] = "door_review/show.html"
    kind: ClassVar[Kind] = "form"
    menu: list[tuple[str, str]]
    items: list[Item]
    reasons: list[tuple[str, str]]
    form: Form

    @classmethod
    async def load(cls, here: Here, form: Form) -> Self:
        within = await desk.scope(here.actor, here.place.id)
        notes = await door_review.waiting(within, actor=here.actor, language=here.language)
        return cls(
            title=here.words.gettext("Da rivedere"),
            menu=menu(here, within),
            items=[_item(note, here) for note in notes],
            reasons=_reasons(here),
            form=form,
        )


def _item(note: Note, here: Here) -> Item:
    _ = here.words.gettext
    known = row(note.line, here) if note.line else None
    at = {"day": on(note.happened_at, here), "time": clock(note.happened_at, here.language, here.zone)}
    written = (
        _("Uscita scritta %(day)s alle %(time)s", **at)
        if note.kind == "left"
        else _("Arrivo scritto %(day)s alle %(time)s", **at)
    )
    return Item(
        number=note.id,
        who=known.who if known else _("Codice %(code)s", code=code.spaced(note.code)),
        address=known.address if known else "",
        what=_what(note, known, here),
        why=_why(note.outcome, here),
        written=written + (_(", da %(name)s", name=note.writer) if note.writer else ""),
        sent=_("Inviato alle %(time)s", time=clock(note.received_at, here.language, here.zone))
        + (_(", da %(name)s", name=note.sender) if note.sender != note.writer else ""),
        now=_state(note, known, here),
        day=_day(note, here),
        can_arrive=note.can_arrive,
    )


def _day(note: Note, here: Here) -> tuple[str, str]:
    local = note.happened_at.astimezone(here.zone).date()
    words = here.words.gettext("Lista di %(day)s", day=day(local, here.language))
    return words, here.url("desk", query={"giorno": local.isoformat()})


def _what(note: Note, known: Row | None, here: Here) -> str:
    if known is None or note.line is None:
        return ""
    when = f"{on(note.line.starts_at, here)}, {known.time}" if note.line.starts_at else ""
    done = here.words.gettext("durata %(time)s", time=lasting(note.delivered, here)) if note.delivered else ""
    return " · ".join(part for part in (when, known.what, done) if part)


def _state(note: Note, known: Row | None, here: Here) -> str:
    if known is None or note.line is None:
        return ""
    _ = here.words.gettext
    if note.line.state in ("cancelled", "refused"):
        return _("Annullata")
    return known.state or _("Ancora senza arrivo")


def _why(outcome: str, here: Here) -> str:
    _ = here.words.gettext
    return {
        "unknown": _("Nessuna prenotazione che puoi vedere ha questo codice."),
        "arrived": _("L'arrivo era già segnato."),
        "absent": _("Intanto era segnata un'assenza."),
        "cancelled": _("Intanto la prenotazione era annullata."),
        "unconfirmed": _("La prenotazione aspetta ancora una risposta."),
        "another": _("L'ha scritto un'altra persona, prima di te su questo telefono."),
        "moved": _("Intanto l'orario è cambiato."),
        "other_day": _("La prenotazione è di un altro giorno."),
        "measure": _("La durata scritta non va bene per questa prenotazione."),
    }.get(outcome, _("Il credito non si poteva usare così."))


def _reasons(here: Here) -> list[tuple[str, str]]:
    _ = here.words.gettext
    words = {
        "seen": _("la persona c'era: l'ho vista"),
        "colleague": _("la persona c'era: l'ha vista una collega"),
        "on_paper": _("la firma è sul foglio delle presenze"),
        "marked_before": _("era già segnato"),
        "mistake": _("è stato scritto per errore"),
        "did_not_come": _("la persona non è venuta"),
    }
    return [(reason, words[reason]) for reason in door_review.REASONS]
