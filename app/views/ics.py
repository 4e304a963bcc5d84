"""The calendar file of a booking: the same UID and a higher SEQUENCE after each move or cancel (RFC 5545)."""

from datetime import timedelta
from typing import TYPE_CHECKING

from app.domain import appointment, booking, code
from app.domain.errors import NotFound
from app.edge.here import Here
from app.views import units

if TYPE_CHECKING:  # takes long, and a start need not wait for it
    from icalendar import Alarm


async def calendar_file(here: Here, typed: str) -> bytes:
    """One event with its time zone; a home address never stands in it. Raises NotFound where no time is agreed."""
    from icalendar import Calendar, Event, vText

    found = await booking.visible(typed, actor=here.actor, now=here.now)
    if found.starts_at is None or found.ends_at is None:
        raise NotFound()
    said = await appointment.of(found.service_id, found.service_place_id, here.language)
    _ = here.words.gettext
    event = Event()
    event.add("uid", f"{found.code}@vicino")
    event.add("sequence", found.sequence)
    event.add("dtstamp", here.now)
    event.add("dtstart", found.starts_at.astimezone(here.zone))
    event.add("dtend", found.ends_at.astimezone(here.zone))
    event.add("status", "CANCELLED" if found.state in ("cancelled", "refused") else "CONFIRMED")
    event.add("summary", said.name)
    event["location"] = vText(said.where or units.mode(said.mode, here.words))
    lines = [
        _("Come: %(mode)s.", mode=units.mode(said.mode, here.words)),
        _("Codice: %(code)s.", code=code.spaced(found.code)),
        _("Se non puoi venire, telefona a %(name)s: %(phone)s.", name=said.provider, phone=said.provider_phone),
    ]
    event.add("description", "\n".join([*lines, said.bring]))
    event.add_component(_alarm(said.name))
    made = Calendar()
    made.add("prodid", "-//Vicino//IT")
    made.add("version", "2.0")
    made.add("method", "PUBLISH")
    made.add_component(event)
    local = found.starts_at.astimezone(here.zone).date()
    made.add_missing_timezones(first_date=local.replace(month=1, day=1), last_date=local.replace(month=12, day=31))
    return bytes(made.to_ical())


def _alarm(name: str) -> "Alarm":
    from icalendar import Alarm

    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", name)
    alarm.add("trigger", timedelta(hours=-3))
    return alarm
