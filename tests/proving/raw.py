"""Requests that no browser sends: any method, address, header, cookie and body, some of them no HTTP at all."""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from urllib.parse import quote, urlencode

from app import addresses, i18n
from tests.pages.junk import COOKIES, LINES, NAMES, NUMBERS, STRANGE, TYPED, WORDS

METHODS = ("GET",) * 8 + ("POST",) * 8 + tuple(name for name in STRANGE if name != "HEAD")
HEADERS = {
    "Accept-Encoding": ("br", "zstd", "gzip;q=0", "*", "dcz, br", "identity;q=0, *;q=0"),
    "Accept-Language": ("en", "it-IT,it;q=0.9", "xx", "q=1;;", "en;q=zz", "é"),
    "Available-Dictionary": (":AAAA:", "::", ":" + "A" * 43 + "=:", "x"),
    "If-None-Match": ("*", 'W/"x"', '"', 'W/"0123456789ab", *', ","),
    "If-Modified-Since": ("yesterday", "Tue, 24 Nov 2026 11:05:00 GMT"),
    "Range": ("bytes=0-1", "bytes=-1", "lines=1-", "bytes=99999999999999999999-"),
    "Content-Encoding": ("gzip", "br", "identity"),
    "Content-Type": ("text/plain", "application/json", "multipart/form-data", "application/x-www-form-urlencoded", ";"),
    "Sec-Fetch-Site": ("same-origin", "cross-site", "none", "", "same-origin, cross-site"),
    "Origin": ("null", "https://altrove.example", "http://127.0.0.1", "x", "://"),
    "X-Forwarded-For": ("10.9.9.9", "::1, 1.1.1.1", "x", ",,,", "127.0.0.1" * 50, "fe80::1%lo"),
    "X-Forwarded-Proto": ("https", "javascript"),
    "HX-Request": ("true", "false", "\t"),
    "HX-Request-Type": ("partial", "full", ""),
    "Referer": ("https://altrove.example/", "//", "é"),
    "X-Long": ("a" * 7000,),
    "Save-Data": ("on", "?1"),
}
PATTERNS = tuple(addresses.PATTERNS.values())


@dataclass(frozen=True)
class Raw:
    """`is_http`: must be answered as every request is; else the server may close, or refuse without our headers."""

    data: bytes
    path: str
    is_http: bool = True


def request(chance: Random, cookies: Sequence[str], own: Sequence[str]) -> Raw:
    """On a line that is kept open; `own` are addresses of objects that exist."""
    path = _path(chance, own)
    body = _body(chance) if chance.random() < 0.6 else b""
    lines = [f"{chance.choice(METHODS)} {path} HTTP/1.1", f"Host: {chance.choice(('127.0.0.1',) * 9 + ('x', ''))}"]
    lines.append(f"Content-Length: {len(body)}")
    if cookie := chance.choice((chance.choice(cookies), chance.choice(cookies), chance.choice(COOKIES))):
        lines.append(f"Cookie: {cookie}")
    names = chance.sample(sorted(HEADERS), chance.choice((0, 1, 2, 6)))
    lines += [f"{name}: {chance.choice(HEADERS[name])}" for name in names]
    if chance.random() < 0.5 and "Sec-Fetch-Site" not in names:
        lines.append("Sec-Fetch-Site: same-origin")
    head = ("\r\n".join(lines) + "\r\n\r\n").encode("utf-8" if chance.random() < 0.1 else "latin-1", "replace")
    return Raw(head + body, path, path.isascii())


