"""The address is checked, and then the name is asked again: it may say something else by now."""

from typing import Any

from app import cli
from app.gateways import web_push

NOTICED_BY = "connections outside the allowlist"

real = web_push._Pinned.resolve


async def resolve(self: Any, host: str, port: int = 0, family: int = 0) -> list[dict[str, Any]]:
    found = await real(self, host, port, family)
    return [{**found[0], "host": (await self.ask(host, port))[0]}]


web_push._Pinned.resolve = resolve  # type: ignore[method-assign]

if __name__ == "__main__":
    cli.main()
