"""A person's family at the desk: who lives there, who acts for whom, and the paper that says so."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Self

from app.domain import access, card, delegation, desk, desk_person, household, identity, municipality
from app.domain.delegation import DelegationFacts, DelegationKind, Scope, Terms
from app.domain.errors import NotFound
from app.edge.form import Form
from app.edge.here import Here
from app.views import Kind, Page
from app.views.desk import menu
from app.views.desk_family_form import CHILD_KINDS, TRUST_KINDS, packed
from app.views.formatting import day_with_year, money
from app.views.refusal import sentence


@dataclass(frozen=True)
class FamilyPage(Page):
    """`given` and `held` are (words, address of the paper); `declare` names the minors without a declaration."""

    template: ClassVar[str] = "desk_family/show.html"
    kind: ClassVar[Kind] = "form"
    menu: list[tuple[str, str]]
    person: int
    members: list[str]
    given: list[tuple[str, str]]
    held: list[tuple[str, str]]
    declare: list[str]

    @classmethod
    async def load(cls, here: Here, person: int) -> Self:
        given, held = await delegation.given_by(person, here.today), await delegation.held_by(person, here.today)
        everybody = {person, *(one.delegate_id for one in given), *(one.person_id for one in held)}
        names = await identity.names_of(everybody)
        lacking = [one for one in await household.who_can_receive(person, here.now) if one.needs_declaration]
        return cls(
            title=here.words.gettext("Famiglia e deleghe di %(name)s", name=names[person]),
            menu=menu(here, await desk.scope(here.actor, here.place.id)) if _has_list(here) else [],
            person=person,
            members=[one.full_name for one in await household.members(person) if one.person_id != person],
            given=[_paper(one, names.get(one.delegate_id, ""), here) for one in given],
            held=[_paper(one, names.get(one.person_id, ""), here, of_giver=True) for one in held],
            declare=[one.given_name for one in lacking],
        )


@dataclass(frozen=True)
class ChildPage(Page):
    template: ClassVar[str] = "desk_family/child.html"
    kind: ClassVar[Kind] = "form"
    form: Form
    person: int
    name: str
    municipalities: list[tuple[str, str]]
    kinds: list[tuple[str, str]]

    @classmethod
    async def load(cls, here: Here, person: int, form: Form, towns: Mapping[str, str] | None = None) -> Self:
        _ = here.words.gettext
        name = await identity.name_of(person)
        found = towns if towns is not None else await municipality.of_territory(here.place.id)
        return cls(
            title=_("Un figlio o una figlia di %(name)s", name=name),
            form=form,
            person=person,
            name=name,
            municipalities=[("", _("Scegli il Comune")), *found.items()],
            kinds=[(one, kind_name(one, here)) for one in CHILD_KINDS],
        )


@dataclass(frozen=True)
class TrustPage(Page):
    template: ClassVar[str] = "desk_family/trust.html"
    kind: ClassVar[Kind] = "form"
    form: Form
    person: int
    kinds: list[tuple[str, str, str]]
    scopes: list[tuple[str, str]]
    today: str

    @classmethod
    async def load(cls, here: Here, person: int, form: Form) -> Self:
        _ = here.words.gettext
        name = await identity.name_of(person)
        hints = {
            "delegate": _("La persona scrive il suo PIN."),
            "administrator": _("Serve il decreto del giudice."),
            "guardian": _("Serve il decreto del giudice."),
        }
        return cls(
            title=_("Chi può agire per %(name)s", name=name),
            form=form,
            person=person,
            kinds=[(one, kind_name(one, here), hints[one]) for one in TRUST_KINDS],
            scopes=[(one, _powers(here, name)[one]) for one in ("see", "book", "spend")],
            today=day_number(here),
        )


@dataclass(frozen=True)
class TrustPinPage(Page):
    """The screen is turned to the person, who reads what they give and types their PIN."""

    template: ClassVar[str] = "desk_family/pin.html"
    kind: ClassVar[Kind] = "form"
    form: Form
    refusal: str
    person: int
    rows: list[tuple[str, str]]
    terms: str
    has_pin: bool
    card_page: str

    @classmethod
    async def load(cls, here: Here, person: int, terms: Terms, form: Form) -> Self:
        if not await access.sees(here.actor, terms.delegate_id) or terms.delegate_id == person:
            raise NotFound()
        names = await identity.names_of([person, terms.delegate_id])
        held = await card.of(person)
        trusted = names[terms.delegate_id]
        return cls(
            title=here.words.gettext("Ti fidi di %(name)s?", name=trusted),
            form=form,
            refusal=sentence(form.refusal, here.words) if form.refusal else "",
            person=person,
            rows=_rows(names[person], trusted, terms, here),
            terms=packed(terms),
            has_pin=held is not None and held.has_pin,
            card_page=here.url("card_sheet" if held else "card_reissue", person=person),
        )


@dataclass(frozen=True)
class DelegationSlipPage(Page):
    """What was written down, to take home; from here it is ended too, while it lasts."""

    template: ClassVar[str] = "desk_family/slip.html"
    kind: ClassVar[Kind] = "form"
    form: Form
    person: int
    given: int
    rows: list[tuple[str, str]]
    is_over: bool
    ends: str
    family: str

    @classmethod
    async def load(cls, here: Here, person: int, given: int, form: Form) -> Self:
        _ = here.words.gettext
        found = await delegation.recorded(given, person)
        one, terms = found.given, _terms(found.given)
        names = await identity.names_of([person, one.delegate_id])
        rows = _rows(names[person], names.get(one.delegate_id, ""), terms, here)
        if found.by:
            rows.append((_("Scritta da"), found.by))
        is_over = found.revoked_at is not None or (one.until_on is not None and one.until_on < here.today)
        return cls(
            title=_("Delega: %(name)s", name=names[person]),
            form=form,
            person=person,
            given=given,
            rows=rows,
            is_over=is_over,
            ends=_ends(one.kind, here),
            family=here.url("desk_family", person=person),
        )


async def look(here: Here, person: int) -> None:
    """Only staff who enrol people here, and the person reads later that they looked."""
    access.require(here.actor, *access.ENROLLING, scope_kind="territory", scope_id=here.place.id)
    await desk_person.look(person, "family", actor=here.actor, now=here.now)


def kind_name(kind: DelegationKind, here: Here) -> str:
    _ = here.words.gettext
    return {
        "delegate": _("Persona di fiducia"),
        "parent": _("Genitore"),
        "guardian": _("Tutore"),
        "administrator": _("Amministratore di sostegno"),
    }[kind]


def day_number(here: Here) -> str:
    """As somebody types it."""
    return f"{here.today:%d/%m/%Y}"


def _has_list(here: Here) -> bool:
    """Administrators enrol people and have no day's list."""
    return here.actor.holds(*desk.TERRITORY_DESKS, scope_kind="territory", scope_id=here.place.id)


