"""What each message says, for every channel, in the person's language.

A text message may be read by anybody who holds the phone, so it says little; a lock screen even less: no service,
provider or place. Of a confidential service nothing names it anywhere but on the person's own page.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from app import addresses, database, i18n
from app.config import settings
from app.domain.code import spaced
from app.domain.message import Kind
from app.views import environment, formatting, gsm


@dataclass(frozen=True, slots=True)
class Facts:
    """A message and what it tells about, as the database has it; '' and None where there is none."""

    id: int
    kind: Kind
    lead_hours: int
    person_id: int
    language: str
    given_name: str
    code: str
    state: str
    answer_by: date | None
    booked_by: int
    receiver_id: int
    receiver_name: str
    service: str
    is_confidential: bool
    mode: str
    cancel_hours: int
    bring: str
    own: int
    starts_at: datetime | None
    place: str
    place_address: str
    slug: str
    territory: str
    zone: str
    phone: str
    phone_cost: str

    @property
    def spoken(self) -> str:
        return i18n.shipped(self.language)

    @property
    def words(self) -> i18n.Words:
        return i18n.words(self.spoken)


@dataclass(frozen=True, slots=True)
class Told:
    """One message, worded; `unsubscribe` is where a mail program ends what was asked for."""

    language: str
    greeting: str
    subject: str
    lead: str
    details: list[tuple[str, str]]
    todo: list[str]
    address: str
    links: list[tuple[str, str]]
    buttons: list[tuple[str, str]]
    sms: str
    push: dict[str, Any]
    call: list[str]
    is_urgent: bool
    unsubscribe: str = ""
    template: ClassVar[str] = "message/mail.html"

    @property
    def text(self) -> str:
        rows = [f"{name}: {value}" for name, value in self.details]
        links = [f"{words}: {address}" for words, address in self.links]
        parts = [self.greeting, self.lead, "\n".join(rows), "\n".join(self.todo), "\n".join(links)]
        return "\n\n".join(part for part in parts if part) + "\n"

    @property
    def html(self) -> str:
        return environment(self.language).get_template(self.template).render(told=self)


async def facts(message_ids: Iterable[int], language: str = "") -> dict[int, Facts]:
    """What the messages tell, in `language`: that of a page; '' for each person's own."""
    ids = list(message_ids)
    if not ids:
        return {}
    places = ", ".join(["{}"] * len(ids))
    found = await database.rows(f"{_FACTS} WHERE m.id IN ({places})", language, language, *ids)
    return {row["id"]: Facts(**row) for row in found}


def word(found: Facts, now: datetime) -> Told:
    _ = found.words.gettext
    return Told(
        language=found.words.language,
        greeting=_("Ciao %(name)s,", name=found.given_name) if found.given_name else _("Buongiorno,"),
        subject=subject(found),
        lead=lead(found),
        details=details(found, names=not found.is_confidential),
        todo=_todo(found, now),
        address=_address(found),
        links=_links(found, now),
        buttons=[(words, end) for words, end in changes(found, now)] if _leads_to_booking(found) else [],
        sms=sms(found, now),
        push={"title": "Vicino", "body": push_body(found), "lang": found.words.language},
        call=call(found),
        is_urgent=found.kind in ("moved", "cancelled") or 0 < found.lead_hours <= 3,
    )


def subject(found: Facts) -> str:
    """Shown by mail programs on locked screens too: what happened and when, nothing else."""
    _ = found.words.gettext
    day = formatting.day(_local(found).date(), found.words.language) if found.starts_at else ""
    titles = {
        "confirmed": _("Richiesta ricevuta") if _was_asked(found) else _("Prenotazione confermata"),
        "reminder": _("Promemoria"),
        "moved": _("Nuovo orario"),
        "cancelled": _("Appuntamento annullato"),
        "answered": _("C'è una risposta per te"),
        "new_device": _("Un nuovo telefono è entrato"),
        "credit_given": _("Hai un nuovo credito"),
        "credit_expiring": _("Un tuo credito sta per scadere"),
        "place_free": _("Si è liberato un posto"),
        "week_asked": _("Conferma la tua e-mail"),
        "week": _("Il programma della settimana"),
    }
    title = titles[found.kind]
    return f"{title}: {day}" if day and found.kind != "answered" else title


