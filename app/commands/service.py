"""vicino service import"""

from pathlib import Path

from app import database
from app.commands.base import Arguments, Commands, command, group, in_database
from app.config import settings
from app.domain import clock


def add(commands: Commands) -> None:
    nouns = group(commands, "service", "what people can book")
    what = "a territory's towns, providers, places and services, from a TOML file such as docs/examples/territory.toml"
    made = command(nouns, "import", what, import_file)
    made.add_argument("file", type=Path)


def import_file(arguments: Arguments) -> None:
    """All of the file or nothing; what stands already is left as it is."""
    from app.seed import catalogue, content

    async def run() -> None:
        told, now = content.load_file(arguments.file), clock.now()
        async with database.whole():
            await catalogue.seed_categories(now)
            new = await catalogue.seed_territory(told, now, is_demo=False)
            await catalogue.seed_words(now)
        print(f"{new} new services: {settings().public_url}/{told.territory.slug}/servizi")

    in_database(run)
