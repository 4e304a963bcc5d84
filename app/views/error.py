"""Pages for what went wrong: what happened, what to do, whom to call."""

from dataclasses import dataclass
from typing import ClassVar

from app.domain.errors import Refusal
from app.edge.here import Here
from app.views import Kind, Page
from app.views.refusal import leads_to, sentence


@dataclass(frozen=True)
class ErrorPage(Page):
    template: ClassVar[str] = "error/show.html"
    kind: ClassVar[Kind] = "never"
    what: str
    todo: str
    again: str
    there: tuple[str, str]

    @classmethod
    def of(cls, status: int, here: Here, refusal: Refusal | None = None) -> "ErrorPage":
        _ = here.words.gettext
        title, todo = {
            403: (_("Non possiamo accettare questo invio"), _("Torna alla pagina e invia di nuovo da lì.")),
            404: (_("Questa pagina non c'è"), _("Controlla l'indirizzo o torna all'inizio.")),
            405: (_("Qui non si può"), _("Torna indietro e usa i pulsanti della pagina.")),
            413: (_("Hai inviato troppo"), _("Scrivi un testo più corto e invia di nuovo.")),
            422: (_("Non si può fare"), _("Torna indietro e scegli in un altro modo.")),
            429: (_("Aspetta un momento"), _("Prova di nuovo tra qualche minuto, o telefona.")),
            503: (_("Siamo fermi per poco"), _("Riprova tra un minuto. Quello che hai già confermato è salvo.")),
        }.get(
            status,
            (
                _("Qualcosa non ha funzionato"),
                _("Riprova tra poco. Se hai confermato, controlla in «La tua pagina»."),
            ),
        )
        what = sentence(refusal, here.words) if refusal and status != 404 else ""
        slug = refusal.arguments.get("slug") if refusal else None
        again = here.url("choose_slot", slug=slug) if slug and here.territory else ""
        there = leads_to(refusal, here) if refusal and here.territory else ("", "")
        return cls(title=title, what=what, todo=todo, again=again, there=there)


@dataclass(frozen=True)
class BusyPage(Page):
    """So small that it is sent as it is: packing it for thousands would take what the others wait for."""

    template: ClassVar[str] = "error/busy.html"
    kind: ClassVar[Kind] = "never"
    todo: str
    sure: str

    @classmethod
    def of(cls, here: Here) -> "BusyPage":
        _ = here.words.gettext
        return cls(
            title=_("Siamo in tanti"),
            todo=_("Riprova tra 10 secondi: torna indietro e premi di nuovo."),
            sure=_("Non paghi mai due volte."),
        )
