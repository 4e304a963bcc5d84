"""A verb: one write transaction, and exactly one effect for one key."""

import functools
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import ParamSpec, TypeVar, cast

from app import database
from app.domain.actor import Actor
from app.domain.errors import KeyReused

P = ParamSpec("P")
R = TypeVar("R", bound=int | str | None)


@dataclass(frozen=True, slots=True)
class Key:
    """Minted with a form; `input_hash` covers what was typed, without key and token."""

    value: str
    input_hash: str


def verb(function: Callable[P, Awaitable[R]]) -> Callable[P, Awaitable[R]]:
    """Opens the write transaction; with `key=` the first statement claims the key and a repeat gets the first result.

    The wrapped function declares `actor`, `now` and `key: Key | None = None`; the key is used here and not passed on.
    A refusal rolls the claim back too, so it stores nothing. Raises KeyReused when the same key comes with other input.
    """

    @functools.wraps(function)
    async def wrapper(*args: P.args, **kwargs: P.kwargs) -> R:
        key = cast(Key | None, kwargs.pop("key", None))

        async def once() -> R:
            if key is None:
                return await function(*args, **kwargs)
            return await _exactly_once(key, name, function, *args, **kwargs)

        return await database.write(once)

    name = f"{function.__module__.rpartition('.')[2]}.{function.__name__}"
    return wrapper


async def _exactly_once(
    key: Key, name: str, function: Callable[P, Awaitable[R]], /, *args: P.args, **kwargs: P.kwargs
) -> R:
    actor, now = cast(Actor, kwargs["actor"]), cast(datetime, kwargs["now"])
    claimed = await database.rows(
        "INSERT INTO once_key (scope, key, verb, input_hash, made_at) VALUES ({}, {}, {}, {}, {}) "
        "ON CONFLICT DO NOTHING RETURNING key",
        actor.scope,
        key.value,
        name,
        key.input_hash,
        now,
    )
    if not claimed:
        return cast(R, await _stored_result(actor.scope, key, name))
    result = await function(*args, **kwargs)
    await database.execute(
        "UPDATE once_key SET result = {} WHERE scope = {} AND key = {}", json.dumps(result), actor.scope, key.value
    )
    return result


async def _stored_result(scope: str, key: Key, name: str) -> int | str | None:
    first = await database.row(
        "SELECT verb, input_hash, result FROM once_key WHERE scope = {} AND key = {}", scope, key.value
    )
    assert first is not None
    result = cast(int | str | None, json.loads(first["result"]))
    if (first["verb"], first["input_hash"]) != (name, key.input_hash):
        raise KeyReused(verb=first["verb"], result=result)
    return result
