"""One answer as the checks see it."""

import re
from copy import deepcopy
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Self

import html5lib
import httpx
from lxml import etree

from app import addresses, i18n
from app.edge.form import KEY, TOKEN

_HIDDEN = re.compile(rf'(name="(?:{KEY}|{TOKEN})" value=")([^"]*)')
_TYPES = {"int": r"\d+", "path": r".+", "": r"[^/]+"}


@dataclass(frozen=True)
class Answer:
    """`sent` is the size of the body as it travelled; `secrets` are words no public page may hold;
    `untranslated` are texts of the data that stand in Italian alone.

    Of the SQL `statements` some were `in_writes`: a verb's own.
    """

    path: str
    status: int
    headers: httpx.Headers
    text: str
    sent: int = 0
    statements: int = 0
    in_writes: int = 0
    secrets: frozenset[str] = field(default=frozenset(), repr=False)
    untranslated: frozenset[str] = field(default=frozenset(), repr=False)

    @classmethod
    def of(
        cls,
        response: httpx.Response,
        *,
        statements: int = 0,
        in_writes: int = 0,
        secrets: frozenset[str] = frozenset(),
        untranslated: frozenset[str] = frozenset(),
    ) -> Self:
        return cls(
            path=response.request.url.raw_path.decode(),
            status=response.status_code,
            headers=response.headers,
            text=response.text,
            sent=response.num_bytes_downloaded,
            statements=statements,
            in_writes=in_writes,
            secrets=secrets,
            untranslated=untranslated,
        )

    @property
    def is_html(self) -> bool:
        """A page or a piece of one; what has no body (HEAD, 304) is none."""
        return bool(self.text) and "text/html" in self.headers.get("content-type", "")

    @property
    def is_document(self) -> bool:
        """A whole page, which a window may be made of."""
        return self.is_html and "<html" in self.text

    @property
    def has_policy_of_page(self) -> bool:
        """A document, or the worker's script."""
        return "script-src" in str(self.headers.get("content-security-policy", ""))

    @property
    def policy_inside(self) -> str:
        """What a document's own head says, where it stands before everything that is read or run; '' for none."""
        found = re.search(r'<meta http-equiv="Content-Security-Policy" content="([^"]*)">', self.text)
        before = self.text[: found.start()] if found else ""
        return found[1] if found and not re.search("<(title|script|style|link|body)", before) else ""

    @property
    def is_public(self) -> bool:
        return str(self.headers.get("cache-control", "")).startswith("public")

    @property
    def location(self) -> str:
        return str(self.headers.get("location", ""))

    @property
    def language(self) -> str:
        first = self.path.split("/")[1].split("?")[0]
        return first if first in i18n.LANGUAGES else i18n.DEFAULT

    @property
    def route(self) -> str:
        """The name of the address, '' when none has this shape."""
        return route_of(self.path)

    @property
    def stable_text(self) -> str:
        """Without what is new in every answer: keys and tokens."""
        return without_keys(self.text)

    @cached_property
    def page(self) -> etree._Element:
        return parsed(self.stable_text)[0]

    @cached_property
    def page_with_keys(self) -> etree._Element:
        """As the browser has it, whose forms can be sent; parsing is dear, so only the keys are put back."""
        page, values = deepcopy(self.page), (found[2] for found in _HIDDEN.finditer(self.text))
        for hidden in page.iter("input"):
            if hidden.get("name") in (KEY, TOKEN):
                hidden.set("value", next(values))
        return page

    @cached_property
    def mistakes(self) -> list[str]:
        """What a strict HTML parser complains about."""
        return parsed(self.stable_text)[1]

    def all(self, xpath: str) -> list[etree._Element]:
        return self.page.xpath(xpath)  # type: ignore[return-value]

    @property
    def header_bytes(self) -> int:
        """The head of the answer as HTTP/1.1 sends it."""
        lines = sum(len(name) + len(value) + 4 for name, value in self.headers.raw)
        return len("HTTP/1.1 200 OK\r\n") + lines + 2

    @property
    def visible_text(self) -> str:
        return words(self.page)


def without_keys(text: str) -> str:
    return _HIDDEN.sub(r"\1", text)


def words(element: etree._Element) -> str:
    """What a person reads of it; style, script and drawings apart."""
    return " ".join(" ".join(found for found in _pieces(element) if found.strip()).split())


def _pieces(element: etree._Element) -> list[str]:
    skip = "not(ancestor-or-self::style or ancestor-or-self::script or ancestor-or-self::title)"
    return [str(found) for found in element.xpath(f"descendant::text()[parent::*[{skip}]]")]  # type: ignore[union-attr]


def route_of(path: str) -> str:
    bare = path.split("?")[0].split("#")[0]
    first = bare.split("/")[1] if bare.startswith("/") else ""
    if first in i18n.LANGUAGES and first != i18n.DEFAULT:
        bare = bare[len(first) + 1 :] or "/"
    return next((name for name, pattern in _patterns() if pattern.fullmatch(bare)), "")


@lru_cache(maxsize=1)
def _patterns() -> list[tuple[str, re.Pattern[str]]]:
    """Fixed addresses before those with parts, so that /finanziatori is no territory."""
    names = sorted(addresses.PATTERNS, key=lambda name: _openness(addresses.PATTERNS[name]))
    return [(name, re.compile(_expression(addresses.PATTERNS[name]))) for name in names]


def _openness(pattern: str) -> list[bool]:
    return [segment.startswith("{") for segment in pattern.split("/")]


def _expression(pattern: str) -> str:
    return "/".join(
        _TYPES[part[1:-1].partition(":")[2]] if part.startswith("{") else re.escape(part) for part in pattern.split("/")
    )


@lru_cache(maxsize=2048)
def parsed(text: str) -> tuple[etree._Element, list[str]]:
    parser = html5lib.HTMLParser(tree=html5lib.getTreeBuilder("lxml"), namespaceHTMLElements=False)
    page = parser.parse(text).getroot()
    mistakes = [f"line {place[0]}: {code} {facts or ''}" for place, code, facts in parser.errors]
    return page, mistakes
