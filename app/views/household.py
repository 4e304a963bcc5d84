"""A person's family, and who may act for whom."""

from dataclasses import dataclass
from typing import ClassVar, Self

from app.domain import delegation, household, identity, purse
from app.domain.delegation import DelegationFacts
from app.domain.errors import NotFound
from app.domain.household import Receiver
from app.edge.form import Form
from app.edge.here import Here
from app.edge.landing import is_local
from app.tables import agenda
from app.tables.agenda import AgendaLine
from app.views import Kind, Page
from app.views.formatting import day_with_year, money, when_near
from app.views.refusal import sentence


@dataclass(frozen=True)
class DelegateLine:
    """`address` is where the right can be taken back; '' where only a court or the desk can."""

    name: str
    what: str
    until: str
    address: str


@dataclass(frozen=True)
class CaredLine:
    """`bounds` say how much there is to spend, how much may be spent and until when; `upcoming` are (words, address) of
    their next appointments that may be seen from here; `looks` is who looked."""

    name: str
    relation: str
    bounds: str
    declaration: str
    upcoming: list[tuple[str, str]]
    looks: str


@dataclass(frozen=True)
class HouseholdPage(Page):
    template: ClassVar[str] = "household/show.html"
    kind: ClassVar[Kind] = "personal"
    members: list[str]
    delegates: list[DelegateLine]
    cared_for: list[CaredLine]

    @classmethod
    async def load(cls, here: Here) -> Self:
        me = here.person_id
        given = await delegation.given_by(me, here.today)
        names = await identity.names_of(each.delegate_id for each in given)
        held = {each.person_id: each for each in await delegation.held_by(me, here.today)}
        upcoming = await agenda.upcoming(me, now=here.now, today=here.today, language=here.language)
        credit = {person: await _credit(person, here) for person, one in held.items() if _spends(one)}
        return cls(
            title=here.words.gettext("La tua famiglia"),
            members=[each.full_name for each in await household.members(me) if each.person_id != me],
            delegates=[_delegate(each, names.get(each.delegate_id, ""), here) for each in given],
            cared_for=[
                _cared(each, held.get(each.person_id), credit.get(each.person_id, ""), upcoming, here)
                for each in (await household.who_can_receive(me, here.now))[1:]
            ],
        )


@dataclass(frozen=True)
class DelegationPage(Page):
    """Taking back what was given."""

    template: ClassVar[str] = "household/delegation.html"
    kind: ClassVar[Kind] = "form"
    form: Form
    refusal: str
    line: DelegateLine

    @classmethod
    async def load(cls, here: Here, delegation_id: int, form: Form) -> Self:
        given = await delegation.given_by(here.person_id, here.today)
        found = next((each for each in given if each.id == delegation_id and each.kind == "delegate"), None)
        if found is None:
            raise NotFound()
        name = await identity.name_of(found.delegate_id)
        title = here.words.gettext("Togli la delega a %(name)s", name=name)
        refusal = sentence(form.refusal, here.words) if form.refusal else ""
        return cls(title, form, refusal, _delegate(found, name, here))


@dataclass(frozen=True)
class DeclarationPage(Page):
    template: ClassVar[str] = "household/declaration.html"
    kind: ClassVar[Kind] = "form"
    form: Form
    name: str
    action: str
    back: str

    @classmethod
    async def load(cls, here: Here, minor_id: int, form: Form) -> Self:
        asked = await household.who_can_receive(here.person_id, here.now)
        minor = next((r for r in asked if r.person_id == minor_id and r.relation in ("child", "ward")), None)
        if minor is None:
            raise NotFound()
        return cls(
            title=here.words.gettext("La tua dichiarazione per %(name)s", name=minor.given_name),
            form=form,
            name=minor.given_name,
            action=here.url("declaration", person=minor_id),
            back=form.value("poi") if is_local(form.value("poi")) else "",
        )


def relation_name(receiver: Receiver, here: Here) -> str:
    _ = here.words.gettext
    return {
        "self": _("per me"),
        "child": _("figlio o figlia"),
        "ward": _("sei il tutore"),
        "cared_for": _("persona di cui ti occupi"),
        "administered": _("sei amministratore di sostegno"),
    }[receiver.relation]


def _spends(held: DelegationFacts) -> bool:
    """From the person's own credits; a parent pays for a child from their own."""
    return held.may_spend and held.kind != "parent"


async def _credit(person: int, here: Here) -> str:
    """Who may spend it reads how much there is."""
    usable = (await purse.wallet(person, now=here.now)).usable_cents
    return here.words.gettext("Ha %(money)s di credito da usare.", money=money(usable, here.language))


def _cared(
    receiver: Receiver, held: DelegationFacts | None, credit: str, upcoming: list[AgendaLine], here: Here
) -> CaredLine:
    address = here.url("declaration", person=receiver.person_id) if receiver.needs_declaration else ""
    theirs = [line for line in upcoming if line.receiver_id == receiver.person_id]
    return CaredLine(
        name=receiver.given_name,
        relation=relation_name(receiver, here),
        bounds=" ".join(said for said in (credit, _bounds(held, here) if held else "") if said),
        declaration=address,
        upcoming=[_appointment(line, here) for line in theirs[:3]],
        looks=here.url("looks", query={"di": str(receiver.person_id)}),
    )


def _bounds(held: DelegationFacts, here: Here) -> str:
    """How much and until when, as who acts for somebody reads it."""
    _ = here.words.gettext
    said = []
    if held.may_spend and held.monthly_limit_cents is not None:
        limit = money(held.monthly_limit_cents, here.language)
        said.append(_("Con i suoi crediti paghi fino a %(limit)s al mese.", limit=limit))
    if held.until_on:
        said.append(_("Vale fino al %(day)s.", day=day_with_year(held.until_on, here.language)))
    return " ".join(said)


def _appointment(line: AgendaLine, here: Here) -> tuple[str, str]:
    said = when_near(line.starts_at, here.now, here.zone, here.words) if line.starts_at else ""
    return ", ".join(part for part in (line.service, said) if part), here.url("booking", code=line.code)


def _delegate(given: DelegationFacts, name: str, here: Here) -> DelegateLine:
    _ = here.words.gettext
    kind = {
        "delegate": _("Persona di fiducia"),
        "parent": _("Genitore"),
        "guardian": _("Tutore"),
        "administrator": _("Amministratore di sostegno"),
    }[given.kind]
    until = _("fino al %(day)s", day=day_with_year(given.until_on, here.language)) if given.until_on else ""
    address = here.url("delegation", given=given.id) if given.kind == "delegate" else ""
    return DelegateLine(name, f"{kind}: {', '.join(_scopes(given, here))}", until, address)


def _scopes(given: DelegationFacts, here: Here) -> list[str]:
    _ = here.words.gettext
    pays = _("paga con i tuoi crediti")
    if given.monthly_limit_cents is not None:
        limit = money(given.monthly_limit_cents, here.language)
        pays = _("paga con i tuoi crediti, fino a %(limit)s al mese", limit=limit)
    said = ((given.may_see, _("vede le prenotazioni")), (given.may_book, _("prenota")), (given.may_spend, pays))
    return [words for allowed, words in said if allowed]
