"""The last page before confirming: the price, who pays which part, and until when it can be undone for free."""

from dataclasses import dataclass
from datetime import timedelta
from typing import ClassVar

from markupsafe import Markup

from app.domain import answer, appointment, checkout, identity, pin
from app.domain.appointment import Appointment
from app.domain.checkout import Checkout
from app.domain.split import LeftOut, Line, Split
from app.domain.split_purse import PurseFacts
from app.edge.form import Form
from app.edge.here import Here
from app.views import Kind, Page, units
from app.views.checkout import Asked, Held
from app.views.formatting import MINUS, as_written, money, until, when
from app.views.refusal import fund_rule

# Left out by a choice or by the others: ticked instead of them, such a credit may pay.
CAN_STILL_PAY = ("not_chosen", "not_needed", "combination")


@dataclass(frozen=True)
class SummaryPage(Page):
    """`shown` is the split's mark: what is confirmed is what was seen."""

    template: ClassVar[str] = "checkout/summary.html"
    kind: ClassVar[Kind] = "form"
    held: Held
    rows: list[tuple[str, str, str]]
    money_lines: list[tuple[str, str, str]]
    own: tuple[str, str]
    change_payment: str
    cancel: str
    approval: str
    shown: str
    needs_pin: bool
    form: Form

    @classmethod
    async def load(cls, here: Here, hold: int, form: Form) -> "SummaryPage":
        return await cls.of(await checkout.load(hold, actor=here.actor, now=here.now), here, form)

    @classmethod
    async def of(cls, standing: Checkout, here: Here, form: Form, asked: Asked | None = None) -> "SummaryPage":
        paid = await checkout.split_of(standing, now=here.now)
        said = await appointment.of(standing.hold.service_id, standing.hold.service_place_id, here.language)
        _ = here.words.gettext
        return cls(
            title=_("Controlla e conferma"),
            held=Held.told(standing, said, here),
            rows=await _rows(standing, said, asked or await Asked.of(standing, here), here),
            money_lines=[(_("Il servizio costa"), money(paid.price_cents, here.language), _how_much(standing, here))]
            + [_line(line, here) for line in paid.lines],
            own=_own(paid, said, here),
            change_payment=here.url("split", hold=standing.hold.id) if paid.lines or paid.left_out else "",
            cancel=_cancel(standing, here),
            approval=_approval(standing, here),
            shown=paid.mark,
            needs_pin=await pin.needed(here.actor, now=here.now, spends_cents=paid.credit_cents),
            form=form,
        )


@dataclass(frozen=True)
class PurseLine:
    """`reason` says why this credit cannot pay; such a line has nothing to tick."""

    value: str
    name: str
    left: str
    reason: str
    is_used: bool


@dataclass(frozen=True)
class SplitPage(Page):
    template: ClassVar[str] = "checkout/split.html"
    kind: ClassVar[Kind] = "form"
    held: Held
    usable: list[PurseLine]
    refused: list[PurseLine]
    back: str
    form: Form

    @classmethod
    async def load(cls, here: Here, hold: int, form: Form) -> "SplitPage":
        standing = await checkout.load(hold, actor=here.actor, now=here.now)
        paid = await checkout.split_of(standing, now=here.now)
        usable = [_used(line, here) for line in paid.lines]
        usable += [_left(out, here) for out in paid.left_out if out.reason in CAN_STILL_PAY]
        refused = [_left(out, here) for out in paid.left_out if out.reason not in CAN_STILL_PAY]
        title = here.words.gettext("Come si paga")
        return cls(title, await Held.of(standing, here), usable, refused, here.url("summary", hold=hold), form)


