"""The plain alphabet of text messages (GSM 03.38): one letter outside it halves what fits."""

from collections.abc import Sequence

LIMIT = 160
_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
_TWICE = frozenset("^{}\\[~]|€")
_READ_AS = str.maketrans(
    {"\N{NO-BREAK SPACE}": " ", "’": "'", "‘": "'", "“": '"', "”": '"', "«": '"', "»": '"', "–": "-", "—": "-"}
    | {"\N{MINUS SIGN}": "-", "…": "...", "È": "E'", "À": "A'", "Ì": "I'", "Ò": "O'", "Ù": "U'", "·": "-", "º": ""}
    | {"á": "à", "í": "ì", "ó": "ò", "ú": "ù", "ê": "e", "â": "a", "î": "i", "ô": "o", "û": "u", "ç": "c"}
)


def plain(text: str) -> str:
    return text.translate(_READ_AS)


def is_plain(text: str) -> bool:
    return all(c in _BASIC or c in _TWICE for c in text)


def length(text: str) -> int:
    return len(text) + sum(map(text.count, _TWICE))


def fitted(first: str, optional: Sequence[str], last: str) -> str:
    """`first` and `last` always; of the others as many as fit one message, from the left."""
    kept, last = [plain(first)], plain(last)
    room = LIMIT - length(kept[0]) - length(f" {last}")
    for part in (_ended(plain(one)) for one in optional if one):
        if length(f" {part}") <= room:
            kept.append(part)
            room -= length(f" {part}")
    return " ".join([*kept, last])


def _ended(part: str) -> str:
    """An address ends with itself: a phone may take a stop for a part of it."""
    return part if "://" in part else f"{part.rstrip('.')}."
