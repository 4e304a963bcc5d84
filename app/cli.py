"""`vicino ...`: each command calls a domain verb."""

import argparse
import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

from app import database
from app.config import secrets, settings

Command = Callable[[argparse.Namespace], None]


def main() -> None:
    arguments = parser().parse_args()
    arguments.run(arguments)


def parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(prog="vicino", description="Vicino: bookings paid by public purses.")
    commands = made.add_subparsers(required=True, metavar="COMMAND")
    served = commands.add_parser("serve", help="migrate, then answer on HOST:PORT")
    served.add_argument("--empty", action="store_true", help="without demo data")
    served.set_defaults(run=serve)
    working = commands.add_parser("worker", help="send what is due and do what recurs, beside servers on PostgreSQL")
    working.set_defaults(run=work)
    ledger = commands.add_parser("ledger", help="the register of all money").add_subparsers(required=True)
    verifying = ledger.add_parser("verify", help="seal what is new, then recompute everything")
    verifying.set_defaults(run=verify)
    seeding = commands.add_parser("seed", help="tell the demo's day; with --scale add many people and bookings")
    seeding.add_argument("--scale", type=int, metavar="N", default=0, help="1: 1,000 services, 10,000 people")
    seeding.set_defaults(run=seed)
    _finding(commands)
    return made


def _finding(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    places = commands.add_parser("territory", help="where people live").add_subparsers(required=True)
    created = places.add_parser("create", help="a new territory with its call centre")
    created.add_argument("name", help="as people read it: 'Vicino Rho'")
    created.add_argument("--slug", help="its word in addresses (from the name)")
    created.add_argument("--district", default="")
    created.add_argument("--phone", required=True)
    created.add_argument("--phone-cost", default="Il costo dipende dal tuo contratto")
    created.add_argument("--colour", choices=("blue", "forest", "wine", "terracotta", "plum", "slate"), default="blue")
    created.set_defaults(run=create_territory)
    services = commands.add_parser("service", help="what people can book").add_subparsers(required=True)
    imported = services.add_parser("import", help="a territory's providers, places and services, from a TOML file")
    imported.add_argument("file", type=Path)
    imported.set_defaults(run=import_services)


def create_territory(arguments: argparse.Namespace) -> None:
    from app.domain import clock, territory
    from app.domain.actor import SYSTEM
    from app.domain.search_text import slug

    async def run() -> None:
        await database.migrate()
        name, now = arguments.name, clock.now()
        word = arguments.slug or slug(name)
        facts = {"district": arguments.district or name, "phone": arguments.phone, "phone_cost": arguments.phone_cost}
        await territory.create(
            word, name, **facts, colour=arguments.colour, opened_on=now.date(), actor=SYSTEM, now=now
        )
        print(f"Vicino: {settings().public_url}/{word}")

    _in_database(run)


def import_services(arguments: argparse.Namespace) -> None:
    from app.domain import clock
    from app.seed import catalogue, content

    async def run() -> None:
        await database.migrate()
        told, now = content.load_file(arguments.file), clock.now()
        await catalogue.seed_categories(now)
        print(f"{await catalogue.seed_territory(told, now, is_demo=False)} new services")

    _in_database(run)


def work(_: argparse.Namespace) -> None:
    from app import worker

    asyncio.run(worker.alone(worker.Worker(worker.gateways(settings(), secrets()))))


def serve(arguments: argparse.Namespace) -> None:
    from granian.constants import Interfaces
    from granian.server import Server

    chosen = settings()
    secrets()
    is_demo = chosen.is_demo and not arguments.empty
    _in_database(_tell if is_demo else database.migrate)
    print(f"Vicino: http://{chosen.host}:{chosen.port}/", flush=True)
    if is_demo:
        print(f"The stories of the demo: http://{chosen.host}:{chosen.port}/prova", flush=True)
    Server(
        "app.main:create_app", factory=True, interface=Interfaces.ASGI, address=chosen.host, port=chosen.port, workers=1
    ).serve()


def seed(arguments: argparse.Namespace) -> None:
    async def run() -> None:
        from app.domain import clock
        from app.seed import scale

        await _tell()
        if arguments.scale:
            print(await scale.add(arguments.scale, now=clock.now()))

    _in_database(run)


async def _tell() -> None:
    """Where real people are it tells nothing."""
    from app.domain import clock
    from app.seed import tell

    await database.migrate()
    await tell.tell(clock.now())


def verify(_: argparse.Namespace) -> None:
    """Ends with 1 where something was found."""
    from app.domain import clock
    from app.domain.actor import SYSTEM
    from app.domain.verify import check, seen

    async def run() -> None:
        findings = await check(actor=SYSTEM, now=clock.now())
        for line in [*await seen(), *findings, f"{len(findings)} findings" if findings else "All is right."]:
            print(line)
        if findings:
            raise SystemExit(1)

    _in_database(run)


def _in_database(work: Callable[[], Awaitable[None]]) -> None:
    async def run() -> None:
        await database.start()
        try:
            await work()
        finally:
            await database.stop()

    asyncio.run(run())


if __name__ == "__main__":
    main()
