"""One booking as staff see it: what is known, what moved, and every decision they may take."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Self

from app.domain import booking, check_in, code, desk, purse, request, waiting
from app.domain.desk import Line, Scope
from app.domain.split import Split
from app.edge.form import Form
from app.edge.here import Here
from app.edge.press import FOR_THE_PERSON
from app.views import Kind, Page, units
from app.views.booking import state
from app.views.desk import menu
from app.views.desk_line import Row, absence, durations, may_be_marked, measure, row
from app.views.formatting import MINUS, day, money, when


@dataclass(frozen=True)
class DeskBookingPage(Page):
    """Choices are empty where that decision is not to take; `shown` is the mark of what an accepted request engages."""

    template: ClassVar[str] = "desk_booking/show.html"
    kind: ClassVar[Kind] = "form"
    menu: list[tuple[str, str]]
    row: Row
    spaced_code: str
    rows: list[tuple[str, str, str, str]]
    know: list[str]
    money_lines: list[tuple[str, str]]
    own: tuple[str, str]
    arrived: str
    durations: list[tuple[str, str]]
    quantity: str
    absences: list[tuple[str, str]]
    call_offs: list[tuple[str, str]]
    cancels: list[tuple[str, str]]
    may_answer: bool
    if_accepted: str
    shown: str
    move: str
    day_list: str
    form: Form

    @classmethod
    async def load(cls, here: Here, typed: str, form: Form) -> Self:
        within = await desk.scope(here.actor, here.place.id)
        line = await desk.line(within, typed, here.language)
        today = here.today
        known = await desk.to_know(within, [line], today, here.zone)
        paid = await _would_pay(line, here)
        may_close = line.state == "confirmed" and may_be_marked(line, here)
        return cls(
            title=line.who,
            menu=menu(here, within),
            row=row(line, here),
            spaced_code=code.spaced(line.code),
            rows=await _rows(line, within, here),
            know=known.get(line.id, []),
            money_lines=await _money(line, here),
            own=(here.words.gettext("Paga la persona"), money(line.own_cents, here.language)),
            arrived=here.words.gettext("È venuto") if _is_over(line, here) else here.words.gettext("È qui"),
            durations=durations(line, here) if may_close and line.unit == "hour" else [],
            quantity=str(line.quantity) if may_close and line.unit != "hour" and line.quantity > 1 else "",
            absences=[(each, absence(each, here)) for each in check_in.ABSENCES] if may_close else [],
            call_offs=_call_offs(here) if line.state == "confirmed" else [],
            cancels=_cancels(here) if line.state == "confirmed" and not _is_over(line, here) else [],
            may_answer=line.state in ("requested", "awaiting"),
            if_accepted=_if_accepted(paid, here) if paid else "",
            shown=paid.mark if paid else "",
            move=_move(line, here),
            day_list=_day_list(line, here),
            form=form,
        )


async def _would_pay(line: Line, here: Here) -> Split | None:
    """A request engages credit only when it is accepted."""
    if line.state != "requested":
        return None
    return await request.would_pay(await booking.by_id(line.id), now=here.now)


async def _rows(line: Line, within: Scope, here: Here) -> list[tuple[str, str, str, str]]:
    _ = here.words.gettext
    person = here.url("desk_person", person=line.receiver_id)
    rows = [
        (_("Per chi"), line.who, person, _("Apri la scheda")),
        (_("Servizio"), line.service, "", ""),
        (_("Dove"), line.place or units.mode_for_staff(line.mode, here.words), "", ""),
        (_("Stato"), state(line.state, here), "", ""),
    ]
    if line.starts_at:
        rows.insert(1, (_("Quando"), when(line.starts_at, here.zone, here.words), "", ""))
    if line.quantity > 1 or line.delivered is not None:
        rows.append((_("Quanto"), measure(line, here), "", ""))
    if line.answer_by and line.state in ("requested", "awaiting"):
        rows.append((_("Risposta promessa entro"), day(line.answer_by, here.language), "", ""))
    if waits := await waiting.count(line.service_id):
        said = here.words.ngettext("%(num)s persona aspetta un posto", "%(num)s persone aspettano un posto", waits)
        rows.append((_("In attesa"), said, "", ""))
    return rows


async def _money(line: Line, here: Here) -> list[tuple[str, str]]:
    """To the cent as it moved: what each credit holds, has paid, got back."""
    _ = here.words.gettext
    lines = [(_("Il servizio costa"), money(line.price_cents, here.language))]
    for part in await purse.of_booking(line.id):
        words = {
            "held": _("Impegnato da %(fund)s", fund=part.fund_name),
            "posted": _("Pagato da %(fund)s", fund=part.fund_name),
            "returned": _("Restituito a %(fund)s", fund=part.fund_name),
        }[part.state]
        lines.append(
            (
                words,
                f"{MINUS} {money(part.cents, here.language)}"
                if part.state != "returned"
                else money(part.cents, here.language),
            )
        )
    return lines


def _call_offs(here: Here) -> list[tuple[str, str]]:
    _ = here.words.gettext
    words = {
        "provider_closed": _("il centro è chiuso"),
        "provider_ill": _("l'operatore sta male"),
        "transport": _("il trasporto è saltato"),
    }
    return [(reason, words[reason]) for reason in check_in.CALLED_OFF]


def _cancels(here: Here) -> list[tuple[str, str]]:
    _ = here.words.gettext
    words = {
        "changed_mind": _("ha cambiato idea"),
        "ill": _("sta male"),
        "transport": _("non ha come arrivare"),
        "other_day": _("preferisce un altro giorno"),
    }
    return [(reason, words[reason]) for reason in FOR_THE_PERSON]


def _if_accepted(paid: Split, here: Here) -> str:
    _ = here.words.gettext
    parts = [
        _("%(fund)s paga %(money)s", fund=line.purse.fund_name, money=money(line.cents, here.language))
        for line in paid.lines
    ]
    own = _("la persona paga %(money)s", money=money(paid.own_cents, here.language))
    return _("Se accetti: %(parts)s.", parts=", ".join([*parts, own]))


def _is_over(line: Line, here: Here) -> bool:
    return line.ends_at is not None and line.ends_at <= here.now


def _move(line: Line, here: Here) -> str:
    """Where an open booking gets another time; '' for what is over, has none, or is given no more."""
    is_open = line.state in ("requested", "awaiting", "confirmed") and not _is_over(line, here)
    if not is_open or line.starts_at is None or not line.is_published:
        return ""
    return here.url("desk_move", person=line.receiver_id, code=line.code)


def _day_list(line: Line, here: Here) -> str:
    at: datetime = line.starts_at or here.now
    local = at.astimezone(here.zone).date()
    is_today = local == here.today
    return here.url("desk", query=None if is_today else {"giorno": local.isoformat()})
