"""Compiled templates kept in the data folder: a start compiles none that the release before it, or a process, did."""

import hashlib
import os
import pickle
from contextlib import suppress
from functools import cache
from importlib.metadata import version

from jinja2 import BytecodeCache
from jinja2.bccache import Bucket

from app.config import ROOT, settings

READ = ("templates", "static", "app/locale", "app/views", "app/edge")  # what is written into a compiled template


class Compiled(BytecodeCache):
    """A file a template and language. What is of another release, or spoilt, is made anew."""

    def __init__(self, language: str) -> None:
        self.folder = settings().data / "templates"
        self.language = language

    def get_cache_key(self, name: str, filename: str | None = None) -> str:
        return f"{super().get_cache_key(name, filename)}.{self.language}"

    def get_source_checksum(self, source: str) -> str:
        return release() + super().get_source_checksum(source)

    def load_bytecode(self, bucket: Bucket) -> None:
        spoilt = EOFError, ValueError, pickle.UnpicklingError  # by a power cut
        with suppress(OSError, *spoilt), (self.folder / bucket.key).open("rb") as file:
            bucket.load_bytecode(file)

    def dump_bytecode(self, bucket: Bucket) -> None:
        kept = self.folder / bucket.key
        begun = kept.with_suffix(f"{kept.suffix}.{os.getpid()}")
        with suppress(OSError):
            self.folder.mkdir(mode=0o700, exist_ok=True)  # in a data folder that is there
            with begun.open("wb") as file:
                bucket.write_bytecode(file)
            begun.replace(kept)


@cache
def release() -> str:
    """A hash of everything that pages are drawn from, and of who compiles them."""
    digest = hashlib.sha256(version("jinja2").encode())
    for path in sorted(path for folder in READ for path in (ROOT / folder).rglob("*") if path.is_file()):
        if path.suffix != ".pyc":
            digest.update(f"{path.relative_to(ROOT)} {path.stat().st_size}\n".encode() + path.read_bytes())
    return digest.hexdigest()
