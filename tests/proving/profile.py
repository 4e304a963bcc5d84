"""A browser's profile folder after it was closed: which of its files still hold a word, however it is packed."""

from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from urllib.parse import quote

from tests.proving.packed import readings

# What the browser writes down of its own accord; no site can read it or take it away.
BROWSERS_OWN = (
    *("History", "Favicons", "Top Sites", "Sessions", "Login Data", "Web Data", "Account Web Data", "Shortcuts"),
    *("segmentation_platform", "Network Action Predictor", "Visited Links", "Preferences"),
)
ENCODINGS = ("utf-8", "utf-16-le", "utf-16-be", "latin-1")


def is_browsers_own(file: Path) -> bool:
    return any(part.startswith(BROWSERS_OWN) for part in file.parts)


def found(folder: Path, words: Collection[str], dictionaries: Mapping[bytes, bytes]) -> Iterator[tuple[Path, str]]:
    """Each file with each of the words in it; `dictionaries` are those of the site, by SHA-256."""
    sought = {word: _ways(word) for word in words}
    for file in sorted(path for path in folder.rglob("*") if path.is_file()):
        bodies = list(readings(file.read_bytes(), dictionaries))
        for word, ways in sought.items():
            if any(way in body for body in bodies for way in ways):
                yield file.relative_to(folder), word


def _ways(word: str) -> set[bytes]:
    """As it may be written, in an address or a form too."""
    spelt = {
        way for one in (word, word.lower()) for way in (one, quote(one), one.replace(" ", "+"), one.replace(" ", ""))
    }
    return {one.encode(encoding) for one in spelt for encoding in ENCODINGS}
