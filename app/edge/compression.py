"""Brotli where the browser takes it, else gzip; small and binary answers stay as they are."""

import gzip

import brotli

from app.edge.static import StaticFile

_LEAST = 300
_TEXT = (b"text/", b"application/json", b"application/ld+json", b"image/svg", b"application/manifest")


def ready(found: StaticFile, accepted: str) -> tuple[bytes, bytes]:
    if found.brotlied and "br" in accepted:
        return found.brotlied, b"br"
    if found.gzipped and "gzip" in accepted:
        return found.gzipped, b"gzip"
    return found.body, b""


def compress(body: bytes, headers: dict[bytes, bytes], accepted: str) -> tuple[bytes, list[tuple[bytes, bytes]]]:
    """The body as sent, and the headers that say so."""
    if len(body) < _LEAST or not headers.get(b"content-type", b"").startswith(_TEXT):
        return body, []
    vary = (b"vary", b"accept-encoding")
    if "br" in accepted:
        return brotli.compress(body, quality=4), [(b"content-encoding", b"br"), vary]
    if "gzip" in accepted:
        return gzip.compress(body, 6, mtime=0), [(b"content-encoding", b"gzip"), vary]
    return body, [vary]
