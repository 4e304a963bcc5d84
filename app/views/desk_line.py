"""One booking as a row at the desk, and the words that rows share."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from app.domain import check_in
from app.domain.desk import Line
from app.edge.here import Here
from app.views import units
from app.views.formatting import clock, day, money

STEP = 15  # minutes by which an hour's service may end early


@dataclass(frozen=True, slots=True)
class Row:
    """`time` is '' where no time is agreed; `know` is for this day's operator alone."""

    code: str
    time: str
    moment: str
    who: str
    what: str
    know: Sequence[str]
    state: str
    state_kind: str
    due: str
    can_arrive: bool
    can_undo: bool
    owes: bool
    address: str


def row(line: Line, here: Here, know: Sequence[str] = (), shared: Sequence[str] = ()) -> Row:
    """`shared` is what the list says once for all its rows."""
    starts = line.starts_at.astimezone(here.zone) if line.starts_at else None
    return Row(
        code=line.code,
        time=clock(starts, here.language) if starts else "",
        moment=starts.isoformat(timespec="minutes") if starts else "",
        who=line.who,
        what=" · ".join(part for part in _parts(line, here) if part not in shared),
        know=know,
        state=state(line, here),
        state_kind={"arrived": "good", "absent": "bad"}.get(line.state, ""),
        due=due(line, here),
        can_arrive=line.state == "confirmed" and may_be_marked(line, here),
        can_undo=line.state in ("arrived", "absent"),
        owes=line.due_cents > 0,
        address=here.url("desk_booking", code=line.code),
    )


def may_be_marked(line: Line, here: Here) -> bool:
    """From the morning of its day on, and not before the domain takes it."""
    if line.starts_at is None:
        return True
    return _day(line.starts_at, here) <= _day(here.now, here) and not check_in.is_too_soon(line.starts_at, here.now)


def what(line: Line, here: Here) -> str:
    return " · ".join(_parts(line, here))


def in_all(lines: Sequence[Line], here: Here) -> list[str]:
    """The service and the place that several rows have in common."""
    if len(lines) < 2:
        return []
    told = [_parts(line, here) for line in lines]
    return [part for part in told[0] if all(part in parts for parts in told)]


def _parts(line: Line, here: Here) -> list[str]:
    quantity = [measure(line, here)] if line.quantity > 1 else []
    return [line.service, *quantity, line.place or units.mode_for_staff(line.mode, here.words)]


def measure(line: Line, here: Here) -> str:
    """What was booked, and what was really done where that was less."""
    booked = units.counted(line.unit, line.quantity, here.words)
    if line.delivered is None:
        return booked
    return here.words.gettext("fatto %(done)s di %(booked)s", done=delivered(line, here), booked=booked)


def delivered(line: Line, here: Here) -> str:
    assert line.delivered is not None
    if line.unit != "hour":
        return units.counted(line.unit, line.delivered, here.words)
    return lasting(line.delivered, here)


def durations(line: Line, here: Here) -> list[tuple[str, str]]:
    """From all of it downwards."""
    full = line.full_measure
    shorter = range(full - full % STEP if full % STEP else full - STEP, 0, -STEP)
    return [(str(minutes), lasting(minutes, here)) for minutes in (full, *shorter)]


def lasting(minutes: int, here: Here) -> str:
    """'1 h 30'; the same in every language."""
    hours, rest = divmod(minutes, 60)
    return " ".join(part for part in (f"{hours} h" if hours else "", f"{rest} min" if rest else "") if part)


def state(line: Line, here: Here) -> str:
    _ = here.words.gettext
    at = clock(line.marked_at.astimezone(here.zone), here.language) if line.marked_at else ""
    if line.state == "arrived":
        return _("Arrivo alle %(time)s", time=at)
    if line.state == "absent":
        return _("Assenza: %(reason)s", reason=absence(line.reason, here))
    if line.state == "confirmed" and line.marked_at:
        return _("Arrivo annullato alle %(time)s", time=at)
    return ""


def due(line: Line, here: Here) -> str:
    _ = here.words.gettext
    if line.due_cents:
        amount = money(line.due_cents, here.language)
        if line.not_paid:
            return _("Da incassare %(money)s (segnato non pagato)", money=amount)
        return _("Da incassare %(money)s", money=amount)
    if line.paid_cents:
        return _("Incassato %(money)s", money=money(line.paid_cents, here.language))
    if line.state == "confirmed" and line.own_cents:
        return _("Poi da incassare %(money)s", money=money(line.own_cents, here.language))
    return ""


def absence(reason: str, here: Here) -> str:
    _ = here.words.gettext
    return {
        "transport": _("trasporto saltato"),
        "ill": _("sta male"),
        "no_news": _("nessuna notizia"),
        "other": _("altro motivo"),
    }.get(reason, _("altro motivo"))


def on(instant: datetime, here: Here) -> str:
    return day(instant.astimezone(here.zone).date(), here.language)


def _day(instant: datetime, here: Here) -> datetime:
    return instant.astimezone(here.zone).replace(hour=0, minute=0, second=0, microsecond=0)
