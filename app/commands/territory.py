"""vicino territory create"""

from app.commands import typed
from app.commands.base import Arguments, Commands, command, group, in_database
from app.config import settings
from app.domain import clock, territory
from app.domain.actor import SYSTEM
from app.domain.search_text import slug

COLOURS = ("blue", "forest", "wine", "terracotta", "plum", "slate")  # of app/domain/territory.py


def add(commands: Commands) -> None:
    nouns = group(commands, "territory", "where people live")
    made = command(nouns, "create", "a new territory with its call centre", create)
    made.add_argument("name", type=typed.text, help="as people read it: 'Vicino Rho'")
    made.add_argument("--slug", help="its word in addresses (made from the name)")
    made.add_argument("--district", type=typed.text, help="the district it belongs to (the name)")
    made.add_argument(
        "--phone", type=typed.phone, required=True, help="the call centre, Monday to Friday 9-13 and 14-18"
    )
    made.add_argument("--phone-cost", type=typed.text, default="Il costo dipende dal tuo contratto", help="in Italian")
    made.add_argument("--colour", choices=COLOURS, default="blue", help="of its pages")


def create(arguments: Arguments) -> None:
    async def run() -> None:
        name, now = arguments.name, clock.now()
        word = arguments.slug or slug(name)
        facts = {"district": arguments.district or name, "phone": arguments.phone, "phone_cost": arguments.phone_cost}
        await territory.create(
            word, name, **facts, colour=arguments.colour, opened_on=now.date(), actor=SYSTEM, now=now
        )
        print(f"{name}: {settings().public_url}/{word}")

    in_database(run)
