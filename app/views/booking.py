"""A booking as its people see it: the page, the slip on paper and the calendar file."""

from dataclasses import dataclass
from typing import ClassVar

from markupsafe import Markup

from app import database
from app.domain import appointment, booking, code, identity, purse, reminder, ticket
from app.domain.appointment import Appointment
from app.domain.booking import BookingFacts
from app.domain.delivery import ways
from app.edge.here import Here
from app.views import Kind, Page, delivery, qr, units
from app.views.formatting import as_written, day, money, when
from app.views.push_subscription import offered_key


@dataclass(frozen=True)
class BookingPage(Page):
    """Right after booking and on every later visit."""

    template: ClassVar[str] = "booking/show.html"
    kind: ClassVar[Kind] = "personal"
    is_carried: ClassVar[bool] = True
    code: str
    spaced_code: str
    state: str
    next: str
    rows: list[tuple[str, str]]
    money_lines: list[tuple[str, str]]
    own: tuple[str, str]
    bring: str
    cancel: str
    can_change: bool
    can_move: bool
    has_time: bool
    qr: Markup
    told: list[str]
    example: tuple[str, str]
    push_key: str
    is_open: bool

    @classmethod
    async def load(cls, here: Here, typed: str) -> "BookingPage":
        found = await booking.visible(typed, actor=here.actor, now=here.now)
        said = await appointment.of(found.service_id, found.service_place_id, here.language)
        in_time = found.cancel_until is None or here.now <= found.cancel_until
        told, example = await _told(found, here)
        may_change = found.is_open and in_time and await booking.may_change(found, here.actor, here.now)
        return cls(
            title=_title(found, here),
            code=found.code,
            spaced_code=code.spaced(found.code),
            state=state(found.state, here),
            next=await _next(found, said, here),
            rows=await rows_of(found, said, here),
            money_lines=await money_of(found, here),
            own=own_of(found, said, here),
            bring=as_written(said.bring, here.language, said.language) if found.is_open else "",
            cancel=_cancel(found, said, here),
            can_change=may_change,
            can_move=may_change and found.can_move,
            has_time=found.starts_at is not None and found.is_open,
            qr=ticket_of(found, here),
            told=told,
            example=example,
            push_key=await offered_key(here) if told else "",
            is_open=found.is_open,
        )


@dataclass(frozen=True)
class SlipPage(Page):
    """On paper, for the fridge door: no more than is needed to arrive."""

    template: ClassVar[str] = "booking/slip.html"
    kind: ClassVar[Kind] = "personal"
    code: str
    spaced_code: str
    rows: list[tuple[str, str]]
    own: tuple[str, str]
    bring: str
    cancel: str
    phone: str
    qr: Markup

    @classmethod
    async def load(cls, here: Here, typed: str) -> "SlipPage":
        found = await booking.visible(typed, actor=here.actor, now=here.now)
        said = await appointment.of(found.service_id, found.service_place_id, here.language)
        return cls(
            title=here.words.gettext("Il tuo appuntamento"),
            code=found.code,
            spaced_code=code.spaced(found.code),
            rows=await rows_of(found, said, here),
            own=own_of(found, said, here),
            bring=as_written(said.bring, here.language, said.language),
            cancel=_cancel(found, said, here),
            phone=said.provider_phone,
            qr=ticket_of(found, here),
        )


def ticket_of(found: BookingFacts, here: Here) -> Markup:
    """What a device at the door reads; a request has no day yet, and says its code alone."""
    if found.starts_at is None:
        return qr.drawn(found.code)
    return qr.drawn(ticket.drawn(found.code, found.provider_id, found.starts_at.astimezone(here.zone).date()))


def state(value: str, here: Here) -> str:
    _ = here.words.gettext
    return {
        "requested": lambda: _("Richiesta inviata"),
        "awaiting": lambda: _("Aspetta la risposta del centro"),
        "confirmed": lambda: _("Confermata"),
        "cancelled": lambda: _("Annullata"),
        "refused": lambda: _("Non accettata"),
        "arrived": lambda: _("Fatto"),
        "absent": lambda: _("Assenza"),
    }[value]()


async def rows_of(found: BookingFacts, said: Appointment, here: Here) -> list[tuple[str, str]]:
    _ = here.words.gettext
    rows = [(_("Servizio"), f"{said.name}, {said.provider}"), (_("Per chi"), await identity.name_of(found.receiver_id))]
    if found.starts_at:
        rows.append((_("Quando"), when(found.starts_at, here.zone, here.words)))
    rows.append((_("Dove"), said.where or await _how(found, said, here)))
    if found.quantity > 1:
        rows.append((_("Quanto"), units.counted(said.unit, found.quantity, here.words)))
    if said.directions:
        rows.append((_("Come arrivare"), as_written(said.directions, here.language)))
    if said.accessibility:
        rows.append((_("Accesso"), as_written(said.accessibility, here.language)))
    return rows


async def _how(found: BookingFacts, said: Appointment, here: Here) -> str:
    """How it happens; who books for somebody else reads whose home it is."""
    if said.mode == "home" and here.actor.kind == "person" and here.actor.id != found.receiver_id:
        return here.words.gettext("a casa di %(name)s", name=await identity.name_of(found.receiver_id))
    return units.mode(said.mode, here.words)


