"""The wallet in one sentence, then each credit, then every movement."""

from dataclasses import dataclass
from typing import ClassVar

from app.domain import purse
from app.domain.errors import NotFound
from app.domain.purse import Movement, PurseState, Wallet
from app.edge.here import Here
from app.tables import booking as bookings
from app.views import Kind, Page
from app.views.formatting import MINUS, clock, day_with_year, money, until
from app.views.pagination import Pages, pages

A_PAGE = 30


@dataclass(frozen=True)
class PurseLine:
    name: str
    usable: str
    more: str
    expires: str
    address: str


@dataclass(frozen=True)
class WalletPage(Page):
    template: ClassVar[str] = "wallet/show.html"
    kind: ClassVar[Kind] = "personal"
    is_carried: ClassVar[bool] = True
    credit: str
    purses: list[PurseLine]
    true_at: str

    @classmethod
    async def load(cls, here: Here) -> "WalletPage":
        wallet = await purse.wallet(here.person_id, now=here.now)
        at = clock(here.now.astimezone(here.zone), here.language)
        return cls(
            title=here.words.gettext("Il tuo borsellino"),
            credit=in_one_sentence(wallet, here),
            purses=[_purse(each, here) for each in wallet.purses],
            true_at=here.words.gettext("Conto delle %(time)s.", time=at),
        )


@dataclass(frozen=True)
class MovementLine:
    """`cents` has a sign where the credit itself changes: those lines sum up to it. What is only held has none."""

    when: str
    what: str
    cents: str
    booking: str


@dataclass(frozen=True)
class PursePage(Page):
    template: ClassVar[str] = "wallet/purse.html"
    kind: ClassVar[Kind] = "personal"
    line: PurseLine
    movements: list[MovementLine]
    pages: Pages

    @classmethod
    async def load(cls, here: Here, purse_id: int, number: int) -> "PursePage":
        wallet = await purse.wallet(here.person_id, now=here.now)
        mine = next((each for each in wallet.purses if each.purse_id == purse_id), None)
        if mine is None:
            raise NotFound()
        at = pages(here, "purse", number, await purse.count_movements(purse_id), A_PAGE, {}, purse=purse_id)
        moved = await purse.movements(purse_id, after=A_PAGE * (at.number - 1), most=A_PAGE)
        names = await bookings.names_of(
            {m.booking_id for m in moved if m.booking_id},
            viewer=here.person_id,
            language=here.language,
            today=here.now.date(),
        )
        return cls(mine.fund_name, _purse(mine, here), [_movement(m, names, here) for m in moved], at)


def in_one_sentence(wallet: Wallet, here: Here) -> str:
    """'Hai 69,00 €. 36,00 € sono già impegnati. Puoi usare 33,00 €.'"""
    _ = here.words.gettext
    if not wallet.purses:
        return _("Non hai crediti in questo momento.")
    total, usable = money(wallet.total_cents, here.language), money(wallet.usable_cents, here.language)
    if not wallet.held_cents:
        return _("Hai %(total)s. Puoi usarli tutti.", total=total)
    held = money(wallet.held_cents, here.language)
    return _(
        "Hai %(total)s. %(held)s sono già impegnati. Puoi usare %(usable)s.", total=total, held=held, usable=usable
    )


def _purse(each: PurseState, here: Here) -> PurseLine:
    _ = here.words.gettext
    today = here.now.astimezone(here.zone).date()
    day = until(each.expires_on, today, here.words)
    over = each.expires_on < today
    more = _("Già impegnati: %(money)s", money=money(each.held_cents, here.language)) if each.held_cents else ""
    return PurseLine(
        name=each.fund_name,
        usable=money(each.usable_cents, here.language),
        more=more,
        expires=_("Scaduto: %(day)s", day=day) if over else _("Da usare entro: %(day)s", day=day),
        address=here.url("purse", purse=each.purse_id),
    )


def _movement(moved: Movement, names: dict[int, str], here: Here) -> MovementLine:
    return MovementLine(
        when=_when(moved, here),
        what=_what(moved, here),
        cents=_signed(moved.cents, here) if moved.cents else money(abs(moved.held_cents), here.language),
        booking=names.get(moved.booking_id or 0, ""),
    )


def _when(moved: Movement, here: Here) -> str:
    """The day, and what came back of a payment smaller than what was held for it."""
    day = day_with_year(moved.made_at.astimezone(here.zone).date(), here.language)
    if moved.kind != "post" or not moved.returned_cents:
        return day
    returned = money(moved.returned_cents, here.language)
    return here.words.gettext("%(day)s, restituiti %(money)s", day=day, money=returned)


def _what(moved: Movement, here: Here) -> str:
    _ = here.words.gettext
    return {
        "issue": lambda: _("Credito ricevuto"),
        "hold": lambda: _("Impegnato"),
        "post": lambda: _("Pagato"),
        "void": lambda: _("Restituito: non è più impegnato"),
        "refund": lambda: _("Restituito: correzione"),
        "expire": lambda: _("Scaduto"),
        "move": lambda: _("Spostato in un credito che dura di più"),
        "return": lambda: _("Tornato a chi lo ha dato"),
    }.get(moved.kind, lambda: _("Correzione"))()


def _signed(cents: int, here: Here) -> str:
    sign = "+" if cents > 0 else MINUS if cents < 0 else ""
    return f"{sign}{money(abs(cents), here.language)}"
