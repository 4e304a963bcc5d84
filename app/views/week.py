"""The week of a centre: a page, a calendar file, and the same as plain text for a chat or a letter."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import TYPE_CHECKING, ClassVar, Self

from app.config import settings
from app.domain import week
from app.domain.week import Activity, Centre
from app.edge.here import Here
from app.i18n import Words
from app.views import Kind, Page, formatting, ics

if TYPE_CHECKING:  # takes long, and a start need not wait for it
    from icalendar import Event

MOST_SIGNS = 999  # what a chat takes in one message without folding it away
THIS, NEXT = "questa", "prossima"


@dataclass(frozen=True)
class Line:
    """`said` is its name as plain text; `state` is '' while there may be places."""

    hours: str
    said: str
    language: str
    address: str
    state: str


@dataclass(frozen=True)
class Day:
    title: str
    lines: list[Line]


@dataclass(frozen=True)
class CentreLine:
    centre: Centre
    address: str


@dataclass(frozen=True)
class CentresPage(Page):
    template: ClassVar[str] = "week/index.html"
    kind: ClassVar[Kind] = "public"
    lines: list[CentreLine]

    @classmethod
    async def load(cls, here: Here) -> Self:
        found = await week.centres(here.place.id)
        lines = [CentreLine(one, here.url("week", place=one.id)) for one in found]
        return cls(here.words.gettext("Che cosa si fa nei centri"), lines)


@dataclass(frozen=True)
class WeekPage(Page):
    """`text` is what is pasted into a chat; `other` the words and address of the week before or after."""

    template: ClassVar[str] = "week/show.html"
    kind: ClassVar[Kind] = "public"
    asks: ClassVar[frozenset[str]] = frozenset({"settimana"})
    centre: Centre
    period: str
    days: list[Day]
    text: str
    other: tuple[str, str]
    file: str

    @classmethod
    async def load(cls, here: Here, place_id: int, wished: str) -> Self:
        _ = here.words.gettext
        centre = await week.centre(here.place.id, place_id)
        monday, is_next = monday_of(wished, here.today)
        days = await days_of(here, place_id, monday)
        period = said_period(monday, here.words)
        query = {"settimana": THIS if is_next else NEXT}
        words = _("Questa settimana") if is_next else _("La prossima settimana")
        return cls(
            title=_("La settimana a %(centre)s", centre=centre.name),
            centre=centre,
            period=period,
            days=days,
            text=plain(centre, period, days, settings().public_url + here.url("week", place=place_id), here.words),
            other=(words, here.url("week", query=query, place=place_id)),
            file=here.url("week_ics", query={"settimana": NEXT if is_next else THIS}, place=place_id),
        )


def monday_of(wished: str, today: date) -> tuple[date, bool]:
    """The week that is wished, else the one people plan; whether it is the next one."""
    this = today - timedelta(days=today.weekday())
    monday = {THIS: this, NEXT: this + week.WEEK}.get(wished) or week.shown(today)
    return monday, monday != this


async def days_of(here: Here, place_id: int, monday: date) -> list[Day]:
    found = await week.activities(here.place, place_id, monday, language=here.language, now=here.now)
    by_day = groupby(found, key=lambda one: one.starts_at.astimezone(here.zone).date())
    return [Day(formatting.day(day, here.language), [_line(one, here) for one in ones]) for day, ones in by_day]


def said_period(monday: date, words: Words) -> str:
    first, last = (formatting.day(day, words.language) for day in (monday, monday + timedelta(days=6)))
    return words.gettext("Da %(first)s a %(last)s", first=first, last=last)


def plain(centre: Centre, period: str, days: Sequence[Day], address: str, words: Words) -> str:
    """Under a thousand signs whatever the week is like: what does not fit is at the address, which always does."""
    _ = words.gettext
    end = "\n\n" + _("Tutto e prenotazioni: %(address)s", address=address)
    more = "\n" + _("... e altro ancora.")
    told = f"{centre.name}\n{period}"
    if not days:
        return f"{told}\n\n" + _("Non ci sono attività.") + end
    for day in days:
        for number, line in enumerate(day.lines):
            state = f" ({line.state})" if line.state else ""
            added = f"\n\n{_capital(day.title)}" * (not number) + f"\n{line.hours} {line.said}{state}"
            if len(told + added + more + end) > MOST_SIGNS:
                return told + more + end
            told += added
    return told + end


async def calendar_file(here: Here, place_id: int, wished: str) -> bytes:
    """One week; the same activity has the same UID in every file. Raises NotFound."""
    centre = await week.centre(here.place.id, place_id)
    monday, _ = monday_of(wished, here.today)
    found = await week.activities(here.place, place_id, monday, language=here.language, now=here.now)
    events = [_event(one, centre, here) for one in found]
    return ics.written(events, here, monday, monday + week.WEEK, name=centre.name)


def _line(one: Activity, here: Here) -> Line:
    _ = here.words.gettext
    return Line(
        hours=_hours(one.starts_at, one.ends_at, here),
        said=one.name,
        language=one.language,
        address=here.url("service", slug=one.slug),
        state=_("al completo") if one.is_full else "",
    )


def _hours(starts_at: datetime, ends_at: datetime, here: Here) -> str:
    first, last = (formatting.clock(at, here.language, here.zone) for at in (starts_at, ends_at))
    return f"{first}–{last}"


def _capital(said: str) -> str:
    return said[:1].upper() + said[1:]


def _event(one: Activity, centre: Centre, here: Here) -> "Event":
    uid = f"{one.service_place_id}-{one.starts_at:%Y%m%dT%H%M%SZ}@vicino"
    made = ics.event(uid, one.starts_at, one.ends_at, here)
    made.add("dtstamp", here.now)
    made.add("summary", one.name)
    made.add("location", f"{centre.name}, {centre.address}, {centre.municipality}")
    made.add("url", settings().public_url + here.url("service", slug=one.slug))
    made.add("transp", "TRANSPARENT")  # what one might go to takes nobody's time yet
    return made
