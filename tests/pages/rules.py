"""What every answer of Vicino keeps, page by page: each rule says what is wrong, or nothing."""

import re
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

from lxml import etree

from app.edge.form import KEY
from tests.pages import language
from tests.pages.answer import Answer, route_of, words

FIRST_FLIGHT = 14_000  # bytes a new connection may send before it must wait
HEADER_BYTES = {"page": 800, "part": 350}  # with the Date that the server adds
DATE = len("date: Sun, 22 Nov 2026 12:00:00 GMT\r\n")
OF_ONE = (b"set-cookie", b"content-disposition", b"use-as-dictionary")
OF_PAGES = {
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "geolocation=(),microphone=()",
}
STATEMENTS, FEWER = 16, {"catalogue": 8}
CACHING = {"public,no-cache", "private,no-store", "no-store"}
DAY = 24 * 60 * 60  # seconds
NODES = 250  # elements of a page that a slow phone lays out at once
NOT_FOR_CITIZENS = (
    *(
        "desk",
        "door",
        "check_in",
        "collection",
        "to_close",
        "walk_in",
        "call_list",
        "enrolment",
        "first_pin",
        "card",
        "fund",
    ),
    "staff",
)
FIELDS = "//input[not(@type='hidden' or @type='submit')] | //select | //textarea"

OF_POLICY = (
    "script-src 'self'",
    "object-src 'none'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
)

Rule = Callable[[Answer], Iterator[str]]


def problems(answer: Answer, *, headers_only: bool = False) -> list[str]:
    rules = HEADER_RULES + (PAGE_RULES if answer.is_html and not headers_only else [])
    return [f"{rule.__name__}: {problem}" for rule in rules for problem in rule(answer)]


# Headers


def policy(answer: Answer) -> Iterator[str]:
    """Of everything that has bytes: what is unchanged keeps what it came with (RFC 9111, 3.2)."""
    if answer.status == 304:
        return
    said, inside = answer.headers.get("content-security-policy", ""), answer.policy_inside
    strict = inside if answer.is_document else said
    if "unsafe" in said + inside or "*" in said + inside:
        yield f"Content-Security-Policy is {said!r}, inside {inside!r}"
    if "default-src 'none'" not in strict and (answer.text or not answer.has_policy_of_page):
        yield f"something is allowed that no policy names: {said!r}, inside {inside!r}"
    for part in OF_POLICY if answer.is_document or answer.has_policy_of_page else ():
        if part not in said:
            yield f"the policy of a page lacks {part}"


def other_sites(answer: Answer) -> Iterator[str]:
    wanted = {"x-content-type-options": "nosniff", "cross-origin-resource-policy": "same-origin"}
    for name, value in (wanted | (OF_PAGES if answer.is_document else {})).items():
        if answer.headers.get(name) != value and answer.status != 304:
            yield f"{name} is {answer.headers.get(name)!r}"


def caching(answer: Answer) -> Iterator[str]:
    said = answer.headers.get("cache-control", "")
    if answer.is_html and answer.status == 200 and said not in CACHING:
        yield f"no kind has Cache-Control {said!r}"
    if answer.is_html and answer.status != 200 and said != "no-store":
        yield f"status {answer.status} may be kept: Cache-Control {said!r}"


def public_answers(answer: Answer) -> Iterator[str]:
    if answer.is_public and "set-cookie" in answer.headers:
        yield "a public page sets a cookie"
    if answer.is_public and answer.is_html and "etag" not in answer.headers:
        yield "a public page has no ETag"


def bytes_sent(answer: Answer) -> Iterator[str]:
    if answer.is_html and answer.sent + answer.header_bytes > FIRST_FLIGHT:
        yield f"{answer.sent + answer.header_bytes} bytes: more than {FIRST_FLIGHT}"
    own = sum(len(name) + len(value) + 4 for name, value in answer.headers.raw if name.lower() in OF_ONE)
    heads, most = answer.header_bytes + DATE - own, HEADER_BYTES["page" if answer.has_policy_of_page else "part"]
    if heads > most:
        yield f"{heads} bytes of headers besides its own: more than {most}"


