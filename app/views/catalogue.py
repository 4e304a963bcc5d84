"""The list of services: searched by need, narrowed by filters, twenty a page."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import ClassVar

from app.domain import catalogue
from app.domain.catalogue import Listing, Look, Options
from app.domain.catalogue_filters import Filters
from app.domain.search import NotOfferedFacts
from app.domain.service import FAMILIES, MODES
from app.edge.form import Form
from app.edge.here import Here
from app.views import Kind, Page, service_words
from app.views.formatting import money
from app.views.service_card import ServiceCard

PRICES = (0, 1000, 2000, 5000)


@dataclass(frozen=True)
class FilterField:
    """One select: (value, words) options, the chosen one named by value."""

    name: str
    label: str
    options: list[tuple[str, str]]
    value: str


@dataclass(frozen=True)
class CataloguePage(Page):
    template: ClassVar[str] = "catalogue/show.html"
    kind: ClassVar[Kind] = "public"
    asks: ClassVar[frozenset[str]] = frozenset(
        {"famiglia", "categoria", "modo", "prezzo", "comune", "credito", "pagina", "scegli"}
    )
    query: str
    count: str
    seen: str
    cards: list[ServiceCard]
    similar: list[ServiceCard]
    not_offered: tuple[NotOfferedFacts, ...]
    is_forgiven: bool
    families: list[tuple[str, str, bool]]
    family: str
    filters: list[FilterField]
    is_choosing: bool
    choose: str
    chosen: str
    widen: str
    rivals: str
    number: int
    pages: int
    previous: str
    next: str

    @classmethod
    async def load(cls, here: Here, form: Form) -> "CataloguePage":
        asked = Asked.read(form)
        options = await catalogue.options(here.place, here.language, here.now)
        asked = asked.known(options)
        look = await catalogue.look(
            here.place, asked.query, asked.filters, number=asked.number, language=here.language, now=here.now
        )
        listing, number = look.listing, look.listing.number
        return cls(
            title=_title(asked, options, here),
            query=asked.query,
            count=_count(listing, here),
            seen=service_words.seen(here),
            cards=[ServiceCard.of(offer, here) for offer in listing.offers],
            similar=[ServiceCard.of(offer, here) for offer in look.similar],
            not_offered=look.not_offered,
            is_forgiven=look.is_forgiven,
            families=_families(asked, here),
            family=asked.filters.family,
            filters=_fields(asked.filters, options, here),
            is_choosing=form.value("scegli") == "1",
            choose=asked.address(here, scegli="1"),
            chosen=_chosen(asked.filters, options, here),
            widen=replace(asked, filters=Filters(family=asked.filters.family)).address(here),
            rivals=_rivals(look, here),
            number=number,
            pages=listing.pages,
            previous=asked.address(here, number - 1) if number > 1 else "",
            next=asked.address(here, number + 1) if number < listing.pages else "",
        )


@dataclass(frozen=True)
class Asked:
    """What the address asks for; what makes no sense is left out, never an error."""

    query: str
    filters: Filters
    number: int

    @classmethod
    def read(cls, form: Form) -> "Asked":
        page, price = form.value("pagina"), form.value("prezzo")
        return cls(
            " ".join(form.value("q")[:120].split()),
            Filters(
                family=_one_of(FAMILIES, form.value("famiglia")),
                category=form.value("categoria"),
                mode=_one_of(MODES, form.value("modo")),
                municipality=form.value("comune"),
                fund=form.value("credito"),
                most_cents=next((cents for cents in PRICES if str(cents) == price), None),
            ),
            int(page) if page.isascii() and page.isdigit() and 0 < len(page) < 5 and int(page) else 1,
        )

    def known(self, options: Options) -> "Asked":
        """Only what can be chosen here."""
        filters = replace(
            self.filters,
            category=_one_of(dict(options.categories), self.filters.category),
            municipality=_one_of(dict(options.municipalities), self.filters.municipality),
            fund=_one_of(dict(options.funds), self.filters.fund),
        )
        return replace(self, filters=filters)

    def address(self, here: Here, number: int = 1, **changed: str) -> str:
        filters = self.filters
        query = {
            "q": self.query,
            "famiglia": filters.family,
            "categoria": filters.category,
            "modo": filters.mode,
            "prezzo": "" if filters.most_cents is None else str(filters.most_cents),
            "comune": filters.municipality,
            "credito": filters.fund,
            "pagina": str(number) if number > 1 else "",
        } | changed
        return here.url("catalogue", query={name: value for name, value in query.items() if value})


def _one_of(allowed: tuple[str, ...] | Mapping[str, str], value: str) -> str:
    return value if value in allowed else ""


def _title(asked: Asked, options: Options, here: Here) -> str:
    _ = here.words.gettext
    if asked.query:
        return _("Risultati per «%(query)s»", query=asked.query)
    if asked.filters.category:
        return dict(options.categories)[asked.filters.category]
    if asked.filters.family:
        return service_words.families(here)[asked.filters.family]
    return _("Tutti i servizi")


def _count(listing: Listing, here: Here) -> str:
    """Where so many say a word that only the most fitting were looked at, their number is not that of all."""
    _ = here.words.gettext
    if listing.is_cut and listing.total > 1:
        return _("I primi %(num)s servizi", num=listing.total)
    return here.words.ngettext("%(num)s servizio", "%(num)s servizi", listing.total)


def _families(asked: Asked, here: Here) -> list[tuple[str, str, bool]]:
    """(words, address, chosen) of the three fixed doors; the chosen one leads back to all."""
    chosen = asked.filters.family
    return [
        (words, asked.address(here, famiglia="" if family == chosen else family), family == chosen)
        for family, words in service_words.families(here).items()
    ]


def _fields(filters: Filters, options: Options, here: Here) -> list[FilterField]:
    _ = here.words.gettext
    any_one = ("", _("Tutti"))
    prices = [
        (str(cents), _("Fino a %(money)s", money=money(cents, here.language)) if cents else _("Gratis"))
        for cents in PRICES
    ]
    modes = list(service_words.modes(here).items())
    fields = (
        ("categoria", _("Che aiuto"), list(options.categories), filters.category),
        ("modo", _("Dove si fa"), modes, filters.mode),
        ("prezzo", _("Prezzo"), prices, "" if filters.most_cents is None else str(filters.most_cents)),
        ("comune", _("Comune"), list(options.municipalities), filters.municipality),
        ("credito", _("Con quale credito"), list(options.funds), filters.fund),
    )
    return [FilterField(name, label, [any_one, *given], value) for name, label, given, value in fields if given]


def _chosen(filters: Filters, options: Options, here: Here) -> str:
    """The filters in force, in words."""
    fields = _fields(filters, options, here)
    return ", ".join(dict(field.options)[field.value] for field in fields if field.value)


def _rivals(look: Look, here: Here) -> str:
    """'Due cooperative offrono questo aiuto': said once, in front of equal cards."""
    _ = here.words.gettext
    count = len(look.provider_kinds)
    if count < 2:
        return ""
    numbers = {2: _("Due"), 3: _("Tre"), 4: _("Quattro"), 5: _("Cinque")}
    number = numbers.get(count, str(count))
    if set(look.provider_kinds) == {"cooperative"}:
        return _("%(number)s cooperative offrono questo aiuto. Scegli tu.", number=number)
    return _("%(number)s enti diversi offrono questo aiuto. Scegli tu.", number=number)
