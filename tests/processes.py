"""Runs an async function in several real processes at once, on the database of the test that asks.

    results = await together(4, book_last_place, slot_id)

calls `book_last_place(number, slot_id)` in four processes that all wait until the last one is ready.
"""

import asyncio
import importlib
import json
import os
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent


async def together(count: int, function: Callable[..., Awaitable[Any]], *args: Any) -> list[Any]:
    """What each process returned, as JSON carries it; one that fails makes this fail."""
    processes = [await _start(number, function, args) for number in range(count)]
    try:
        for process in processes:
            assert process.stdout is not None
            await process.stdout.readline()  # "ready", or the end of a process that could not start
        return [json.loads(said) for said in await asyncio.gather(*map(_release, processes))]
    finally:
        for process in processes:
            if process.returncode is None:
                process.kill()
                await process.wait()


async def _start(number: int, function: Callable[..., Awaitable[Any]], args: tuple[Any, ...]) -> Process:
    name = f"{function.__module__}:{function.__qualname__}"
    command = [sys.executable, "-m", "tests.processes", name, json.dumps([number, *args])]
    return await asyncio.create_subprocess_exec(
        *command, cwd=ROOT, env=dict(os.environ), stdin=PIPE, stdout=PIPE, stderr=PIPE
    )


async def _release(process: Process) -> bytes:
    said, complaint = await process.communicate(b"go\n")
    if process.returncode:
        raise AssertionError(complaint.decode())
    return said


async def _work(name: str, args: list[Any]) -> None:
    from app import database

    module, function = name.split(":")
    work = getattr(importlib.import_module(module), function)
    await database.start()
    print("ready", flush=True)
    sys.stdin.readline()
    try:
        result = await work(*args)
    finally:
        await database.stop()
    print(json.dumps(result))


if __name__ == "__main__":
    asyncio.run(_work(sys.argv[1], json.loads(sys.argv[2])))
