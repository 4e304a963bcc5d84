"""A form's key is not claimed: a repeat has its effect again."""

from collections.abc import Awaitable, Callable
from typing import Any

from app import cli
from app.domain import verb
from app.domain.verb import Key

NOTICED_BY = "keys with more than one effect"


async def exactly_once(
    key: Key, name: str, function: Callable[..., Awaitable[Any]], /, *args: Any, **kwargs: Any
) -> Any:
    return await function(*args, **kwargs)


verb._exactly_once = exactly_once

if __name__ == "__main__":
    cli.main()
