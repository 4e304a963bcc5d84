"""Each refusal's sentence: what happened and what to do now."""

from collections.abc import Callable

from app.domain.errors import HasTheTime, Refusal
from app.edge.here import Here
from app.i18n import Words


def sentence(refusal: Refusal, words: Words) -> str:
    """Plain words for a refusal, its arguments filled in; every class of domain/errors.py has one."""
    return SENTENCES[refusal.key](words.gettext) % {k: str(v) for k, v in refusal.arguments.items()}


def leads_to(refusal: Refusal, here: Here) -> tuple[str, str]:
    """What is there already, address and words: the time's first booking, what a form sent twice did; ('', '')."""
    _ = here.words.gettext
    url: Callable[..., str] = here.url
    if isinstance(refusal, HasTheTime):
        name = "desk_booking" if here.actor.kind == "staff" else "booking"
        return url(name, code=refusal.arguments["code"]), _("Guarda la prenotazione")
    verb, result = refusal.arguments.get("verb"), refusal.arguments.get("result")
    if refusal.key != "key_reused" or verb not in OUTCOMES:
        return "", ""
    name, part = OUTCOMES[str(verb)]
    return url(name, **{part: result}), _("Guarda che cosa hai già inviato")


def fund_rule(rule: str, words: Words) -> str:
    """Why a credit cannot pay here."""
    return RULES[rule](words.gettext)


Gettext = Callable[[str], str]

OUTCOMES: dict[str, tuple[str, str]] = {
    **dict.fromkeys(("booking.book", "request.ask", "cancellation.cancel", "move.move"), ("booking", "code")),
    **dict.fromkeys(("slot_hold.hold", "for_whom.hold", "for_whom.choose", "checkout.as_guest"), ("summary", "hold")),
    **dict.fromkeys(("checkout.answer", "checkout.choose_purses"), ("summary", "hold")),
}

SENTENCES: dict[str, Callable[[Gettext], str]] = {
    "not_found": lambda _: _("Questa pagina non c'è."),
    "sign_in_needed": lambda _: _("Per continuare entra con la tua tessera."),
    "too_many_attempts": lambda _: _("Troppi tentativi. Riprova tra %(minutes)s minuti, oppure telefona."),
    "too_many_today": lambda _: _("Per oggi i tentativi sono finiti. Riprova domani, oppure telefona."),
    "too_many_from_here": lambda _: _(
        "Da qui sono arrivati troppi errori, forse di altri. Prova più tardi, oppure telefona."
    ),
    "on_the_list": lambda _: _("Questo numero è già nella lista. Ti chiamiamo noi."),
    "key_reused": lambda _: _("Hai già inviato questa pagina con altre risposte. Controlla e invia di nuovo."),
    "invalid_input": lambda _: _("Una risposta non va bene. Controlla e invia di nuovo."),
    "service_incomplete": lambda _: _("Il servizio non è ancora completo. Manca: %(missing)s."),
    "slot_full": lambda _: _("Questo orario è appena stato preso. Scegline un altro."),
    "slot_not_offered": lambda _: _("Questo orario non è più disponibile. Scegline un altro."),
    "no_time_left": lambda _: _("Nessuno di questi orari è più libero. Al loro posto ci sono i più vicini."),
    "hold_expired": lambda _: _("Il tempo è passato e l'orario non è più tenuto per te. Scegline un altro."),
    "already_booked": lambda _: _("Questo orario è già prenotato."),
    "too_many_holds": lambda _: _("Hai già altri orari in sospeso. Finisci o lascia quelli, poi riprova."),
    "minor_needs_declaration": lambda _: _("È un minore: serve il sì di un genitore o del tutore."),
    "age_not_served": lambda _: _("Questo servizio è per un'altra età."),
    "place_not_served": lambda _: _("Questo servizio non arriva nel tuo Comune."),
    "guest_not_allowed": lambda _: _("Per questo servizio serve la tessera."),
    "too_many_open_bookings": lambda _: _("Con questo telefono ci sono già 2 prenotazioni. Telefona per un'altra."),
    "already_yours": lambda _: _("Hai già prenotato questo orario."),
    "already_theirs": lambda _: _("Questa persona ha già questo orario."),
    "already_closed": lambda _: _("Questa prenotazione è già chiusa."),
    "too_late": lambda _: _("È troppo tardi per farlo da qui. Telefona al centro."),
    "too_soon": lambda _: _("Questa prenotazione non è di oggi. Si segna il giorno dell'appuntamento."),
    "credit_too_small": lambda _: _("Il credito non basta."),
    "split_changed": lambda _: _("Il modo di pagare è cambiato. Guarda i nuovi importi e conferma di nuovo."),
    "fund_refuses": lambda _: _("Con questo credito qui non si può pagare."),
    "hold_resolved": lambda _: _("Questo importo è già pagato o restituito."),
    "over_budget": lambda _: _("Nel fondo non ci sono abbastanza soldi."),
    "wrong_credentials": lambda _: _("Tessera o PIN non corrispondono. Controlla e riprova."),
    "pin_needed": lambda _: _("Scrivi di nuovo il PIN per continuare."),
    "card_revoked": lambda _: _("Questa tessera non vale più. Chiedine una nuova al Social Point."),
    "card_taken": lambda _: _("Questa tessera è già di un'altra persona."),
    "wrong_staff_credentials": lambda _: _("Nome, password o codice non corrispondono. Controlla e riprova."),
    "wrong_booking_code": lambda _: _("Il codice e la risposta non vanno insieme. Controlla e riprova."),
    "weak_pin": lambda _: _("Questo PIN è facile da indovinare. Scegline un altro."),
    "pin_exists": lambda _: _("Il PIN di questa tessera c'è già. Se è perso, serve una tessera nuova."),
    "unknown_card": lambda _: _("Questo codice non è di una nostra tessera. Controlla le lettere."),
    "already_enrolled": lambda _: _("C'è già una persona con questo codice fiscale."),
}

RULES: dict[str, Callable[[Gettext], str]] = {
    "category": lambda _: _("non vale per questo tipo di servizio"),
    "provider": lambda _: _("non vale per questo centro"),
    "provider_kind": lambda _: _("non vale per questo tipo di fornitore"),
    "territory": lambda _: _("non vale in questo territorio"),
    "expired_service_day": lambda _: _("quel giorno sarà scaduto"),
    "expired_booking_day": lambda _: _("è scaduto"),
    "empty": lambda _: _("è finito"),
    "delegate": lambda _: _("la tua delega non permette di spenderlo"),
    "limit": lambda _: _("questo mese hai già speso tutto quel che puoi"),
    "not_chosen": lambda _: _("hai scelto di non usarlo"),
    "not_needed": lambda _: _("non serve: il prezzo è già coperto"),
    "share": lambda _: _("lo stesso fondo paga già la sua parte"),
    "whole_price": lambda _: _("deve pagare tutto il prezzo, e qui non può"),
    "combination": lambda _: _("vale da solo: se lo vuoi usare, togli gli altri"),
}
