"""What nobody would type into an address, a form or a cookie, and bytes that no browser sends."""

import re
from pathlib import Path

from tests.servers import ROOT

NUMBERS = ("99999999999999999999", "9223372036854775808", "9223372036854775807", "-1", "0", "007", "1e3")
WORDS = (
    "%00",
    "a%00b",
    "%FF%FE",
    "%",
    "%2",
    "%zz",
    "%2e%2e%2f",
    "'--",
    "%7B%7B7*7%7D%7D",
    "a" * 2000,
    "%F0%9F%90%8C",
    "²",
)
TYPED = (
    "99999999999999999999",
    "-9223372036854775809",
    "9" * 5000,
    "²³",
    "\x00",
    "a\x00b",
    "\ud7ff\ue000🐌",
    "x" * 3000,
    "<script>",
    "%s%(money)s{0}{{7*7}}",
    "9999-12-31",
    "0001-01-01",
    "9999-12-31T23:59:59.999999+00:00",
    "2026-11-24T10:00:00",
    "../../etc/passwd",
    "NaN",
    "",
)
COOKIES = (
    "vicino=\xff\xfe",
    "vicino=" + "a" * 4000,
    'vicino="\\000\\001"',
    "=;;=",
    "vicino_phone=\xe8; vicino=;",
    "vicino_first=%00",
)
READERS = r"form\.(?:text|value|values|choice|choices|whole|cents|day|phone)\(\"(\w+)\""
STRANGE = ("PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "HEAD", "BREW")

LINES = (
    b"GET /%00 HTTP/1.1",
    b"GET /%ff%fe/servizi HTTP/1.1",
    b"GET /%zz HTTP/1.1",
    b"GET /tradate/servizi?q=%ff&q=%00&pagina=99999999999999999999 HTTP/1.1",
    b"GET /tradate/servizi/\xc3\xa8 HTTP/1.1",
    b"GET //// HTTP/1.1",
    b"GET /../../etc/passwd HTTP/1.1",
    b"GET http://altrove.example/ HTTP/1.1",
    b"GET /" + b"a" * 9000 + b" HTTP/1.1",
    b"OPTIONS * HTTP/1.1",
    b"BREW /tradate HTTP/1.1",
    b"GET /en HTTP/1.1",
    b"GET /en/ HTTP/1.1",
    b"GET /static/ HTTP/1.1",
    b"GET /tradate/io/borsellino/99999999999999999999 HTTP/1.1",
    b"POST /tradate/entra HTTP/1.1\r\nContent-Length: 3\r\nOrigin: null\r\nCookie: \xff=\xfe\r\n\r\n\xff\xfe\x00",
)


def _names() -> list[str]:
    """Everything any form of the site reads."""
    sources = [path.read_text() for path in Path(ROOT, "app").rglob("*.py")]
    return sorted({name for source in sources for name in re.findall(READERS, source)} | {"_key", "_token", "q1"})


NAMES = _names()
