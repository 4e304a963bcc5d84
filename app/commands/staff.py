"""vicino staff add, staff sheet, staff end"""

import sys
from getpass import getpass
from typing import get_args

from app import database
from app.commands import typed
from app.commands.base import Arguments, Commands, Mistake, command, group, id_of, in_database
from app.domain import access, clock, staff
from app.domain.actor import SYSTEM, RoleName

SCOPES: tuple[access.ScopeKind, ...] = ("territory", "provider", "funder")


def add(commands: Commands) -> None:
    nouns = group(commands, "staff", "people who work: named accounts with a printed sheet of codes")
    made = command(nouns, "add", "an account; asks for its password, prints its sheet of one-time codes once", create)
    made.add_argument("login", type=typed.text, help="what is typed to sign in")
    made.add_argument("name", type=typed.text, help="as people read it: 'Dora Sala'")
    made.add_argument("--role", required=True, choices=get_args(RoleName))
    where = made.add_mutually_exclusive_group(required=True)
    for scope in SCOPES:
        where.add_argument(f"--{scope}", metavar="SLUG", help=f"the {scope} the role is for")
    again = command(nouns, "sheet", "a new sheet of codes; those of the last one no longer count", print_sheet)
    again.add_argument("login")
    ended = command(nouns, "end", "somebody leaves: a role, or without --role the whole account, at once", end)
    ended.add_argument("login")
    ended.add_argument("--role", choices=get_args(RoleName))


def create(arguments: Arguments) -> None:
    async def run() -> None:
        kind, slug = next((kind, slug) for kind in SCOPES if (slug := getattr(arguments, kind)))
        _check_role(arguments.role, kind)
        scope_id, password, now = await id_of(kind, slug), _password(), clock.now()
        async with database.whole():
            number = await staff.add(arguments.login, arguments.name, password, actor=SYSTEM, now=now)
            await staff.give_role(number, arguments.role, kind, scope_id, actor=SYSTEM, now=now)
            codes = await staff.new_sheet(number, actor=SYSTEM, now=now)
        _show(codes)

    in_database(run)


def print_sheet(arguments: Arguments) -> None:
    async def run() -> None:
        _show(await staff.new_sheet(await _known(arguments.login), actor=SYSTEM, now=clock.now()))

    in_database(run)


def end(arguments: Arguments) -> None:
    async def run() -> None:
        now, number = clock.now(), await _known(arguments.login)
        if not arguments.role:
            await staff.suspend(number, actor=SYSTEM, now=now)
            print(f"{arguments.login} can sign in no more; open sessions have ended.")
            return
        held = await staff.roles(number, arguments.role, now=now)
        if not held:
            raise Mistake(f"{arguments.login} is no {arguments.role} now.")
        async with database.whole():
            for role in held:
                await staff.end_role(role, actor=SYSTEM, now=now)
        print(f"{arguments.login} is {arguments.role} no more.")

    in_database(run)


async def _known(login: str) -> int:
    number = await staff.by_login(login)
    if number is None:
        raise Mistake(f"Nobody signs in as '{login}'.")
    return number


def _check_role(role: str, kind: access.ScopeKind) -> None:
    roles: dict[access.ScopeKind, tuple[RoleName, ...]]
    roles = {"territory": access.TERRITORY_ROLES, "provider": access.PROVIDER_ROLES, "funder": access.FUNDER_ROLES}
    if role not in roles[kind]:
        raise Mistake(f"In a {kind} nobody is {role}. Roles there: {', '.join(roles[kind])}.")


def _password() -> str:
    """Typed twice without being shown, or the first line of what is piped in."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    first = getpass("Password (12 characters or more): ")
    if getpass("The same again: ") != first:
        raise Mistake("The two passwords are not the same.")
    return first


def _show(codes: str) -> None:
    print(
        f"One-time codes, shown only now. Print them: each sign-in asks for the next.\n\n{staff.sheet(codes.split())}"
    )
