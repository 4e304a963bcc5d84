"""Italian and English words folded and stemmed in Python, so that both engines find the same."""

import re
import unicodedata
from collections.abc import Iterable

_WORD = re.compile(r"[a-z0-9]+")
_ITALIAN_ENDING = re.compile(r"(?<=[a-z]{3})(?:h?[ei]|i?[aeio]|[ai]re)$")
_ENGLISH_ENDING = re.compile(r"(?<=[a-z]{3})(?:ing|es|s|e)$")
_SILENT_IT = """
a ad ai al all alla alle allo anche avere che chi ci coi col come con cosa cui da dal dall dalla dalle dei del dell
della delle di dove e ed era essere fa fai fare gli ha hai ho i il in io la le lei li lo loro lui ma mi mia mie miei
mio ne nei nel nell nella noi o per perche piu puo qualcuno quando quel questa questo se sei si solo sono su sua sue
sul sulla suo te ti tu tua tuo un una uno va vado vi voglio vorrei bisogno aiuto aiutare cerco serve servizio
"""
_SILENT_EN = """
a an and at for from get have he her his how i in is it me my need of on or our she the to want we with you your help
service looking
"""
# Words that say nothing about the need: they would match every text.
_SILENT = {"it": frozenset(_SILENT_IT.split()), "en": frozenset(_SILENT_EN.split())}


def fold(text: str) -> str:
    """Small letters without accents: 'È caduta' -> 'e caduta'."""
    parts = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in parts if not unicodedata.combining(c))


def slug(text: str) -> str:
    """A word for an address: 'Vicino Rho' -> 'vicino-rho'."""
    return "-".join(_WORD.findall(fold(text)))


def stem(word: str, language: str) -> str:
    ending = _ITALIAN_ENDING if language == "it" else _ENGLISH_ENDING
    return ending.sub("", word)


def tokens(text: str, language: str) -> list[str]:
    """The stems that carry meaning, in order, each once."""
    silent = _SILENT.get(language, frozenset())
    words = (word for word in _WORD.findall(fold(text)) if len(word) > 1)
    return list(dict.fromkeys(stem(word, language) for word in words if word not in silent))


def all_tokens(text: str, language: str) -> list[str]:
    """Like `tokens`, silent words too: 'sono sola' says something as a whole."""
    return list(dict.fromkeys(stem(word, language) for word in _WORD.findall(fold(text))))


def forgiven(word: str, vocabulary: Iterable[str], *, cut: int = 0) -> list[str]:
    """Known words this one may be a slip of: one letter off from five letters on, two from nine; nearest first.

    `cut` is how many letters stemming took from it.
    """
    length = len(word) + cut
    allowed = 2 if length >= 9 else 1 if length >= 5 else 0
    near = ((distance(word, known, allowed), known) for known in vocabulary if abs(len(known) - len(word)) <= allowed)
    found = sorted((far, known) for far, known in near if far <= allowed)
    return [known for far, known in found if far == found[0][0]] if allowed else []


def distance(one: str, other: str, most: int) -> int:
    """Letters to add, drop, change or swap with a neighbour; above `most` only 'more' is known."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        above_before, before, row = before, row, [i]
        for j, candidate in enumerate(other, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != candidate))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == candidate:
                cost = min(cost, above_before[j - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return most + 1
    return row[-1]
