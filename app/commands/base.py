"""What every command needs: a parser that refuses in words, the database, names that become rows."""

import argparse
from collections.abc import Awaitable, Callable
from typing import Literal, NoReturn, TypeAlias

import uvloop

from app import database

Arguments: TypeAlias = argparse.Namespace
Commands: TypeAlias = "argparse._SubParsersAction[Parser]"


class Mistake(Exception):
    """A sentence for whoever typed the command."""


class Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        self.exit(1, f"{self.format_usage()}{message[:1].upper()}{message[1:]}.\nMore: {self.prog} --help\n")


def group(commands: Commands, name: str, what: str) -> Commands:
    """The commands of one noun: `vicino fund create`."""
    return commands.add_parser(name, help=what, description=_sentence(what)).add_subparsers(
        required=True, metavar="COMMAND"
    )


def command(commands: Commands, name: str, what: str, run: Callable[[Arguments], None]) -> Parser:
    made = commands.add_parser(name, help=what, description=_sentence(what))
    made.set_defaults(run=run)
    return made


def in_database(work: Callable[[], Awaitable[None]], *, migrates: bool = True) -> None:
    """With the newest tables unless told otherwise, then closed again."""

    async def run() -> None:
        try:
            await database.start()
        except Exception as error:
            raise Mistake(f"The database cannot be opened: {error}") from error
        try:
            if migrates:
                await database.migrate()
            await work()
        finally:
            await database.stop()

    uvloop.run(run())


async def id_of(noun: Literal["territory", "provider", "funder", "fund"], slug: str) -> int:
    """Raises Mistake with the names there are."""
    known = {row["slug"]: int(row["id"]) for row in await database.rows(f"SELECT slug, id FROM {noun} ORDER BY slug")}
    if slug not in known:
        there = f"There are: {', '.join(known)}." if known else f"There is no {noun} yet."
        raise Mistake(f"There is no {noun} '{slug}'. {there}")
    return known[slug]


def _sentence(what: str) -> str:
    return f"{what[:1].upper()}{what[1:]}."
