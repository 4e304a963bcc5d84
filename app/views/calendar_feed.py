"""The page where a person makes the secret address of their appointments, and the calendar that is found there.

It says what, where, when and whether it stands: never money, and of a confidential service only that there is an
appointment. Every byte of it follows from the bookings, so that a calendar that asks again is told "unchanged".
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, ClassVar, Self

from app.config import settings
from app.domain import calendar_feed
from app.edge.here import Here
from app.tables import agenda
from app.tables.agenda import CalendarLine
from app.views import Kind, Page, formatting, ics, units

if TYPE_CHECKING:  # takes long, and a start need not wait for it
    from icalendar import Event

KEPT = timedelta(days=30)  # after its end an appointment stays so long
STATUS = {"requested": "TENTATIVE", "awaiting": "TENTATIVE", "cancelled": "CANCELLED", "refused": "CANCELLED"}


@dataclass(frozen=True)
class CalendarPage(Page):
    """`address` is shown just after it was made; `made` says since when there is one."""

    template: ClassVar[str] = "calendar_feed/show.html"
    kind: ClassVar[Kind] = "form"
    made: str
    address: str

    @classmethod
    async def load(cls, here: Here, form_key: str) -> Self:
        feed = await calendar_feed.of(here.person_id)
        secret = calendar_feed.secret_of(here.person_id, form_key)
        is_shown = feed is not None and form_key and await calendar_feed.is_new(feed, secret, now=here.now)
        return cls(
            title=here.words.gettext("Gli appuntamenti nel tuo calendario"),
            made=formatting.when(feed.made_at, here.zone, here.words) if feed else "",
            address=settings().public_url + here.url("calendar_feed", secret=secret) if is_shown else "",
        )


async def feed_file(here: Here, secret: str) -> bytes:
    """Raises NotFound for an address that is not, or is no longer, anybody's."""
    feed = await calendar_feed.opened(here.place.id, secret, address=here.address, now=here.now)
    found = await agenda.calendar(feed.person_id, since=here.now - KEPT, today=here.today, language=here.language)
    days = [line.starts_at.astimezone(here.zone).date() for line in found] or [feed.made_at.date()]
    events = [_event(line, feed.person_id, here) for line in found]
    return ics.written(events, here, min(days), max(days), name="Vicino")


def _event(line: CalendarLine, person_id: int, here: Here) -> "Event":
    _ = here.words.gettext
    event = ics.event(f"{line.code}@vicino", line.starts_at, line.ends_at, here)
    event.add("sequence", line.sequence)
    event.add("dtstamp", line.closed_at or line.booked_at)
    event.add("status", STATUS.get(line.state, "CONFIRMED"))
    if line.is_confidential:
        event.add("summary", _("Appuntamento"))
        event.add("class", "PRIVATE")
        return event
    for_other = _("%(service)s (per %(name)s)", service=line.service, name=line.given_name)
    event.add("summary", line.service if line.receiver_id == person_id else for_other)
    event.add("location", line.place or units.mode(line.mode, here.words))
    return event
