"""Up to three wished times on one page that a phone keeps: filled in and sent with or without a line."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby
from typing import ClassVar

from app.domain import appointment, checkout, identity, slot, split
from app.domain.errors import PinNeeded
from app.domain.household import Receiver
from app.domain.offer import Offered, OfferPlace
from app.domain.receiver import candidates
from app.domain.slot import FreeTime
from app.domain.split import Asked, Split
from app.domain.wish import Wish
from app.edge.form import Form
from app.edge.here import Here
from app.views import Kind, Page, receiver, units
from app.views.checkout import QuestionLine, questions_of, read_answers
from app.views.formatting import clock, day, money
from app.views.receiver import ReceiverChoice
from app.views.slot import chosen_place, read_quantity, wished_quantity
from app.views.summary import payer

TIMES_A_DAY, TIMES_SHOWN = 4, 24
WISHES = ("primo", "secondo", "terzo")


@dataclass(frozen=True)
class WishPage(Page):
    """`marks` are the splits as shown, a hidden field for each who can receive; `alone` is who that is and
    `cost` what they pay where nobody else can."""

    template: ClassVar[str] = "wish/show.html"
    kind: ClassVar[Kind] = "personal"
    is_carried: ClassVar[bool] = True
    service: str
    slug: str
    back: str
    place: str
    service_place: int
    quantity: int
    quantity_words: str
    times: list[tuple[str, str]]
    who: ReceiverChoice
    alone: str
    cost: str
    marks: list[tuple[str, str]]
    at_home: bool
    address: str
    questions: list[QuestionLine]
    needs_pin: bool
    form: Form

    @classmethod
    async def load(
        cls, here: Here, slug: str, form: Form, offered: Offered, near: Sequence[FreeTime] = ()
    ) -> "WishPage":
        """`near` can be chosen too, where nothing of what was wished is free any more."""
        person, place, quantity = here.person_id, chosen_place(form, offered), wished_quantity(form, offered)
        said = await appointment.of(offered.service_id, place.id, here.language)
        times = await _times(place, quantity, near, here)
        on = times[0].starts_at if times else here.now
        back = here.url("choose_slot", slug=slug, query={"luogo": str(place.id)})
        day_of = on.astimezone(here.zone).date()
        found = await candidates(person, offered.service_id, offered.terms, day_of, now=here.now, is_afresh=True)
        who, people = receiver.told(found, here, back=back), found.people if len(found.people) == 1 else found.meant
        paid = await _paid(offered.service_id, quantity, people, on, here)
        costs = {one: _cost(parts, here) for one, parts in paid.items()}
        at_home = said.mode == "home"
        return cls(
            title=here.words.gettext("Prenota con tre orari"),
            service=said.name,
            slug=slug,
            back=back,
            place=said.where or units.mode(said.mode, here.words),
            service_place=place.id,
            quantity=quantity,
            quantity_words=units.counted(offered.unit, quantity, here.words) if quantity > 1 else "",
            times=[(time.starts_at.isoformat(), _words(time, here)) for time in times],
            who=replace(who, offered=[(one, name, f"{why}. {costs[one]}") for one, name, why in who.offered]),
            alone="" if who.is_asked else str(person),
            cost="" if who.is_asked else costs[str(person)],
            marks=[(f"visto-{one}", parts.mark) for one, parts in paid.items()],
            at_home=at_home,
            address=await identity.address_of(person) if at_home else "",
            questions=await questions_of(offered.service_id, {}, here),
            needs_pin=isinstance(form.refusal, PinNeeded),
            form=form,
        )


async def read_wish(form: Form, offered: Offered, here: Here) -> Wish:
    """What was typed; each thing that is missing or wrong is noted beside its field."""
    place = chosen_place(form, offered)
    times = [time for name in WISHES if (time := form.instant(f"{name}-orario"))]
    if not times:
        form.note("primo-orario", here.words.gettext("Scegli almeno un orario."))
    quantity = read_quantity(form, offered)
    questions = await questions_of(offered.service_id, {}, here)
    details = read_answers(form, questions, at_home=offered.mode == "home")
    details["note"] = form.text("nota", required=False, longest=300)
    return Wish(place.id, tuple(dict.fromkeys(times)), quantity, _receiver(form, here), details)


def _receiver(form: Form, here: Here) -> int:
    """Of those whose price was shown; whether they may is asked by the verb."""
    shown = [name.removeprefix("visto-") for name, _ in form.pairs if name.startswith("visto-")]
    if form.value("chi") not in shown:
        form.note("chi", here.words.gettext("Scegli per chi è."))
    return form.number("chi")


async def _times(place: OfferPlace, quantity: int, near: Sequence[FreeTime], here: Here) -> list[FreeTime]:
    """Of each of the coming days a few times, from morning to evening; and what is near."""
    offer = await slot.load_offer(place.id)
    free = await slot.coming(offer, quantity=quantity, now=here.now)
    days = [list(group) for _, group in groupby(free, key=lambda time: time.starts_at.astimezone(here.zone).date())]
    some = [time for times in days for time in _some(times)][:TIMES_SHOWN]
    return sorted({time.starts_at: time for time in (*some, *near)}.values(), key=lambda time: time.starts_at)


def _some(times: list[FreeTime]) -> list[FreeTime]:
    step = max(1, -(-len(times) // TIMES_A_DAY))
    return times[::step]


def _words(time: FreeTime, here: Here) -> str:
    starts = time.starts_at.astimezone(here.zone)
    return f"{day(starts.date(), here.language)}, {clock(starts, here.language)}"


async def _paid(service_id: int, quantity: int, people: list[Receiver], on: datetime, here: Here) -> dict[str, Split]:
    """What would be paid for each who can receive, as it stands now."""
    if not people:
        return {}
    sold = await checkout.sold_to_each(service_id, [one.person_id for one in people], on)
    asked = {
        one.person_id: Asked(one.paid_by(here.person_id), here.person_id, sold[one.person_id].unit_cents * quantity, on)
        for one in people
    }
    return {str(who): paid for who, paid in (await split.load_each(asked, service_id, here.now)).items()}


def _cost(paid: Split, here: Here) -> str:
    """In one sentence, who pays what: 'Costa 25,00 €. Paga il Comune di Tradate: 20,00 €. Paghi tu: 5,00 €.'"""
    _ = here.words.gettext
    parts = [_("Costa %(price)s.", price=money(paid.price_cents, here.language))]
    parts += [
        _("Paga %(payer)s: %(price)s.", payer=payer(line.purse, here), price=money(line.cents, here.language))
        for line in paid.lines
    ]
    own = _("Tu non paghi niente.")
    if paid.own_cents:
        own = _("Paghi tu, quel giorno: %(price)s.", price=money(paid.own_cents, here.language))
    return " ".join([*parts, own])


def proposed(near: Sequence[FreeTime]) -> dict[str, str]:
    """The three questions with these times as answers."""
    times = [time.starts_at.isoformat() for time in near] + [""] * len(WISHES)
    return {f"{name}-orario": time for name, time in zip(WISHES, times, strict=False)}