def when_to_come_back(answer: Answer) -> Iterator[str]:
    """Who is sent away for now is told for how long, in seconds; a day is the longest anybody waits."""
    said = answer.headers.get("retry-after", "")
    if answer.status in (429, 503) and not (said.isdecimal() and 0 < int(said) <= DAY):
        yield f"status {answer.status} with Retry-After {said!r}"


def statements(answer: Answer) -> Iterator[str]:
    """What a refused verb asked of its own does not count to the page that says so.

    A form's answer that brings the page it leads to is two requests; each is counted where it comes alone.
    """
    most, asked = FEWER.get(answer.route, STATEMENTS), answer.statements
    if "content-location" in answer.headers:
        return
    if answer.status in (422, 429):
        asked -= answer.in_writes
    if answer.is_html and asked > most:
        yield f"{asked} SQL statements: more than {most}"


HEADER_RULES: list[Rule] = [policy, other_sites, caching, public_answers, bytes_sent, when_to_come_back, statements]


# The page


def markup(answer: Answer) -> Iterator[str]:
    yield from answer.mistakes


def one_heading(answer: Answer) -> Iterator[str]:
    found = [words(h1) for h1 in answer.all("//h1")]
    if len(found) != 1 or not found[0]:
        yield f"the page has the headings {found}"


def title(answer: Answer) -> Iterator[str]:
    if not "".join(answer.all("//head/title/text()")).strip():  # type: ignore[arg-type]
        yield "no title"


def tongue(answer: Answer) -> Iterator[str]:
    said = answer.page.get("lang")
    if said != answer.language:
        yield f"lang is {said!r}, the address is in {answer.language!r}"


def landmarks(answer: Answer) -> Iterator[str]:
    for name in ("header", "main", "footer"):
        inside = "" if name == "main" else "[not(ancestor::main)]"
        if len(answer.all(f"//{name}{inside}")) != 1:
            yield f"{len(answer.all(f'//{name}{inside}'))} landmarks {name}"


def labels(answer: Answer) -> Iterator[str]:
    for field in answer.all(FIELDS):
        if not _label(answer, field):
            yield f"no label on {_drawn(field)}"
    for control in answer.all("//button | //a[@href]"):
        if not (words(control) or control.get("aria-label") or control.xpath(".//img[@alt!='']")):
            yield f"no words in {_drawn(control)}"


def swapping(answer: Answer) -> Iterator[str]:
    if answer.all("//@data-hx-get | //@data-hx-post") and not answer.all("//script/@data-htmx") and answer.is_document:
        yield "parts of it are to be fetched, and it does not say where htmx is"


def identities(answer: Answer) -> Iterator[str]:
    ids = [str(found) for found in answer.all("//@id")]
    yield from (f"id {name!r} stands twice" for name in sorted({i for i in ids if ids.count(i) > 1}))
    for name in ("for", "aria-describedby", "aria-labelledby", "aria-controls"):
        for value in answer.all(f"//@{name}"):
            yield from (f"{name} names {part!r}, which is nowhere" for part in str(value).split() if part not in ids)


def forms(answer: Answer) -> Iterator[str]:
    for form in answer.all("//form"):
        method, keys = form.get("method", "get").lower(), form.xpath(f".//input[@type='hidden'][@name='{KEY}']")
        if not form.get("action"):
            yield f"no action on {_drawn(form)}"
        if method == "post" and answer.is_public:
            yield f"a public page holds a writing form to {form.get('action')}"
        if (method == "post") != (len(keys) == 1):  # type: ignore[arg-type]
            yield f"{len(keys)} keys in the {method} form to {form.get('action')}"  # type: ignore[arg-type]
        if not form.xpath(".//button[not(@type='button')] | .//input[@type='submit']"):
            yield f"nothing to press in {_drawn(form)}"


def named_errors(answer: Answer) -> Iterator[str]:
    """Each line of the error summary leads to a field, says which in words, and stands beside it too."""
    for link in answer.all("//*[@id='problem']//ul//a[starts-with(@href, '#')]"):
        name, said = str(link.get("href"))[1:], words(link)
        beside = [words(error).partition(" ")[2].lower() for error in answer.all(f"//*[@id='{name}-error']")]
        is_field = answer.all(f"//*[@id='{name}'][self::input or self::select or self::textarea]")
        if said.lower() in beside or (is_field and not beside):
            yield f"{said!r} names no field, or {name!r} has no error beside it"


