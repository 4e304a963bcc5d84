"""Which sentences of the code a language still lacks, and which translations nothing says any more."""

import sys
from collections import Counter
from collections.abc import Iterator, Set
from functools import cache
from pathlib import Path

import polib
from babel.messages.extract import extract_from_file

from app import i18n
from app.views import TEMPLATES

APP = Path(i18n.__file__).parent
KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2)}
JINJA = {"extensions": "jinja2.ext.do", "trimmed": "false", "silent": "false"}


@cache
def said() -> frozenset[str]:
    """Every sentence that templates and code say, in Italian."""
    found = frozenset(message for path in TEMPLATES.rglob("*.html") for message in _extracted("jinja2", path))
    return found | {message for path in APP.rglob("*.py") for message in _extracted("python", path)}


def problems(language: str) -> list[str]:
    entries = [(path.name, entry) for path in _files(language) for entry in polib.pofile(str(path))]
    return list(compare(said(), entries))


def compare(said: Set[str], entries: list[tuple[str, polib.POEntry]]) -> Iterator[str]:
    known = Counter(entry.msgid for _, entry in entries)
    yield from (f"missing: {message}" for message in sorted(said - set(known)))
    yield from (f"left over in {name}: {entry.msgid}" for name, entry in entries if entry.msgid not in said)
    yield from (f"translated {times} times: {message}" for message, times in known.items() if times > 1)
    for name, entry in entries:
        texts = list(entry.msgstr_plural.values()) or [entry.msgstr]
        if not all(texts) or entry.fuzzy:
            yield f"not finished in {name}: {entry.msgid}"
        elif any(_places(text) - _places(entry.msgid + entry.msgid_plural) for text in texts):
            yield f"a place that the source does not fill, in {name}: {entry.msgid}"


def _places(text: str) -> set[str]:
    return {part.partition(")")[0] for part in text.split("%(")[1:]}


def _extracted(method: str, path: Path) -> Iterator[str]:
    options = JINJA if method == "jinja2" else {}
    for _, message, _, _ in extract_from_file(method, path, KEYWORDS, options=options):
        yield message[0] if isinstance(message, tuple) else message


def _files(language: str) -> list[Path]:
    return sorted((i18n.LOCALE / language).glob("*.po"))


def main() -> int:
    found = {language: problems(language) for language in i18n.LANGUAGES if language != i18n.DEFAULT}
    for language, wrong in found.items():
        print(f"{language}: {'complete' if not wrong else f'{len(wrong)} to mend'}")
        for problem in wrong:
            print(f"  {problem}")
    return 1 if any(found.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
