"""Compression dictionaries (RFC 9842): of a page, only what differs from a shell the browser already holds.

A dictionary is part of the release: the shell of a page in one language, the same bytes in every process and for
everybody. A browser that holds it says its hash; one that says another hash is answered as if it held none.
"""

import base64
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import zstandard

from app import i18n
from app.edge import compression, static
from app.edge.compression import Packer

_MAGIC = bytes.fromhex("5e2a4d1820000000")  # then the hash, then a zstd frame


@dataclass(frozen=True, slots=True)
class Dictionary:
    """`held` is what a browser that has it says; the packers are for one request, and for a page kept for many."""

    address: str
    held: str
    quick: Packer
    kept: Packer


_by_language: dict[str, Dictionary] = {}
_by_held: dict[str, Dictionary] = {}


def learn(language: str, draw: Callable[[str], bytes]) -> None:
    """Once a process and language, when the application is made: what is drawn later names it."""
    if language in _by_language:
        return
    shell = draw(language)
    digest = hashlib.sha256(shell).digest()
    known = Dictionary(
        address=f"/static/{language}.{digest.hex()[:8]}.txt",
        held=f":{base64.b64encode(digest).decode()}:",
        quick=_packer(shell, digest, level=4),
        kept=_packer(shell, digest, level=15),
    )
    pages = "/*" if language == i18n.DEFAULT else f"/{language}/*"
    use = (b"use-as-dictionary", f'match="{pages}"'.encode())
    static.by_address()[known.address] = static.made(f"{language}.txt", shell, use)
    _by_language[language] = _by_held[known.held] = known


def address(language: str) -> str:
    """Where the dictionary of a language is fetched; '' while the shell itself is drawn."""
    known = _by_language.get(language)
    return known.address if known else ""


def held(asked: Mapping[str, str]) -> Dictionary | None:
    """The one this browser has and can use."""
    said = asked.get("available-dictionary")
    return _by_held.get(said) if said and compression.takes(asked, "dcz") else None


def _packer(shell: bytes, digest: bytes, *, level: int) -> Packer:
    words = zstandard.ZstdCompressionDict(shell, dict_type=zstandard.DICT_TYPE_RAWCONTENT)
    words.precompute_compress(level=level)
    packer = zstandard.ZstdCompressor(level=level, dict_data=words, write_content_size=False, write_dict_id=False)
    return lambda body: _MAGIC + digest + packer.compress(body)
