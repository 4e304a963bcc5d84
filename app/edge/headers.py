"""The headers every answer carries: a document all of them, anything else those that mean something there."""

import base64
import hashlib
from typing import Literal

Kind = Literal["public", "personal", "form", "never"]
Headers = list[tuple[bytes, bytes]]

RETRY_AFTER = "10"  # seconds until a busy server is asked again

_CACHE: dict[Kind, str] = {
    "public": "public,no-cache",
    "personal": "private,no-store",
    "form": "no-store",
    "never": "no-store",
}
_OF_PAGES = "script-src 'self';object-src 'none';form-action 'self';base-uri 'none';frame-ancestors 'none'"
_ALWAYS = [
    (b"server", b"v"),
    (b"x-content-type-options", b"nosniff"),
    (b"cross-origin-resource-policy", b"same-origin"),
]


def cache_control(kind: Kind) -> str:
    return _CACHE[kind]


def etag(body: bytes, size: int = 6) -> bytes:
    """Weak: the same page packed in another way keeps its name. `size` is bytes of its hash."""
    return b'W/"%s"' % base64.urlsafe_b64encode(hashlib.sha256(body).digest()[:size])


def of_packed(encoding: str, body: bytes, *, has_body: bool = True) -> Headers:
    length = [(b"content-length", b"%d" % len(body))] if has_body else []
    return [(b"content-encoding", encoding.encode()), *length] if encoding else length


def vary(encoding: str) -> tuple[bytes, bytes]:
    return (b"vary", b"accept-encoding,available-dictionary" if encoding == "dcz" else b"accept-encoding")


def policy_inside(critical_css: str) -> str:
    """Nothing by default, everything else from here; the one inlined sheet is named by its hash.

    A page brings it in its head, before anything that was ever typed: there it is a part of what all pages have in
    common and costs no byte. What guards scripts and forms, and what a page cannot say itself, is a header: a browser
    keeps to both.
    """
    digest = base64.b64encode(hashlib.sha256(critical_css.encode()).digest()).decode()
    return (
        f"default-src 'none';script-src 'self';style-src 'self' 'sha256-{digest}';img-src 'self';connect-src 'self';"
        "manifest-src 'self'"
    )


def of_document(*, is_https: bool) -> Headers:
    """For what a window shows."""
    pairs = [
        (b"content-security-policy", _OF_PAGES.encode()),
        *_ALWAYS,
        (b"referrer-policy", b"same-origin"),
        (b"cross-origin-opener-policy", b"same-origin"),
        (b"permissions-policy", b"geolocation=(),microphone=()"),
    ]
    return [*pairs, (b"strict-transport-security", b"max-age=63072000;includeSubDomains")] if is_https else pairs


# A worker's script: all it does is to ask us and to keep the answers.
OF_WORKER: Headers = [(b"content-security-policy", b"default-src 'none';connect-src 'self'"), *_ALWAYS]
# What a page fetches or is redirected by is nothing to look at: no window shows it, and it may do nothing at all.
OF_PART: Headers = [(b"content-security-policy", b"default-src 'none'"), *_ALWAYS]
# The stored answer keeps the headers it came with (RFC 9111, 3.2).
OF_UNCHANGED: Headers = _ALWAYS[:1]
