"""Where and for whom a page is drawn: made once a request, passed to every page object."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from app import addresses, i18n
from app.domain.actor import ANONYMOUS, Actor
from app.domain.errors import NotFound, SignInNeeded
from app.domain.territory import TerritoryFacts


@dataclass(frozen=True, slots=True)
class Here:
    """`path` is the address without language prefix; `actor_name` is '' on public pages.

    `is_demo`: in this territory, or outside of all in any, the data are invented.
    """

    language: str
    now: datetime
    path: str
    query: str = ""
    territory: TerritoryFacts | None = None
    actor: Actor = ANONYMOUS
    actor_name: str = ""
    needs_token: bool = False
    token_secret: str = ""
    address: str = ""
    is_demo: bool = False

    @property
    def place(self) -> TerritoryFacts:
        """The territory of this address; NotFound where the address names none."""
        if self.territory is None:
            raise NotFound()
        return self.territory

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.territory.zone if self.territory else "Europe/Rome")

    @property
    def today(self) -> date:
        """By the wall clock of the territory."""
        return self.now.astimezone(self.zone).date()

    @property
    def words(self) -> i18n.Words:
        return i18n.words(self.language)

    @property
    def person_id(self) -> int:
        """The signed-in person; SignInNeeded for everybody else."""
        if self.actor.kind != "person":
            raise SignInNeeded()
        return self.actor.id

    @property
    def staff_id(self) -> int:
        if self.actor.kind != "staff":
            raise SignInNeeded()
        return self.actor.id

    @property
    def place_name(self) -> str:
        return self.territory.name if self.territory else "Vicino"

    @property
    def colour(self) -> str:
        return self.territory.colour if self.territory else "blue"

    @property
    def own_page(self) -> str:
        """The name of the first page of who is signed in."""
        if self.actor.kind == "person":
            return "me"
        works_here = self.territory is not None and any(role.scope_kind != "funder" for role in self.actor.roles)
        return "desk" if works_here else "funder"

    @property
    def short_name(self) -> str:
        """Of staff the given name alone: the band must fit a small phone."""
        return self.actor_name if self.actor.kind == "person" else self.actor_name.partition(" ")[0]

    def url(self, name: str, *, query: dict[str, str] | None = None, **parts: object) -> str:
        """An address in this page's language and, unless another is named, this territory."""
        if "territory" not in parts and addresses.names_territory(name):
            if not parts and not query:
                return addresses.of_place(name, self.language, self.place.slug)
            parts["territory"] = self.place.slug
        return addresses.url(name, language=self.language, query=query, **parts)

    def alternate(self, language: str) -> str:
        """This same page in another language."""
        prefix = "" if language == i18n.DEFAULT else f"/{language}"
        return (prefix + self.path).rstrip("/") + (f"?{self.query}" if self.query else "") or "/"

    def as_public(self) -> "Here":
        """The same for everybody: who is looking is forgotten."""
        return replace(self, actor=ANONYMOUS, actor_name="", needs_token=False, token_secret="")