def lead(found: Facts) -> str:
    """The one sentence that counts; for whom, where it is for somebody else."""
    _ = found.words.gettext
    other = found.receiver_name if found.receiver_id not in (0, found.person_id) else ""
    when = when_of(found)
    said = {
        "confirmed": _("Abbiamo la tua richiesta. Aspetta la nostra risposta.")
        if _was_asked(found)
        else _("La prenotazione è confermata."),
        "reminder": _("Ti ricordiamo l'appuntamento di %(when)s.", when=when),
        "moved": _("L'appuntamento ha un nuovo orario: %(when)s.", when=when),
        "cancelled": _("L'appuntamento di %(when)s è annullato.", when=when)
        if when
        else _("La richiesta è annullata."),
        "answered": _("Purtroppo questa volta non si può.") if found.state == "refused" else _("La risposta è sì."),
        "new_device": _("Un nuovo telefono è entrato con la tua tessera. Non sei tu? Chiama subito."),
        "credit_given": _("Hai un nuovo credito. È nel tuo borsellino."),
        "credit_expiring": _("Un tuo credito sta per scadere. Usalo prima che finisca."),
        "place_free": _("Si è liberato un posto. Prenota presto: vale per chi arriva prima."),
        "week_asked": _("Hai chiesto il programma della settimana. Confermalo con un tocco."),
        "week": _("Ecco il programma della settimana."),
    }[found.kind]
    return " ".join([said, _("È per %(name)s.", name=other)]) if other else said


def details(found: Facts, *, names: bool) -> list[tuple[str, str]]:
    """Rows of a mail or page; without `names` they say neither what nor where."""
    _ = found.words.gettext
    if not found.code or found.kind == "cancelled":
        return []
    rows = [
        (_("Quando"), when_of(found)),
        (_("Che cosa"), found.service if names else ""),
        (_("Dove"), where_of(found) if names else ""),
        (_("Da portare"), found.bring if names else ""),
        (_("Paghi tu, al centro"), formatting.money(found.own, found.words.language) if found.own else ""),
        (_("Rispondiamo entro"), _answer_day(found)),
        (_("Codice"), spaced(found.code)),
    ]
    return [row for row in rows if row[1]]


def sms(found: Facts, now: datetime) -> str:
    """160 letters of the plain alphabet where possible: what is least needed goes first."""
    _ = found.words.gettext
    names = not found.is_confidential and found.kind not in ("cancelled", "answered")
    phone = _("Tel. %(phone)s", phone=found.phone)
    short = settings().public_url + of_booking(found, "booking_short") if changes(found, now) else ""
    optional = [
        _("Annulla o sposta: %(link)s", link=short) if short and found.kind == "reminder" else "",
        _("Codice %(code)s", code=spaced(found.code)) if found.code and found.kind == "confirmed" else "",
        found.service if names else "",
        found.place if names and found.mode == "centre" else "",
    ]
    when = when_of(found) if found.kind in ("confirmed", "answered") and found.state == "confirmed" else ""
    return gsm.fitted(f"Vicino: {lead(found)}", [when, *optional], phone)


def push_body(found: Facts) -> str:
    _ = found.words.gettext
    return _("%(subject)s. Tocca per leggere.", subject=subject(found))


def call(found: Facts) -> list[str]:
    """What to say on the telephone, line by line: first who answers, then the rest."""
    _ = found.words.gettext
    named = [value for value in (found.service, where_of(found)) if value] if not found.is_confidential else []
    lines = [
        _(
            "Buongiorno, chiamo da Vicino, %(territory)s. Parlo con %(name)s?",
            territory=found.territory,
            name=found.given_name,
        ),
        " ".join([lead(found), f"{', '.join(named)}."]) if named else lead(found),
    ]
    if found.kind in ("reminder", "moved"):
        lines.append(_("Puoi venire?"))
    return lines


def _was_asked(found: Facts) -> bool:
    """Whether the centre had to answer; what came later (an arrival, a cancellation) does not change what was told."""
    return found.answer_by is not None or found.state in ("requested", "awaiting", "refused")


def _todo(found: Facts, now: datetime) -> list[str]:
    _ = found.words.gettext
    said = []
    if found.starts_at and found.kind in ("confirmed", "reminder", "moved", "answered"):
        until = _free_until(found)
        if until > now:
            said.append(
                _(
                    "Annulli gratis. Hai tempo fino a %(when)s.",
                    when=formatting.when(until, zone_of(found), found.words),
                )
            )
    return [*said, *help_for(found)]


def help_for(found: Facts) -> list[str]:
    _ = found.words.gettext
    phone = found.phone + (f" ({found.phone_cost})" if found.phone_cost else "")
    return [
        _("Hai bisogno di aiuto? Chiama %(phone)s.", phone=phone),
        _("Non ti chiediamo mai il PIN al telefono o per messaggio."),
    ]


