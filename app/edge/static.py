"""Static files: in memory, hashed names, compressed once, 304 where nothing changed."""

import gzip
import hashlib
import mimetypes
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import brotli

ROOT = Path(__file__).parent.parent.parent
STATIC = ROOT / "static"
_TEXT = ("text/", "application/javascript", "image/svg", "application/json", "application/manifest")


@dataclass(frozen=True, slots=True)
class StaticFile:
    body: bytes
    media_type: str
    etag: str
    gzipped: bytes = b""
    brotlied: bytes = b""


@cache
def critical_css() -> str:
    return (STATIC / "css" / "critical.css").read_text()


@cache
def files() -> dict[str, StaticFile]:
    """Every static file by plain name ('css/rest.css'), the component sheets as one."""
    all_files = {str(p.relative_to(STATIC)): p.read_bytes() for p in sorted(STATIC.rglob("*")) if p.is_file()}
    sheets = [body for name, body in all_files.items() if name.startswith("css/") and name != "css/critical.css"]
    all_files["css/rest.css"] = b"\n".join(sheets)
    return {name: _made(name, body) for name, body in all_files.items()}


@cache
def service_worker() -> StaticFile:
    parts = sorted((ROOT / "service_worker").glob("*.js"))
    release = hashlib.sha256(b"".join(p.read_bytes() for p in parts) + critical_css().encode()).hexdigest()[:12]
    script = "\n".join(p.read_text() for p in parts).replace("__RELEASE__", release)
    for name in files():
        script = script.replace(f"__STATIC:{name}__", address(name))
    return _made("sw.js", script.encode())


def found(path: str) -> StaticFile | None:
    """The file at this address, if it is one of ours."""
    if path == "/sw.js":
        return service_worker()
    return by_address().get(path) if path.startswith("/static/") else None


@cache
def address(name: str) -> str:
    """The address that changes with the bytes: 'js/boot.js' -> '/static/js/boot.1a2b3c4d.js'."""
    stem, dot, suffix = name.rpartition(".")
    return f"/static/{stem}.{files()[name].etag[:8]}{dot}{suffix}"


@cache
def by_address() -> dict[str, StaticFile]:
    return {address(name): file for name, file in files().items()}


def _made(name: str, body: bytes) -> StaticFile:
    media_type = mimetypes.guess_type(name)[0] or "application/octet-stream"
    if name.endswith(".js"):
        media_type = "application/javascript"
    etag = hashlib.sha256(body).hexdigest()[:16]
    if not media_type.startswith(_TEXT):
        return StaticFile(body, media_type, etag)
    if media_type.startswith("text/"):
        media_type += "; charset=utf-8"
    return StaticFile(body, media_type, etag, gzip.compress(body, 9, mtime=0), brotli.compress(body, quality=11))
