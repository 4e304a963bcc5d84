"""How easy an Italian text is to read.

Gulpease (Lucisano and Piemontese, "Gulpease: una formula per la predizione della difficoltà dei testi in lingua
italiana", Scuola e città 3, 1988): 89 + (300 x sentences - 10 x letters) / words, at most 100. Under 80 a text is hard
for who left school after primary, under 60 for who left after lower secondary. Numbers, amounts, hours and codes are
not words: they are left out, so that a price never makes a sentence look hard or easy.
"""

import re

_SENTENCE_END = re.compile(r"[.!?…]+(?=\s|$)|\n\s*\n")
_WORD = re.compile(r"[^\W\d_]+")


def gulpease(text: str) -> float:
    words = words_of(text)
    if not words:
        return 100.0
    letters = sum(map(len, words))
    return min(100.0, 89 + (300 * len(sentences_of(text)) - 10 * letters) / len(words))


def sentences_of(text: str) -> list[str]:
    parts = (part.strip() for part in _SENTENCE_END.split(text))
    return [part for part in parts if words_of(part)]


def words_of(text: str) -> list[str]:
    """What is left without numbers and codes; an elision is two words (l'aula)."""
    tokens = (token for token in re.split(r"\s+", text) if not any(character.isdigit() for character in token))
    return [word for token in tokens for word in _WORD.findall(token)]
