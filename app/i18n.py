"""Languages: Italian stands in the code, others in locale/<language>/NOUN.po, merged at start."""

from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

LANGUAGES: dict[str, str] = {"it": "Italiano", "en": "English"}
DEFAULT = "it"
LOCALE = Path(__file__).parent / "locale"


@dataclass(frozen=True, slots=True)
class Words:
    """The sentences of one language; a missing one falls back to the Italian source."""

    language: str
    singular: dict[str, str] = field(repr=False)
    plural: dict[tuple[str, str], tuple[str, ...]] = field(repr=False)

    def gettext(self, message: str, **arguments: object) -> str:
        found = self.singular.get(message, message)
        return found % arguments if arguments else found

    def ngettext(self, one: str, many: str, num: int, **arguments: object) -> str:
        forms = self.plural.get((one, many), (one, many))
        return (forms[0] if num == 1 else forms[-1]) % {"num": num, **arguments}


def shipped(language: str) -> str:
    """Of somebody's language the one we can speak: theirs, or Italian."""
    return language if language in LANGUAGES else DEFAULT


@cache
def words(language: str) -> Words:
    catalogue = read_catalogue(language)
    singular: dict[str, str] = {}
    plural: dict[tuple[str, str], tuple[str, ...]] = {}
    for message in catalogue:
        if not message.id or not message.string:
            continue
        if isinstance(message.id, tuple):
            plural[message.id[0], message.id[1]] = tuple(message.string)
        else:
            singular[str(message.id)] = str(message.string)
    return Words(language, singular, plural)


def read_catalogue(language: str) -> Catalog:
    """All files of a language as one catalogue."""
    merged = Catalog(locale=language)
    for path in sorted((LOCALE / language).glob("*.po")):
        with path.open("rb") as file:
            for message in read_po(file, locale=language):
                if message.id:
                    merged[message.id] = message
    return merged
