"""vicino serve, worker, seed"""

import asyncio
import gc
import os
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from app import database
from app.commands.base import Arguments, Commands, Mistake, command, in_database
from app.config import Settings, secrets, settings
from app.domain import clock, demo

if TYPE_CHECKING:  # a command starts without them
    from app.edge.monitor import Figures

WAIT_TO_STOP = 10  # seconds a process may take to finish its answers


def add(commands: Commands) -> None:
    served = command(commands, "serve", "bring the tables up to date, then answer on HOST:PORT", serve)
    served.add_argument("--empty", action="store_true", help="without demo data")
    command(commands, "worker", "send what is due and do what recurs, beside servers on PostgreSQL", work)
    seeding = command(commands, "seed", "tell the demo's day; with --scale add many people and bookings", seed)
    seeding.add_argument("--scale", type=int, metavar="N", default=0, help="1: 1,000 services, 10,000 people")


def serve(arguments: Arguments) -> None:
    from app.edge import log

    chosen = settings()
    log.start()
    secrets()  # made once, before several processes want them
    in_database(_nothing if arguments.empty or not chosen.is_demo else _tell)
    print(f"Vicino: http://{chosen.host}:{chosen.port}/", flush=True)
    with figures(chosen.metrics_port) if chosen.metrics_port else nullcontext():
        _answer(chosen, log.configuration())


def _answer(chosen: Settings, logging: dict[str, Any]) -> None:
    gc.disable()  # all that a start makes stays: looking through it for what may go takes a tenth of the start
    from granian.constants import Interfaces
    from granian.server import Server

    from app.main import create_app

    create_app()  # once, before the processes part: what stays the same they share
    gc.freeze()
    gc.enable()
    Server(
        "app.main:create_app",
        factory=True,
        interface=Interfaces.ASGI,
        address=chosen.host,
        port=chosen.port,
        workers=chosen.processes,
        workers_kill_timeout=WAIT_TO_STOP,
        log_dictconfig=logging,
    ).serve()


@contextmanager
def figures(port: int) -> Iterator[None]:
    """Those who answer count in files of one folder; this process adds them up for whoever looks."""
    with TemporaryDirectory(prefix="vicino-metrics-") as folder:
        from app.edge import metrics

        os.environ[metrics.FOLDER] = folder  # before anything counts, and before the library is read
        from app.edge import monitor

        try:
            monitor.serve(port, folder, _figures)
        except OSError as error:
            raise Mistake(f"VICINO_METRICS_PORT {port} cannot be opened: {error.strerror}.") from error
        yield


async def _figures() -> "Figures":
    from app.edge import gauges

    await database.start()
    try:
        return await gauges.read(clock.now())
    finally:
        await database.stop()


def work(_: Arguments) -> None:
    from app import worker
    from app.edge import log

    log.start()
    in_database(_nothing)
    asyncio.run(worker.alone(worker.Worker(worker.gateways(settings(), secrets()))))


def seed(arguments: Arguments) -> None:
    async def run() -> None:
        from app.seed import scale

        await _tell()
        if arguments.scale:
            print(await scale.add(arguments.scale, now=clock.now()))

    in_database(run)


async def _nothing() -> None:
    """The tables alone."""


async def _tell() -> None:
    """Where real people are it tells nothing; nor does it need the stories on a day that was told."""
    if not await demo.is_told(clock.now()):
        from app.seed import tell

        await tell.tell(clock.now())
    if await demo.told_until() is not None:
        print(f"The stories of the demo: {settings().public_url}/prova", flush=True)
