"""Every address of the site: one table, so that a territory may one day have its own host."""

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from urllib.parse import quote, quote_plus

# A name, and its path after the language prefix. {x} is one path segment; {x:int} a number.
PATTERNS: dict[str, str] = {
    "start": "/",
    "healthz": "/healthz",
    "readyz": "/readyz",
    "security": "/.well-known/security.txt",
    "static": "/static/{file:path}",
    "service_worker": "/sw.js",
    "desk_worker": "/sportello.js",
    "manifest": "/{territory}/app.webmanifest",
    "offline": "/senza-rete",
    "outbox": "/da-inviare",
    # finding
    "missing_municipality": "/il-tuo-comune",
    "missing_municipality_done": "/il-tuo-comune/grazie",
    "territory": "/{territory}",
    "catalogue": "/{territory}/servizi",
    "service": "/{territory}/servizi/{slug}",
    "materials": "/{territory}/servizi/{slug}/materiali",
    "material": "/{territory}/servizi/{slug}/materiali/{sheet}",
    "material_file": "/{territory}/servizi/{slug}/materiali/{sheet}/{file}",
    "notify_me": "/{territory}/servizi/{slug}/avvisatemi",
    "notify_me_done": "/{territory}/servizi/{slug}/avvisatemi/fatto",
    "social_points": "/{territory}/social-point",
    "centres": "/{territory}/centri",
    "week": "/{territory}/centri/{place:int}/settimana",
    "week_ics": "/{territory}/centri/{place:int}/settimana/calendario.ics",
    "week_reader": "/{territory}/centri/{place:int}/settimana/e-mail",
    "week_reader_done": "/{territory}/centri/{place:int}/settimana/e-mail/fatto",
    "week_confirmation": "/{territory}/settimana/{mark}/conferma",
    "week_end": "/{territory}/settimana/{mark}/basta",
    "how_it_works": "/{territory}/come-funziona",
    "install": "/{territory}/sul-telefono",
    "kept_services": "/{territory}/tieni-i-servizi",
    "who_sees": "/{territory}/chi-vede-i-tuoi-dati",
    "accessibility": "/{territory}/accessibilita",
    "legal": "/{territory}/note-legali",
    "callback": "/{territory}/chiamatemi",
    "callback_done": "/{territory}/chiamatemi/fatto",
    # booking: one thing a page
    "choose_place": "/{territory}/prenota/{slug}/luogo",
    "choose_slot": "/{territory}/prenota/{slug}",
    "hold": "/{territory}/prenota/{slug}/orario",
    "wish": "/{territory}/prenota/{slug}/tre-orari",
    "hold_extension": "/{territory}/prenotazione-in-corso/{hold:int}/altro-tempo",
    "hold_release": "/{territory}/prenotazione-in-corso/{hold:int}/lascia",
    "for_whom": "/{territory}/prenotazione-in-corso/{hold:int}/per-chi",
    "guest": "/{territory}/prenotazione-in-corso/{hold:int}/senza-tessera",
    "details": "/{territory}/prenotazione-in-corso/{hold:int}/dettagli",
    "summary": "/{territory}/prenotazione-in-corso/{hold:int}/riepilogo",
    "split": "/{territory}/prenotazione-in-corso/{hold:int}/come-si-paga",
    "request": "/{territory}/richiedi/{slug}",
    "booking_code": "/{territory}/codice",
    "booking": "/{territory}/prenotazioni/{code}",
    "booking_short": "/{territory}/p/{code}",
    "booking_ics": "/{territory}/prenotazioni/{code}/calendario.ics",
    "booking_slip": "/{territory}/prenotazioni/{code}/foglio",
    "cancellation": "/{territory}/prenotazioni/{code}/annulla",
    "move": "/{territory}/prenotazioni/{code}/sposta",
    # signing in and out
    "sign_in": "/{territory}/entra",
    "sign_out": "/{territory}/chiudi",
    "leave_phone": "/{territory}/esci-da-questo-telefono",
    "staff_sign_in": "/{territory}/sportello/entra",
    "funder_sign_in": "/finanziatori/entra",
    "funder_sign_out": "/finanziatori/chiudi",
    # the person's own pages
    "me": "/{territory}/io",
    "agenda": "/{territory}/io/appuntamenti",
    "wallet": "/{territory}/io/borsellino",
    "purse": "/{territory}/io/borsellino/{purse:int}",
    "messages": "/{territory}/io/messaggi",
    "looks": "/{territory}/io/chi-ha-guardato",
    "devices": "/{territory}/io/telefoni",
    "contacts": "/{territory}/io/contatti",
    "household": "/{territory}/io/famiglia",
    "delegation": "/{territory}/io/famiglia/deleghe/{given:int}",
    "declaration": "/{territory}/io/famiglia/persone/{person:int}/dichiarazione",
    "calendar": "/{territory}/io/calendario",
    "calendar_feed": "/{territory}/calendario/{secret}/appuntamenti.ics",
    "push_subscription": "/{territory}/io/avvisi",
    "push_receipt": "/avvisi/{reference}",
    "sms_status": "/avvisi/{reference}/sms",
    # desk
    "desk": "/{territory}/sportello",
    "desk_search": "/{territory}/sportello/cerca",
    "desk_booking": "/{territory}/sportello/prenotazioni/{code}",
    "desk_move": "/{territory}/sportello/persone/{person:int}/prenotazioni/{code}/sposta",
    "desk_family": "/{territory}/sportello/persone/{person:int}/famiglia",
    "desk_child": "/{territory}/sportello/persone/{person:int}/famiglia/figlio",
    "desk_trust": "/{territory}/sportello/persone/{person:int}/deleghe/nuova",
    "desk_trust_pin": "/{territory}/sportello/persone/{person:int}/deleghe/pin",
    "desk_delegation": "/{territory}/sportello/persone/{person:int}/deleghe/{given:int}",
    "check_in": "/{territory}/sportello/arrivi",
    "door": "/{territory}/sportello/alla-porta",
    "door_list": "/{territory}/sportello/alla-porta/lista",
    "door_upload": "/{territory}/sportello/alla-porta/invio",
    "door_review": "/{territory}/sportello/da-rivedere",
    "door_decision": "/{territory}/sportello/da-rivedere/{note:int}",
    "to_close": "/{territory}/sportello/da-chiudere",
    "desk_requests": "/{territory}/sportello/richieste",
    "desk_callback": "/{territory}/sportello/richiamate/{callback:int}",
    "desk_person": "/{territory}/sportello/persone/{person:int}",
    "desk_person_services": "/{territory}/sportello/persone/{person:int}/prenota",
    "desk_person_book": "/{territory}/sportello/persone/{person:int}/prenota/{slug}",
    "desk_person_confirm": "/{territory}/sportello/persone/{person:int}/conferma/{hold:int}",
    "walk_in": "/{territory}/sportello/persone/{person:int}/adesso/{slug}",
    "enrolment": "/{territory}/sportello/iscrizione",
    "first_pin": "/{territory}/sportello/persone/{person:int}/pin",
    "card_sheet": "/{territory}/sportello/persone/{person:int}/tessera",
    "card_reissue": "/{territory}/sportello/persone/{person:int}/nuova-tessera",
    "call_list": "/{territory}/sportello/telefonate",
    # funders
    "funder": "/finanziatori",
    "fund": "/finanziatori/{fund}",
    "fund_csv": "/finanziatori/{fund}/movimenti.csv",
    "fund_people": "/finanziatori/{fund}/persone",
    # demo
    "demo": "/prova",
    "demo_story": "/prova/{story}",
    "demo_messages": "/prova/messaggi",
}

