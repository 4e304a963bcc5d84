"""Booking for the person in front of the desk: which service, when, for whom, and the summary they would see."""

from dataclasses import dataclass, replace
from typing import ClassVar, Self

from app.domain import access, checkout, desk, desk_person, household, identity
from app.domain.checkout import Checkout
from app.domain.desk_person import Bookable
from app.domain.errors import NotFound
from app.domain.offer import Offered
from app.edge.form import Form
from app.edge.here import Here
from app.views import Kind, Page, service_words
from app.views.checkout import Asked, QuestionLine
from app.views.desk import menu
from app.views.formatting import when_near
from app.views.slot import ChooseSlotPage, Times
from app.views.summary import SummaryPage


@dataclass(frozen=True, slots=True)
class ServiceLine:
    """`now` is '' for what nobody can come for."""

    name: str
    more: str
    address: str
    now: str


@dataclass(frozen=True)
class ServicesPage(Page):
    template: ClassVar[str] = "desk_person/services.html"
    kind: ClassVar[Kind] = "form"
    menu: list[tuple[str, str]]
    person: int
    query: str
    services: list[ServiceLine]

    @classmethod
    async def load(cls, here: Here, person: int, form: Form) -> Self:
        within = await desk.scope(here.actor, here.place.id)
        await look(here, person)
        name = await identity.name_of(person)
        query = form.value("q")[:120]
        found = await desk_person.bookable(within, query, here.language)
        return cls(
            title=here.words.gettext("Prenota per %(name)s", name=name),
            menu=menu(here, within),
            person=person,
            query=query,
            services=[
                _service(one, here, person, may_book=within.is_whole)
                for one in found
                if within.is_whole or one.has_door
            ],
        )


@dataclass(frozen=True)
class BookPage(Page):
    template: ClassVar[str] = "desk_person/book.html"
    kind: ClassVar[Kind] = "form"
    service: str
    person: int
    slug: str
    receivers: list[tuple[str, str]]
    places: list[tuple[str, str]]
    place: str
    quantities: list[tuple[str, str]]
    quantity_question: str
    quantity: str
    times: Times
    form: Form

    @classmethod
    async def load(
        cls, here: Here, person: int, slug: str, form: Form, offered: Offered, who: list[tuple[str, str]]
    ) -> Self:
        place = offered.place(form.number("luogo")) or offered.places[0]
        asked = Form([*(p for p in form.pairs if p[0] != "luogo"), ("luogo", str(place.id))], words=here.words)
        seen = await ChooseSlotPage.load(here, slug, asked, offered)
        earlier, more = (_same_query(to, here, person, slug) for to in (seen.times.earlier, seen.times.more))
        return cls(
            title=here.words.gettext("Giorno e ora per %(name)s", name=who[0][1]),
            service=seen.service,
            person=person,
            slug=slug,
            receivers=who,
            places=_places(offered),
            place=str(place.id),
            quantities=seen.quantities,
            quantity_question=seen.quantity_question,
            quantity=str(seen.quantity),
            times=replace(seen.times, earlier=earlier, more=more),
            form=form,
        )


@dataclass(frozen=True)
class ConfirmPage(Page):
    """The split in the words the person would read, and what the service still asks."""

    template: ClassVar[str] = "desk_person/confirm.html"
    kind: ClassVar[Kind] = "form"
    person: int
    hold: int
    rows: list[tuple[str, str]]
    money_lines: list[tuple[str, str, str]]
    own: tuple[str, str]
    approval: str
    cancel: str
    shown: str
    at_home: bool
    address: str
    questions: list[QuestionLine]
    form: Form

    @classmethod
    async def load(cls, here: Here, standing: Checkout, asked: Asked, form: Form) -> Self:
        assert standing.parties is not None
        seen = await SummaryPage.of(standing, here, form, asked)
        at_home, receiver = standing.sold.mode == "home", standing.parties.receiver
        return cls(
            title=seen.title,
            person=standing.parties.booked_by,
            hold=standing.hold.id,
            rows=[(what, said) for what, said, _ in seen.rows],
            money_lines=seen.money_lines,
            own=seen.own,
            approval=seen.approval,
            cancel=seen.cancel,
            shown=seen.shown,
            at_home=at_home,
            address=asked.known.get("address", "") or (await identity.address_of(receiver) if at_home else ""),
            questions=asked.questions,
            form=form,
        )


async def standing_for(here: Here, person: int, hold: int) -> tuple[Checkout, Asked]:
    """A time that this staff member keeps for this person, and what the service asks. Raises NotFound, HoldExpired."""
    await look(here, person)
    standing = await checkout.load(hold, actor=here.actor, now=here.now)
    if standing.parties is None or standing.parties.booked_by != person:
        raise NotFound()
    return standing, await Asked.of(standing, here)


async def look(here: Here, person: int) -> None:
    """Written down before the page is drawn. Raises NotFound."""
    await desk_person.look(person, "booking", actor=here.actor, now=here.now)


def require_guide(here: Here) -> None:
    access.require(here.actor, *desk.TERRITORY_DESKS, scope_kind="territory", scope_id=here.place.id)


async def receivers(here: Here, person: int) -> list[tuple[str, str]]:
    return [(str(one.person_id), one.given_name) for one in await household.who_can_receive(person, here.now)]


def _service(one: Bookable, here: Here, person: int, *, may_book: bool) -> ServiceLine:
    _, ngettext = here.words.gettext, here.words.ngettext
    more = [one.provider, service_words.price(one.price_cents, one.unit, here)]
    if one.first_free:
        more.append(_("primo posto %(when)s", when=when_near(one.first_free, here.now, here.zone, here.words)))
    else:
        more.append(_("nessun posto libero"))
    if one.waiting:
        more.append(ngettext("%(num)s persona aspetta un posto", "%(num)s persone aspettano un posto", one.waiting))
    now = here.url("walk_in", person=person, slug=one.slug) if one.has_door else ""
    book = here.url("desk_person_book", person=person, slug=one.slug) if may_book else now
    return ServiceLine(one.name, " · ".join(more), book, now)


def _places(offered: Offered) -> list[tuple[str, str]]:
    return [(str(one.id), one.name) for one in offered.places] if len(offered.places) > 1 else []


def _same_query(address: str, here: Here, person: int, slug: str) -> str:
    """The same days on this page instead of the person's own."""
    _, mark, query = address.partition("?")
    return here.url("desk_person_book", person=person, slug=slug) + mark + query if address else ""
