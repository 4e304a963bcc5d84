"""Where a browser that means ill would like to have us connect: endpoints of every kind, and the names they use.

A name says its own addresses: `to-0a000008.evil.example` has 10.0.0.8, `to-A-B` has both, `flip-A-B` has A until it was
asked once and B from then on. Below the hosts of the allowlist somebody lies in the same way.
"""

import ipaddress
from collections.abc import Iterator

PUBLIC, PUBLIC_6 = "142.250.180.10", "2a00:1450:4002:403::200a"  # where push services live, here
ALLOWED = ("fcm.googleapis.com", "updates.push.services.mozilla.com")
BELOW = "push.apple.com"  # everything below it is allowed
NOT_ALLOWED = "evil.example"
NAMES: dict[str, tuple[str, ...]] = {
    **dict.fromkeys((*ALLOWED, f"good.{BELOW}"), (PUBLIC, PUBLIC_6)),
    "localhost": ("127.0.0.1", "::1"),
    "metadata.google.internal": ("169.254.169.254",),
    NOT_ALLOWED: ("93.184.216.34",),
}

_INSIDE = """
127.0.0.1 127.8.8.8 0.0.0.0 10.0.0.8 172.16.0.1 172.31.255.254 192.168.1.1 169.254.1.1 169.254.169.254 100.64.0.1
100.100.100.200 192.0.0.192 192.88.99.1 192.0.2.1 198.18.0.1 198.51.100.7 203.0.113.9 224.0.0.1 239.255.255.250
240.0.0.1 255.255.255.255
"""
_INSIDE_6 = """
::1 :: fc00::1 fd12:3456::1 fd00:ec2::254 fe80::1 fec0::1 ff02::1 100::1 2001:db8::1 ::ffff:127.0.0.1 ::ffff:10.0.0.8
::ffff:169.254.169.254 ::127.0.0.1 64:ff9b::7f00:1 64:ff9b::a9fe:a9fe 2002:7f00:1:: 2002:a00:8::1 2001:0:7f00:1::
5f00::1 4000::1 2001:2::1 3fff::1
"""
INSIDE, INSIDE_6 = tuple(_INSIDE.split()), tuple(_INSIDE_6.split())
PORTS = (22, 25, 80, 3306, 5432, 6379, 8080, 8443, 65535)


def endpoints() -> list[str]:
    """Each once, kinds mixed, so that a part of them holds something of everything."""
    kinds = [list(kind()) for kind in (_plain, _written_otherwise, _disguised, _lying, _flipping, _redirecting, _ports)]
    spread = sorted((number / len(kind), endpoint) for kind in kinds for number, endpoint in enumerate(kind))
    return list(dict.fromkeys(endpoint for _, endpoint in spread))


def addresses_of(name: str, times_asked: int) -> tuple[str, ...]:
    """What the names of this world resolve to; nothing for a name that does not exist."""
    told, *parts = name.partition(".")[0].split("-")
    if told not in ("to", "flip"):
        return NAMES.get(name, ())
    found = tuple(_read(part) for part in parts)
    return found if told == "to" else (found[min(times_asked, len(found) - 1)],)


def named(*addresses: str, below: str, how: str = "to") -> str:
    return "-".join((how, *(ipaddress.ip_address(each).packed.hex() for each in addresses))) + f".{below}"


def _read(packed: str) -> str:
    return str(ipaddress.ip_address(bytes.fromhex(packed)))


def _plain() -> Iterator[str]:
    for address in INSIDE:
        yield from (f"https://{address}/", f"http://{address}/latest/meta-data/")
    for address in INSIDE_6:
        yield f"https://[{address}]/"


