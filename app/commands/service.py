"""vicino service import, service reminders"""

from pathlib import Path

from app import database
from app.commands.base import Arguments, Commands, Mistake, command, group, id_of, in_database
from app.config import settings
from app.domain import clock, reminder, service
from app.domain.actor import SYSTEM


def add(commands: Commands) -> None:
    nouns = group(commands, "service", "what people can book")
    what = "a territory's towns, providers, places and services, from a TOML file such as docs/examples/territory.toml"
    made = command(nouns, "import", what, import_file)
    made.add_argument("file", type=Path)
    usual = ", ".join(str(hours) for hours in reminder.LEADS)
    what = f"how many hours before an appointment people are reminded; without hours as everywhere: {usual}"
    told = command(nouns, "reminders", what, set_reminders)
    told.add_argument("territory", metavar="TERRITORY")
    told.add_argument("slug", metavar="SERVICE", help="its word in addresses")
    told.add_argument("hours", type=int, nargs="*", metavar="HOURS")


def set_reminders(arguments: Arguments) -> None:
    """Who has booked already is reminded as it was when they booked."""

    async def run() -> None:
        where, slug = await id_of("territory", arguments.territory), arguments.slug
        found = await database.scalar("SELECT id FROM service WHERE territory_id = {} AND slug = {}", where, slug)
        if found is None:
            raise Mistake(f"There is no service '{slug}' in {arguments.territory}.")
        await service.set_reminders(found, arguments.hours, actor=SYSTEM, now=clock.now())
        told = sorted(set(arguments.hours) or reminder.LEADS, reverse=True)
        print(f"{slug}: {', '.join(str(each) for each in told)} hours before, for bookings made from now on.")

    in_database(run)


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
