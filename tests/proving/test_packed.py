"""The search finds a word however a browser may have written it down."""

import gzip
import hashlib
from pathlib import Path

import brotli
import pytest
import zstandard

from tests.proving.packed import BY_DICTIONARY, SIMPLE_ENTRY, unsnapped
from tests.proving.profile import found

WORD, SHELL = "Zaffirina Quercialunga", b"<p>Ciao, Zaffirina Quercialunga</p>" * 20
KEY = b"1/0/http://127.0.0.1/tradate/io"
HEAD = SIMPLE_ENTRY + b"\x05\0\0\0" + len(KEY).to_bytes(4, "little") + b"\0" * 8 + KEY
SNAPPY = b"\x11" + bytes([8 << 2]) + b"Zaffirina" + bytes([0b0001_0001, 9])  # nine signs, then eight from nine before


def by_dictionary(shell: bytes) -> bytes:
    packer = zstandard.ZstdCompressor(dict_data=zstandard.ZstdCompressionDict(shell, zstandard.DICT_TYPE_RAWCONTENT))
    return HEAD + BY_DICTIONARY + hashlib.sha256(shell).digest() + packer.compress(SHELL) + b"end"


WRITTEN = {
    "as it is": WORD.encode(),
    "wide": b"x" + WORD.encode("utf-16-le"),
    "in an address": b"/?nome=zaffirina+quercialunga&",
    "gzip": HEAD + gzip.compress(SHELL) + b"end",
    "brotli": HEAD + brotli.compress(SHELL, quality=4) + b"end",
    "zstd": HEAD + zstandard.ZstdCompressor().compress(SHELL) + b"end",
    "by a dictionary": by_dictionary(SHELL),
    "cut by a log": b"." * (32_768 - 4) + WORD[:4].encode() + b"headhea" + WORD[4:].encode(),
}


@pytest.mark.parametrize("how", WRITTEN)
def test_a_word_is_found(how: str, tmp_path: Path) -> None:
    (tmp_path / "Cache").mkdir()
    (tmp_path / "Cache" / "one").write_bytes(WRITTEN[how])
    known = {hashlib.sha256(SHELL).digest(): SHELL}
    assert list(found(tmp_path, [WORD, "nobody"], known)) == [(Path("Cache/one"), WORD)]


def test_what_snappy_wrote_is_read() -> None:
    assert unsnapped(SNAPPY) == b"ZaffirinaZaffirin"


def test_nothing_is_found_where_nothing_is(tmp_path: Path) -> None:
    (tmp_path / "one").write_bytes(HEAD + brotli.compress(b"Ciao") + b"Zaffir")
    assert list(found(tmp_path, [WORD], {})) == []
