"""How an answer travels: with the dictionary the browser holds, else in the smallest form it takes.

A page that is drawn for one request is packed quickly; one that is kept for many, or a file, takes more time once.
"""

import gzip
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache

import brotli
import zstandard

LEAST = 300  # bytes below which packing saves nothing
_TEXT = (
    b"text/",
    b"application/json",
    b"application/ld+json",
    b"application/manifest",
    b"image/svg",
)
# In a few kilobytes a table of 8 KB finds nearly as much as the larger ones of level 3 (1 to 2% more is sent), takes a
# third less time, and leaves in the processor's nearest memory what draws the next page.
_SWIFT = zstandard.ZstdCompressor(
    compression_params=zstandard.ZstdCompressionParameters.from_level(
        1, window_log=16, hash_log=11, min_match=4, write_content_size=False
    )
)

Packer = Callable[[bytes], bytes]
Packers = dict[str, Packer]

QUICK: Packers = {
    "zstd": _SWIFT.compress,
    "br": lambda body: brotli.compress(body, quality=4),
    "gzip": lambda body: gzip.compress(body, 6, mtime=0),
}
KEPT: Packers = {
    "br": lambda body: brotli.compress(body, quality=5),
    "zstd": lambda body: zstandard.ZstdCompressor(level=9, write_content_size=False).compress(body),
    "gzip": QUICK["gzip"],
}
# The page that somebody asks for first has no dictionary yet: ten milliseconds, for a fifteenth less.
FIRST: Packers = {**KEPT, "br": lambda body: brotli.compress(body, quality=10)}
ONCE: Packers = {
    "br": lambda body: brotli.compress(body, quality=11),
    "zstd": lambda body: zstandard.ZstdCompressor(level=19).compress(body),
    "gzip": lambda body: gzip.compress(body, 9, mtime=0),
}


def is_worth_it(body: bytes, media_type: bytes) -> bool:
    return len(body) >= LEAST and media_type.startswith(_TEXT)


def best(asked: Mapping[str, str], offered: Iterable[str]) -> str:
    """The first encoding of these that the browser takes, or ''."""
    taken = _taken(asked.get("accept-encoding", ""))
    for name in offered:
        if name in taken:
            return name
    return ""


def takes(asked: Mapping[str, str], encoding: str) -> bool:
    return encoding in _taken(asked.get("accept-encoding", ""))


@lru_cache(maxsize=64)
def _taken(accepted: str) -> frozenset[str]:
    """Without what it names only to refuse it (`br;q=0`)."""
    parts = [part.replace(" ", "").lower().partition(";q=") for part in accepted.split(",")]
    return frozenset(name for name, _, weight in parts if not weight or weight.strip("0."))
