"""Web Push: pywebpush encrypts, our own client sends.

The address to post to came from a browser, so from anybody. Therefore: only hosts of the allowlist, only public
addresses, resolved once and connected to as resolved, no redirect, ten seconds in all.
"""

import asyncio
import ipaddress
import json
import re
import socket
import ssl
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol, cast
from urllib.parse import urlsplit

from py_vapid import Vapid

from app.domain.delivery import Phone
from app.domain.push import DEMO_HOST, is_allowed
from app.gateways import Permanent, Temporary, console, wait

if TYPE_CHECKING:  # takes long, and a start need not wait for it
    import aiohttp

TIME_OUT = 10.0
SIZE = 512  # of every payload: its length tells nothing about what it says
LONGEST = timedelta(days=28)  # services keep a message no longer
SIGNED_FOR = timedelta(hours=12)  # a service is shown the same signature half as long; more than a day is refused
KEPT_FOR = 20.0  # seconds a connection waits for the next message, which then needs no handshake
MOST_READ, READ_FOR = 4096, 1.0  # bytes and seconds of an answer's body: it may be endless
MOST_SERVICES = 100  # whose signature is kept: an allowlist may hold a star
_TARGET = re.compile(r"/[!-~]*", re.ASCII)
Resolve = Callable[[str, int], Awaitable[list[str]]]


@dataclass(frozen=True, slots=True)
class Push:
    payload: dict[str, Any]  # what the worker reads: words, an address, and its buttons
    topic: str  # a newer message with it replaces one that waits
    is_urgent: bool
    useless_after: datetime


class WebPush(Protocol):
    async def send(self, phone: Phone, push: Push, *, message_id: int, now: datetime) -> bool:
        """True when it is known at once that it was shown. Raises Temporary or Permanent."""

    async def close(self) -> None:
        """No more will be sent."""


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
        self.network = _Pinned(resolve or _resolve)
        self.tls = tls
        self.signatures: dict[str, tuple[datetime, dict[str, str]]] = {}

    @cached_property
    def session(self) -> "aiohttp.ClientSession":
        return _session(self.network, self.tls)

    async def send(self, phone: Phone, push: Push, *, message_id: int, now: datetime) -> bool:
        if not is_allowed(phone.endpoint, self.hosts):
            raise Permanent("host not allowed", is_gone=True)
        body = await asyncio.to_thread(_encrypted, phone, push)
        import aiohttp  # by now read, in the thread: who answers pages did not wait for it

        try:
            async with asyncio.timeout(TIME_OUT):
                status, after = await _posted(self.session, phone.endpoint, self._headers(phone, push, now), body)
        except PrivateAddress as error:
            raise Permanent(type(error).__name__, is_gone=True) from error
        except (aiohttp.ClientError, OSError) as error:
            raise Temporary(type(error).__name__) from error
        _judge(status, wait(after, now))
        return False

    async def close(self) -> None:
        if "session" in vars(self):
            await self.session.close()

    def _headers(self, phone: Phone, push: Push, now: datetime) -> dict[str, str]:
        lasts = min(max(push.useless_after - now, timedelta(minutes=1)), LONGEST)
        return {
            **self._signature(f"https://{urlsplit(phone.endpoint).netloc}", now),
            "TTL": str(int(lasts.total_seconds())),
            "Topic": push.topic,
            "Urgency": "high" if push.is_urgent else "normal",
            "Content-Encoding": "aes128gcm",
            "Content-Type": "application/octet-stream",
        }

    def _signature(self, service: str, now: datetime) -> dict[str, str]:
        """One for all messages of some hours to one service; it says who we are and nothing of the message."""
        since, signed = self.signatures.get(service, (now, {}))
        if not signed or not since <= now < since + SIGNED_FOR / 2:
            claims = {"aud": service, "sub": self.contact, "exp": int((now + SIGNED_FOR).timestamp())}
            signed = dict(self.vapid.sign(claims))
            if len(self.signatures) >= MOST_SERVICES:
                self.signatures.clear()
            self.signatures[service] = now, signed
        return signed


