"""The day's list as a device at the door carries it: each row sealed by itself, the key on the page alone."""

import base64
import json
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.domain import desk, door, ticket, vault
from app.domain.desk import Line, Scope
from app.edge.headers import etag
from app.edge.here import Here
from app.views.desk_line import durations, row, what


@dataclass(frozen=True, slots=True)
class Device:
    """`key` opens the list, for `lasts` milliseconds from now; `tickets` are the keys of today's tickets."""

    key: str
    lasts: int
    tickets: str


@dataclass(frozen=True, slots=True)
class Sealed:
    """`tag` is the same while the list says the same, although it is sealed anew each time."""

    tag: str
    body: dict[str, object]


def device(within: Scope, here: Here) -> Device:
    midnight = datetime.combine(here.today + timedelta(days=1), datetime.min.time(), here.zone)
    lasts = min(door.LASTS, midnight - here.now)
    tickets = [ticket.key(provider, here.today) for provider in within.providers]
    return Device(_said_in_page(_key(here)), lasts // timedelta(milliseconds=1), " ".join(map(_said_in_page, tickets)))


async def sealed(here: Here) -> Sealed:
    within = await desk.scope(here.actor, here.place.id)
    lines = await desk.day(within, here.today, here.zone, language=here.language)
    said = [json.dumps(_said(line, here), ensure_ascii=False, separators=(",", ":")) for line in lines]
    about, key = f"door:{here.today.isoformat()}", _key(here)
    body: dict[str, object] = {
        "about": f"{here.place.id}:{about}",
        "pledge": door.pledge(here.actor, here.place.id, here.now),
        "records": [vault.encrypt_with(key, here.place.id, about, one) for one in said],
    }
    return Sealed(etag("\n".join([about, key.hex(), *said]).encode()).decode(), body)


def _said(line: Line, here: Here) -> dict[str, object]:
    """What the desk's list shows of it, less what is for its operator alone."""
    drawn = row(line, here)
    is_home = door.needs_departure(line.mode, line.unit)
    return {
        "code": line.code,
        "who": drawn.who,
        "time": drawn.time,
        "at": line.starts_at.isoformat() if line.starts_at else "",
        "what": what(line, here),
        "state": drawn.state,
        "kind": drawn.state_kind,
        "due": drawn.due,
        "open": drawn.can_arrive,
        "lasting": durations(line, here) if is_home else [],
    }


def _said_in_page(key: bytes) -> str:
    return base64.b64encode(key).decode()


def _key(here: Here) -> bytes:
    return door.day_key(here.actor, here.today.isoformat())
