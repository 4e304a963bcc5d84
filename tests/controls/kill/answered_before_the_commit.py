"""People are told as soon as the verb is done; the commit follows when there is time."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from app import cli, database

NOTICED_BY = "acknowledged bookings lost"

T = TypeVar("T")
LATER = 0.1  # seconds
real = database.write
committing: set[asyncio.Task[None]] = set()


async def write(verb: Callable[[], Awaitable[T]]) -> T:
    told: asyncio.Future[T] = asyncio.get_running_loop().create_future()

    async def answered() -> None:
        result = await verb()
        if not told.done():
            told.set_result(result)
        await asyncio.sleep(LATER)

    async def run() -> None:
        try:
            await real(answered)
        except BaseException as error:
            if not told.done():
                told.set_exception(error)

    task = asyncio.create_task(run())
    committing.add(task)
    task.add_done_callback(committing.discard)
    return await told


database.write = write

if __name__ == "__main__":
    cli.main()
