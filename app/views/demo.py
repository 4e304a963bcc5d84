"""Demo only: the stories, each with a door into it, and what one needs to sign in by hand."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

from app.domain import demo
from app.edge.here import Here
from app.i18n import Words
from app.views import Kind, Page

HOME = "tradate"


@dataclass(frozen=True)
class Story:
    """`login` is set for who works; `target` is the first page, `parts` its address, `language` whose it is."""

    name: str
    told: Callable[[Words], str]
    target: str
    login: str = ""
    parts: tuple[tuple[str, str], ...] = ()
    language: str = ""


# The order in which one understands what Vicino does.
STORIES: dict[str, Story] = {
    "rosa": Story(
        "Rosa Colombo",
        lambda w: w.gettext(
            "Ha 78 anni e solo il telefono fisso. Guarda il credito: usato, impegnato e ancora libero."
        ),
        "wallet",
    ),
    "elena": Story(
        "Elena Colombo",
        lambda w: w.gettext("È la figlia di Rosa e vive a Milano. Guarda che cosa può fare per la mamma."),
        "household",
    ),
    "amina": Story(
        "Amina Haddad",
        lambda w: w.gettext("Guarda l'aiuto compiti di Yusuf: il Comune paga 9,00 € e lei 3,00 € al centro."),
        "me",
    ),
    "tomas": Story(
        "Tomas Ferrari",
        lambda w: w.gettext("Prenota il nuoto per sua figlia. Guarda chi paga, e perché un credito qui non vale."),
        "service",
        parts=(("slug", "corso-di-nuoto"),),
    ),
    "omar": Story(
        "Omar Ceesay",
        lambda w: w.gettext("Ha preso l'ultimo dei 15 posti di italiano. Guarda i suoi messaggi, in inglese."),
        "messages",
        language="en",
    ),
    "ines": Story(
        "Ines Moretti",
        lambda w: w.gettext(
            "Lavora al centro diurno. Guarda chi è arrivato, chi manca e i 4,00 € da incassare. "
            "Tocca «Da rivedere»: c'è un'ora senza rete."
        ),
        "desk",
        login="ines",
    ),
    "giulia": Story(
        "Giulia Fontana",
        lambda w: w.gettext("Segue i fondi del Comune. Guarda dove sono i 60.000,00 € di Famiglie 2026, al centesimo."),
        "fund",
        login="giulia",
        parts=(("fund", "famiglie-2026"),),
    ),
    "paolo": Story(
        "Paolo Bassi",
        lambda w: w.gettext(
            "È amministratore di sostegno di suo fratello Luca. Guarda chi ha aperto i dati, e perché."
        ),
        "looks",
    ),
}
OTHERS = ("desk-tradate", "telefono", "welfare", "sociale")


@dataclass(frozen=True)
class StoryLine:
    name: str
    given_name: str
    told: str
    action: str
    card: str


@dataclass(frozen=True)
class StaffLine:
    login: str
    name: str
    number: int
    code: str


@dataclass(frozen=True)
class DemoPage(Page):
    template: ClassVar[str] = "demo/show.html"
    kind: ClassVar[Kind] = "form"
    stories: list[StoryLine]
    pin: str
    password: str
    staff: list[StaffLine]
    territory_address: str
    staff_address: str
    funder_address: str

    @classmethod
    async def load(cls, here: Here) -> "DemoPage":
        people = await demo.parts()
        cards = await demo.cards(people.values())
        logins = [story.login for story in STORIES.values() if story.login] + list(OTHERS)
        codes = await demo.next_codes(logins)
        return cls(
            title=here.words.gettext("Prova Vicino"),
            stories=[_line(slug, cards.get(people.get(slug, 0), ""), here) for slug in STORIES],
            pin=demo.PIN,
            password=demo.PASSWORD,
            staff=[
                StaffLine(one.login, one.name, one.number, one.code)
                for one in map(codes.get, logins)
                if one is not None
            ],
            territory_address=here.url("territory", territory=HOME),
            staff_address=here.url("staff_sign_in", territory=HOME),
            funder_address=here.url("funder_sign_in"),
        )


def _line(slug: str, card: str, here: Here) -> StoryLine:
    story = STORIES[slug]
    given, _, _ = story.name.partition(" ")
    return StoryLine(story.name, given, story.told(here.words), here.url("demo_story", story=slug), card)
