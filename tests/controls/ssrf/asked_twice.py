"""The address is checked, and then the name is connected to: it may say something else by now."""

from typing import Any

import httpcore

from app import cli
from app.gateways import web_push

NOTICED_BY = "connections outside the allowlist"

real = web_push._Pinned.connect_tcp


async def connect_tcp(self: Any, host: str, port: int, *how: Any, **named: Any) -> httpcore.AsyncNetworkStream:
    if not any(map(web_push.is_public, await self.resolve(host, port))):
        raise web_push.PrivateAddress
    return await httpcore.AnyIOBackend().connect_tcp(host, port, *how, **named)


web_push._Pinned.connect_tcp = connect_tcp  # type: ignore[method-assign]

if __name__ == "__main__":
    cli.main()
