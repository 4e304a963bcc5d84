"""What stands in a file of a browser: packed bodies unpacked, the tables and logs of LevelDB taken apart."""

import zlib
from collections.abc import Callable, Iterator, Mapping

import brotli
import zstandard

SIMPLE_ENTRY = bytes.fromhex("305c72a71b6dfbfc")  # of Chromium's disk caches: a head of 24 bytes, the key, the body
GZIP, ZSTD, SNAPPED = b"\x1f\x8b\x08", b"\x28\xb5\x2f\xfd", b"\xff\x11\x02"  # the last before a value of IndexedDB
BY_DICTIONARY = bytes.fromhex("5e2a4d1820000000")  # RFC 9842: then the hash of the dictionary, then zstd
LOG_BLOCK, LOG_HEAD = 32_768, 7
TABLE_FOOT, TABLE_END = 48, bytes.fromhex("57fb808b247547db")
LONGEST = 1 << 24  # bytes of one body


def readings(raw: bytes, dictionaries: Mapping[bytes, bytes]) -> Iterator[bytes]:
    """The bytes as they are, and what they are when unpacked."""
    yield raw
    yield b"".join(raw[at + (LOG_HEAD if at else 0) : at + LOG_BLOCK] for at in range(0, len(raw), LOG_BLOCK))
    if raw.startswith(SIMPLE_ENTRY):
        yield _unpacked(brotli.Decompressor().process, raw[24 + int.from_bytes(raw[12:16], "little") :])
    if raw.endswith(TABLE_END):
        yield from _blocks(raw)
    for at in _each(GZIP, raw):
        yield _unpacked(zlib.decompressobj(wbits=31).decompress, raw[at:])
    for at in _each(ZSTD, raw):
        yield _unpacked(_zstd(raw, at, dictionaries), raw[at:])
    for at in _each(SNAPPED, raw):
        yield unsnapped(raw[at + len(SNAPPED) :])


def _each(sign: bytes, raw: bytes) -> Iterator[int]:
    at = raw.find(sign)
    while at >= 0:
        yield at
        at = raw.find(sign, at + 1)


def _unpacked(unpack: Callable[[bytes], bytes], raw: bytes) -> bytes:
    """Byte by byte: what stands before a damage or an end still counts."""
    made = bytearray()
    try:
        for at in range(min(len(raw), LONGEST)):
            made += unpack(raw[at : at + 1])
    except (brotli.error, zlib.error, zstandard.ZstdError, EOFError):
        pass
    return bytes(made)


def _zstd(raw: bytes, at: int, dictionaries: Mapping[bytes, bytes]) -> Callable[[bytes], bytes]:
    known = dictionaries.get(raw[at - 32 : at]) if raw[at - 40 : at - 32] == BY_DICTIONARY else None
    with_it = zstandard.ZstdCompressionDict(known, zstandard.DICT_TYPE_RAWCONTENT) if known else None
    unpack: Callable[[bytes], bytes] = zstandard.ZstdDecompressor(with_it).decompressobj().decompress
    return unpack


def _blocks(raw: bytes) -> Iterator[bytes]:
    """Of a LevelDB table: its end says where the index is, the index where the blocks are."""
    foot = raw[-TABLE_FOOT:]
    *_, at, size = _numbers(foot, 4)
    index = _block(raw, at, size)
    yield index
    place, end = 0, len(index) - 4 * (int.from_bytes(index[-4:], "little") + 1)
    while place < end:
        (_, own, length), place = _numbers_to(index, place, 3)
        handle = index[place + own : place + own + length]
        yield _block(raw, *_numbers(handle, 2))
        place += own + length


def _block(raw: bytes, at: int, size: int) -> bytes:
    body = raw[at : at + size]
    return unsnapped(body) if raw[at + size : at + size + 1] == b"\x01" else body


def _numbers(raw: bytes, count: int) -> list[int]:
    return _numbers_to(raw, 0, count)[0]


def _numbers_to(raw: bytes, at: int, count: int) -> tuple[list[int], int]:
    """So many numbers of seven bits a byte, and where they end."""
    made: list[int] = []
    for _ in range(count):
        value = shift = 0
        while at < len(raw):
            value |= (raw[at] & 127) << shift
            shift, at = shift + 7, at + 1
            if raw[at - 1] < 128:
                break
        made.append(value)
    return made, at


def unsnapped(raw: bytes) -> bytes:
    """Snappy's own format, as far as it goes."""
    (size,), at = _numbers_to(raw, 0, 1)
    made = bytearray()
    while at < len(raw) and len(made) < min(size, LONGEST):
        kind, tag, at = raw[at] & 3, raw[at] >> 2, at + 1
        if kind == 0:
            more = max(0, tag - 59)
            length = (int.from_bytes(raw[at : at + more], "little") if more else tag) + 1
            made += raw[at + more : at + more + length]
            at += more + length
            continue
        wide = (1, 2, 4)[kind - 1]
        back = int.from_bytes(raw[at : at + wide], "little") | ((tag >> 3) << 8 if kind == 1 else 0)
        at += wide
        if not 0 < back <= len(made):
            break
        for _ in range((tag & 7) + 4 if kind == 1 else tag + 1):
            made.append(made[-back])
    return bytes(made)
