"""Password first, then the code with the number we ask for."""

from dataclasses import dataclass
from typing import ClassVar, Self

from app.domain.staff_sign_in import Challenge
from app.edge.form import Form
from app.edge.here import Here
from app.edge.landing import is_local
from app.views import Kind, Page
from app.views.refusal import sentence

FEW_CODES = 6


@dataclass(frozen=True)
class StaffSignInPage(Page):
    template: ClassVar[str] = "staff_sign_in/show.html"
    kind: ClassVar[Kind] = "form"
    form: Form
    refusal: str
    action: str
    back: str

    @classmethod
    def load(cls, here: Here, form: Form) -> Self:
        return cls(here.words.gettext("Entra per lavorare"), form, _refusal(here, form), _door(here), _back(form))


@dataclass(frozen=True)
class StaffCodePage(Page):
    """`few_left` is a warning in words, '' while the sheet is long enough."""

    template: ClassVar[str] = "staff_sign_in/code.html"
    kind: ClassVar[Kind] = "form"
    form: Form
    refusal: str
    action: str
    back: str
    ticket: str
    label: str
    few_left: str

    @classmethod
    def load(cls, here: Here, form: Form, asked: Challenge) -> Self:
        left = here.words.ngettext(
            "Sul foglio resta %(num)s codice. Chiedi un foglio nuovo.",
            "Sul foglio restano %(num)s codici. Chiedi un foglio nuovo.",
            asked.codes_left,
        )
        return cls(
            title=here.words.gettext("Il tuo foglio dei codici"),
            form=form,
            refusal=_refusal(here, form),
            action=_door(here),
            back=_back(form),
            ticket=asked.ticket,
            label=here.words.gettext("Scrivi il codice numero %(number)s", number=asked.number),
            few_left=left if asked.codes_left < FEW_CODES else "",
        )


def _door(here: Here) -> str:
    return here.url("staff_sign_in" if here.territory else "funder_sign_in")


def _back(form: Form) -> str:
    return form.value("poi") if is_local(form.value("poi")) else ""


def _refusal(here: Here, form: Form) -> str:
    return sentence(form.refusal, here.words) if form.refusal else ""
