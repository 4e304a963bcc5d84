"""Who looked at a person's data or acted for them: read by the person, in their words."""

from dataclasses import dataclass
from typing import ClassVar

from app import database
from app.database import Piece
from app.domain import household
from app.domain.errors import NotFound
from app.edge.here import Here
from app.views import Kind, Page
from app.views.formatting import clock, day_with_year
from app.views.pagination import Pages, pages

A_PAGE = 20


@dataclass(frozen=True)
class LookLine:
    when: str
    who: str
    what: str
    why: str


@dataclass(frozen=True)
class LooksPage(Page):
    template: ClassVar[str] = "look/show.html"
    kind: ClassVar[Kind] = "personal"
    lines: list[LookLine]
    others: list[tuple[str, str]]
    pages: Pages

    @classmethod
    async def load(cls, here: Here, number: int, of: str = "") -> "LooksPage":
        """`of` is somebody this person acts for; their own looks else. Raises NotFound."""
        mine = await household.who_can_receive(here.person_id, here.now)
        chosen = next((r for r in mine if str(r.person_id) == (of or str(here.person_id))), None)
        if chosen is None:
            raise NotFound()
        _ = here.words.gettext
        title = _("Chi ha guardato i tuoi dati")
        if chosen.relation != "self":
            title = _("Chi ha guardato i dati di %(name)s", name=chosen.given_name)
        others = [(r.given_name, here.url("looks", query={"di": str(r.person_id)})) for r in mine if r != chosen]
        looks = await database.scalar("SELECT count(*) FROM audit a WHERE {}", _of(chosen.person_id))
        at = pages(here, "looks", number, looks, A_PAGE, {"di": of} if of else {})
        return cls(
            title=title,
            lines=await _lines(chosen.person_id, at.number, here),
            others=others,
            pages=at,
        )


def _of(person_id: int) -> Piece:
    return Piece("a.person_id = {} AND a.actor_kind = 'staff'", person_id)


async def _lines(person_id: int, number: int, here: Here) -> list[LookLine]:
    found = await database.rows(
        "SELECT a.at, a.what, a.purpose, w.name, (SELECT min(r.name) FROM role r WHERE r.staff_id = w.id) AS role "
        "FROM audit a JOIN staff w ON w.id = a.actor_id WHERE {} "
        "ORDER BY a.at DESC, a.id DESC LIMIT {} OFFSET {}",
        _of(person_id),
        A_PAGE,
        A_PAGE * (number - 1),
    )
    return [_line(row, here) for row in found]


def _line(row: database.Row, here: Here) -> LookLine:
    local = row["at"].astimezone(here.zone)
    at = here.words.gettext(
        "%(day)s alle %(time)s", day=day_with_year(local.date(), here.language), time=clock(local, here.language)
    )
    return LookLine(at, f"{row['name']}, {role(row['role'] or '', here)}", _what(row["what"], here), _why(row, here))


def role(value: str, here: Here) -> str:
    _ = here.words.gettext
    return {
        "operator": lambda: _("operatore del centro"),
        "coordinator": lambda: _("coordinatore del centro"),
        "desk": lambda: _("sportello"),
        "call_centre": lambda: _("centralino"),
        "welfare_manager": lambda: _("Welfare Manager"),
        "area_manager": lambda: _("responsabile di zona"),
        "funder": lambda: _("chi dà il credito"),
        "social_office": lambda: _("servizi sociali del Comune"),
    }.get(value, lambda: _("personale"))()


def _what(value: str, here: Here) -> str:
    _ = here.words.gettext
    return {
        "person.looked": lambda: _("Ha aperto la scheda"),
        "person.enrolled": lambda: _("Ha fatto l'iscrizione"),
        "booking.booked": lambda: _("Ha prenotato un appuntamento"),
        "booking.cancelled": lambda: _("Ha annullato una prenotazione"),
        "booking.moved": lambda: _("Ha spostato una prenotazione"),
        "booking.arrived": lambda: _("Ha segnato un arrivo"),
        "booking.undone": lambda: _("Ha corretto una presenza"),
        "booking.absent": lambda: _("Ha segnato un'assenza"),
        "booking.accepted": lambda: _("Ha risposto di sì a una richiesta"),
        "booking.refused": lambda: _("Ha risposto di no a una richiesta"),
        "booking.asked": lambda: _("Ha chiesto un servizio"),
        "booking.called_off": lambda: _("Ha segnato che il centro non ha potuto"),
        "contact.changed": lambda: _("Ha cambiato i contatti"),
        "household.joined": lambda: _("Ha segnato l'ingresso in una famiglia"),
        "household.left": lambda: _("Ha segnato l'uscita da una famiglia"),
        "minor.declared": lambda: _("Ha scritto la dichiarazione per un minore"),
        "delegation.granted": lambda: _("Ha scritto una delega"),
        "delegation.revoked": lambda: _("Ha tolto una delega"),
        "card.bound": lambda: _("Ha dato la tessera"),
        "card.reissued": lambda: _("Ha dato una nuova tessera"),
    }.get(value, lambda: _("Ha cambiato qualcosa"))()


def _why(row: database.Row, here: Here) -> str:
    _ = here.words.gettext
    if not row["purpose"]:
        return ""
    return {
        "request": lambda: _("per una richiesta"),
        "booking": lambda: _("per una prenotazione"),
        "call": lambda: _("per una telefonata"),
        "money": lambda: _("per controllare i crediti"),
        "help": lambda: _("per aiutare a scegliere"),
        "arrival": lambda: _("per segnare un arrivo"),
        "credit": lambda: _("per spiegare il credito"),
        "contact": lambda: _("per telefonare o scrivere"),
        "correction": lambda: _("per correggere i dati"),
        "card": lambda: _("per la tessera"),
        "family": lambda: _("per la famiglia e le deleghe"),
        "person_asks": lambda: _("l'hai chiesto tu"),
        "provider_closed": lambda: _("il centro è chiuso"),
        "provider_ill": lambda: _("l'operatore sta male"),
        "transport": lambda: _("il trasporto è saltato"),
    }.get(row["purpose"], lambda: _("per lavoro"))()
