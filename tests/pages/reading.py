"""The running texts of a page, each alone, and how easy each is to read (Gulpease: app/domain/readability.py)."""

import re
from collections.abc import Iterable, Iterator

from lxml import etree

from app.domain.readability import gulpease, words_of
from tests.pages.answer import Answer, words

PLAIN, VERY_PLAIN = 60.0, 80.0
LONG_ENOUGH = 6  # words
SHORT_PAGE = 40
LEAVES = "//main//*[self::p or self::dd or self::li][not(.//p or .//dd or .//li)][not(ancestor::*[@role='alert'])]"
BREAKS = {"br", "div", "h2", "h3", "ul", "ol", "dl", "form", "button", "label"}


def texts(answer: Answer) -> list[str]:
    """Paragraphs, answers of lists and items: what stands on a line of its own."""
    return [text for leaf in answer.all(LEAVES) for text in _lines(leaf)]


def complaints(answer: Answer) -> list[str]:
    """What a refused page says is wrong, without the question that each sentence is about."""
    said = [words(one) for one in answer.all("//*[@role='alert']//p | //*[@role='alert']//li")]
    return [text.partition(": ")[2] or text for text in said]


def hard(found: Iterable[str], least: float, names: Iterable[str] = ()) -> list[str]:
    """Those that are harder than they may be; names, numbers and codes are no words of ours."""
    scored = [(gulpease(plain), text) for text in found for plain in [without(text, names)] if is_running(plain)]
    return [f"{score:.0f} of {least:.0f}: {text}" for score, text in sorted(scored) if score < least]


def without(text: str, names: Iterable[str]) -> str:
    for name in names:
        if name in text:
            text = re.sub(rf"\b{re.escape(name)}\b", "", text)
    return text


def is_running(text: str) -> bool:
    return len(words_of(text)) >= LONG_ENOUGH


def _lines(leaf: etree._Element) -> list[str]:
    return [line for piece in "".join(_pieces(leaf)).split("\n\n") if (line := " ".join(piece.split()))]


def _pieces(element: etree._Element) -> Iterator[str]:
    """Its text, an empty line where a line ends on the screen too; words that are only heard stand alone."""
    if element.tag in ("style", "script", "svg"):
        return
    end = "\n\n" if element.tag in BREAKS or element.get("class") == "hidden" else ""
    yield end + (element.text or "")
    for child in element:
        yield from _pieces(child)
        yield child.tail or ""
    yield end


def length(answer: Answer) -> int:
    return sum(len(words_of(words(main))) for main in answer.all("//main"))