def _paper(one: DelegationFacts, name: str, here: Here, *, of_giver: bool = False) -> tuple[str, str]:
    _ = here.words.gettext
    kind = kind_name(one.kind, here)
    words = _("%(kind)s di %(name)s", kind=kind, name=name) if of_giver else f"{name}: {kind.lower()}"
    return words, here.url("desk_delegation", person=one.person_id, given=one.id)


def _powers(here: Here, name: str) -> dict[Scope, str]:
    _ = here.words.gettext
    return {
        "see": _("vedere le prenotazioni"),
        "book": _("prenotare e annullare"),
        "spend": _("pagare con i crediti di %(name)s", name=name),
    }


def _terms(one: DelegationFacts) -> Terms:
    scopes: tuple[Scope, ...] = ("see", "book", "spend")
    allowed = frozenset(scope for scope in scopes if one.allows(scope))
    return Terms(one.delegate_id, one.kind, allowed, one.from_on, one.until_on, one.monthly_limit_cents)


def _rows(giver: str, trusted: str, terms: Terms, here: Here) -> list[tuple[str, str]]:
    _ = here.words.gettext
    powers = [words for scope, words in _powers(here, giver).items() if scope in terms.scopes]
    rows = [
        (_("Per"), giver),
        (kind_name(terms.kind, here), trusted),
        (_("Può"), ", ".join(powers)),
        (_("Dal"), day_with_year(terms.from_on, here.language)),
        (_("Fino al"), day_with_year(terms.until_on, here.language) if terms.until_on else _("senza scadenza")),
    ]
    if terms.monthly_limit_cents is not None:
        rows.insert(3, (_("Al mese, al massimo"), money(terms.monthly_limit_cents, here.language)))
    return rows


def _ends(kind: DelegationKind, here: Here) -> str:
    _ = here.words.gettext
    if kind == "delegate":
        return _("Puoi toglierla quando vuoi, dalla tua pagina o al Social Point.")
    if kind == "parent":
        return _("Finisce da sola a 18 anni.")
    return _("Finisce quando lo decide il giudice.")