async def _rows(standing: Checkout, said: Appointment, asked: Asked, here: Here) -> list[tuple[str, str, str]]:
    """What, who, where, when: each with the page that changes it."""
    _ = here.words.gettext
    assert standing.parties is not None
    hold = standing.hold.id
    name = await identity.name_of(standing.parties.receiver)
    who = here.url("for_whom", hold=hold)
    where = said.where or units.mode(said.mode, here.words)
    again = {"luogo": str(standing.hold.service_place_id), "quanti": str(standing.hold.quantity)}
    if here.actor.kind == "person":
        again["chi"] = str(standing.parties.receiver)
    times = here.url("choose_slot", slug=said.slug, query=again)
    rows = [
        (_("Servizio"), f"{said.name}, {said.provider}", ""),
        (_("Per chi"), name, who),
        (_("Quando"), when(standing.hold.starts_at, here.zone, here.words), times),
        (_("Dove"), where, ""),
    ]
    if asked.known:
        rows.append((_("Le tue risposte"), _answers(asked, here), here.url("details", hold=hold)))
    return rows


def _answers(asked: Asked, here: Here) -> str:
    """What was answered, each after its question."""
    _ = here.words.gettext
    said = {"address": _("Indirizzo"), "day_phone": _("Telefono")}
    said |= {line.name: line.wording for line in asked.questions}
    told = {name: answer.told(said[name], text) for name, text in asked.known.items() if text and name in said}
    ours = ("address", "day_phone")
    return Markup("; ").join(text if name in ours else as_written(text, here.language) for name, text in told.items())


def _how_much(standing: Checkout, here: Here) -> str:
    if standing.hold.quantity == 1:
        return ""
    return here.words.gettext(
        "%(quantity)s, %(price)s l'una",
        quantity=units.counted(standing.sold.unit, standing.hold.quantity, here.words),
        price=money(standing.sold.unit_cents, here.language),
    )


def _line(line: Line, here: Here) -> tuple[str, str, str]:
    """Who pays, as in a sentence: 'Paga il Comune di Tradate'."""
    _ = here.words.gettext
    left = _(
        "restano %(money)s, da usare entro il %(day)s",
        money=money(line.left_cents, here.language),
        day=until(line.purse.expires_on, here.now.date(), here.words),
    )
    if not line.left_cents:
        left = _("così lo hai usato tutto")
    return _("Paga %(payer)s", payer=payer(line.purse, here)), f"{MINUS} {money(line.cents, here.language)}", left


def payer(purse: PurseFacts, here: Here) -> str:
    """As in the middle of a sentence: 'il Comune di Tradate'."""
    return (purse.funder_said if here.language == "it" else "") or purse.funder


def _own(paid: Split, said: Appointment, here: Here) -> tuple[str, str]:
    _ = here.words.gettext
    if paid.own_cents == 0:
        return _("Tu non paghi niente"), money(0, here.language)
    words = _("Paghi tu, al centro, quel giorno:") if said.mode == "centre" else _("Paghi tu, quel giorno:")
    return words, money(paid.own_cents, here.language)


def _cancel(standing: Checkout, here: Here) -> str:
    _ = here.words.gettext
    last = standing.hold.starts_at - timedelta(hours=standing.sold.cancel_hours)
    if last <= here.now:
        return _("Da qui non si annulla più. Se non puoi venire, telefona al centro.")
    return _("Annulli gratis. Hai tempo fino a %(when)s.", when=when(last, here.zone, here.words))


def _approval(standing: Checkout, here: Here) -> str:
    if not standing.sold.needs_approval:
        return ""
    return here.words.gettext("Il centro deve dire di sì. Intanto l'orario resta tuo.")


def _used(line: Line, here: Here) -> PurseLine:
    left = here.words.gettext("Hai %(money)s", money=money(line.purse.usable_cents, here.language))
    return PurseLine(str(line.purse.purse_id), line.purse.fund_name, left, "", True)


def _left(out: LeftOut, here: Here) -> PurseLine:
    left = here.words.gettext("Hai %(money)s", money=money(out.purse.usable_cents, here.language))
    return PurseLine(str(out.purse.purse_id), out.purse.fund_name, left, fund_rule(out.reason, here.words), False)