async def money_of(found: BookingFacts, here: Here) -> list[tuple[str, str]]:
    """The price, and what each credit holds, has paid or got back for this booking."""
    _ = here.words.gettext
    lines = [(_("Il servizio costa"), money(found.price_cents, here.language))]
    for paid in await purse.of_booking(found.id):
        words = {
            "held": _("Impegnato da %(fund)s", fund=paid.fund_name),
            "posted": _("Pagato da %(fund)s", fund=paid.fund_name),
            "returned": _("Restituito a %(fund)s", fund=paid.fund_name),
        }[paid.state]
        lines.append((words, money(paid.cents, here.language)))
    return lines


def own_of(found: BookingFacts, said: Appointment, here: Here) -> tuple[str, str]:
    _ = here.words.gettext
    if found.own_cents == 0 or found.state in ("cancelled", "refused"):
        return _("Tu non paghi niente"), money(0, here.language)
    words = _("Paghi tu, al centro, quel giorno:") if said.mode == "centre" else _("Paghi tu, quel giorno:")
    return words, money(found.own_cents, here.language)


def _title(found: BookingFacts, here: Here) -> str:
    _ = here.words.gettext
    return {
        "requested": _("La tua richiesta è arrivata"),
        "awaiting": _("Aspettiamo la risposta del centro"),
        "confirmed": _("È prenotato"),
        "cancelled": _("Hai annullato"),
        "refused": _("Il centro non può"),
    }.get(found.state, _("La tua prenotazione"))


async def _next(found: BookingFacts, said: Appointment, here: Here) -> str:
    _ = here.words.gettext
    if found.state == "requested":
        by = await database.scalar("SELECT answer_by FROM booking WHERE id = {}", found.id)
        return _("%(provider)s ti risponde entro %(day)s.", provider=said.provider, day=day(by, here.language))
    if found.state == "awaiting":
        return _("Ti avvisiamo appena il centro risponde. Intanto l'orario resta tuo.")
    if found.state == "confirmed" and said.mode in ("online", "phone"):
        return _("Tieni il codice: serve se telefoni per questo appuntamento.")
    if found.state == "confirmed":
        return _("Quel giorno mostra questa pagina o il foglio. Oppure di' il codice.")
    return ""


def _cancel(found: BookingFacts, said: Appointment, here: Here) -> str:
    _ = here.words.gettext
    if not found.is_open:
        return ""
    until = found.cancel_until
    if until is None:
        return _("Puoi annullare quando vuoi, finché il centro non ha risposto.")
    if here.now <= until:
        return _("Puoi annullare o spostare. C'è tempo fino a %(when)s.", when=when(until, here.zone, here.words))
    return _(
        "È tardi per annullare da qui. Telefona a %(name)s: %(phone)s.", name=said.provider, phone=said.provider_phone
    )


async def _told(found: BookingFacts, here: Here) -> tuple[list[str], tuple[str, str]]:
    """When we will remind, and the next message as it will really arrive, after the words that lead to it."""
    mine = await _reminders(found, here) if found.is_open else []
    reached = await ways(mine[0]["person_id"]) if mine else []
    if not reached:
        return [], ("", "")
    _ = here.words.gettext
    facts = (await delivery.facts([mine[0]["id"]]))[mine[0]["id"]]
    if reached[0].channel == "call":
        said = as_written(" ".join(delivery.call(facts)), here.language, facts.spoken)
        return [_("Ti telefoniamo prima dell'appuntamento.")], (_("Al telefono diciamo così:"), said)
    lines = [_("Ti avvisiamo %(when)s.", when=when(row["due_at"], here.zone, here.words)) for row in mine]
    return lines, (
        _("Il messaggio sarà così:"),
        as_written(delivery.sms(facts, mine[0]["due_at"]), here.language, facts.spoken),
    )


async def _reminders(found: BookingFacts, here: Here) -> list[database.Row]:
    """Those of who looks; a guest's, or those of who is cared for, where that person gets none."""
    due = await database.rows(
        "SELECT id, person_id, due_at FROM message WHERE booking_id = {} AND kind = 'reminder' AND state = 'due' "
        "AND due_at > {} ORDER BY due_at, id",
        found.id,
        here.now,
    )
    viewer = here.actor.id if here.actor.kind == "person" else 0
    chosen = viewer if any(row["person_id"] == viewer for row in due) else due[0]["person_id"] if due else 0
    return await _when_told([row for row in due if row["person_id"] == chosen], chosen, here)


async def _when_told(mine: list[database.Row], person_id: int, here: Here) -> list[database.Row]:
    """Reminders that fall together come with the first of them, of whatever booking."""
    due = await database.rows(
        "SELECT due_at FROM message WHERE person_id = {} AND due_at > {} AND kind = 'reminder' AND state = 'due'",
        person_id,
        here.now,
    )
    # Own ones too: they may have been withdrawn between the two reads.
    told = reminder.told_at(row["due_at"] for row in [*mine, *due])
    return [{**row, "due_at": told[row["due_at"]]} for row in mine]
