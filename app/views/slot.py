"""Choosing where and when."""

from collections.abc import Callable, Container
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import ClassVar

from app.domain import appointment, offer, slot
from app.domain.errors import NotFound
from app.domain.offer import Offered, OfferPlace
from app.domain.slot import FreeTime
from app.edge.form import Form
from app.edge.here import Here
from app.views import Kind, Page, receiver, units
from app.views.formatting import clock, day
from app.views.receiver import ReceiverChoice

DAYS_SHOWN = 5
TIMES_SHOWN = 14
LOOKED_AT_ONCE = timedelta(days=21)

Address = Callable[[dict[str, str]], str]  # of the same page with these questions in its address


@dataclass(frozen=True)
class PlaceLine:
    name: str
    where: str
    address: str


@dataclass(frozen=True)
class ChoosePlacePage(Page):
    template: ClassVar[str] = "slot/choose_place.html"
    kind: ClassVar[Kind] = "public"
    service: str
    back: str
    places: list[PlaceLine]

    @classmethod
    async def load(cls, here: Here, slug: str) -> "ChoosePlacePage":
        offered = await bookable(here, slug)
        said = await appointment.of(offered.service_id, None, here.language)
        places = [
            PlaceLine(
                p.name, f"{p.address}, {p.municipality}", here.url("choose_slot", slug=slug, query={"luogo": str(p.id)})
            )
            for p in offered.places
        ]
        return cls(here.words.gettext("Dove vuoi andare?"), said.name, here.url("service", slug=slug), places)


@dataclass(frozen=True, slots=True)
class DayOfTimes:
    day: str
    times: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Times:
    """`first` is ticked before anything is chosen; `since` is the first day looked at; addresses are '' at the ends."""

    days: list[DayOfTimes]
    first: str
    since: str
    earlier: str
    more: str

    @classmethod
    async def load(
        cls,
        here: Here,
        service_place: int,
        quantity: int,
        form: Form,
        address: Address,
        *,
        but: Container[datetime] = (),
    ) -> "Times":
        """From the day the form names; `but` leaves out the times somebody has already."""
        since = _first_day(form, here)
        found, later = await _times(service_place, quantity, since, here)
        found = [time for time in found if time.starts_at not in but]
        return cls(
            days=_days(found, here),
            first=found[0].starts_at.isoformat() if found else "",
            since=since.isoformat(),
            earlier=address({}) if since > _today(here) else "",
            more=address({"da": later.isoformat()}) if later else "",
        )


@dataclass(frozen=True)
class ChooseSlotPage(Page):
    """`quantities` is empty where there is nothing to choose; `who` asks for whom, of those who have a choice."""

    template: ClassVar[str] = "slot/choose_slot.html"
    kind: ClassVar[Kind] = "form"
    service: str
    slug: str
    back: str
    place: str
    other_place: str
    service_place: int
    quantity: int
    quantities: list[tuple[str, str]]
    quantity_question: str
    times: Times
    who: ReceiverChoice
    wish: str
    form: Form

    @classmethod
    async def load(cls, here: Here, slug: str, form: Form, known: Offered | None = None) -> "ChooseSlotPage":
        offered = known or await bookable(here, slug)
        place = chosen_place(form, offered)
        said = await appointment.of(offered.service_id, place.id, here.language)
        quantity = wished_quantity(form, offered)
        asked = {"luogo": str(place.id), "quanti": str(quantity), "chi": form.value("chi")}
        asked = {name: value for name, value in asked.items() if value}

        def address(more: dict[str, str]) -> str:
            return here.url("choose_slot", slug=slug, query={**asked, **more})

        times = await Times.load(here, place.id, quantity, form, address)
        on = datetime.fromisoformat(times.first) if times.first else here.now
        return cls(
            title=here.words.gettext("Scegli il giorno e l'ora"),
            service=said.name,
            slug=slug,
            back=here.url("service", slug=slug),
            place=said.where or units.mode(said.mode, here.words),
            other_place=here.url("choose_place", slug=slug) if len(offered.places) > 1 else "",
            service_place=place.id,
            quantity=quantity,
            quantities=units.choices(offered, here.words),
            quantity_question=quantity_question(offered.unit, here),
            times=times,
            who=await receiver.choice(here, offered.service_id, offered.terms, on, back=address({})),
            wish=_wish(here, slug, asked) if times.days else "",
            form=form,
        )


