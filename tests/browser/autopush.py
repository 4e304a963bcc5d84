"""A push service as Firefox knows it: a socket that the browser keeps open, and an address that a server posts to.

The socket speaks the protocol of Mozilla's autopush, the address RFC 8030 with RFC 8292 over TLS. What comes while the
browser is away is kept as long as its sender said, and the newest of a topic alone.
"""

import base64
import json
import secrets
import ssl
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aiohttp import web
from py_vapid import Vapid

from tests.gateways.push_service import certificate

HOST = "127.0.0.1"


@dataclass
class Channel:
    """One subscription; `key` is the only server that may post to it."""

    id: str
    browser: str
    key: str
    is_ended: bool = False


@dataclass(frozen=True, slots=True)
class Push:
    version: str
    channel: str
    topic: str
    data: str
    until: float


@dataclass
class Autopush:
    """`statuses` are the answers that servers got; `shown` the versions that a browser said it has."""

    port: int = 0
    web_port: int = 0
    channels: dict[str, Channel] = field(default_factory=dict)
    lines: dict[str, web.WebSocketResponse] = field(default_factory=dict)
    waiting: list[Push] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)
    shown: list[str] = field(default_factory=list)

    async def talk(self, request: web.Request) -> web.WebSocketResponse:
        line = web.WebSocketResponse(protocols=("push-notification",))
        await line.prepare(request)
        browser = ""
        async for said in line:
            told = json.loads(said.data)
            if told.get("messageType") == "hello":
                browser = told.get("uaid") or secrets.token_hex(16)
                self.lines[browser] = line
            await self._answer(told, browser, line)
        if self.lines.get(browser) is line:
            del self.lines[browser]
        return line

    async def _answer(self, told: dict[str, Any], browser: str, line: web.WebSocketResponse) -> None:
        kind = told.get("messageType")
        if kind == "ack":
            self._acknowledged([str(one["version"]) for one in told["updates"]])
        elif kind == "hello":
            said = {"uaid": browser, "status": 200, "use_webpush": True, "broadcasts": {}}
            await line.send_json({"messageType": kind, **said})
            for push in self._kept(browser):
                await _deliver(push, line)
        elif kind == "register":
            address = self._opened(told, browser)
            said = {"channelID": told["channelID"], "status": 200, "pushEndpoint": address}
            await line.send_json({"messageType": kind, **said})
        elif kind == "unregister":
            self._ended(told["channelID"])
            await line.send_json({"messageType": kind, "channelID": told["channelID"], "status": 200})
        else:
            await line.send_json({})  # a ping

    def _opened(self, told: dict[str, Any], browser: str) -> str:
        token = secrets.token_urlsafe(24)
        self.channels[token] = Channel(told["channelID"], browser, told.get("key") or "")
        return f"https://{HOST}:{self.port}/wpush/v2/{token}"

    def _ended(self, channel: str) -> None:
        for one in self.channels.values():
            one.is_ended = one.is_ended or one.id == channel

    def _acknowledged(self, versions: list[str]) -> None:
        self.waiting = [push for push in self.waiting if push.version not in versions]
        self.shown += versions

    def _kept(self, browser: str) -> list[Push]:
        own = {one.id for one in self.channels.values() if one.browser == browser and not one.is_ended}
        return [push for push in self.waiting if push.channel in own and push.until > time.time()]

    async def take(self, request: web.Request) -> web.Response:
        status = await self._taken(request)
        self.statuses.append(status)
        return web.Response(status=status, headers={"Location": str(request.url)} if status == 201 else {})

    async def _taken(self, request: web.Request) -> int:
        channel = self.channels.get(request.match_info["token"])
        if channel is None or channel.is_ended:
            return 410
        signature = request.headers.get("Authorization", "")
        if not self._is_signed(signature, channel):
            return 403
        if request.headers.get("Content-Encoding") != "aes128gcm" or not request.headers.get("TTL", "").isdigit():
            return 400
        await self._keep(channel, request.headers, await request.read())
        return 201

    def _is_signed(self, signature: str, channel: Channel) -> bool:
        parts = dict(part.strip().split("=", 1) for part in signature.removeprefix("vapid ").split(","))
        claims = json.loads(_decoded(parts["t"].split(".")[1]))
        is_meant = claims["aud"] == f"https://{HOST}:{self.port}" and claims["exp"] > time.time()
        return Vapid.verify(signature) and is_meant and parts["k"] == channel.key.rstrip("=")

    async def _keep(self, channel: Channel, headers: Any, body: bytes) -> None:
        topic = headers.get("Topic", "")
        self.waiting = [p for p in self.waiting if not (topic and p.channel == channel.id and p.topic == topic)]
        data = base64.urlsafe_b64encode(body).rstrip(b"=").decode()
        push = Push(secrets.token_hex(8), channel.id, topic, data, time.time() + int(headers["TTL"]))
        self.waiting.append(push)
        if line := self.lines.get(channel.browser):
            await _deliver(push, line)


async def _deliver(push: Push, line: web.WebSocketResponse) -> None:
    said = {"channelID": push.channel, "version": push.version, "data": push.data}
    await line.send_json({"messageType": "notification", "headers": {"encoding": "aes128gcm"}, **said})


def _decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


@asynccontextmanager
async def autopush(folder: Path) -> AsyncIterator[Autopush]:
    """Its certificate is tests/gateways/push_service.certificate(folder)."""
    made = Autopush()
    sockets, posts = web.Application(), web.Application()
    sockets.router.add_get("/", made.talk)
    posts.router.add_post("/wpush/v2/{token}", made.take)
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificate(folder))
    runners = [web.AppRunner(sockets, shutdown_timeout=1), web.AppRunner(posts, shutdown_timeout=1)]
    for runner, context in zip(runners, (None, tls), strict=True):
        await runner.setup()
        await web.TCPSite(runner, HOST, 0, ssl_context=context).start()
    made.web_port, made.port = (runner.addresses[0][1] for runner in runners)
    try:
        yield made
    finally:
        for runner in runners:
            await runner.cleanup()
