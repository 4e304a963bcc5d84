"""The phones and computers where somebody is signed in."""

from dataclasses import dataclass
from typing import ClassVar, Self

from app.domain import device
from app.domain.device import DeviceFacts
from app.edge.here import Here
from app.views import Kind, Page
from app.views.formatting import when


@dataclass(frozen=True)
class DeviceLine:
    """`field` and `value` are what its button sends."""

    name: str
    seen: str
    is_this: bool
    field: str
    value: int


@dataclass(frozen=True)
class DevicesPage(Page):
    template: ClassVar[str] = "device/show.html"
    kind: ClassVar[Kind] = "form"
    lines: list[DeviceLine]

    @classmethod
    async def load(cls, here: Here) -> Self:
        found = await device.signed_in(here.person_id, now=here.now)
        return cls(here.words.gettext("I tuoi telefoni"), [_line(each, here) for each in found])


def _line(found: DeviceFacts, here: Here) -> DeviceLine:
    _ = here.words.gettext
    mine = here.actor.device == f"device:{found.id}" if found.id else here.actor.session_id == found.session_id
    name = _name(found.kind, here)
    return DeviceLine(
        name=name if found.id else _("%(name)s, non tuo", name=name),
        seen=_("Usato %(when)s", when=when(found.last_seen_at, here.zone, here.words)),
        is_this=mine,
        field="device" if found.id else "session",
        value=found.id or found.session_id,
    )


def _name(kind: str, here: Here) -> str:
    _ = here.words.gettext
    return {
        "iphone": "iPhone",
        "ipad": "iPad",
        "android": _("Telefono Android"),
        "windows": _("Computer con Windows"),
        "mac": _("Computer Mac"),
        "linux": _("Computer con Linux"),
    }.get(kind, _("Telefono o computer"))
