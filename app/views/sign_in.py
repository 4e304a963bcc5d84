"""Card and PIN; and the way out."""

from dataclasses import dataclass
from typing import ClassVar, Self

from app import addresses
from app.domain import device
from app.edge.form import Form
from app.edge.here import Here
from app.edge.landing import is_local
from app.views import Kind, Page, booking_code
from app.views.refusal import sentence

PHONES = ("mine", "others")


@dataclass(frozen=True)
class SignInPage(Page):
    """`is_known`: on this phone somebody signed in before, so the PIN is enough."""

    template: ClassVar[str] = "sign_in/show.html"
    kind: ClassVar[Kind] = "form"
    form: Form
    refusal: str
    back: str
    by_code: str
    is_known: bool
    phones: list[tuple[str, str, str]]

    @classmethod
    async def load(cls, here: Here, form: Form, device_key: str) -> Self:
        _ = here.words.gettext
        back = form.value("poi")
        known = await device.known(device_key)
        return cls(
            title=_("Entra con la tessera"),
            form=form,
            refusal=sentence(form.refusal, here.words) if form.refusal else "",
            back=back if is_local(back) else "",
            by_code=_by_code(back, here),
            is_known=known is not None and not form.value("tessera") and not form.value("card"),
            phones=[
                ("mine", _("Questo telefono è mio"), _("Resti collegato. Puoi uscire quando vuoi.")),
                ("others", _("Questo telefono non è mio"), _("Qui non resta niente di tuo. Dopo 5 minuti si chiude.")),
            ],
        )


def _by_code(back: str, here: Here) -> str:
    """Another door to a booking that a message led to: its code, typed already, and what was to be done with it."""
    _start, _place, *rest = back.split("/") if is_local(back) else ("", "")
    if addresses.name_of(back) not in ("booking", "booking_short", *booking_code.PAGES.values()):
        return here.url("booking_code")
    then = {"fai": rest[2]} if rest[2:] else {}
    return here.url("booking_code", query={"code": rest[1], **then})


def note_missing(form: Form, here: Here) -> None:
    """What to do about each empty answer, in the order of the page."""
    _ = here.words.gettext
    wanted = {"pin": _("Scrivi il tuo PIN."), "phone": _("Scegli di chi è questo telefono.")}
    if not form.value("known"):
        wanted = {"card": _("Scrivi il codice della tessera."), **wanted}
    for name, said in wanted.items():
        if not form.value(name).strip():
            form.note(name, said)


@dataclass(frozen=True)
class LeavePhonePage(Page):
    template: ClassVar[str] = "sign_in/leave_phone.html"
    kind: ClassVar[Kind] = "form"
    is_done: bool

    @classmethod
    def load(cls, here: Here) -> Self:
        _ = here.words.gettext
        is_done = here.actor.kind != "person"
        return cls(title=_("Fatto") if is_done else _("Esci da questo telefono"), is_done=is_done)
