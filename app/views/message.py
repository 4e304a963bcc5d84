"""What we told you, on which channel, and whether it arrived."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from app import database
from app.domain import call, reminder
from app.domain.call import Coming
from app.domain.delivery import is_rung, ways
from app.domain.errors import NotFound
from app.edge.here import Here
from app.views import Kind, Page, delivery, formatting, push_subscription
from app.views.delivery import Facts
from app.views.pagination import Pages, pages

A_PAGE = 10
SOON = 5


@dataclass(frozen=True)
class MessageLine:
    subject: str
    lead: str
    details: list[tuple[str, str]]
    tries: list[str]
    address: str


@dataclass(frozen=True)
class MessagesPage(Page):
    template: ClassVar[str] = "message/index.html"
    kind: ClassVar[Kind] = "personal"
    upcoming: list[str]
    messages: list[MessageLine]
    push_key: str
    pages: Pages

    @classmethod
    async def load(cls, here: Here, number: int) -> "MessagesPage":
        if here.territory is None:
            raise NotFound()
        person_id = here.person_id
        own = await ways(person_id)
        async with database.snapshot():
            at = pages(here, "messages", number, await _count(here, person_id), A_PAGE, {})
            past = await database.rows(_PAST, person_id, here.now, A_PAGE, A_PAGE * (at.number - 1))
            coming = await call.coming(person_id, is_rung=is_rung(own), now=here.now) if own else []
            shown = coming[:SOON] if at.number == 1 else []
            known = await delivery.facts([row["id"] for row in past] + [one.id for one in shown], here.language)
            tries = await _tries(here, [row["id"] for row in past])
        told_at = {} if is_rung(own) else _told_at(coming)
        return cls(
            title=here.words.gettext("I tuoi messaggi"),
            upcoming=[_coming(known[one.id], told_at.get(one.id), here) for one in shown],
            messages=[_line(known[row["id"]], _state(row, here), tries.get(row["id"], []), here) for row in past],
            push_key=await push_subscription.offered_key(here),
            pages=at,
        )


def read_status(body: bytes) -> str:
    """What the service said of a text, as docs/sms.md has it; '' where it cannot be read."""
    try:
        told = json.loads(body)
    except ValueError:
        return ""
    return str(told.get("status", "")) if isinstance(told, dict) else ""


def channel(name: str, here: Here) -> str:
    _ = here.words.gettext
    names = {
        "push": _("Avviso sul telefono"),
        "email": _("E-mail"),
        "sms": _("SMS"),
        "call": _("Telefonata"),
        "letter": _("Lettera"),
    }
    return names.get(name, name)


def _line(found: Facts, state: str, tries: list[str], here: Here) -> MessageLine:
    _ = here.words.gettext
    without = {
        "to_call": _("Ti telefoniamo noi."),
        "not_called": _("Non ti abbiamo telefonato."),
        "failed": _("Non abbiamo potuto scriverti. Leggi qui."),
    }
    note = without.get(state, "")
    return MessageLine(
        subject=delivery.subject(found),
        lead=delivery.lead(found),
        details=delivery.details(found, names=True),
        tries=[*tries, note] if note else tries,
        address=here.url("booking", territory=found.slug, code=found.code) if found.code else "",
    )


def _state(row: database.Row, here: Here) -> str:
    """A call nobody made in time is no promise any more."""
    return "not_called" if row["state"] == "to_call" and row["useless_after"] <= here.now else str(row["state"])


def _told_at(coming: Sequence[Coming]) -> dict[int, datetime]:
    """Reminders that fall together come with the first of them."""
    told = reminder.told_at(one.due_at for one in coming if one.kind == "reminder")
    return {one.id: told[one.due_at] if one.kind == "reminder" else one.due_at for one in coming}


def _coming(found: Facts, told_at: datetime | None, here: Here) -> str:
    """The moment of a call is not known: somebody makes it."""
    _ = here.words.gettext
    subject = delivery.subject(found)
    if told_at:
        when = formatting.when(told_at, here.zone, here.words)
        return _("%(subject)s. Ti avvisiamo %(when)s.", subject=subject, when=when)
    said = _("Ti telefoniamo prima dell'appuntamento.") if found.kind == "reminder" else _("Ti telefoniamo noi.")
    return f"{subject}. {said}"


async def _count(here: Here, person_id: int) -> int:
    return int(await database.scalar(f"SELECT count(*) {_TOLD}", person_id, here.now))


async def _tries(here: Here, message_ids: list[int]) -> dict[int, list[str]]:
    if not message_ids:
        return {}
    places = ", ".join(["{}"] * len(message_ids))
    found = await database.rows(
        "SELECT message_id, channel, state, detail, tried_at, received_at FROM delivery "
        f"WHERE message_id IN ({places}) ORDER BY id",
        *message_ids,
    )
    tries: dict[int, list[str]] = {}
    for row in found:
        tries.setdefault(row["message_id"], []).append(_try(row, here))
    return tries


def _try(row: database.Row, here: Here) -> str:
    when = formatting.when(row["received_at"] or row["tried_at"], here.zone, here.words)
    state = _outcome(row, here)
    said = here.words.gettext("%(channel)s, %(when)s: %(state)s.")
    return said % {"channel": channel(row["channel"], here), "when": when, "state": state}


def _outcome(row: database.Row, here: Here) -> str:
    _ = here.words.gettext
    if row["channel"] == "call":
        calls = {
            "confirmed": _("hai confermato"),
            "told": _("ti abbiamo avvisato"),
            "cannot_come": _("hai detto che non puoi venire"),
            "no_answer": _("nessuna risposta"),
            "wrong_number": _("il numero non è giusto"),
        }
        return calls.get(row["detail"], _("fatta"))
    if row["channel"] == "push" and row["state"] == "sent":
        return _("inviato, non sappiamo se è arrivato")
    return {
        "sending": _("in partenza"),
        "sent": _("inviato"),
        "received": _("arrivato"),
        "failed": _("non arrivato"),
    }[row["state"]]


_TOLD = """FROM message m WHERE m.person_id = {} AND m.due_at <= {} AND (m.state <> 'cancelled'
  OR EXISTS (SELECT 1 FROM delivery d WHERE d.message_id = m.id))"""
_PAST = (
    f"SELECT m.id, m.state, m.due_at, m.useless_after {_TOLD} ORDER BY m.due_at DESC, m.id DESC LIMIT {{}} OFFSET {{}}"
)
