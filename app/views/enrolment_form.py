"""What the desk typed about a person, judged field by field."""

from collections.abc import Mapping

from app.domain import code, contact, fiscal_code, identity
from app.domain.contact import Channel
from app.domain.errors import Refusal, WeakPin
from app.domain.person import NewPerson
from app.edge.form import Form
from app.edge.here import Here
from app.i18n import LANGUAGES
from app.views.refusal import sentence

CARD_LENGTH = 10
FIRSTS = ("sms", "call", "email", "none")


def read_person(form: Form, here: Here, towns: Mapping[str, str]) -> NewPerson:
    _note_missing(form)
    born_on = form.day("born_on")
    if born_on and not 0 <= here.now.year - born_on.year <= 120:
        form.note("born_on", form._("Controlla l'anno di nascita."))
    return NewPerson(
        given_name=form.text("given_name", longest=60),
        family_name=form.text("family_name", longest=60),
        born_on=born_on,
        municipality_id=int(form.choice("municipality", towns) or 0),
        fiscal_code=read_fiscal_code(form),
        address=form.text("address", required=False, longest=200),
        language=form.choice("language", LANGUAGES) or "it",
        contacts=_contacts(form),
    )


def read_card(form: Form) -> str:
    """'' asks for a new card, printed on paper; a scanned one may be a whole address."""
    typed = form.text("card", required=False, longest=200)
    found = [each for each in identity.possible_codes(typed) if len(each) == CARD_LENGTH]
    if typed and not found:
        form.note("card", form._("Il codice della tessera ha 10 lettere e numeri. Controlla se ne manca uno."))
    return code.read(found[0]) if found else ""


def read_pin(form: Form) -> str:
    typed = "".join(form.text("pin", longest=20).split())
    again = "".join(form.text("again", longest=20).split())
    if typed and again and typed != again:
        form.note("again", form._("I due PIN sono diversi. Scrivili di nuovo uguali."))
    return typed


def note_refusal(form: Form, refusal: Refusal, here: Here) -> None:
    """Beside its field where it has one."""
    words = here.words
    said = _weakness(refusal, here) if isinstance(refusal, WeakPin) else sentence(refusal, words)
    if refusal.field:
        form.note(refusal.field, said)
    else:
        form.refuse(refusal)


def _weakness(refusal: WeakPin, here: Here) -> str:
    _ = here.words.gettext
    return {
        "length": _("Il PIN ha 6 cifre, solo numeri."),
        "easy": _("È troppo facile, come 123456 o 000000. Scegline un altro."),
        "birth_date": _("È la tua data di nascita: altri la sanno. Scegline un altro."),
    }[str(refusal.arguments["reason"])]


def _note_missing(form: Form) -> None:
    """What to do about each empty answer, in the order of the page."""
    _ = form._
    wanted = {
        "given_name": _("Scrivi il nome."),
        "family_name": _("Scrivi il cognome."),
        "born_on": _("Scrivi la data di nascita, come 24/11/1980."),
        "municipality": _("Scegli il Comune dove abita."),
        "first": _("Scegli come scriviamo per primo."),
    }
    for name, said in wanted.items():
        if not form.value(name).strip():
            form.note(name, said)


def read_fiscal_code(form: Form) -> str:
    typed = form.text("fiscal_code", required=False, longest=80)
    found = fiscal_code.read(typed)
    if typed and not found:
        form.note("fiscal_code", form._("Il codice fiscale non torna. Controlla lettere e numeri, o lascia vuoto."))
    return found


def _contacts(form: Form) -> tuple[tuple[Channel, str], ...]:
    first = form.choice("first", FIRSTS)
    phone, email = form.text("phone", required=False, longest=30), form.text("email", required=False, longest=120)
    if phone and not contact.read_phone(phone):
        form.note("phone", form._("Scrivi un numero come 333 123 4567."))
    if email and not contact.read_email(email):
        form.note("email", form._("Scrivi un'e-mail come nome@posta.it."))
    if first in ("sms", "call") and not phone:
        form.note("phone", form._("Per questo modo serve il telefono."))
    if first == "email" and not email:
        form.note("email", form._("Per questo modo serve l'e-mail."))
    by_phone: tuple[Channel, str] = ("call" if first == "call" else "sms", phone)
    by_email: tuple[Channel, str] = ("email", email)
    ordered = (by_email, by_phone) if first == "email" else (by_phone, by_email)
    return tuple(each for each in ordered if each[1])