def without_script(answer: Answer) -> Iterator[str]:
    """What htmx does with a control, a plain browser does too."""
    for control in answer.all("//*[@data-hx-post or @data-hx-put or @data-hx-delete or @data-hx-patch]"):
        if not control.xpath("ancestor-or-self::form[@action][@method='post']"):
            yield f"works with JavaScript only: {_drawn(control)}"
    for control in answer.all("//*[@data-hx-get]"):
        if not control.xpath("ancestor-or-self::form[@action] | self::a[@href]"):
            yield f"works with JavaScript only: {_drawn(control)}"
    for control in answer.all("//button[@type='button'][not(@hidden or @disabled)]"):
        yield f"works with JavaScript only: {_drawn(control)}"
    for control in answer.all("//*[@disabled][not(self::button[@type='button'])]"):
        yield f"is never switched on: {_drawn(control)}"


def nothing_inline(answer: Answer) -> Iterator[str]:
    for element in answer.all("//*[@style]"):
        yield f"style attribute on {_drawn(element)}"
    if len(answer.all("//style")) > 1:
        yield "more than the one critical sheet"
    if answer.all("//script[not(@src)][not(@type='application/ld+json')]"):
        yield "inline script"
    for element in answer.all("//*[@*[starts-with(name(), 'on') or starts-with(name(), 'hx-')]]"):
        yield f"on... or bare hx-... attribute on {_drawn(element)}"
    for element in answer.all("//font | //big | //center"):
        yield f"size or place by element: {_drawn(element)}"


def nodes(answer: Answer) -> Iterator[str]:
    found = len(answer.all("//*"))
    if found > NODES and not answer.route.startswith(NOT_FOR_CITIZENS):
        yield f"{found} elements: more than {NODES}"


def pictures(answer: Answer) -> Iterator[str]:
    for image in answer.all("//img[not(@alt)]"):
        yield f"no alt on {_drawn(image)}"


def links(answer: Answer) -> Iterator[str]:
    ids = {str(found) for found in answer.all("//@id")}
    for address in {str(a) for a in answer.all("//a[not(@hreflang)]/@href | //form/@action | //button/@formaction")}:
        parts = urlsplit(address)
        if address.startswith("#") and address[1:] not in ids:
            yield f"{address} is nowhere on the page"
        elif parts.scheme not in ("", "https", "tel", "mailto"):
            yield f"{address} is no web address"
        elif not parts.scheme and not address.startswith("#") and not route_of(address):
            yield f"no route answers {address}"


def secrets(answer: Answer) -> Iterator[str]:
    if answer.is_public:
        text = answer.visible_text
        yield from (f"a public page says {secret!r}" for secret in sorted(answer.secrets) if secret in text)


def one_language(answer: Answer) -> Iterator[str]:
    yield from (f"{text!r} is not {answer.language}" for text in language.foreign(answer.page, answer.language))


def own_tongue(answer: Answer) -> Iterator[str]:
    """Data in Italian on a page of another language say so, or a reader's voice speaks them wrong (WCAG 3.1.2)."""
    yield from (f"{text!r} is not marked as Italian" for text in language.unmarked(answer.page, answer.untranslated))


PAGE_RULES: list[Rule] = [
    markup,
    one_heading,
    title,
    tongue,
    landmarks,
    labels,
    identities,
    swapping,
    forms,
    named_errors,
    without_script,
    nothing_inline,
    nodes,
    pictures,
    links,
    secrets,
    one_language,
    own_tongue,
]


def _label(answer: Answer, field: etree._Element) -> str:
    if field.get("aria-label"):
        return str(field.get("aria-label"))
    by = (field.get("aria-labelledby") or "").split()
    named = [e for name in by for e in answer.all(f"//*[@id='{name}']")]
    around = list(field.iterancestors("label"))
    tied = [label for label in answer.all("//label[@for]") if label.get("for") == field.get("id")]
    return " ".join(words(element) for element in named + around + tied)


def _drawn(element: etree._Element) -> str:
    return re.sub(r"\s+", " ", etree.tostring(element, encoding="unicode", with_tail=False))[:160]
