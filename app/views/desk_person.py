"""Somebody's page at the desk: opened for a reason, and they read that it was."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import ClassVar, Self

from app.domain import access, desk, desk_person, identity, purse
from app.domain.desk import Line
from app.domain.desk_person import Near, Told
from app.domain.errors import NotFound
from app.domain.purse import PurseState
from app.edge.here import Here
from app.views import Kind, Page
from app.views.booking import state
from app.views.desk import menu
from app.views.desk_line import Row, row
from app.views.formatting import day, day_with_year, money, phone, until, when

PAST = 10


@dataclass(frozen=True)
class PurposePage(Page):
    """Before looking: why. Nothing about the person stands here."""

    template: ClassVar[str] = "desk_person/purpose.html"
    kind: ClassVar[Kind] = "form"
    menu: list[tuple[str, str]]
    person: int
    purposes: list[tuple[str, str]]

    @classmethod
    async def load(cls, here: Here, person: int) -> Self:
        within = await desk.scope(here.actor, here.place.id)
        if not await access.sees(here.actor, person):
            raise NotFound()
        title = here.words.gettext("Perché apri questa scheda?")
        return cls(title, menu(here, within), person, list(purposes(here).items()))


@dataclass(frozen=True)
class DeskPersonPage(Page):
    """Operators read of their own centre's bookings alone: `facts`, money and family are for the Social Point."""

    template: ClassVar[str] = "desk_person/show.html"
    kind: ClassVar[Kind] = "form"
    menu: list[tuple[str, str]]
    person: int
    why: str
    facts: list[tuple[str, str]]
    bookings: list[tuple[str, Row]]
    past: list[tuple[str, Row]]
    wallet: str
    purses: list[tuple[str, str, str]]
    near: list[str]
    told: str
    may_guide: bool
    may_enrol: bool

    @classmethod
    async def load(cls, here: Here, person: int, purpose: str) -> Self:
        within = await desk.scope(here.actor, here.place.id)
        await desk_person.look(person, purpose, actor=here.actor, now=here.now)
        known = (await identity.facts_of([person])).get(person)
        if known is None:
            raise NotFound()
        lines = await desk.of_person(within, person, language=here.language)
        ended = await desk.past_of(within, person, most=PAST, language=here.language)
        held = await purse.wallet(person, now=here.now) if within.is_whole else None
        told = await desk_person.last_told(person) if within.is_whole else None
        return cls(
            title=known.full_name,
            menu=menu(here, within),
            person=person,
            why=here.words.gettext("Motivo: %(why)s. La persona lo legge.", why=purposes(here)[purpose]),
            facts=await _facts(known, here) if within.is_whole else [],
            bookings=[_dated(one, here) for one in lines],
            past=[_dated(one, here) for one in ended],
            wallet=_wallet(held.total_cents, held.held_cents, held.usable_cents, here) if held else "",
            purses=[_purse(one, here) for one in held.purses] if held else [],
            near=[_near(one, here) for one in await desk_person.near(person, here.now)] if within.is_whole else [],
            told=_told(told, here) if told else "",
            may_guide=within.is_whole,
            may_enrol=here.actor.holds(*access.ENROLLING, scope_kind="territory", scope_id=here.place.id),
        )


def purposes(here: Here) -> dict[str, str]:
    _ = here.words.gettext
    return {
        "booking": _("prenotare o cambiare un appuntamento"),
        "arrival": _("segnare un arrivo"),
        "request": _("rispondere a una richiesta"),
        "credit": _("spiegare il credito"),
        "contact": _("telefonare o scrivere"),
        "correction": _("correggere i dati"),
    }


def _dated(line: Line, here: Here) -> tuple[str, Row]:
    drawn = row(line, here)
    ended = state(line.state, here) if line.state in ("cancelled", "refused") else drawn.state
    return _day(line.starts_at, here) if line.starts_at else "", replace(drawn, state=ended)


def _day(starts_at: datetime, here: Here) -> str:
    on = starts_at.astimezone(here.zone).date()
    return day(on, here.language) if on.year == here.today.year else day_with_year(on, here.language)


async def _facts(known: identity.Facts, here: Here) -> list[tuple[str, str]]:
    _ = here.words.gettext
    phones = await desk_person.phones(known.person_id)
    rows = [
        (_("Data di nascita"), day_with_year(known.born_on, here.language) if known.born_on else ""),
        (_("Comune"), known.municipality),
        (_("Telefono"), ", ".join(phone(number) for number in phones)),
        (_("Tessera"), _("senza tessera") if known.kind == "guest" else ""),
    ]
    return [pair for pair in rows if pair[1]]


def _wallet(total: int, held: int, usable: int, here: Here) -> str:
    if not held:
        return here.words.gettext("Può usare %(usable)s.", usable=money(usable, here.language))
    return here.words.gettext(
        "Ha %(total)s. %(held)s sono già impegnati. Può usare %(usable)s.",
        total=money(total, here.language),
        held=money(held, here.language),
        usable=money(usable, here.language),
    )


def _purse(one: PurseState, here: Here) -> tuple[str, str, str]:
    last = until(one.expires_on, here.today, here.words)
    day = here.words.gettext("da usare entro il %(day)s", day=last)
    return one.fund_name, money(one.usable_cents, here.language), day


def _near(one: Near, here: Here) -> str:
    _ = here.words.gettext
    said = {
        "adult": _("%(name)s, in famiglia", name=one.name),
        "minor": _("%(name)s, in famiglia, minore", name=one.name),
        "delegate": _("%(name)s, persona di fiducia", name=one.name),
        "parent": _("%(name)s, genitore", name=one.name),
        "guardian": _("%(name)s, tutore", name=one.name),
        "administrator": _("%(name)s, amministratore di sostegno", name=one.name),
    }[one.relation]
    if not one.until_on:
        return said
    last = day_with_year(date.fromisoformat(one.until_on), here.language)
    return _("%(who)s, fino al %(day)s", who=said, day=last)


def _told(told: Told, here: Here) -> str:
    _ = here.words.gettext
    states = {
        "sent": _("inviato"),
        "received": _("ricevuto"),
        "failed": _("non riuscito"),
        "to_call": _("da dire al telefono"),
    }
    parts = [when(told.at, here.zone, here.words), states[told.state]]
    if told.outcome in outcomes(here):
        parts.append(outcomes(here)[told.outcome])
    return _("Ultimo avviso: %(parts)s.", parts=", ".join(parts))


def outcomes(here: Here) -> dict[str, str]:
    """What came of a telephone call."""
    _ = here.words.gettext
    return {
        "confirmed": _("ha confermato"),
        "told": _("l'ha saputo"),
        "no_answer": _("non risponde"),
        "wrong_number": _("numero sbagliato"),
        "cannot_come": _("non può venire"),
    }