RESERVED = frozenset(
    {
        *("static", "healthz", "readyz", ".well-known", "sw.js", "sportello.js", "senza-rete", "da-inviare"),
        *("il-tuo-comune", "finanziatori", "negozi", "prova", "avvisi", "en"),
    }
)


def path(name: str) -> str:
    """The route pattern of `name` in Litestar's notation."""
    segments = PATTERNS[name].split("/")
    return "/".join(_typed(segment) for segment in segments)


def url(name: str, *, language: str = "it", query: dict[str, str] | None = None, **parts: object) -> str:
    """The address of `name` with its parts filled in and quoted; other languages stand under their code."""
    form = _FORMS[name]
    filled = form.text.format_map({part: _quoted(parts[part], safe) for part, safe in form.parts}) or "/"
    prefix = "" if language == "it" else f"/{language}"
    return prefix + filled + (f"?{_asked(query)}" if query else "")


@lru_cache(maxsize=4096)
def of_place(name: str, language: str, slug: str) -> str:
    """An address that names nothing but a territory: it stands on page after page."""
    return url(name, language=language, territory=slug)


def names_territory(name: str) -> bool:
    return _FORMS[name].names_territory


def name_of(path: str) -> str:
    """The name of the address that has this path, without language prefix; '' where none has."""
    found = _shapes(min(path.count("/"), _DEEPEST)).fullmatch(path)
    return (found.lastgroup or "") if found else ""


@cache
def _shapes(depth: int) -> re.Pattern[str]:
    """Of all addresses that may have so many parts; what says more comes first."""
    names = [name for name, pattern in PATTERNS.items() if pattern.count("/") == depth or ":path}" in pattern]
    names.sort(key=lambda name: PATTERNS[name].count("{"))
    return re.compile("|".join(f"(?P<{name}>{_shape(PATTERNS[name])})" for name in names) or "(?!)")


def _shape(pattern: str) -> str:
    return "/".join(
        _SEGMENTS[segment.partition(":")[2]] if segment[:1] == "{" else re.escape(segment)
        for segment in pattern.split("/")
    )


_SEGMENTS = {"": "[^/]+", "int}": "[0-9]+", "path}": ".+"}
_DEEPEST = 1 + max(pattern.count("/") for pattern in PATTERNS.values())


def _typed(segment: str) -> str:
    if segment.startswith("{") and ":" not in segment:
        return segment[:-1] + ":str}"
    return segment


@dataclass(frozen=True, slots=True)
class _Form:
    """An address ready to be filled: `parts` are names with the signs that stay as they are."""

    text: str
    parts: tuple[tuple[str, str], ...]
    names_territory: bool


def _form(pattern: str) -> _Form:
    found = re.findall(r"{(\w+)(?::(\w+))?}", pattern)
    parts = tuple((name, "/" if kind == "path" else "") for name, kind in found)
    return _Form(re.sub(r":\w+}", "}", pattern), parts, "{territory}" in pattern)


_FORMS = {name: _form(pattern) for name, pattern in PATTERNS.items()}


def _quoted(part: object, safe: str) -> str:
    text = str(part)
    return text if _PLAIN(text) else quote(text, safe=safe)


def _asked(query: dict[str, str]) -> str:
    """As a form would send it; names are ours and need no quoting."""
    return "&".join(f"{name}={value if _PLAIN(value) else quote_plus(value)}" for name, value in query.items())


_PLAIN = re.compile(r"[A-Za-z0-9-]*").fullmatch
