"""Enrolment at the desk: the person's data, the first PIN, the card on paper."""

from dataclasses import dataclass
from typing import ClassVar, Self

from markupsafe import Markup

from app.config import settings
from app.domain import card, code, identity, municipality
from app.domain.card import CardFacts
from app.domain.errors import NotFound
from app.edge.form import Form
from app.edge.here import Here
from app.i18n import LANGUAGES
from app.views import Kind, Page, qr
from app.views.refusal import sentence


@dataclass(frozen=True)
class EnrolmentPage(Page):
    """`known` is the address of the person who already has the fiscal code, where this desk may see them."""

    template: ClassVar[str] = "enrolment/show.html"
    kind: ClassVar[Kind] = "form"
    form: Form
    refusal: str
    known: str
    municipalities: list[tuple[str, str]]
    tongues: list[tuple[str, str]]
    firsts: list[tuple[str, str]]

    @classmethod
    async def load(cls, here: Here, form: Form, *, known: int = 0) -> Self:
        _ = here.words.gettext
        towns = await municipality.of_territory(here.place.id)
        return cls(
            title=_("Nuova iscrizione"),
            form=form,
            refusal=sentence(form.refusal, here.words) if form.refusal else "",
            known=here.url("desk_person", person=known) if known else "",
            municipalities=[("", _("Scegli il Comune")), *towns.items()],
            tongues=list(LANGUAGES.items()),
            firsts=[
                ("sms", _("SMS")),
                ("call", _("Telefonata")),
                ("email", _("E-mail")),
                ("none", _("Non ha telefono né e-mail")),
            ],
        )


@dataclass(frozen=True)
class FirstPinPage(Page):
    template: ClassVar[str] = "enrolment/first_pin.html"
    kind: ClassVar[Kind] = "form"
    form: Form
    refusal: str
    action: str
    has_pin: bool
    sheet: str

    @classmethod
    async def load(cls, here: Here, person_id: int, form: Form) -> Self:
        held = await _card(person_id)
        name = (await identity.facts_of([person_id]))[person_id].given_name
        return cls(
            title=here.words.gettext("%(name)s, scegli il tuo PIN", name=name),
            form=form,
            refusal=sentence(form.refusal, here.words) if form.refusal else "",
            action=here.url("first_pin", person=person_id),
            has_pin=held.has_pin,
            sheet=here.url("card_sheet", person=person_id),
        )


@dataclass(frozen=True)
class CardSheetPage(Page):
    """`first_pin` is the address where the person still has to choose, '' when that is done."""

    template: ClassVar[str] = "enrolment/card_sheet.html"
    kind: ClassVar[Kind] = "form"
    name: str
    code: str
    qr: Markup
    first_pin: str
    reissue: str
    person_page: str

    @classmethod
    async def load(cls, here: Here, person_id: int) -> Self:
        held = await _card(person_id)
        name = await identity.name_of(person_id)
        return cls(
            title=here.words.gettext("La tessera di %(name)s", name=name),
            name=name,
            code=code.spaced(held.code),
            qr=card_qr(held.code, here),
            first_pin="" if held.has_pin else here.url("first_pin", person=person_id),
            reissue=here.url("card_reissue", person=person_id),
            person_page=here.url("desk_person", person=person_id),
        )


@dataclass(frozen=True)
class ReissuePage(Page):
    template: ClassVar[str] = "enrolment/reissue.html"
    kind: ClassVar[Kind] = "form"
    form: Form
    refusal: str
    action: str

    @classmethod
    async def load(cls, here: Here, person_id: int, form: Form) -> Self:
        name = await identity.name_of(person_id)
        return cls(
            title=here.words.gettext("Tessera nuova per %(name)s", name=name),
            form=form,
            refusal=sentence(form.refusal, here.words) if form.refusal else "",
            action=here.url("card_reissue", person=person_id),
        )


def card_qr(card_code: str, here: Here) -> Markup:
    """Opens the sign-in page with the code after '#': it stays in the browser, no log ever holds it."""
    return qr.drawn(f"{settings().public_url}{here.url('sign_in')}#{card_code}", border=2)


async def _card(person_id: int) -> CardFacts:
    held = await card.of(person_id)
    if held is None:
        raise NotFound()
    return held
