"""Run by the proof `ssrf` below `unshare`: a network of its own, in which every address is this machine.

The kernel hands a copy of each packet to a tap, so that every attempt to connect is seen, whoever made it and whether
or not anybody listens. Names are asked of a server here that lies; the push services of the allowlist listen here too,
at public addresses. Reads on standard input whom to subscribe, says on standard output what was seen.

    unshare --map-root-user --net --mount python -m tests.proving.cage MODULE FOLDER
"""

import asyncio
import ipaddress
import json
import os
import socket
import ssl
import struct
import subprocess
import sys
from collections import Counter
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from app import database
from app.addresses import url
from app.domain import clock, message
from tests.gateways.push_service import certificate
from tests.proving.client import Client, post
from tests.proving.hostile import ALLOWED, BELOW, NOT_ALLOWED, PUBLIC, PUBLIC_6, addresses_of
from tests.proving.server import LOG
from tests.servers import served

ENTER = ("unshare", "--map-root-user", "--net", "--mount")
EVERYTHING, PACKET, STATISTICS, OUTGOING = 3, 263, 6, 4  # of linux/if_ether.h and linux/if_packet.h
PATIENCE = 120.0  # seconds for all messages
CERTIFIED = (ALLOWED[0], ALLOWED[1], f"*.{BELOW}", f"*.{NOT_ALLOWED}", NOT_ALLOWED)
HERE, NAMES = bytes((127, 0, 0, 1)), bytes((0, 53))  # as packets say address and port of the name server
Target = tuple[str, int]


@dataclass
class Seen:
    """`subscribed` are statuses by endpoint; `outside` and `inside` count connections begun, by address and port.

    `inside` are those to where the allowlist leads, `asked` the names that were looked up.
    """

    subscribed: dict[str, int] = field(default_factory=dict)
    tried: int = 0
    outside: dict[str, int] = field(default_factory=dict)
    inside: int = 0
    asked: dict[str, int] = field(default_factory=dict)
    probes: int = 0
    lost: int = 0
    notified: int = 0


def enclose(folder: Path) -> None:
    """Every address is this machine, every name is asked of it; nothing leaves and nobody outside notices."""
    for command in ("link set lo up", "route add local 0.0.0.0/0 dev lo", "-6 route add local ::/0 dev lo"):
        subprocess.run(["ip", *command.split()], check=True)
    for path, said in (("resolv.conf", "nameserver 127.0.0.1\n"), ("nsswitch.conf", "hosts: dns\n")):
        (folder / path).write_text(said)
        subprocess.run(["mount", "--bind", str(folder / path), f"/etc/{path}"], check=True)


class Tap:
    """What the kernel sends, packet by packet: connections begun, and datagrams that are no question for a name."""

    def __init__(self) -> None:
        self.socket = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.ntohs(EVERYTHING))
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 16 << 20)  # as far as we may
        self.socket.bind(("lo", 0))
        self.socket.setblocking(False)
        self.began: Counter[Target] = Counter()
        asyncio.get_running_loop().add_reader(self.socket, self.read)

    def read(self) -> None:
        while True:
            try:
                packet, origin = self.socket.recvfrom(2048)
            except BlockingIOError:
                return
            if origin[2] == OUTGOING and (target := begun(packet[14:])):
                self.began[target] += 1

    def lost(self) -> int:
        return int(struct.unpack("II", self.socket.getsockopt(PACKET, STATISTICS, 8))[1])


def begun(packet: bytes) -> Target | None:
    """Where this packet of IP begins something: the first one of a connection, or a datagram."""
    if packet[0] >> 4 == 4:
        kind, there, carried = packet[9], packet[16:20], packet[(packet[0] & 15) * 4 :]
    else:
        kind, there, carried = packet[6], packet[24:40], packet[40:]
    is_first = kind == socket.IPPROTO_TCP and carried[13] & 0x12 == 0x02  # SYN without ACK
    if not is_first and kind != socket.IPPROTO_UDP:
        return None
    is_of_names = kind == socket.IPPROTO_UDP and NAMES in (carried[:2], carried[2:4]) and there == HERE
    return None if is_of_names else (str(ipaddress.ip_address(there)), int.from_bytes(carried[2:4], "big"))


class NameServer(asyncio.DatagramProtocol):
    """A name server for the names of tests/proving/hostile.py; nothing may be remembered of what it says."""

    def __init__(self) -> None:
        self.asked: Counter[str] = Counter()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport: Any = transport

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        labels, at = [], 12
        while data[at]:
            labels.append(data[at + 1 : at + 1 + data[at]])
            at += 1 + data[at]
        name, kind = b".".join(labels).decode("latin-1").lower(), data[at + 2]
        found = addresses_of(name, self.asked[name])
        self.asked[name] += kind == 1
        packed = [ipaddress.ip_address(each).packed for each in found]
        fitting = [each for each in packed if len(each) == {1: 4, 28: 16}.get(kind)]
        records = [b"\xc0\x0c" + struct.pack(">HHIH", kind, 1, 0, len(each)) + each for each in fitting]
        head = data[:2] + struct.pack(">HHHHH", 0x8180 if found else 0x8183, 1, len(records), 0, 0)
        self.transport.sendto(head + data[12 : at + 5] + b"".join(records), addr)


