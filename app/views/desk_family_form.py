"""What the desk typed about a child or a delegation, judged field by field; and a delegation in an address."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Literal, get_args

from app.domain.delegation import DelegationKind, Scope, Terms, is_minor
from app.domain.errors import NotFound
from app.domain.person import NewPerson
from app.edge.form import Form
from app.edge.here import Here
from app.views import tick
from app.views.enrolment_form import read_fiscal_code

CHILD_KINDS: tuple[Literal["parent", "guardian"], ...] = ("parent", "guardian")
TRUST_KINDS: tuple[DelegationKind, ...] = ("delegate", "administrator", "guardian")
SCOPES: tuple[Scope, ...] = get_args(Scope)
LETTERS: dict[Scope, str] = {"see": "s", "book": "b", "spend": "p"}


def read_child(form: Form, here: Here, towns: Mapping[str, str]) -> NewPerson:
    tick.declared(form)
    tick.saw_document(form)
    born_on = form.day("child_born_on")
    if born_on and not (is_minor(born_on, here.today) and born_on <= here.today):
        form.note("child_born_on", form._("Qui si aggiunge chi ha meno di 18 anni. Controlla la data."))
    return NewPerson(
        given_name=form.text("given_name", longest=60),
        family_name=form.text("family_name", longest=60),
        born_on=born_on,
        municipality_id=int(form.choice("municipality", towns) or 0),
        fiscal_code=read_fiscal_code(form),
    )


def read_kind(form: Form) -> Literal["parent", "guardian"]:
    chosen = form.choice("tipo", CHILD_KINDS)
    return "guardian" if chosen == "guardian" else "parent"


def read_terms(form: Form, here: Here, trusted: int, person: int) -> Terms:
    """`trusted` is who was found for what was typed, 0 for nobody."""
    if form.value("trusted").strip() and trusted in (0, person):
        form.note("trusted", form._("Non troviamo questa persona. Serve la sua tessera o il suo codice fiscale."))
    tick.saw_document(form)
    scopes = form.choices("cosa", SCOPES)
    if not scopes:
        form.note("cosa", form._("Scegli che cosa può fare."))
    limit = form.cents("limite") if form.value("limite").strip() else None
    if limit is not None and "spend" not in scopes:
        form.note("limite", form._("Il limite vale se può pagare: scegli anche questo, o lascia vuoto."))
    from_on, until_on = form.day("dal", required=False) or here.today, form.day("al", required=False)
    if until_on and until_on < max(from_on, here.today):
        form.note("al", form._("L'ultimo giorno viene prima del primo, o è già passato."))
    kind: DelegationKind = next((one for one in TRUST_KINDS if one == form.choice("tipo", TRUST_KINDS)), "delegate")
    return Terms(trusted, kind, frozenset(one for one in SCOPES if one in scopes), from_on, until_on, limit)


def packed(terms: Terms) -> str:
    """What a person gives of their own, as one word in an address: keys and numbers, read by `terms_of`."""
    scopes = "".join(LETTERS[one] for one in SCOPES if one in terms.scopes)
    limit = "" if terms.monthly_limit_cents is None else str(terms.monthly_limit_cents)
    until = f"{terms.until_on:%Y%m%d}" if terms.until_on else ""
    return ".".join((str(terms.delegate_id), scopes, limit, f"{terms.from_on:%Y%m%d}", until))


def terms_of(form: Form) -> Terms:
    """What `packed` wrote. Raises NotFound for anything else."""
    found = _PACKED.fullmatch(form.value("delega"))
    if found is None:
        raise NotFound()
    delegate, letters, limit, from_on, until_on = found.groups()
    scopes = frozenset(one for one in SCOPES if LETTERS[one] in letters)
    return Terms(
        int(delegate),
        "delegate",
        scopes,
        _day(from_on),
        _day(until_on) if until_on else None,
        int(limit) if limit else None,
    )


_PACKED = re.compile(r"(\d{1,18})\.((?=[sbp])s?b?p?)\.(\d{0,9})\.(\d{8})\.(\d{8})?", re.ASCII)


def _day(typed: str) -> date:
    try:
        return date.fromisoformat(typed)
    except ValueError:
        raise NotFound() from None
