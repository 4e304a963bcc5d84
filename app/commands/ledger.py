"""vicino ledger verify"""

from pathlib import Path

from app.commands.base import Arguments, Commands, Mistake, command, group, in_database
from app.domain import clock, manifest
from app.domain.actor import SYSTEM
from app.domain.verify import against, check, seen


def add(commands: Commands) -> None:
    nouns = group(commands, "ledger", "the register of all money")
    what = "seal what is new, recompute everything; ends with 1 where something is wrong"
    made = command(nouns, "verify", what, verify)
    made.add_argument(
        "--against", type=Path, metavar="MANIFEST", help="of a backup: finds a chain whose end was cut off"
    )


def verify(arguments: Arguments) -> None:
    known = _heads(arguments.against) if arguments.against else {}

    async def run() -> None:
        findings = [*await check(actor=SYSTEM, now=clock.now()), *await against(known)]
        for line in [*await seen(), *findings, f"{len(findings)} findings" if findings else "All is right."]:
            print(line)
        if findings:
            raise SystemExit(1)

    in_database(run)


def _heads(path: Path) -> dict[str, str]:
    try:
        return manifest.read(path).heads
    except ValueError as error:
        raise Mistake(str(error)) from error
