"""Text messages: over HTTP to whoever sends them (docs/sms.md), or written down."""

import asyncio
from datetime import datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Protocol

from app import addresses
from app.gateways import Permanent, Temporary, console, wait

if TYPE_CHECKING:  # takes long, and a start need not wait for it
    import httpx

TIME_OUT = 10.0
OUR_FAULT = timedelta(minutes=10)  # a wrong token or address is mended by us, it is not the person's number that is bad


class Sms(Protocol):
    tells_status: bool  # what became of a text is said later

    async def send(self, number: str, text: str, *, tag: str, message_id: int, now: datetime) -> None:
        """Raises Temporary or Permanent. The same `tag` again is the same message again."""


class ConsoleSms:
    tells_status = False

    async def send(self, number: str, text: str, *, tag: str, message_id: int, now: datetime) -> None:
        await console.keep("sms", number, text, message_id=message_id, now=now)


class HttpSms:
    """`site` is our own address: there the service says what became of each text."""

    def __init__(self, url: str, token: str, sender: str, site: str, *, tells_status: bool = True) -> None:
        self.url, self.token, self.sender, self.site, self.tells_status = url, token, sender, site, tells_status

    @cached_property
    def client(self) -> "httpx.AsyncClient":
        import httpx

        return httpx.AsyncClient(follow_redirects=False, timeout=TIME_OUT, trust_env=False)

    async def send(self, number: str, text: str, *, tag: str, message_id: int, now: datetime) -> None:
        import httpx

        told = {"to": international(number), "from": self.sender, "text": text}
        told["status_url"] = self.site + addresses.url("sms_status", reference=tag)
        headers = {"authorization": f"Bearer {self.token}", "idempotency-key": tag}
        try:
            async with (
                asyncio.timeout(TIME_OUT),
                self.client.stream("POST", self.url, json=told, headers=headers) as got,
            ):
                status, after = got.status_code, got.headers.get("retry-after", "")
        except (httpx.HTTPError, OSError, TimeoutError) as error:
            raise Temporary(type(error).__name__) from error
        _judge(status, wait(after, now))

    async def close(self) -> None:
        await self.client.aclose()


def international(number: str) -> str:
    """As E.164: numbers are kept without the Italian prefix."""
    return number if number.startswith("+") else f"+39{number}"


def _judge(status: int, after: timedelta) -> None:
    """Only what says that this number or text can never go is for good."""
    if status in (200, 201, 202, 204):
        return
    if status in (400, 404, 410, 413, 422):
        raise Permanent(f"answer {status}")
    raise Temporary(f"answer {status}", after if status == 429 or status >= 500 else max(after, OUR_FAULT))
