"""Where do you live? A municipality leads to its territory; those who do not want to type choose from the list."""

from dataclasses import dataclass
from typing import ClassVar

from app import database
from app.domain import municipality
from app.edge.form import Form
from app.edge.here import Here
from app.views import Kind, Page


@dataclass(frozen=True)
class TerritoryLine:
    name: str
    district: str
    address: str


@dataclass(frozen=True)
class StartPage(Page):
    """`typed` is '' at first; afterwards it is a municipality that leads nowhere, or to several territories."""

    template: ClassVar[str] = "start/show.html"
    kind: ClassVar[Kind] = "public"
    typed: str
    is_missing: bool
    territories: list[TerritoryLine]
    leave_number: str

    @classmethod
    async def load(cls, here: Here, typed: str = "") -> "StartPage":
        _ = here.words.gettext
        known = await municipality.everywhere() if typed else []
        meant = [one.territory for one in municipality.meant(typed, known)]
        order = list(dict.fromkeys(meant)) or municipality.nearest(typed, known)
        is_missing = bool(typed) and not meant
        return cls(
            title=_("Il tuo Comune non c'è ancora") if is_missing else _("Dove abiti?"),
            typed=typed,
            is_missing=is_missing,
            territories=await _lines(order, here, only=bool(meant)),
            leave_number=here.url("missing_municipality", query={"comune": typed} if typed else None),
        )


async def destination(typed: str) -> str:
    """The one territory that a municipality leads to, or ''."""
    territories = {one.territory for one in municipality.meant(typed, await municipality.everywhere())}
    return territories.pop() if len(territories) == 1 else ""


async def _lines(order: list[str], here: Here, *, only: bool) -> list[TerritoryLine]:
    found = await database.rows("SELECT slug, name, district FROM territory ORDER BY id")
    place = {slug: number for number, slug in enumerate(order)}
    shown = [row for row in found if not only or row["slug"] in place]
    shown.sort(key=lambda row: place.get(row["slug"], len(place)))
    return [TerritoryLine(t["name"], t["district"], here.url("territory", territory=t["slug"])) for t in shown]


@dataclass(frozen=True)
class MissingMunicipalityPage(Page):
    template: ClassVar[str] = "missing_municipality/show.html"
    kind: ClassVar[Kind] = "form"
    form: Form
    action: str

    @classmethod
    def of(cls, here: Here, form: Form) -> "MissingMunicipalityPage":
        title = here.words.gettext("Lascia il tuo numero")
        return cls(title=title, form=form, action=here.url("missing_municipality"))


@dataclass(frozen=True)
class MissingMunicipalityDonePage(Page):
    template: ClassVar[str] = "missing_municipality/done.html"
    kind: ClassVar[Kind] = "never"

    @classmethod
    def of(cls, here: Here) -> "MissingMunicipalityDonePage":
        return cls(title=here.words.gettext("Abbiamo il tuo numero"))
