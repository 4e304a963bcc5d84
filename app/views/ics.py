"""Calendar files (RFC 5545): a booking keeps its UID, with a higher SEQUENCE after each move or cancel."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from app.domain import appointment, booking, code
from app.domain.errors import NotFound
from app.edge.here import Here
from app.views import units

if TYPE_CHECKING:  # takes long, and a start need not wait for it
    from icalendar import Alarm, Event


async def calendar_file(here: Here, typed: str) -> bytes:
    """One event with its time zone; a home address never stands in it. Raises NotFound where no time is agreed."""
    found = await booking.visible(typed, actor=here.actor, now=here.now)
    if found.starts_at is None or found.ends_at is None:
        raise NotFound()
    said = await appointment.of(found.service_id, found.service_place_id, here.language)
    _ = here.words.gettext
    made = event(f"{found.code}@vicino", found.starts_at, found.ends_at, here)
    made.add("sequence", found.sequence)
    made.add("dtstamp", here.now)
    made.add("status", "CANCELLED" if found.state in ("cancelled", "refused") else "CONFIRMED")
    made.add("summary", said.name)
    made.add("location", said.where or units.mode(said.mode, here.words))
    lines = [
        _("Come: %(mode)s.", mode=units.mode(said.mode, here.words)),
        _("Codice: %(code)s.", code=code.spaced(found.code)),
        _("Se non puoi venire, telefona a %(name)s: %(phone)s.", name=said.provider, phone=said.provider_phone),
    ]
    made.add("description", "\n".join([*lines, said.bring]))
    made.add_component(_alarm(said.name))
    local = found.starts_at.astimezone(here.zone).date()
    return written([made], here, local, local)


def event(uid: str, starts_at: datetime, ends_at: datetime, here: Here) -> "Event":
    """By the wall clock of the territory."""
    from icalendar import Event

    made = Event()
    made.add("uid", uid)
    made.add("dtstart", starts_at.astimezone(here.zone))
    made.add("dtend", ends_at.astimezone(here.zone))
    return made


def written(events: Sequence["Event"], here: Here, first: date, last: date, name: str = "") -> bytes:
    """The file, with the zone of its times from day `first` to `last`; `name` is for a list of calendars."""
    from icalendar import Calendar, Timezone

    made = Calendar()
    made.add("prodid", "-//Vicino//IT")
    made.add("version", "2.0")
    made.add("method", "PUBLISH")
    if name:
        made.add("x-wr-calname", name)
    begins, ends = first.replace(month=1, day=1), last.replace(month=12, day=31)
    made.add_component(Timezone.from_tzid(here.zone.key, first_date=begins, last_date=ends))
    for one in events:
        made.add_component(one)
    return bytes(made.to_ical())


def _alarm(name: str) -> "Alarm":
    from icalendar import Alarm

    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", name)
    alarm.add("trigger", timedelta(hours=-3))
    return alarm
