"""Going to each page as somebody who may see it."""

from app import addresses, i18n
from tests.matrix import ACTORS, Door
from tests.pages.world import World
from tests.visitor import Page, Visitor

FIRST = ("owner", "desk", "funder", "administrator")  # whose view tells most


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
