"""`vicino ...`: each command calls a domain verb."""

import argparse
import asyncio
from collections.abc import Awaitable, Callable

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
    return made


def work(_: argparse.Namespace) -> None:
    from app import worker

    asyncio.run(worker.alone(worker.Worker(worker.gateways(settings(), secrets()))))


def serve(arguments: argparse.Namespace) -> None:
    from granian.constants import Interfaces
    from granian.server import Server

    chosen = settings()
    secrets()
    _in_database(database.migrate)
    print(f"Vicino: http://{chosen.host}:{chosen.port}/", flush=True)
    Server(
        "app.main:create_app", factory=True, interface=Interfaces.ASGI, address=chosen.host, port=chosen.port, workers=1
    ).serve()


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