class Service:
    """A push service at every address: takes what comes, and sends on whoever asks for `/redirect/STATUS/WHERE`."""

    def __init__(self) -> None:
        self.taken = 0

    async def open(self, pem: Path) -> None:
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(pem)
        for address in ("0.0.0.0", "::"):
            await asyncio.start_server(self.answer, address, 443, ssl=tls)
            await asyncio.start_server(self.answer, address, 80)

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            path = (await reader.readuntil(b"\r\n\r\n")).split(b" ")[1].decode()
        except (asyncio.IncompleteReadError, OSError):
            return writer.close()
        _, told, status, there = path.split("/", 3) if path.startswith("/redirect/") else ("", "", "201", "")
        self.taken += not told
        where = f"Location: {there}\r\n" if told else ""
        writer.write(f"HTTP/1.1 {status} X\r\n{where}Content-Length: 0\r\nConnection: close\r\n\r\n".encode())
        await writer.drain()
        return writer.close()


async def look(module: str, folder: Path, phones: list[dict[str, str]]) -> Seen:
    pem = certificate(folder, *CERTIFIED)
    os.environ |= {"SSL_CERT_FILE": str(pem), "VICINO_DEMO": "0"}
    tap, service, seen = Tap(), Service(), Seen()
    _, names = await asyncio.get_running_loop().create_datagram_endpoint(NameServer, local_addr=("127.0.0.1", 53))
    await service.open(pem)
    await _probe(tap, seen)
    await database.start()
    try:
        async with served(module=module, log=folder / LOG) as origin:
            port = urlsplit(origin).port or 0
            await _subscribe(port, phones, seen)
            own = tap.began.pop(("127.0.0.1", port))
            assert own, "our own requests were not seen"
            await _notify(phones, seen)
    finally:
        await database.stop()
    meant = {(PUBLIC, 443), (PUBLIC_6, 443)}
    seen.inside = sum(count for target, count in tap.began.items() if target in meant)
    seen.outside = {f"{t[0]} {t[1]}": count for t, count in tap.began.items() if t not in meant}
    seen.asked, seen.lost, seen.notified = dict(names.asked), tap.lost(), service.taken
    return seen


async def _probe(tap: Tap, seen: Seen) -> None:
    """The tap is tried: nobody listens there, and it is seen all the same."""
    for address in ("10.1.2.3", "169.254.169.254", "fd00::1"):
        try:
            await asyncio.open_connection(address, 81)
        except OSError:
            await asyncio.sleep(0.05)
        seen.probes += tap.began.pop((address, 81), 0)


async def _subscribe(port: int, phones: list[dict[str, str]], seen: Seen) -> None:
    client = Client(port)
    for number, phone in enumerate(phones):
        form = {name: phone[name] for name in ("endpoint", "p256dh", "auth")}
        path = url("push_subscription", territory="tradate")
        reply = await client.ask(post(path, form, key=f"s{number}", token=phone["token"]))
        seen.subscribed[phone["endpoint"]] = reply.status if reply else 0
    client.close()


async def _notify(phones: list[dict[str, str]], seen: Seen) -> None:
    """The route's refusals stand in the database all the same, as if they had got there in another way."""
    now = clock.now()

    async def put() -> None:
        for phone in phones:
            await database.execute(
                "INSERT INTO push_subscription (person_id, endpoint, p256dh, auth, added_at) "
                "VALUES ({}, {}, {}, {}, {}) ON CONFLICT DO NOTHING",
                *(int(phone["person"]), phone["endpoint"], phone["p256dh"], phone["auth"], now),
            )
            until = now + timedelta(days=1)
            await message.put("new_device", int(phone["person"]), due_at=now, useless_after=until, now=now)

    await database.write(put)
    end = asyncio.get_running_loop().time() + PATIENCE
    while seen.tried < len(phones) and asyncio.get_running_loop().time() < end:
        await asyncio.sleep(0.2)
        seen.tried = await database.scalar(_TRIED)


_TRIED = "SELECT count(*) FROM delivery WHERE channel = 'push' AND (state <> 'sending' OR detail <> '')"


def main() -> None:
    module, folder = sys.argv[1], Path(sys.argv[2])
    enclose(folder)
    print(json.dumps(asdict(asyncio.run(look(module, folder, json.load(sys.stdin))))))


if __name__ == "__main__":
    main()
