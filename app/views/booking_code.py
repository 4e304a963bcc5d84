"""A booking's code and one fact that its person knows."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar, Self

from app.edge.form import Form
from app.edge.here import Here
from app.views import Kind, Page
from app.views.refusal import sentence

PAGES = {"annulla": "cancellation", "sposta": "move"}


@dataclass(frozen=True)
class BookingCodePage(Page):
    template: ClassVar[str] = "booking_code/show.html"
    kind: ClassVar[Kind] = "form"
    form: Form
    refusal: str
    then: str

    @classmethod
    def load(cls, here: Here, form: Form) -> Self:
        refusal = sentence(form.refusal, here.words) if form.refusal else ""
        return cls(here.words.gettext("Apri la tua prenotazione"), form, refusal, _then(form))


def page_of(form: Form) -> str:
    """The page of the booking that a message spoke of."""
    return PAGES.get(form.value("fai"), "booking")


def _then(form: Form) -> str:
    return form.value("fai") if form.value("fai") in PAGES else ""


def read_fact(form: Form) -> tuple[date | None, str]:
    """A date of birth, or the last three digits of a telephone number."""
    _ = form._
    if not form.text("code", required=False, longest=40):
        form.note("code", _("Scrivi il codice della prenotazione."))
    typed = form.text("fact", required=False, longest=20)
    if len(typed) == 3 and typed.isascii() and typed.isdigit():
        return None, typed
    if not typed:
        form.note("fact", _("Scrivi la data di nascita, come 24/11/1980, o 3 cifre."))
    return form.day("fact"), ""