class DemoPush:
    """Keeps a copy of every push. Phones below .invalid do not exist: their copy is all there is, and it is shown."""

    def __init__(self, real: WebPush) -> None:
        self.real = real

    async def send(self, phone: Phone, push: Push, *, message_id: int, now: datetime) -> bool:
        host = urlsplit(phone.endpoint).hostname or ""
        body = f"{push.payload['title']}: {push.payload['body']}"
        await console.keep("push", host.removesuffix(DEMO_HOST), body, message_id=message_id, now=now)
        return host.endswith(DEMO_HOST) or await self.real.send(phone, push, message_id=message_id, now=now)

    async def close(self) -> None:
        await self.real.close()


class NoPush:
    """For times that are over: nothing of them leaves this machine."""

    async def send(self, phone: Phone, push: Push, *, message_id: int, now: datetime) -> bool:
        raise Permanent("nothing is sent")

    async def close(self) -> None:
        pass


class PrivateAddress(Exception):
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


class _Pinned:
    """Leads to the very address that was checked: a name that changes its mind in between changes nothing.

    An address the allowlist itself writes down is meant, even a private one: it is no name, and nobody asks here.
    """

    def __init__(self, resolve: Resolve) -> None:
        self.ask = resolve

    async def resolve(self, host: str, port: int = 0, family: int = socket.AF_UNSPEC) -> list[dict[str, Any]]:
        for address in await self.ask(host, port):
            if is_public(address):
                kind = socket.AF_INET6 if ":" in address else socket.AF_INET
                known = {"hostname": host, "host": address, "port": port, "family": kind}
                return [{**known, "proto": 0, "flags": socket.AI_NUMERICHOST}]
        raise PrivateAddress(f"{host} has no public address")

    async def close(self) -> None:
        pass


async def _resolve(host: str, port: int) -> list[str]:
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(entry[4][0]) for entry in found]


def _session(network: _Pinned, tls: ssl.SSLContext | None) -> "aiohttp.ClientSession":
    """Believes no proxy, keeps no cookie. A silent service holds up its own messages alone: the worker bounds them."""
    import aiohttp

    connector = aiohttp.TCPConnector(
        resolver=cast(Any, network),
        ssl=tls or ssl.create_default_context(),
        limit=0,
        use_dns_cache=False,
        keepalive_timeout=KEPT_FOR,
    )
    patience = aiohttp.ClientTimeout(total=None)  # whoever sends has one for all of it
    jar = aiohttp.DummyCookieJar()
    return aiohttp.ClientSession(connector=connector, timeout=patience, cookie_jar=jar, auto_decompress=False)


async def _posted(
    session: "aiohttp.ClientSession", endpoint: str, headers: Mapping[str, str], body: bytes
) -> tuple[int, str]:
    """The answer's status and Retry-After. Nobody follows who is sent on."""
    async with session.post(_url(endpoint), headers=headers, data=body, allow_redirects=False) as answer:
        await _read(answer)
        return answer.status, answer.headers.get("Retry-After", "")


async def _read(answer: "aiohttp.ClientResponse") -> None:
    """A short one to its end, so that its connection serves the next message; what it says is nobody's business."""
    import aiohttp

    with suppress(TimeoutError, aiohttp.ClientError):
        async with asyncio.timeout(READ_FOR):
            while await answer.content.read(MOST_READ) and answer.content.total_bytes <= MOST_READ:
                pass


def _url(endpoint: str) -> Any:
    """Of the parts that `is_allowed` looked at, not read once more by somebody else."""
    from yarl import URL

    parts = urlsplit(endpoint)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    try:
        if _TARGET.fullmatch(target):
            return URL(f"https://{parts.netloc}{target}", encoded=True)
    except ValueError:
        pass
    raise Permanent("not an address", is_gone=True)


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
