"""A fund as its funder reads it: accounts that add up to the cent, and where the money went, never to whom."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar, Self

from babel.dates import format_date

from app import database
from app.domain import disclosure, fund, report, seal
from app.domain.fund import FundIdentity
from app.domain.report import OTHERS, Entry, Seal, Sum, TakeUp
from app.edge.here import Here
from app.views import Kind, Page
from app.views.formatting import clock, day_with_year, money, when_near
from app.views.funder import official, period

Row = tuple[str, str, str]
Lines = list[tuple[str, str, str]]


@dataclass(frozen=True)
class FundPage(Page):
    """`held_and_spent` are the totals below both tables; `differs` is '' while the accounts add up."""

    template: ClassVar[str] = "fund/show.html"
    kind: ClassVar[Kind] = "never"
    official: str
    period: str
    true_at: str
    paid_in: str
    parts: Lines
    sum: tuple[str, str, str]
    differs: str
    months: list[Row]
    categories: list[Row]
    held_and_spent: Row
    use: list[tuple[str, str]]
    seal: list[str]
    csv: str
    people: str

    @classmethod
    async def load(cls, here: Here, slug: str) -> Self:
        own = await report.fund_of(slug, actor=here.actor)
        async with database.snapshot(is_long=True):
            accounts, moved = await fund.identity(own.id), await report.entries(own.id, now=here.now)
            sealed, names = await report.last_seal(), await category_names(here)
        _ = here.words.gettext
        names_people = here.actor.holds("social_office", scope_kind="funder", scope_id=own.funder_id)
        return cls(
            title=own.public_name,
            official=official(own, here),
            period=period(own, here),
            true_at=when_near(here.now, here.now, here.zone, here.words),
            paid_in=_money(accounts.budget_cents, here),
            parts=_parts(accounts, here),
            sum=(_("Somma"), _money(accounts.budget_cents - accounts.difference_cents, here), ""),
            differs=_money(accounts.difference_cents, here) if accounts.difference_cents else "",
            months=_rows(
                report.by_month(moved, "held"), report.by_month(moved, "spent"), month_names(moved, here), here
            ),
            categories=_rows(report.by_category(moved, "held"), report.by_category(moved, "spent"), names, here),
            held_and_spent=(_("Totale"), _money(accounts.held_cents, here), _money(accounts.spent_cents, here)),
            use=_use(report.take_up(moved), here),
            seal=_seal(sealed, here),
            csv=here.url("fund_csv", fund=own.slug),
            people=here.url("fund_people", fund=own.slug) if names_people else "",
        )


async def category_names(here: Here) -> dict[str, str]:
    name = "name_en" if here.language == "en" else "name_it"
    found = await database.rows(f"SELECT code, {name} AS name FROM category ORDER BY position, code")
    return {row["code"]: row["name"] for row in found} | {"": here.words.gettext("Senza categoria")}


def month_names(moved: Sequence[Entry], here: Here) -> dict[str, str]:
    """'novembre 2026' for 2026-11."""
    months = {entry.month for entry in moved}
    return {m: format_date(date.fromisoformat(f"{m}-01"), "MMMM y", locale=here.language) for m in sorted(months)}


def _money(cents: int, here: Here) -> str:
    return money(cents, here.language)


def _parts(accounts: FundIdentity, here: Here) -> Lines:
    _ = here.words.gettext
    return [
        (_("Da assegnare"), _money(accounts.uncommitted_cents, here), ""),
        (_("Approvato"), _money(accounts.committed_cents, here), _("Deciso, non ancora dato.")),
        (_("Assegnato e non speso"), _money(accounts.issued_unspent_cents, here), _("Nei borsellini, ancora libero.")),
        (_("Impegnato"), _money(accounts.held_cents, here), _("Tenuto per prenotazioni fatte.")),
        (_("Pagato"), _money(accounts.spent_cents, here), _("Ai centri, tolto quello che è stato restituito.")),
        (_("Restituito"), _money(accounts.returned_cents, here), _("A chi finanzia, dopo la scadenza.")),
    ]


def _rows(held: Sequence[Sum], spent: Sequence[Sum], names: Mapping[str, str], here: Here) -> list[Row]:
    """Labels in the order of `names`, and last what is told as one sum."""
    first, second = ({line.label: line.cents for line in lines} for lines in (held, spent))
    shown = [label for label in names if label in first or label in second]
    others = [OTHERS] if OTHERS in first or OTHERS in second else []
    named = {**names, OTHERS: here.words.gettext("Le voci nascoste, insieme")}
    return [(named[label], _told(first, label, here), _told(second, label, here)) for label in shown + others]


def _told(sums: Mapping[str, int | None], label: str, here: Here) -> str:
    cents = sums.get(label, 0)
    return here.words.gettext("nascosto") if cents is None else _money(cents, here)


def _use(found: TakeUp, here: Here) -> list[tuple[str, str]]:
    _ = here.words.gettext
    given = _counted(found.given_cents, found.given, here)
    if found.never_used is None or found.never_used_cents is None:
        return [(_("Credito dato"), given), (_("Credito mai usato"), _("nascosto"))]
    return [
        (_("Credito dato"), given),
        (_("Credito mai usato"), _counted(found.never_used_cents, found.never_used, here)),
    ]


def _counted(cents: int, people: tuple[int, int], here: Here) -> str:
    return here.words.gettext(
        "%(money)s. Persone o famiglie: %(number)s.", money=_money(cents, here), number=_band(people, here)
    )


def _band(people: tuple[int, int], here: Here) -> str:
    """'da 10 a 19'."""
    _ = here.words.gettext
    least, most = people
    if not least:
        return _("nessuna")
    if least < disclosure.LEAST:
        return _("meno di %(number)s", number=disclosure.LEAST)
    if not most:
        return _("%(number)s o più", number=least)
    return _("da %(least)s a %(most)s", least=least, most=most)


def _seal(found: Seal | None, here: Here) -> list[str]:
    _ = here.words.gettext
    if found is None:
        return [_("Il registro non ha ancora un sigillo.")]
    sealed = _("Ultimo sigillo: %(head)s, %(when)s.", head=seal.short(found.head), when=_when(found.sealed_at, here))
    if found.verified_at is None:
        return [sealed]
    return [_("Registro verificato %(when)s.", when=_when(found.verified_at, here)), sealed]


def _when(at: datetime, here: Here) -> str:
    """'oggi alle 10.12', else with the whole date."""
    local, today = at.astimezone(here.zone), here.now.astimezone(here.zone).date()
    if local.date() == today:
        return when_near(at, here.now, here.zone, here.words)
    day, time = day_with_year(local.date(), here.language), clock(local, here.language)
    return here.words.gettext("%(day)s alle %(time)s", day=day, time=time)