def changes(found: Facts, now: datetime) -> list[tuple[str, str]]:
    """What the person may still do with an appointment: the words, and the end of the page's address."""
    _ = found.words.gettext
    is_theirs = found.person_id in (found.booked_by, found.receiver_id)
    is_open = found.state in ("awaiting", "confirmed") and found.starts_at is not None
    if not is_theirs or not is_open or _free_until(found) <= now:
        return []
    return [(_("Annulla"), "/annulla"), (_("Sposta"), "/sposta")]


def _links(found: Facts, now: datetime) -> list[tuple[str, str]]:
    """One tap to what can still be changed; last the person's own page."""
    _ = found.words.gettext
    site, page = settings().public_url, of_booking(found, "booking") if found.code else ""
    mine = own_page(found)
    return [
        *((words, site + page + end) for words, end in changes(found, now)),
        (_("Apri la tua pagina"), site + mine),
    ]


def of_booking(found: Facts, name: str) -> str:
    return addresses.url(name, language=found.words.language, territory=found.slug, code=found.code)


def _leads_to_booking(found: Facts) -> bool:
    return found.kind in ("reminder", "moved") and found.person_id in (found.booked_by, found.receiver_id)


def _address(found: Facts) -> str:
    return of_booking(found, "booking") if _leads_to_booking(found) else own_page(found)


def own_page(found: Facts) -> str:
    language, place = found.words.language, found.slug
    if not place:
        return addresses.url("start", language=language)
    if found.kind in ("credit_given", "credit_expiring"):
        return addresses.url("wallet", language=language, territory=place)
    return addresses.url("messages", language=language, territory=place)


def where_of(found: Facts) -> str:
    _ = found.words.gettext
    at_the_place = ", ".join(part for part in (found.place, found.place_address) if part)
    return {"home": _("a casa"), "online": _("online"), "phone": _("al telefono")}.get(found.mode, at_the_place)


def when_of(found: Facts) -> str:
    return formatting.when(found.starts_at, zone_of(found), found.words) if found.starts_at else ""


def _answer_day(found: Facts) -> str:
    is_open = found.answer_by and found.state in ("requested", "awaiting")
    return formatting.day(found.answer_by, found.words.language) if is_open and found.answer_by else ""


def _free_until(found: Facts) -> datetime:
    assert found.starts_at is not None
    return found.starts_at - timedelta(hours=found.cancel_hours)


def zone_of(found: Facts) -> ZoneInfo:
    return ZoneInfo(found.zone)


def _local(found: Facts) -> datetime:
    assert found.starts_at is not None
    return found.starts_at.astimezone(zone_of(found))


_FACTS = """
SELECT m.id, m.kind, m.lead_hours, m.person_id, coalesce(nullif({}, ''), p.language) AS language,
  coalesce(i.given_name, '') AS given_name,
  coalesce(b.code, '') AS code, coalesce(b.state, '') AS state, b.answer_by,
  coalesce(b.booked_by, 0) AS booked_by, coalesce(b.receiver_id, 0) AS receiver_id,
  coalesce(r.given_name, '') AS receiver_name,
  coalesce(own.name, base.name, '') AS service, coalesce(s.is_confidential, FALSE) AS is_confidential,
  coalesce(s.mode, '') AS mode, coalesce(s.cancel_hours, 0) AS cancel_hours,
  coalesce(own.bring, base.bring, '') AS bring, coalesce(b.own, 0) AS own, sl.starts_at,
  coalesce(pl.name, '') AS place, coalesce(pl.address, '') AS place_address, coalesce(t.slug, '') AS slug,
  coalesce(t.name, '') AS territory, coalesce(t.zone, 'Europe/Rome') AS zone, coalesce(t.phone, '') AS phone,
  coalesce(t.phone_cost, '') AS phone_cost
FROM message m JOIN person p ON p.id = m.person_id LEFT JOIN identity i ON i.person_id = m.person_id
LEFT JOIN booking b ON b.id = m.booking_id LEFT JOIN identity r ON r.person_id = b.receiver_id
LEFT JOIN service s ON s.id = b.service_id
LEFT JOIN service_text own ON own.service_id = s.id AND own.language = coalesce(nullif({}, ''), p.language)
LEFT JOIN service_text base ON base.service_id = s.id AND base.language = 'it'
LEFT JOIN slot sl ON sl.id = b.slot_id LEFT JOIN service_place sp ON sp.id = b.service_place_id
LEFT JOIN place pl ON pl.id = sp.place_id
LEFT JOIN territory t ON t.id = coalesce(b.territory_id,
  (SELECT min(e.territory_id) FROM enrolment e WHERE e.person_id = m.person_id))
"""
