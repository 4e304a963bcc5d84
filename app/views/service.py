"""One service in the official order: for whom, how, what is needed, what you get, when, how much, how to get it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from markupsafe import Markup

from app.domain import offered_service
from app.domain.offered_service import OfferedService, Outlook, PlaceFacts
from app.domain.territory import Opening
from app.edge.here import Here
from app.views import Kind, Page, glossary, service_words
from app.views.glossary import Term
from app.views.phone_hours import today_in_words
from app.views.service_card import ServiceCard
from app.views.structured import government_service

WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


@dataclass(frozen=True)
class Act:
    """The way to get it: words of the button and its address; for a call the number and whether somebody answers."""

    kind: str
    words: str
    address: str
    note: str


@dataclass(frozen=True)
class Section:
    anchor: str
    title: str
    text: str
    marker: str


@dataclass(frozen=True)
class ServicePage(Page):
    template: ClassVar[str] = "service/show.html"
    kind: ClassVar[Kind] = "public"
    summary: str
    status: str
    status_reason: str
    language: str
    category: tuple[str, str]
    families: list[tuple[str, str]]
    act: Act | None
    seen: str
    notify: str
    mode: str
    price: str
    price_classes: list[tuple[str, str]]
    fund_prices: list[str]
    sections: list[Section]
    conditions: str
    bring: str
    times: list[str]
    places: list[PlaceFacts]
    municipalities: str
    provider: OfferedService
    terms: list[Term]
    rivals: list[ServiceCard]
    similar: list[ServiceCard]
    structured: Markup
    materials: str

    @classmethod
    async def load(cls, here: Here, slug: str) -> "ServicePage":
        _ = here.words.gettext
        one = await offered_service.load(here.place, slug, here.language)
        outlook = await offered_service.outlook(here.place, one, language=here.language, now=here.now)
        text = one.text
        return cls(
            title=text.name,
            summary=text.summary,
            status=_("Sospeso") if one.status == "suspended" else "",
            status_reason=one.status_reason,
            language=one.text_language,
            category=(one.category_name, here.url("catalogue", query={"categoria": one.category})),
            families=_families(one, here),
            act=await _act(one, outlook, here),
            seen=service_words.seen(here) if one.action == "book" and not one.status_reason else "",
            notify=here.url("notify_me", slug=slug) if outlook.similar or _is_vain(one, outlook) else "",
            mode=service_words.modes(here)[one.mode],
            price=service_words.price(one.price_cents, one.unit, here),
            price_classes=[(c.name, service_words.price(c.price_cents, one.unit, here)) for c in one.price_classes],
            fund_prices=[
                _fund_price(each.fund, each.funder, each.own_cents, one.unit, here) for each in outlook.fund_prices
            ],
            sections=_sections(one, here),
            conditions=text.conditions,
            bring=text.bring,
            times=[service_words.near(at, here) for at in outlook.times],
            places=list(one.places) if one.mode == "centre" else [],
            municipalities=", ".join(one.municipalities),
            provider=one,
            terms=glossary.used_in(" ".join(vars_of(one)), here),
            rivals=[ServiceCard.of(offer, here) for offer in outlook.rivals],
            similar=[ServiceCard.of(offer, here) for offer in outlook.similar],
            structured=government_service(one, here),
            materials=here.url("materials", slug=slug) if one.materials else "",
        )


def vars_of(one: OfferedService) -> list[str]:
    text = one.text
    return [text.summary, text.for_whom, text.how_to, text.needed, text.obtained, text.times, text.conditions]


def _is_vain(one: OfferedService, outlook: Outlook) -> bool:
    return one.status != "published" or (one.action == "book" and not outlook.times)


def _families(one: OfferedService, here: Here) -> list[tuple[str, str]]:
    words = service_words.families(here)
    return [(words[family], here.url("catalogue", query={"famiglia": family})) for family in one.families]


async def _act(one: OfferedService, outlook: Outlook, here: Here) -> Act | None:
    _ = here.words.gettext
    if _is_vain(one, outlook):
        return None
    if one.action == "book":
        note = service_words.date(outlook.first_free, here)
        return Act("book", _("Prenota"), here.url("choose_slot", slug=one.slug), note)
    if one.action == "request":
        days = here.words.ngettext("%(num)s giorno", "%(num)s giorni", one.answer_days)
        return Act(
            "request", _("Richiedi"), here.url("request", slug=one.slug), _("Ti rispondiamo entro %(days)s.", days=days)
        )
    today = today_in_words(_openings(await offered_service.hours(one.id)), here)
    return Act("call", _("Chiama %(phone)s", phone=one.call_phone), "tel:" + one.call_phone.replace(" ", ""), today)


def _openings(hours: Sequence[offered_service.Hours]) -> tuple[Opening, ...]:
    """A weekly plan as opening hours: `BYDAY=MO,WE` is Monday and Wednesday."""
    found = []
    for each in hours:
        parts = dict(part.partition("=")[::2] for part in each.rule.split(";"))
        days = parts.get("BYDAY", ",".join(WEEKDAYS)).split(",")
        found += [Opening(WEEKDAYS.index(day), each.starts, each.ends) for day in days if day in WEEKDAYS]
    return tuple(sorted(found, key=lambda opening: (opening.weekday, opening.opens)))


def _fund_price(fund: str, funder: str, own_cents: int, unit: str, here: Here) -> str:
    _ = here.words.gettext
    if own_cents == 0:
        return _("Con il credito %(fund)s (%(funder)s) non paghi niente.", fund=fund, funder=funder)
    own = service_words.price(own_cents, unit, here)
    return _("Con il credito %(fund)s (%(funder)s) paghi %(money)s.", fund=fund, funder=funder, money=own)


def _sections(one: OfferedService, here: Here) -> list[Section]:
    _, text = here.words.gettext, one.text
    return [
        Section("a-chi", _("A chi è rivolto"), text.for_whom, "service-addressed"),
        Section("come-fare", _("Come fare"), text.how_to, "service-how-to"),
        Section("cosa-serve", _("Cosa serve"), text.needed, "service-needed"),
        Section("cosa-si-ottiene", _("Cosa si ottiene"), text.obtained, "service-achieved"),
        Section("tempi", _("Tempi e scadenze"), text.times, "service-calendar-text"),
    ]
