"""What a service is, in words: price, mode, next free date, and how to get it."""

from datetime import datetime

from app.domain.catalogue import FirstFree, Offer
from app.edge.here import Here
from app.views.formatting import clock, money, when_near


def price(cents: int, unit: str, here: Here) -> str:
    """'18,00 € l'ora', or 'Gratis'."""
    _ = here.words.gettext
    if cents == 0:
        return _("Gratis")
    each = {
        "visit": "%(money)s",
        "hour": _("%(money)s l'ora"),
        "meal": _("%(money)s a pasto"),
        "km": _("%(money)s al chilometro"),
        "person": _("%(money)s a persona"),
    }
    return each[unit] % {"money": money(cents, here.language)}


def modes(here: Here) -> dict[str, str]:
    _ = here.words.gettext
    return {"centre": _("Al centro"), "home": _("A casa tua"), "online": _("In video"), "phone": _("Al telefono")}


def families(here: Here) -> dict[str, str]:
    _ = here.words.gettext
    return {
        "childhood": _("Bambini e ragazzi"),
        "elderly": _("Anziani"),
        "disability": _("Disabilità e fragilità"),
    }


def first_free(offer: Offer, here: Here) -> str:
    """The next date, or the honest reason why none is said."""
    _ = here.words.gettext
    if offer.action == "request":
        return _("Si chiede: ti rispondiamo noi")
    if offer.action == "call":
        return _("Si prende al telefono")
    return date(offer.first_free, here)


def date(found: FirstFree, here: Here) -> str:
    _ = here.words.gettext
    if found.at:
        return _("Primo posto: %(when)s", when=near(found.at, here))
    return _("Nessun posto libero, per ora") if found.is_known else _("Data da controllare: apri la pagina")


def seen(here: Here) -> str:
    """When free places were looked up: a page of everybody may be kept for half a minute, by a phone for longer."""
    return here.words.gettext("Posti liberi visti alle %(time)s.", time=clock(here.now, here.language, here.zone))


def near(at: datetime, here: Here) -> str:
    return when_near(at, here.now, here.zone, here.words)


def where(offer: Offer, here: Here) -> str:
    """'Al centro, Vedano Olona'; several towns are counted."""
    mode = modes(here)[offer.mode]
    if offer.mode != "centre" or not offer.municipalities:
        return mode
    if len(offer.municipalities) == 1:
        return f"{mode}, {offer.municipalities[0]}"
    return f"{mode}, " + here.words.ngettext("%(num)s luogo", "%(num)s luoghi", len(offer.municipalities))
