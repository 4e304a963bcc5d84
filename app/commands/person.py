"""vicino person enrol"""

from app.addresses import url
from app.commands import typed
from app.commands.base import Arguments, Commands, Mistake, command, group, id_of, in_database
from app.config import settings
from app.domain import card, clock, code, person
from app.domain.actor import SYSTEM
from app.domain.contact import Channel
from app.domain.person import NewPerson


def add(commands: Commands) -> None:
    nouns = group(commands, "person", "who is helped")
    made = command(nouns, "enrol", "somebody new, with a card; prints its code", enrol)
    made.add_argument("--territory", metavar="SLUG", required=True)
    made.add_argument("--name", type=typed.text, required=True, help="'Rosa Colombo', or 'De Luca, Anna Maria'")
    made.add_argument("--born", type=typed.day, required=True, metavar="DATE", help="24/11/1980 or 1980-11-24")
    made.add_argument("--fiscal-code", type=typed.text)
    made.add_argument("--address", type=typed.text, help="where services at home go")
    made.add_argument("--phone", type=typed.phone, help="for text messages")
    made.add_argument("--email", type=typed.text)
    made.add_argument("--language", choices=("it", "en"), default="it")


def enrol(arguments: Arguments) -> None:
    async def run() -> None:
        place, now = await id_of("territory", arguments.territory), clock.now()
        number = await person.enrol(_new(arguments), territory_id=place, actor=SYSTEM, now=now)
        held = await card.of(number)
        print(f"Card of {arguments.name}: {code.spaced(held.code) if held else 'none'}")
        page = url("first_pin", territory=arguments.territory, person=number)
        print(f"The PIN is chosen by the person, at the desk's screen: {settings().public_url}{page}")

    in_database(run)


def _new(arguments: Arguments) -> NewPerson:
    if arguments.born > clock.now().date():
        raise Mistake("Nobody is born in the future: check the date.")
    contacts: list[tuple[Channel, str | None]] = [("email", arguments.email), ("sms", arguments.phone)]
    return NewPerson(
        *_names(arguments.name),
        born_on=arguments.born,
        fiscal_code=arguments.fiscal_code or "",
        address=arguments.address or "",
        language=arguments.language,
        contacts=tuple((channel, value) for channel, value in contacts if value),
    )


def _names(typed_name: str) -> tuple[str, str]:
    """Given name and surname: without a comma the first word is the given name."""
    family, comma, given = (part.strip() for part in typed_name.partition(","))
    if not comma:
        given, _, family = typed_name.partition(" ")
    if not given or not family:
        raise Mistake("Name and surname are needed: --name 'Rosa Colombo'.")
    return given, family