def _wish(here: Here, slug: str, asked: dict[str, str]) -> str:
    """Where a form that waits for the line is filled in: only a phone of somebody's own keeps one."""
    is_own = here.actor.kind == "person" and not here.actor.is_shared
    return here.url("wish", slug=slug, query={name: asked[name] for name in ("luogo", "quanti")}) if is_own else ""


async def bookable(here: Here, slug: str) -> Offered:
    """A service that is booked by time and has somewhere to be booked. Raises NotFound."""
    offered = await offer.by_slug(here.place.id, slug)
    if offered.action != "book" or not offered.places:
        raise NotFound()
    return offered


def chosen_place(form: Form, offered: Offered) -> OfferPlace:
    """Raises NotFound where several places are offered and none of them was chosen."""
    place = offered.place(form.number("luogo"))
    if place is None:
        raise NotFound()
    return place


async def _times(service_place: int, quantity: int, first: date, here: Here) -> tuple[list[FreeTime], date | None]:
    """Times of the next days that have any, and the day to look on from, None where the horizon ends."""
    found: list[FreeTime] = []
    told = await slot.load_offer(service_place)
    horizon = (here.now + timedelta(days=told.horizon_days)).astimezone(here.zone).date()
    while first <= horizon:
        last = min(first + LOOKED_AT_ONCE, horizon)
        found += await slot.free_times(told, first, last, quantity=quantity, now=here.now)
        if cut := _cut(found, here):
            return [t for t in found if _local(t, here) < cut], cut
        first = last + timedelta(days=1)
    return found, None


def _cut(times: list[FreeTime], here: Here) -> date | None:
    """The first day that does not fit on the page any more: whole days, few enough to scroll on a small phone."""
    shown = 0
    for number, (local, group) in enumerate(groupby(times, key=lambda time: _local(time, here))):
        if number >= DAYS_SHOWN or (number and shown >= TIMES_SHOWN):
            return local
        shown += sum(1 for _ in group)
    return None


def _days(times: list[FreeTime], here: Here) -> list[DayOfTimes]:
    return [
        DayOfTimes(day(local, here.language), [_option(time, here) for time in group])
        for local, group in groupby(times, key=lambda t: _local(t, here))
    ]


def _option(time: FreeTime, here: Here) -> tuple[str, str]:
    starts, ends = time.starts_at.astimezone(here.zone), time.ends_at.astimezone(here.zone)
    words = here.words.gettext(
        "dalle %(start)s alle %(end)s", start=clock(starts, here.language), end=clock(ends, here.language)
    )
    return time.starts_at.isoformat(), words


def wished_quantity(form: Form, offered: Offered) -> int:
    typed = form.value("quanti")
    wished = int(typed) if typed.isdecimal() and len(typed) < 4 else offered.min_quantity
    return min(max(wished, offered.min_quantity), offered.max_quantity)


def read_quantity(form: Form, offered: Offered) -> int:
    """Where there is nothing to choose, nothing is asked of the form."""
    if offered.min_quantity == offered.max_quantity:
        return offered.min_quantity
    return form.whole("quanti", least=offered.min_quantity, most=offered.max_quantity)


def quantity_question(unit: str, here: Here) -> str:
    _ = here.words.gettext
    return {
        "hour": _("Per quante ore?"),
        "meal": _("Quanti pasti?"),
        "km": _("Quanti chilometri?"),
        "person": _("Per quante persone?"),
    }.get(unit, _("Quanti incontri?"))


def _first_day(form: Form, here: Here) -> date:
    try:
        return max(date.fromisoformat(form.value("da")), _today(here))
    except ValueError:
        return _today(here)


def _today(here: Here) -> date:
    return here.now.astimezone(here.zone).date()


def _local(time: FreeTime, here: Here) -> date:
    return time.starts_at.astimezone(here.zone).date()


def read_start(form: Form, here: Here) -> datetime | None:
    """The chosen start as it stood in the radio; None, and said so, where nothing readable came."""
    chosen = form.instant("orario")
    if chosen is None:
        form.note("orario", here.words.gettext("Scegli un orario."))
    return chosen
