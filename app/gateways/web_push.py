"""Web Push: pywebpush encrypts, our own client sends.

The address to post to came from a browser, so from anybody. Therefore: only hosts of the allowlist, only public
addresses, resolved once and connected to as resolved, no redirect, ten seconds in all.
"""

import asyncio
import ipaddress
import json
import socket
import ssl
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import urlsplit

import httpcore
from py_vapid import Vapid

from app.domain.delivery import Phone
from app.domain.push import DEMO_HOST, is_allowed
from app.gateways import Permanent, Temporary, console

if TYPE_CHECKING:  # takes long, and a start need not wait for it
    import httpx

TIME_OUT = 10.0
SIZE = 512  # of every payload: its length tells nothing about what it says
LONGEST = timedelta(days=28)  # services keep a message no longer
Resolve = Callable[[str, int], Awaitable[list[str]]]


@dataclass(frozen=True, slots=True)
class Push:
    payload: dict[str, str]
    topic: str  # a newer message with it replaces one that waits
    is_urgent: bool
    useless_after: datetime


class WebPush(Protocol):
    async def send(self, phone: Phone, push: Push, *, message_id: int, now: datetime) -> bool:
        """True when it is known at once that it was shown. Raises Temporary or Permanent."""


class ServicePush:
    """Speaks RFC 8030 with a browser maker's push service."""

    def __init__(
        self,
        hosts: Sequence[str],
        vapid_pem: bytes,
        contact: str,
        *,
        resolve: Resolve | None = None,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self.hosts = hosts
        self.vapid = Vapid.from_pem(vapid_pem)
        self.contact = contact
        meant = {host.partition(":")[0] for host in hosts}
        self.network = _Pinned(resolve or _resolve, meant)
        self.tls = tls

    @cached_property
    def client(self) -> "httpx.AsyncClient":
        return _client(self.network, self.tls)

    async def send(self, phone: Phone, push: Push, *, message_id: int, now: datetime) -> bool:
        if not is_allowed(phone.endpoint, self.hosts):
            raise Permanent("host not allowed", is_gone=True)
        import httpx

        try:
            async with asyncio.timeout(TIME_OUT):
                status, after = await self._post(phone, push, now)
        except (PrivateAddress, httpx.InvalidURL) as error:
            raise Permanent(type(error).__name__, is_gone=True) from error
        except (httpx.HTTPError, OSError) as error:
            raise Temporary(type(error).__name__) from error
        _judge(status, _wait(after, now))
        return False

    async def close(self) -> None:
        await self.client.aclose()

    async def _post(self, phone: Phone, push: Push, now: datetime) -> tuple[int, str]:
        """The answer's body is never read: nobody needs it and it may be endless."""
        body, headers = await asyncio.to_thread(_encrypted, phone, push), self._headers(phone, push, now)
        async with self.client.stream("POST", phone.endpoint, content=body, headers=headers) as answer:
            return answer.status_code, answer.headers.get("retry-after", "")

    def _headers(self, phone: Phone, push: Push, now: datetime) -> dict[str, str]:
        parts = urlsplit(phone.endpoint)
        claims = {
            "aud": f"https://{parts.netloc}",
            "sub": self.contact,
            "exp": int((now + timedelta(hours=12)).timestamp()),
        }
        lasts = min(max(push.useless_after - now, timedelta(minutes=1)), LONGEST)
        return {
            **self.vapid.sign(claims),
            "TTL": str(int(lasts.total_seconds())),
            "Topic": push.topic,
            "Urgency": "high" if push.is_urgent else "normal",
            "Content-Encoding": "aes128gcm",
            "Content-Type": "application/octet-stream",
        }


class DemoPush:
    """Keeps a copy of every push. Phones below .invalid do not exist: their copy is all there is, and it is shown."""

    def __init__(self, real: WebPush) -> None:
        self.real = real

    async def send(self, phone: Phone, push: Push, *, message_id: int, now: datetime) -> bool:
        host = urlsplit(phone.endpoint).hostname or ""
        body = f"{push.payload['title']}: {push.payload['body']}"
        await console.keep("push", host.removesuffix(DEMO_HOST), body, message_id=message_id, now=now)
        return host.endswith(DEMO_HOST) or await self.real.send(phone, push, message_id=message_id, now=now)


class NoPush:
    """For times that are over: nothing of them leaves this machine."""

    async def send(self, phone: Phone, push: Push, *, message_id: int, now: datetime) -> bool:
        raise Permanent("nothing is sent")


class PrivateAddress(OSError):
    pass


def is_public(address: str) -> bool:
    """Not ours, not the neighbours', not one of those that hide another address inside."""
    parsed = ipaddress.ip_address(address)
    if any(parsed in network for network in _SPECIAL):
        return False
    if isinstance(parsed, ipaddress.IPv6Address):
        hides = parsed.ipv4_mapped or parsed.sixtofour or parsed.teredo
        return parsed in _GLOBAL_UNICAST and parsed.is_global and not hides
    return parsed.is_global and not parsed.is_multicast


_GLOBAL_UNICAST = ipaddress.ip_network("2000::/3")
# Nobody's public service (RFC 6890, 7526, 9637), and global to some versions of Python: a cloud's metadata is in one.
_SPECIAL = [ipaddress.ip_network(each) for each in ("192.0.0.0/24", "192.88.99.0/24", "2001::/23", "3fff::/20")]


class _Pinned(httpcore.AsyncNetworkBackend):
    """Connects to the very address that was checked: a name that changes its mind in between changes nothing."""

    def __init__(self, resolve: Resolve, meant: set[str]) -> None:
        self.resolve = resolve
        self.meant = meant
        self.network: httpcore.AsyncNetworkBackend = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - httpcore's own signature
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        for address in await self.resolve(host, port):
            # An address the allowlist itself writes down is meant, even a private one.
            if is_public(address) or (host == address and host in self.meant):
                return await self.network.connect_tcp(address, port, timeout, local_address, socket_options)
        raise PrivateAddress(f"{host} has no public address")


async def _resolve(host: str, port: int) -> list[str]:
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(entry[4][0]) for entry in found]


