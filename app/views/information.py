"""Pages that explain: how it works, the icon on a phone, who sees what, accessibility, legal notes."""

from dataclasses import dataclass
from typing import ClassVar

from app.domain import social_point
from app.edge.here import Here
from app.views import Kind, Page, glossary
from app.views.glossary import Term


@dataclass(frozen=True)
class HowItWorksPage(Page):
    template: ClassVar[str] = "information/how_it_works.html"
    kind: ClassVar[Kind] = "public"
    terms: list[Term]

    @classmethod
    def of(cls, here: Here) -> "HowItWorksPage":
        return cls(here.words.gettext("Come funziona"), glossary.terms(here))


@dataclass(frozen=True)
class InstallPage(Page):
    template: ClassVar[str] = "information/install.html"
    kind: ClassVar[Kind] = "public"

    @classmethod
    def of(cls, here: Here) -> "InstallPage":
        return cls(here.words.gettext("Vicino sul tuo telefono"))


@dataclass(frozen=True)
class WhoSeesPage(Page):
    template: ClassVar[str] = "information/who_sees.html"
    kind: ClassVar[Kind] = "public"

    @classmethod
    def of(cls, here: Here) -> "WhoSeesPage":
        return cls(here.words.gettext("Chi vede i tuoi dati"))


@dataclass(frozen=True)
class AccessibilityPage(Page):
    template: ClassVar[str] = "information/accessibility.html"
    kind: ClassVar[Kind] = "public"
    point: str

    @classmethod
    async def load(cls, here: Here) -> "AccessibilityPage":
        points = await social_point.of_territory(here.place.id)
        point = f"{points[0].name}, {points[0].address}, {points[0].municipality}" if points else ""
        return cls(here.words.gettext("Dichiarazione di accessibilità"), point)


@dataclass(frozen=True)
class LegalPage(Page):
    template: ClassVar[str] = "information/legal.html"
    kind: ClassVar[Kind] = "public"

    @classmethod
    def of(cls, here: Here) -> "LegalPage":
        return cls(here.words.gettext("Note legali"))
