"""Asking for a service that has no timetable: who, how much, what must be known, and when the answer comes."""

from dataclasses import dataclass
from typing import ClassVar

from app.domain import appointment, checkout, offer, request
from app.domain.errors import NotFound
from app.domain.offer import Offered
from app.edge.form import Form
from app.edge.here import Here
from app.views import Kind, Page, units
from app.views.checkout import QuestionLine, questions_of
from app.views.formatting import day, money
from app.views.receiver import receivers_of


@dataclass(frozen=True)
class RequestPage(Page):
    """`receivers` is empty for who has not signed in: they leave name and telephone."""

    template: ClassVar[str] = "request/show.html"
    kind: ClassVar[Kind] = "form"
    service: str
    slug: str
    back: str
    promise: str
    price: str
    receivers: list[tuple[str, str, str]]
    sign_in: str
    allows_guest: bool
    quantities: list[tuple[str, str]]
    at_home: bool
    questions: list[QuestionLine]
    form: Form

    @classmethod
    async def load(cls, here: Here, slug: str, form: Form) -> "RequestPage":
        _ = here.words.gettext
        offered = await requestable(here, slug)
        said = await appointment.of(offered.service_id, None, here.language)
        sold = await checkout.sold_to(offered.service_id, None, here.now)
        by = request.answer_day(here.now, sold.answer_days)
        return cls(
            title=_("Richiesta: %(service)s", service=said.name),
            service=said.name,
            slug=slug,
            back=here.url("service", slug=slug),
            promise=_("%(provider)s ti risponde entro %(day)s.", provider=said.provider, day=day(by, here.language)),
            price=_price(offered, here),
            receivers=await receivers_of(here) if here.actor.kind == "person" else [],
            sign_in=here.url("sign_in", query={"poi": here.url("request", slug=slug)}),
            allows_guest=offered.terms.allows_guest,
            quantities=units.choices(offered, here.words),
            at_home=offered.mode == "home",
            questions=await questions_of(offered.service_id, {}, here),
            form=form,
        )


def _price(offered: Offered, here: Here) -> str:
    _ = here.words.gettext
    if not offered.price_cents:
        return _("Non costa niente.")
    return _(
        "Costa %(price)s. Non paghi niente adesso: prima senti la risposta.",
        price=money(offered.price_cents, here.language),
    )


async def requestable(here: Here, slug: str) -> Offered:
    """A service that is asked for. Raises NotFound for every other one."""
    offered = await offer.by_slug(here.place.id, slug)
    if offered.action != "request":
        raise NotFound()
    return offered
