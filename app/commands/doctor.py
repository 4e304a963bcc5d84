"""vicino doctor"""

from app.commands import findings
from app.commands.base import Arguments, Commands, Mistake, command, in_database
from app.config import settings
from app.domain import clock
from app.gateways import dump


def add(commands: Commands) -> None:
    what = "look for what is wrong: what it is, why it matters, what to do; ends with 1 where something is"
    command(commands, "doctor", what, look)


def look(_: Arguments) -> None:
    """Changes nothing, not even the tables."""
    if dump.is_empty():
        raise Mistake("There is no database yet: is VICINO_DATA or VICINO_DATABASE_URL what `serve` is told?")

    async def run() -> None:
        found = [str(finding) for finding in await findings.all_of(settings(), clock.now())]
        for line in found or ["All is well."]:
            print(line)
        if found:
            raise SystemExit(1)

    in_database(run, migrates=False)
