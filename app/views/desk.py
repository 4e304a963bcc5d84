"""The day's list: the tool of who works at a centre or a Social Point."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import ClassVar, Self

from app.domain import access, desk
from app.domain.desk import Line, Scope, Waiting
from app.domain.errors import Refusal
from app.domain.identity import Facts
from app.edge.form import Form
from app.edge.here import Here
from app.views import Kind, Page
from app.views.desk_line import Row, in_all, row
from app.views.device_list import Device, device
from app.views.formatting import day, day_with_year
from app.views.refusal import sentence

PAGE = 40
FAR = 100  # years from today that a day's list may be


@dataclass(frozen=True)
class DeskPage(Page):
    """`back` is this very list, where a press leads again; `pages` are (words, address).

    After several presses at once `refusal` says how many were marked, and `refused` who was not, and why.
    """

    template: ClassVar[str] = "desk/show.html"
    kind: ClassVar[Kind] = "form"
    menu: list[tuple[str, str]]
    is_today: bool
    yesterday: str
    today: str
    tomorrow: str
    counts: str
    shared: str
    places: list[tuple[str, str]]
    place: str
    on: str
    rows: list[Row]
    may_press: bool
    several: bool
    back: str
    pages: list[tuple[str, str]]
    number: int
    refusal: str
    refused: list[tuple[str, str]]
    device: Device
    form: Form

    @classmethod
    async def load(
        cls, here: Here, form: Form, refused: Sequence[tuple[Line, Refusal]] = (), *, arrived: int = 0
    ) -> Self:
        within = await desk.scope(here.actor, here.place.id)
        today = here.today
        on, place, place_id = _asked_day(form, today), form.value("luogo"), form.number("luogo")
        expected = await desk.count(within, on, here.zone, place_id=place_id)
        number = _number(form, sum(expected.values()))
        after = (number - 1) * PAGE
        lines = await desk.day(within, on, here.zone, place_id=place_id, language=here.language, after=after, most=PAGE)
        known = await desk.to_know(within, lines, on, here.zone) if on == today else {}
        shared = in_all(lines, here)
        rows = [row(line, here, known.get(line.id, ()), shared) for line in lines]
        return cls(
            title=here.words.gettext("Oggi, %(day)s", day=day(on, here.language)) if on == today else _named(on, here),
            menu=menu(here, within, await desk.waiting(within, here.actor, now=here.now)),
            is_today=on == today,
            yesterday=_address(here, on - timedelta(days=1), place),
            today=_address(here, today, place),
            tomorrow=_address(here, on + timedelta(days=1), place),
            counts=counts(expected, here),
            shared=" · ".join(shared),
            places=await _places(within, here),
            place=place,
            on=on.isoformat(),
            rows=rows,
            may_press=any(one.can_arrive or one.owes or one.can_undo for one in rows),
            several=sum(one.can_arrive for one in rows) > 1,
            back=_address(here, on, place, number),
            pages=_pages(here, on, place, number, sum(expected.values())),
            number=number,
            refusal=_marked(arrived, here) if refused else "",
            refused=[_not_marked(line, refusal, here) for line, refusal in refused],
            device=device(within, here),
            form=form,
        )


@dataclass(frozen=True, slots=True)
class Hit:
    who: str
    more: str
    address: str


@dataclass(frozen=True)
class SearchPage(Page):
    """`hits` are several people; `is_lost` when something was looked for and nobody found."""

    template: ClassVar[str] = "desk/search.html"
    kind: ClassVar[Kind] = "never"
    menu: list[tuple[str, str]]
    hits: list[Hit]
    is_lost: bool
    is_cut: bool
    can_enrol: bool
    form: Form

    @classmethod
    async def load(cls, here: Here, form: Form, hits: list[Hit] | None = None, *, is_cut: bool = False) -> Self:
        within = await desk.scope(here.actor, here.place.id)
        return cls(
            title=here.words.gettext("Cerca una persona o una prenotazione"),
            menu=menu(here, within),
            hits=hits or [],
            is_lost=hits == [],
            is_cut=is_cut,
            can_enrol=can_enrol(here),
            form=form,
        )


def menu(here: Here, within: Scope, waiting: Waiting | None = None) -> list[tuple[str, str]]:
    """The desk's own pages, with how many things wait in each."""
    _ = here.words.gettext
    links = [
        (_("Lista del giorno"), here.url("desk")),
        (_("Da chiudere") + _counted(waiting.to_close if waiting else 0), here.url("to_close")),
        (_("Richieste") + _counted(waiting.requests + waiting.callbacks if waiting else 0), here.url("desk_requests")),
        (_("Da rivedere") + _counted(waiting.notes if waiting else 0), here.url("door_review")),
        (_("Arrivi con il codice"), here.url("door")),
    ]
    if within.is_whole:
        links.append((_("Telefonate"), here.url("call_list")))
    if can_enrol(here):
        links.append((_("Nuova iscrizione"), here.url("enrolment")))
    return links


