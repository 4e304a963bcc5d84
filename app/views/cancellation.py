"""Calling off: what comes back and where, before anything happens."""

from dataclasses import dataclass
from typing import ClassVar

from app.domain import appointment, booking, purse
from app.edge.form import Form
from app.edge.here import Here
from app.views import Kind, Page
from app.views.formatting import money, when


@dataclass(frozen=True)
class CancelPage(Page):
    template: ClassVar[str] = "cancellation/show.html"
    kind: ClassVar[Kind] = "form"
    code: str
    service: str
    when: str
    returned: list[str]
    reasons: list[tuple[str, str]]
    form: Form

    @classmethod
    async def load(cls, here: Here, typed: str, form: Form) -> "CancelPage":
        _ = here.words.gettext
        found = await booking.changeable(typed, actor=here.actor, now=here.now)
        said = await appointment.of(found.service_id, found.service_place_id, here.language)
        held = [p for p in await purse.of_booking(found.id) if p.state == "held"]
        return cls(
            title=_("Vuoi annullare?"),
            code=found.code,
            service=f"{said.name}, {said.provider}",
            when=when(found.starts_at, here.zone, here.words) if found.starts_at else "",
            returned=[
                _("%(money)s tornano a: %(fund)s.", money=money(p.cents, here.language), fund=p.fund_name) for p in held
            ],
            reasons=[
                ("changed_mind", _("Non mi serve più")),
                ("ill", _("Malattia")),
                ("transport", _("Non so come arrivare")),
                ("other_day", _("Preferisco un altro giorno")),
            ],
            form=form,
        )
