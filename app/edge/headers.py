"""The headers every answer carries, whatever its status."""

import base64
import hashlib
from typing import Literal

Kind = Literal["public", "personal", "form", "never"]

RETRY_AFTER = "10"  # seconds until a busy server is asked again

_CACHE: dict[Kind, str] = {
    "public": "public, max-age=0, must-revalidate",
    "personal": "private, no-cache",
    "form": "no-store",
    "never": "no-store",
}


def cache_control(kind: Kind) -> str:
    return _CACHE[kind]


def content_security_policy(critical_css: str) -> str:
    """Nothing by default, everything else from here; the one inlined sheet is named by its hash."""
    digest = base64.b64encode(hashlib.sha256(critical_css.encode()).digest()).decode()
    return (
        f"default-src 'none'; script-src 'self'; style-src 'self' 'sha256-{digest}'; img-src 'self' data:; "
        "connect-src 'self'; manifest-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'"
    )


def always(policy: str, *, is_https: bool) -> list[tuple[bytes, bytes]]:
    pairs = [
        ("content-security-policy", policy),
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "same-origin"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
        ("permissions-policy", "camera=(self), geolocation=(), microphone=()"),
    ]
    if is_https:
        pairs.append(("strict-transport-security", "max-age=63072000; includeSubDomains"))
    return [(name.encode(), value.encode()) for name, value in pairs]
