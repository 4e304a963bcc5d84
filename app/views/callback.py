"""'Chiamatemi voi': the form, and the day we promise."""

from dataclasses import dataclass
from typing import ClassVar

from app.domain import callback
from app.edge.form import Form
from app.edge.here import Here
from app.views import Kind, Page
from app.views.formatting import day
from app.views.refusal import sentence


@dataclass(frozen=True)
class CallbackPage(Page):
    template: ClassVar[str] = "callback/show.html"
    kind: ClassVar[Kind] = "form"
    form: Form
    refusal: str
    action: str
    promised: str
    wishes: list[tuple[str, str]]

    @classmethod
    def of(cls, here: Here, form: Form) -> "CallbackPage":
        _ = here.words.gettext
        return cls(
            title=_("Chiamatemi voi"),
            form=form,
            refusal=sentence(form.refusal, here.words) if form.refusal else "",
            action=here.url("callback"),
            promised=promised(here),
            wishes=[("any", _("Quando volete")), ("morning", _("Di mattina")), ("afternoon", _("Di pomeriggio"))],
        )


@dataclass(frozen=True)
class CallbackDonePage(Page):
    template: ClassVar[str] = "callback/done.html"
    kind: ClassVar[Kind] = "never"
    promised: str

    @classmethod
    def of(cls, here: Here) -> "CallbackDonePage":
        return cls(here.words.gettext("Ti chiamiamo noi"), promised(here))


def promised(here: Here) -> str:
    return day(callback.promised_day(here.place, here.now), here.language)