def can_enrol(here: Here) -> bool:
    return here.actor.holds(*access.ENROLLING, scope_kind="territory", scope_id=here.place.id)


def counts(expected: dict[str, int], here: Here) -> str:
    """'14 attese, 9 arrivate, 1 assente': people expected in all, and how many of them came or did not."""
    ngettext, absent = here.words.ngettext, expected.get("absent", 0)
    said = [
        ngettext("%(num)s attesa", "%(num)s attese", sum(expected.values())),
        ngettext("%(num)s arrivata", "%(num)s arrivate", expected.get("arrived", 0)),
    ]
    return ", ".join([*said, ngettext("%(num)s assente", "%(num)s assenti", absent)] if absent else said)


def _marked(arrived: int, here: Here) -> str:
    if not arrived:
        return here.words.gettext("Nessun arrivo è segnato. Ecco perché:")
    return here.words.ngettext(
        "%(num)s arrivo è segnato. Questi no:", "%(num)s arrivi sono segnati. Questi no:", arrived
    )


def _not_marked(line: Line, refusal: Refusal, here: Here) -> tuple[str, str]:
    return f"{line.who}: {sentence(refusal, here.words)}", here.url("desk_booking", code=line.code)


def _counted(number: int) -> str:
    return f" ({number})" if number else ""


def _asked_day(form: Form, today: date) -> date:
    try:
        asked = date.fromisoformat(form.value("giorno"))
    except ValueError:
        return today
    return asked if abs(asked.year - today.year) < FAR else today


def _named(on: date, here: Here) -> str:
    return day(on, here.language).capitalize()


async def _places(within: Scope, here: Here) -> list[tuple[str, str]]:
    found = await desk.places(within)
    if len(found) < 2:
        return []
    return [("", here.words.gettext("Tutti i posti"))] + [(str(number), name) for number, name in found]


def _number(form: Form, lines: int) -> int:
    return min(max(1, form.number("pagina")), max(1, -(-lines // PAGE)))


def _address(here: Here, on: date, place: str, number: int = 1) -> str:
    today = here.today
    asked = {
        "giorno": on.isoformat() if on != today else "",
        "luogo": place,
        "pagina": str(number) if number > 1 else "",
    }
    return here.url("desk", query={name: value for name, value in asked.items() if value} or None)


def _pages(here: Here, on: date, place: str, number: int, lines: int) -> list[tuple[str, str]]:
    _ = here.words.gettext
    found = []
    if number > 1:
        found.append((_("Nomi prima"), _address(here, on, place, number - 1)))
    if number * PAGE < lines:
        found.append((_("Altri nomi"), _address(here, on, place, number + 1)))
    return found


def hits_of(people: Sequence[Facts], here: Here) -> list[Hit]:
    """Told apart by birth date and municipality."""
    return [
        Hit(
            one.full_name,
            ", ".join(
                part
                for part in (day_with_year(one.born_on, here.language) if one.born_on else "", one.municipality)
                if part
            ),
            here.url("desk_person", person=one.person_id),
        )
        for one in people
    ]