def on_a_line_of_its_own(chance: Random, cookies: Sequence[str], own: Sequence[str]) -> Raw:
    """Heads, chunks, bodies cut off, two lengths, and what is no HTTP; the line is closed from this end."""
    path, cookie = chance.choice(own), chance.choice(cookies)
    told = f"Host: x\r\nCookie: {cookie}\r\nSec-Fetch-Site: same-origin\r\nConnection: close\r\n".encode()
    form = b"Content-Type: application/x-www-form-urlencoded\r\n"
    get, post = f"GET {path} HTTP/1.1\r\n".encode() + told, f"POST {path} HTTP/1.1\r\n".encode() + told + form
    body, chunks = _body(chance)[:8000], b"5\r\n_key=\r\n1\r\nk\r\n"
    line, _, rest = chance.choice(LINES).partition(b"\r\n\r\n")
    whole = {
        "head": f"HEAD {path} HTTP/1.1\r\n".encode() + told + b"\r\n",
        "old": f"GET {path} HTTP/1.0\r\n".encode() + told + b"\r\n",
        "chunked": post + b"Transfer-Encoding: chunked\r\n\r\n" + chunks + b"0\r\n\r\n",
        "in pieces": post + b"Transfer-Encoding: chunked\r\n\r\n" + b"1\r\na\r\n" * 300 + b"0\r\n\r\n",
        "expect": post + b"Content-Length: 6\r\nExpect: 100-continue\r\n\r\n_key=k",
        "upgrade": get + b"Upgrade: websocket\r\nSec-WebSocket-Key: eA==\r\nSec-WebSocket-Version: 13\r\n\r\n",
    }
    broken = {
        "large": post + b"Content-Length: 200000\r\n\r\n" + b"a" * 200_000,
        "cut off": post + b"Content-Length: 99999\r\n\r\n" + body,
        "chunks cut off": post + b"Transfer-Encoding: chunked\r\n\r\n" + chunks,
        "no chunk": post + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n" + body,
        "huge chunk": post + b"Transfer-Encoding: chunked\r\n\r\nffffffffffffffff1\r\n",
        "two lengths": post + b"Content-Length: 3\r\nContent-Length: 5\r\n\r\nabcde",
        "length and chunks": post + b"Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks + b"0\r\n\r\n",
        "negative": post + b"Content-Length: -1\r\n\r\n",
        "folded": get + b"X-Folded: a\r\n b\r\n\r\n",
        "bare": get.replace(b"\r\n", b"\n") + b"\n",
        "nul": get + b"X: a\x00b\r\n\r\n",
        "space": get + b"X : a\r\n\r\n",
        "many": get + b"".join(b"X-%d: a\r\n" % number for number in range(500)) + b"\r\n",
        "no end": get,
        "tls": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + chance.randbytes(200),
        "http/2": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\x00\x00\x00\x04\x00\x00\x00\x00\x00",
        "bytes": chance.randbytes(300),
        "line": line + b"\r\nHost: x\r\nConnection: close\r\n\r\n" + rest,
        "nothing": b"",
    }
    name = chance.choice((*whole, *whole, *broken))
    return Raw(whole.get(name) or broken.get(name, b""), path, name in whole and name != "upgrade")


def _path(chance: Random, own: Sequence[str]) -> str:
    path = chance.choice(own) if chance.random() < 0.5 else _spoilt(chance)
    if chance.random() < 0.3:
        path = f"/{chance.choice((*i18n.LANGUAGES, 'xx'))}{path}"
    if chance.random() < 0.4:
        query = {chance.choice((*NAMES, "q", "pagina", "poi")): chance.choice(TYPED) for _ in range(2)}
        path += "?" + chance.choice((urlencode(query, errors="replace"), "&&==", "%", "q=%ff&q=%00", "?" * 50))
    return path.replace(" ", "%20")


def _spoilt(chance: Random) -> str:
    segments = chance.choice(PATTERNS).split("/")
    return "/" + "/".join(_segment(segment, chance) for segment in segments[1:])


def _segment(segment: str, chance: Random) -> str:
    if not segment.startswith("{"):
        return segment if chance.random() < 0.95 else chance.choice(WORDS)
    if segment == "{territory}" and chance.random() < 0.8:
        return chance.choice(("tradate", "biella"))
    return chance.choice(
        (*NUMBERS, *WORDS, "1", "2", "7", quote(chance.choice(TYPED)[:200], safe="", errors="replace"))
    )


def _body(chance: Random) -> bytes:
    pairs = [(chance.choice(NAMES), chance.choice(TYPED)) for _ in range(chance.randrange(8))]
    return chance.choice(
        (
            urlencode([*pairs, ("_key", f"k{chance.random()}")], errors="replace").encode(),
            urlencode(pairs, errors="replace").encode(),
            chance.randbytes(chance.randrange(2000)),
            b'{"a": [' * 200,
            b"&" * 3000,
            b"%ff=%00&=&a",
            b"a=" + b"x" * 66_000,
        )
    )