def _client(network: httpcore.AsyncNetworkBackend, tls: ssl.SSLContext | None) -> "httpx.AsyncClient":
    import httpx

    transport = httpx.AsyncHTTPTransport(verify=tls or ssl.create_default_context(), retries=0)
    # httpx has no door for this; a test connects to a name that lies, so that losing it is noticed.
    transport._pool._network_backend = network
    return httpx.AsyncClient(transport=transport, follow_redirects=False, timeout=TIME_OUT, trust_env=False)


def _encrypted(phone: Phone, push: Push) -> bytes:
    from pywebpush import WebPusher, WebPushException  # takes long, and a start need not wait for it

    plain = json.dumps(push.payload, ensure_ascii=False, separators=(",", ":")).encode()
    keys = {"p256dh": phone.p256dh, "auth": phone.auth}
    try:
        encoded = WebPusher({"endpoint": phone.endpoint, "keys": keys}).encode(plain.ljust(SIZE))
    except (WebPushException, ValueError) as error:
        raise Permanent("keys do not fit", is_gone=True) from error
    return bytes(encoded["body"])


def _judge(status: int, after: timedelta) -> None:
    if status in (200, 201, 202, 204):
        return
    if status in (404, 410):
        raise Permanent(f"answer {status}", is_gone=True)
    if status == 429 or status >= 500:
        raise Temporary(f"answer {status}", after)
    raise Permanent(f"answer {status}")


def _wait(after: str, now: datetime) -> timedelta:
    """Retry-After is a number of seconds or a date; nonsense asks for nothing, nobody for more than a day."""
    if after.isascii() and after.isdigit() and len(after) < 9:
        return min(timedelta(seconds=int(after)), timedelta(days=1))
    try:
        until = parsedate_to_datetime(after)
    except ValueError:
        return timedelta(0)
    until = until if until.tzinfo else until.replace(tzinfo=UTC)
    return min(max(until - now, timedelta(0)), timedelta(days=1))
