"""Static files: in memory, hashed names, packed once, 304 where nothing changed."""

import hashlib
import mimetypes
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache, partial
from pathlib import Path

from app import addresses
from app.domain import code
from app.edge import compression, later
from app.edge.headers import OF_PART, OF_WORKER, Headers, etag

ROOT = Path(__file__).parent.parent.parent
STATIC = ROOT / "static"
CRITICAL = "css/critical.css"
TOGETHER = {"staff.css": "css/staff/", "page.js": "js/", "staff.js": "staff/"}
FOR_EVER = "max-age=31536000,immutable"
ENDS = ("sign_out", "leave_phone", "funder_sign_out")
AN_HOUR = "max-age=3600"  # a browser looks for a new worker itself after a day
_FOR_READERS = re.compile(r"^[ \t]*//.*\n|(?<=[;{]) // .*$|^/\*[^*]*\*/\n|^[ \t]+|^\n", re.MULTILINE)
_AIR = re.compile(r"(?<=[{};,(])\n| (?=!?=|&&|\|\||\?|\{|\})|(?<=[=&|{?,:]) ")
# In a sheet these spaces mean something.
_AIR_OF_SCRIPTS = re.compile(r";(?=\})| (?=[+:])|(?<=\+|>|\)) (?![=<>])|(?<=if) ")
_ALONE = re.compile(r"(?<![\w)])\((\w+)\)=>")  # a function's only argument


@dataclass(frozen=True, slots=True)
class StaticFile:
    """`packed` by encoding, the best first, each once and when it is first asked for, as packing this well takes long;
    `carried` are the headers every answer of its kind has."""

    body: bytes = field(repr=False)
    etag: bytes
    headers: Headers
    packed: Mapping[str, Callable[[], bytes]] = field(repr=False)
    carried: Headers = field(default_factory=lambda: OF_PART, repr=False)


@cache
def critical_css() -> str:
    return files()[CRITICAL].body.decode()


@cache
def files() -> dict[str, StaticFile]:
    """Every static file by plain name ('page.js'), what always comes together as one."""
    bodies = {str(p.relative_to(STATIC)): p.read_bytes() for p in sorted(STATIC.rglob("*")) if p.is_file()}
    critical = bodies.pop(CRITICAL)
    for whole, parts in TOGETHER.items():
        names = [name for name in bodies if name.startswith(parts)]
        bodies[whole] = b"\n".join([bodies.pop(name) for name in names])
    return {name: made(name, _bare(name, body)) for name, body in {CRITICAL: critical, **bodies}.items()}


@cache
def service_worker() -> StaticFile:
    parts = sorted((ROOT / "service_worker").glob("*.js"))
    release = hashlib.sha256(b"".join(p.read_bytes() for p in parts) + critical_css().encode()).hexdigest()[:12]
    script = "\n".join(p.read_text() for p in parts).replace("__RELEASE__", release)
    script = script.replace("__ENDS__", later.pattern(ENDS)).replace("__AT_ONCE__", later.pattern())
    for name in files():
        script = script.replace(f"__STATIC:{name}__", address(name))
    return made("sw.js", _bare("sw.js", script.encode()), cached=AN_HOUR, carried=OF_WORKER)


@cache
def desk_worker() -> StaticFile:
    """The worker of the desk's own pages; it knows their addresses by what they add to its scope."""
    script = "\n".join(p.read_text() for p in sorted((ROOT / "desk_worker").glob("*.js")))
    scope = addresses.PATTERNS["desk"]
    for name, word in (("door", "DOOR"), ("check_in", "PRESS"), ("staff_sign_in", "ENTER")):
        script = script.replace(f"__{word}__", addresses.PATTERNS[name].removeprefix(scope))
    script = script.replace("__ALPHABET__", code.ALPHABET)
    return made("sportello.js", _bare("sportello.js", script.encode()), cached=AN_HOUR, carried=OF_WORKER)


def found(path: str) -> StaticFile | None:
    """The file at this address, if it is one of ours."""
    if path == "/sw.js":
        return service_worker()
    if path == "/sportello.js":
        return desk_worker()
    return by_address().get(path) if path.startswith("/static/") else None


@cache
def address(name: str) -> str:
    """The address that changes with the bytes: 'page.js' -> '/static/page.1a2b3c4d.js'."""
    stem, dot, suffix = name.rpartition(".")
    return f"/static/{stem}.{files()[name].etag[3:11].decode()}{dot}{suffix}"


@cache
def by_address() -> dict[str, StaticFile]:
    return {address(name): file for name, file in files().items()}


def made(
    name: str, body: bytes, *more: tuple[bytes, bytes], cached: str = FOR_EVER, carried: Headers = OF_PART
) -> StaticFile:
    """`more` are headers of this file alone."""
    media_type = _media_type(name)
    tag = etag(body, 6 if cached == FOR_EVER else 3)  # what is asked again and again has no byte to spare
    headers = [
        (b"content-type", media_type.encode()),
        (b"cache-control", cached.encode()),
        (b"etag", tag),
        *more,
    ]
    packed: dict[str, Callable[[], bytes]] = {}
    if compression.is_worth_it(body, media_type.encode()):
        packed = {encoding: cache(partial(pack, body)) for encoding, pack in compression.ONCE.items()}
        headers.append((b"vary", b"accept-encoding"))
    return StaticFile(body, tag, headers, packed, carried)


def _media_type(name: str) -> str:
    if name.endswith(".js"):
        return "text/javascript"
    return mimetypes.guess_type(name)[0] or "application/octet-stream"  # sheets are read as the page that names them


def _bare(name: str, body: bytes) -> bytes:
    """Our own code without what only its readers need; strings over several lines are not used in it."""
    # No string in it has these signs with a space beside them.
    is_ours = name.endswith((".js", ".css")) and not name.startswith("vendor/")
    if not is_ours:
        return body
    text = _AIR.sub("", _FOR_READERS.sub("", body.decode()))
    return (_ALONE.sub(r"\1=>", _AIR_OF_SCRIPTS.sub("", text)) if name.endswith(".js") else text).encode()
