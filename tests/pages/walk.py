"""Going to each page as somebody who may see it, and to each status an answer can have."""

from dataclasses import dataclass, field

from app import addresses, database, i18n
from tests.matrix import ACTORS, Door, doors
from tests.pages.world import World
from tests.visitor import Clock, Page, Visitor

CLOCK = Clock()
FIRST = ("owner", "desk", "funder", "administrator")  # whose view tells most
# Names are not ours to make plainer: they are no words of ours, as numbers are none.
NAMES = (
    "SELECT name FROM territory UNION SELECT district FROM territory UNION SELECT name FROM municipality UNION "
    "SELECT name FROM provider UNION SELECT name FROM place UNION SELECT address FROM place UNION "
    "SELECT name FROM social_point UNION SELECT address FROM social_point UNION SELECT name FROM service_text UNION "
    "SELECT public_name FROM fund UNION SELECT name FROM funder UNION SELECT name FROM staff UNION "
    "SELECT given_name || ' ' || family_name FROM identity"
)
# What providers write of their services and places: plain by its own check (tests/seed/test_content.py).
OF_PROVIDERS = (
    "SELECT summary AS said FROM service_text UNION SELECT bring FROM service_text UNION SELECT directions FROM place "
    "UNION SELECT accessibility FROM place UNION SELECT directions FROM social_point"
)


@dataclass
class Walked:
    """Every page as its viewer sees it in every language, and every form of these shown again.

    `names` are those that stand in them, `of_providers` the texts that are not ours.
    """

    pages: list[Page] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    of_providers: list[str] = field(default_factory=list)


def viewer(door: Door) -> str:
    """The actor who sees the most of this page: owner where she may."""
    return next((actor for actor in (*FIRST, *ACTORS) if actor in door.let_in), "anonymous")


async def seen_by(
    visitors: dict[str, Visitor], world: World, door: Door, *, language: str = i18n.DEFAULT
) -> Page | None:
    """The page in one language, or None where the route only leads on."""
    path = addresses.url(door.name, language=language, **world.parts_of(door))
    page = await visitors[viewer(door)].get(path)
    return page if page.status == 200 else None


async def walk(world: World, walked: Walked) -> None:
    walked.names += sorted({row["name"] for row in await database.rows(NAMES)} - {""}, key=len, reverse=True)
    walked.of_providers += [row["said"] for row in await database.rows(OF_PROVIDERS) if row["said"]]
    for door in doors():
        if door.method == "GET" and door.let_in:
            for actor in sorted({viewer(door), *({"anonymous"} & door.let_in)}):
                visitor = _visitor(world, actor)
                paths = [addresses.url(door.name, language=code, **world.parts_of(door)) for code in i18n.LANGUAGES]
                drawn = [page for path in paths if is_page(page := await visitor.get(path))]
                walked.pages += drawn + [answer for page in drawn for answer in await _unanswered(visitor, page)]


def is_page(page: Page) -> bool:
    return page.status == 200 and page.is_html


async def _unanswered(visitor: Visitor, page: Page) -> list[Page]:
    """What the forms of this page say to who sends them empty; those that ask nothing are left alone."""
    answers = [
        await visitor.submit(form) for form in page.forms("//main//form[@method='post']") if len(form.fields) > 1
    ]
    return [answer for answer in answers if answer.status == 422]


def _visitor(world: World, actor: str) -> Visitor:
    made = Visitor(CLOCK)
    if token := world.tokens.get(actor):
        made.carry(token)
    return made
