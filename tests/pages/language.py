"""Words of one language on a page of another: texts that the catalogue knows, and knows to be foreign."""

import re
from collections.abc import Iterable
from functools import cache, lru_cache

from babel.messages.catalog import Message
from lxml import etree

from app import i18n

Parts = tuple[str, ...]
_PLACE = re.compile(r"%\(\w+\)[sd]")


def foreign(page: etree._Element, language: str, messages: Iterable[Message] | None = None) -> list[str]:
    """The texts of the page that are a sentence of another language; what is marked with its own lang is left out."""
    known = _known(language) if messages is None else _sentences(messages, language)
    return sorted(piece for piece in _pieces(page) if _is_among(piece, known))


def unmarked(page: etree._Element, texts: Iterable[str]) -> list[str]:
    """Those of the texts that the page says without their own lang; what an option says cannot have one."""
    pieces = _pieces(page) if texts else set()
    return sorted({text for text in texts for piece in pieces if text in piece})


def _pieces(page: etree._Element) -> set[str]:
    """What the page says in its own language."""
    body = page.find("body")
    if body is None:
        return set()
    inside = body.xpath("self::body | .//*[not(ancestor-or-self::*[@lang and not(self::html)]) and not(self::option)]")
    assert isinstance(inside, list)
    return {piece for element in inside for piece in _direct(element)}


def _direct(element: object) -> list[str]:
    assert isinstance(element, etree._Element)
    texts = [element.text, *(child.tail for child in element)]
    skipped = not isinstance(element.tag, str) or element.tag in ("style", "script")
    return [] if skipped else [" ".join(text.split()) for text in texts if text and text.strip()]


@cache
def _known(language: str) -> frozenset[Parts]:
    others = (code for code in i18n.LANGUAGES if code != i18n.DEFAULT)
    return _sentences([message for code in others for message in i18n.read_catalogue(code)], language)


def _sentences(messages: Iterable[Message], language: str) -> frozenset[Parts]:
    """All sentences that must not stand on a page of `language`."""
    known = [(_forms(message.id), _forms(message.string)) for message in messages]
    italian = {text for source, _ in known for text in source}
    others = {text for _, translated in known for text in translated}
    wrong = others - italian if language == i18n.DEFAULT else italian - others
    return frozenset(_parts(text) for text in wrong if len(re.sub(r"[\W\d]", "", _PLACE.sub("", text))) > 2)


def _forms(text: object) -> list[str]:
    return [str(form) for form in text if form] if isinstance(text, (list, tuple)) else [str(text)] if text else []


def _parts(text: str) -> Parts:
    """What stands between the places of a sentence."""
    return tuple(_PLACE.split(" ".join(text.split())))


@lru_cache(maxsize=100_000)  # most of what a page says stands on many others
def _is_among(piece: str, known: frozenset[Parts]) -> bool:
    return (piece,) in known or any(_fits(piece, parts) for parts in known if len(parts) > 1)


def _fits(piece: str, parts: Parts) -> bool:
    """Without an expression: with many places one would take for ever on a long text."""
    first, *middle, last = parts
    if not (piece.startswith(first) and piece.endswith(last) and len(piece) > sum(map(len, parts))):
        return False
    place, end = len(first), len(piece) - len(last)
    for part in middle:
        place = piece.find(part, place, end) + len(part)
        if place < len(part) or place > end:
            return False
    return True
