"""vicino ledger verify"""

from app.commands.base import Arguments, Commands, command, group, in_database
from app.domain import clock
from app.domain.actor import SYSTEM
from app.domain.verify import check, seen


def add(commands: Commands) -> None:
    nouns = group(commands, "ledger", "the register of all money")
    command(nouns, "verify", "seal what is new, recompute everything; ends with 1 where something is wrong", verify)


def verify(_: Arguments) -> None:
    async def run() -> None:
        findings = await check(actor=SYSTEM, now=clock.now())
        for line in [*await seen(), *findings, f"{len(findings)} findings" if findings else "All is right."]:
            print(line)
        if findings:
            raise SystemExit(1)

    in_database(run)
