"""Another time for the same booking."""

from dataclasses import dataclass
from typing import ClassVar

from app.domain import appointment, booking
from app.domain.errors import NotFound
from app.edge.form import Form
from app.edge.here import Here
from app.views import Kind, Page
from app.views.formatting import when
from app.views.slot import Times


@dataclass(frozen=True)
class MovePage(Page):
    template: ClassVar[str] = "move/show.html"
    kind: ClassVar[Kind] = "form"
    code: str
    service: str
    when: str
    times: Times
    form: Form

    @classmethod
    async def load(cls, here: Here, typed: str, form: Form) -> "MovePage":
        found = await booking.changeable(typed, actor=here.actor, now=here.now)
        place, now_at = found.service_place_id, found.starts_at
        if place is None or now_at is None:
            raise NotFound()

        def address(more: dict[str, str]) -> str:
            return here.url("move", code=found.code, query=more)

        had = await appointment.times_of(found.receiver_id, place)
        said = await appointment.of(found.service_id, found.service_place_id, here.language)
        return cls(
            title=here.words.gettext("Scegli il nuovo orario"),
            code=found.code,
            service=f"{said.name}, {said.provider}",
            when=when(now_at, here.zone, here.words),
            times=await Times.load(here, place, found.quantity, form, address, but=had),
            form=form,
        )
