"""The ways to reach a person, in their own order."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Self

from app.domain import contact
from app.domain.contact import Channel, ContactFacts
from app.edge.form import Form
from app.edge.here import Here
from app.i18n import Words
from app.views import Kind, Page
from app.views.refusal import sentence


@dataclass(frozen=True)
class ContactsPage(Page):
    """`values` by channel; `order` says in words how we try today; `firsts` are the options of what comes first."""

    template: ClassVar[str] = "contact/show.html"
    kind: ClassVar[Kind] = "form"
    form: Form
    refusal: str
    is_saved: bool
    values: dict[str, str]
    order: list[str]
    first: str
    firsts: list[tuple[str, str]]

    @classmethod
    async def load(cls, here: Here, form: Form) -> Self:
        held = await contact.of(here.person_id)
        has_push = any(each.channel == "push" for each in held)
        return cls(
            title=here.words.gettext("Come ti scriviamo"),
            form=form,
            refusal=sentence(form.refusal, here.words) if form.refusal else "",
            is_saved=not form.is_sent and form.value("fatto") == "si",
            values={each.channel: each.value for each in reversed(held)},
            order=[_line(each, here.words) for each in held],
            first=held[0].channel if held else "",
            firsts=[(c, channel_name(c, here.words)) for c in contact.CHANNELS if c != "push" or has_push],
        )


def channel_name(channel: Channel, words: Words) -> str:
    _ = words.gettext
    return {"push": _("Avviso sul telefono"), "email": _("E-mail"), "sms": _("SMS"), "call": _("Telefonata")}[channel]


def note_unreadable(form: Form, wished: Mapping[Channel, str], first: str, words: Words) -> None:
    """Sentences beside numbers and addresses that cannot be used, and beside a first way that is empty."""
    _ = words.gettext
    for channel, typed in wished.items():
        if typed and not contact.read(channel, typed):
            form.note(
                channel,
                _("Scrivi un'e-mail come nome@posta.it.")
                if channel == "email"
                else _("Scrivi un numero come 333 123 4567."),
            )
    if first in wished and not any(typed for channel, typed in wished.items() if channel == first):
        form.note(first, _("Hai scelto questo modo: scrivi dove."))


def _line(held: ContactFacts, words: Words) -> str:
    return f"{channel_name(held.channel, words)}: {held.value}"
