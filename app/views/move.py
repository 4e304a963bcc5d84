"""Another time for the same booking."""

from dataclasses import dataclass
from typing import ClassVar

from app.domain import appointment, booking, move
from app.domain.errors import NotFound
from app.edge.form import Form
from app.edge.here import Here
from app.views import Kind, Page
from app.views.formatting import when


@dataclass(frozen=True)
class MovePage(Page):
    template: ClassVar[str] = "move/show.html"
    kind: ClassVar[Kind] = "form"
    code: str
    service: str
    when: str
    times: list[tuple[str, str]]
    form: Form

    @classmethod
    async def load(cls, here: Here, typed: str, form: Form) -> "MovePage":
        found = await booking.changeable(typed, actor=here.actor, now=here.now)
        if found.starts_at is None:
            raise NotFound()
        said = await appointment.of(found.service_id, found.service_place_id, here.language)
        free = await move.times(found, now=here.now) if found.is_open else []
        return cls(
            title=here.words.gettext("Scegli il nuovo orario"),
            code=found.code,
            service=f"{said.name}, {said.provider}",
            when=when(found.starts_at, here.zone, here.words),
            times=[(t.starts_at.isoformat(), when(t.starts_at, here.zone, here.words)) for t in free],
            form=form,
        )
