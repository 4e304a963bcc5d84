"""Who writes to SQLite, one after the other.

Those who wait at the same moment share a COMMIT, so that the disk is waited for once. Each is a savepoint: what one
refuses leaves the others' in place. Nobody goes on before the COMMIT of what they wrote, or were refused for.
"""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from typing import TypeVar

T = TypeVar("T")
MOST = 16  # writers of one COMMIT: the first one waits for all of them
SAVEPOINT, RELEASE = "SAVEPOINT turn", "RELEASE SAVEPOINT turn"


async def to_the_end(work: Awaitable[T]) -> T:
    """A cancelled request still waits for its COMMIT, else nobody knows what the database holds."""
    task = asyncio.ensure_future(work)
    cancelled: asyncio.CancelledError | None = None
    while not task.done():
        try:
            await asyncio.wait({task})
        except asyncio.CancelledError as error:
            cancelled = error
    if cancelled is not None:
        task.exception()
        raise cancelled
    return task.result()


@dataclass(slots=True)
class _Round:
    """What one COMMIT holds; `ended` has the error of it, or None."""

    ended: asyncio.Future[Exception | None]
    writers: int = 0


class Turns:
    """`begin` opens the transaction on `writer`."""

    def __init__(self, writer: sqlite3.Connection, begin: Callable[[], Awaitable[None]]) -> None:
        self.writer = writer
        self.begin = begin
        self.committer = ThreadPoolExecutor(1, "commit")
        self.lock = asyncio.Lock()
        self.waiting = 0
        self.round: _Round | None = None

    @asynccontextmanager
    async def taken(self) -> AsyncIterator[sqlite3.Connection]:
        shared = await self._come()
        try:
            with self._own_part(shared):
                yield self.writer
        finally:
            try:
                if not self.waiting or shared.writers == MOST or not self.writer.in_transaction:
                    await to_the_end(self._commit())
            finally:
                self.lock.release()
                error = await to_the_end(shared.ended)  # who is refused, too: for what another one wrote
        if error:
            raise error

    async def end(self) -> None:
        async with self.lock:
            await self._commit()
            self.writer.close()
            self.committer.shutdown()

    async def _come(self) -> _Round:
        await self._wait()
        try:
            if self.round is None:
                await self.begin()
                self.round = _Round(asyncio.get_running_loop().create_future())
        except BaseException:
            self.lock.release()
            raise
        return self.round

    async def _wait(self) -> None:
        self.waiting += 1
        try:
            await self.lock.acquire()
        except asyncio.CancelledError:
            if self.waiting == 1 and not self.lock.locked():  # who wrote before left the COMMIT to this one
                async with self.lock:
                    await to_the_end(self._commit())
            raise
        finally:
            self.waiting -= 1

    @contextmanager
    def _own_part(self, shared: _Round) -> Iterator[None]:
        self.writer.execute(SAVEPOINT)
        try:
            yield
            self.writer.execute(RELEASE)
            shared.writers += 1
        except BaseException:
            if self.writer.in_transaction:  # a full disk ends the transaction of all
                self.writer.execute(f"ROLLBACK TO {SAVEPOINT}")
                self.writer.execute(RELEASE)
            raise

    async def _commit(self) -> None:
        shared, self.round = self.round, None
        if shared is None:
            return
        error: Exception | None = None
        try:
            if shared.writers:
                loop = asyncio.get_running_loop()
                await loop.run_in_executor(self.committer, self.writer.execute, "COMMIT")
        except Exception as failed:
            error = failed
        finally:
            if self.writer.in_transaction:
                self.writer.execute("ROLLBACK")
            shared.ended.set_result(error)
