"""Quantities as people say them: 2 ore, 5 pasti, 12 km."""

from app.domain.offer import Offered
from app.i18n import Words


def counted(unit: str, quantity: int, words: Words) -> str:
    n = words.ngettext
    return {
        "hour": lambda: n("%(num)s ora", "%(num)s ore", quantity),
        "meal": lambda: n("%(num)s pasto", "%(num)s pasti", quantity),
        "km": lambda: n("%(num)s chilometro", "%(num)s chilometri", quantity),
        "person": lambda: n("%(num)s persona", "%(num)s persone", quantity),
        "visit": lambda: n("%(num)s incontro", "%(num)s incontri", quantity),
    }[unit]()


def choices(offered: Offered, words: Words) -> list[tuple[str, str]]:
    """How much can be asked for; empty where there is nothing to choose."""
    if offered.min_quantity == offered.max_quantity:
        return []
    allowed = range(offered.min_quantity, offered.max_quantity + 1)
    return [(str(n), counted(offered.unit, n, words)) for n in allowed]


def mode_for_staff(value: str, words: Words) -> str:
    """The same for who works there, to whom it is not 'your home'."""
    return words.gettext("a casa della persona") if value == "home" else mode(value, words)


def mode(value: str, words: Words) -> str:
    """How a service happens, in words that also stand in the calendar file."""
    _ = words.gettext
    return {
        "centre": lambda: _("al centro"),
        "home": lambda: _("a casa tua"),
        "online": lambda: _("in video"),
        "phone": lambda: _("al telefono"),
    }[value]()
