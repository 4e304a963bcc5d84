"""'Avvisatemi': told when a place is free."""

from dataclasses import dataclass
from typing import ClassVar

from app.domain import offered_service
from app.edge.form import Form
from app.edge.here import Here
from app.views import Kind, Page
from app.views.refusal import sentence


@dataclass(frozen=True)
class WaitingPage(Page):
    """`name` is who waits when somebody is signed in; otherwise name and telephone are asked."""

    template: ClassVar[str] = "waiting/show.html"
    kind: ClassVar[Kind] = "form"
    form: Form
    refusal: str
    service: str
    action: str
    back: str
    name: str

    @classmethod
    async def load(cls, here: Here, slug: str, form: Form) -> "WaitingPage":
        one = await offered_service.load(here.place, slug, here.language)
        return cls(
            title=here.words.gettext("Avvisatemi quando c'è posto"),
            form=form,
            refusal=sentence(form.refusal, here.words) if form.refusal else "",
            service=one.text.name,
            action=here.url("notify_me", slug=slug),
            back=here.url("service", slug=slug),
            name=here.actor_name if here.actor.kind == "person" else "",
        )


@dataclass(frozen=True)
class WaitingDonePage(Page):
    template: ClassVar[str] = "waiting/done.html"
    kind: ClassVar[Kind] = "never"
    service: str
    back: str

    @classmethod
    async def load(cls, here: Here, slug: str) -> "WaitingDonePage":
        one = await offered_service.load(here.place, slug, here.language)
        return cls(here.words.gettext("Ti avvisiamo noi"), one.text.name, here.url("service", slug=slug))