def _written_otherwise() -> Iterator[str]:
    """One address, in every way that some reader of addresses takes for one."""
    for address in ("127.0.0.1", "10.0.0.8", "169.254.169.254"):
        number, (a, b, c, d) = int(ipaddress.ip_address(address)), map(int, address.split("."))
        forms = [str(number), hex(number), f"0{number:o}", f"{a:#x}.{b:#x}.{c:#x}.{d:#x}", f"{a}.{b}.{c * 256 + d}"]
        forms += [f"0{a:o}.0{b:o}.0{c:o}.0{d:o}", f"{a}.{number & 0xFFFFFF}", f"{address}.", f"{a:03}.{b}.{c}.{d}"]
        yield from (f"https://{form}/" for form in forms)
        yield f"https://[::ffff:{number >> 16:x}:{number & 0xFFFF:x}]/"
    yield from (
        "https://[fe80::1%25lo]/",
        "https://[::1%lo]/",
        "https://[0:0:0:0:0:0:0:1]/",
        "https://127.1/",
        "https://0/",
    )
    yield from ("https://①②⑦.⓪.⓪.①/", "https://127。0。0。1/", "https://１２７.0.0.1/", "https://127.0.0.1%00/")


def _disguised() -> Iterator[str]:
    """Looks like a host of the allowlist to somebody."""
    for good in (*ALLOWED, f"good.{BELOW}"):
        for bad in ("127.0.0.1", named("10.0.0.8", below=NOT_ALLOWED)):
            yield from (f"https://{good}@{bad}/", f"https://{good}:443@{bad}/", f"https://{bad}\\@{good}/")
            yield from (f"https://{bad}#@{good}/", f"https://{bad}?@{good}/", f"https://{bad}%2f@{good}/")
            yield from (f"https://{bad}/{good}", f"https://{bad}\t.{good}/", f"https://{bad}\\.{good}/")
            yield from (f"https://{bad}\r\nHost: {good}/", f"https://{bad}\x00.{good}/", f"https://{good}%40{bad}/")
        yield from (f"https://{good}.{NOT_ALLOWED}/", f"https://{good}-{NOT_ALLOWED}/", f"https://x{good}/")
        yield from (f"http://{good}/", f"https://{good}./", f"https:{good}/", f"https:///{good}/", f"//{good}/")
        yield from (f"ftp://{good}/", f"gopher://{good}/", f"file://{good}/etc/passwd", f"https://{good}:0/")
        yield from (f"https://{good.replace('.', '。')}/", f"https://{good.replace('o', 'о')}/", f"https://[{good}]/")
        yield from (f"https://{good.replace('s', 'ſ')}/", f"https://{good.upper()}/", f"https://x\u00ad{good}/")


def _lying() -> Iterator[str]:
    """The name is allowed; what it resolves to is not."""
    for address in (*INSIDE, *INSIDE_6):
        yield f"https://{named(address, below=BELOW)}/"
    for address in INSIDE[::3]:
        yield f"https://{named(address, PUBLIC, below=BELOW)}/"
        yield f"https://{named(address, below=NOT_ALLOWED)}/"
    yield from ("https://localhost/", "https://metadata.google.internal/", f"https://{NOT_ALLOWED}/")


def _flipping() -> Iterator[str]:
    """Public when it is checked, inside when it is connected to."""
    for address in INSIDE:
        yield f"https://{named(PUBLIC, address, below=BELOW, how='flip')}/"


def _redirecting() -> Iterator[str]:
    """The push service itself sends us on: its answer says where the path says."""
    for status in (301, 302, 303, 307, 308):
        for there in (
            "http://169.254.169.254/latest/",
            "https://127.0.0.1/",
            f"https://{NOT_ALLOWED}/",
            "https://[::1]/",
        ):
            yield f"https://{ALLOWED[0]}/redirect/{status}/{there}"


def _ports() -> Iterator[str]:
    for port in PORTS:
        yield f"https://{ALLOWED[0]}:{port}/"
        yield f"https://{named('127.0.0.1', below=BELOW)}:{port}/"
        yield f"https://127.0.0.1:{port}/"
