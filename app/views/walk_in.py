"""Who comes without a booking: how much of what, is there a place now, and who pays what."""

from dataclasses import dataclass
from typing import ClassVar, Self

from app.domain import desk, desk_person, direct_booking, household, walk_in
from app.domain.checkout import Parties
from app.domain.errors import NotFound
from app.domain.household import Receiver
from app.domain.offer import Offered, OfferPlace
from app.domain.slot import FreeTime
from app.domain.split import Line, Split
from app.domain.walk_in import Booked
from app.edge.form import Form
from app.edge.here import Here
from app.views import Kind, Page, units
from app.views.checkout import QuestionLine, questions_of, read_answers
from app.views.desk_person_book import look
from app.views.formatting import MINUS, clock, money, when_near
from app.views.slot import quantity_question, read_quantity, wished_quantity


@dataclass(frozen=True, slots=True)
class Door:
    """What can be chosen at the door for one person and service, and what was chosen so far."""

    person: int
    slug: str
    name: str
    offered: Offered
    people: list[Receiver]
    questions: list[QuestionLine]
    receiver: Receiver
    place: OfferPlace
    quantity: int

    @classmethod
    async def of(cls, here: Here, person: int, slug: str, form: Form) -> Self:
        within = await desk.scope(here.actor, here.place.id)
        await look(here, person)
        name, offered = await desk_person.walkable(within, slug, here.language)
        people = await household.who_can_receive(person, here.now)
        return cls(
            person=person,
            slug=slug,
            name=name,
            offered=offered,
            people=people,
            questions=await questions_of(offered.service_id, {}, here),
            receiver=next((one for one in people if one.person_id == form.number("chi")), people[0]),
            place=offered.place(form.number("luogo")) or offered.places[0],
            quantity=wished_quantity(form, offered),
        )

    def read(self, form: Form) -> walk_in.Wish:
        """What was sent, judged field by field. Raises NotFound for somebody or somewhere that cannot be chosen."""
        chosen = {"chi": self.receiver.person_id, "luogo": self.place.id}
        if any(form.value(name) not in ("", str(number)) for name, number in chosen.items()):
            raise NotFound()
        answers = read_answers(form, self.questions, at_home=False)
        quantity = read_quantity(form, self.offered)
        return walk_in.Wish(self.person, self.receiver.person_id, self.place.id, quantity, answers)


@dataclass(frozen=True)
class WalkInPage(Page):
    """`free` is '' when there is no place now, and for who has a booking for now: `booked` says so, `booking` is where.

    What there is only one of is not asked.
    """

    template: ClassVar[str] = "walk_in/show.html"
    kind: ClassVar[Kind] = "form"
    door: Door
    receivers: list[tuple[str, str]]
    places: list[tuple[str, str]]
    quantities: list[tuple[str, str]]
    quantity_question: str
    booked: str
    booking: str
    free: str
    money_lines: list[tuple[str, str]]
    own: tuple[str, str]
    shown: str
    form: Form

    @classmethod
    async def load(cls, here: Here, door: Door, form: Form) -> Self:
        offered, receiver = door.offered, door.receiver.person_id
        sold, booked = await walk_in.standing(door.place.id, receiver, now=here.now)
        free = None if booked else await walk_in.now_free(door.place.id, door.quantity, now=here.now)
        parties = Parties(door.person, receiver, door.receiver.paid_by(door.person))
        paid = await direct_booking.would_pay(sold, door.quantity, parties, here.now, now=here.now)
        places = [(str(one.id), one.name) for one in offered.places]
        people = [(str(one.person_id), one.given_name) for one in door.people]
        return cls(
            title=here.words.gettext("%(name)s è qui senza prenotazione", name=door.people[0].given_name),
            door=door,
            receivers=people if len(people) > 1 else [],
            places=places if len(places) > 1 else [],
            quantities=units.choices(offered, here.words),
            quantity_question=quantity_question(offered.unit, here),
            booked=_booked(booked, door.receiver, here) if booked else "",
            booking=here.url("desk_booking", code=booked.code) if booked else "",
            free=_free(free, here) if free else "",
            money_lines=_lines(paid, here),
            own=(here.words.gettext("Da incassare"), money(paid.own_cents, here.language)),
            shown=paid.mark,
            form=form,
        )


def _booked(booked: Booked, receiver: Receiver, here: Here) -> str:
    starts = when_near(booked.starts_at, here.now, here.zone, here.words)
    return here.words.gettext("%(name)s ha già questo orario: %(when)s.", name=receiver.given_name, when=starts)


def _free(free: FreeTime, here: Here) -> str:
    until = clock(free.ends_at.astimezone(here.zone), here.language)
    starts = when_near(free.starts_at, here.now, here.zone, here.words)
    return here.words.gettext("%(when)s, fino alle %(end)s", when=starts, end=until)


def _lines(paid: Split, here: Here) -> list[tuple[str, str]]:
    _ = here.words.gettext

    def said(line: Line) -> tuple[str, str]:
        return _("Paga %(fund)s", fund=line.purse.fund_name), f"{MINUS} {money(line.cents, here.language)}"

    return [(_("Il servizio costa"), money(paid.price_cents, here.language)), *(said(line) for line in paid.lines)]
