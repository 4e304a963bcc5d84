"""vicino doctor, doctor reminders"""

from app.commands import findings
from app.commands.base import Arguments, Commands, Mistake, command, in_database
from app.config import settings
from app.domain import clock, condition
from app.gateways import dump


def add(commands: Commands) -> None:
    what = "look for what is wrong: what it is, why it matters, what to do; ends with 1 where something is"
    made = command(commands, "doctor", what, look)
    reminders = "every coming booking that needs a reminder and has none, a line each; ends with 1 where there is one"
    made.add_argument("of", nargs="?", choices=("reminders",), help=reminders)


def look(arguments: Arguments) -> None:
    """Changes nothing, not even the tables."""
    if dump.is_empty():
        raise Mistake("There is no database yet: is VICINO_DATA or VICINO_DATABASE_URL what `serve` is told?")

    async def run() -> None:
        found = await (_unreminded() if arguments.of else _wrong())
        for line in found or ["All is well."]:
            print(line)
        if found:
            raise SystemExit(1)

    in_database(run, migrates=False)


async def _wrong() -> list[str]:
    return [str(finding) for finding in await findings.all_of(settings(), clock.now())]


async def _unreminded() -> list[str]:
    found = await condition.forgotten(now=clock.now())
    lines = [f"{one.code} {one.territory}/{one.service} {one.starts_at:%Y-%m-%d %H:%M} UTC" for one in found]
    return [*lines, "Nobody is reminded of these: call these people, before that time."] if lines else []
