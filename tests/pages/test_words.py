"""Words: all of them in the catalogue, all translated, plain, and none that we do not say of people."""

import re

import polib
import pytest

from app import i18n
from app.edge.here import Here
from app.views import TEMPLATES
from app.views.error import ErrorPage
from app.views.refusal import RULES, SENTENCES
from tests.pages import reading, rules, templates, translations
from tests.pages.walk import Walked
from tests.visitor import NOON, Page, Visitor

PLACE = re.compile(r"%\(\w+\)s")
FORBIDDEN = {
    "it": r"utent[ei]|beneficiar[io]\w*|assistit[oaie]|handicappat\w+|pazient[ei]|effettu\w+|usufrui\w+|fruizion\w+",
    "en": r"users?|beneficiar(y|ies)|the disabled",
}
# Where somebody decides: every sentence of ours is read by who left school early.
KEY = {
    *("start", "sign_in", "booking_code", "choose_place", "choose_slot", "hold", "for_whom", "guest", "details"),
    *("split", "summary", "request", "booking", "booking_slip", "cancellation", "move"),
}


@pytest.mark.parametrize("name", templates.names())
def test_a_template_says_only_what_the_catalogue_knows(name: str) -> None:
    assert templates.loose_texts((TEMPLATES / name).read_text()) == []


def test_loose_texts_are_found() -> None:
    source = (
        '{% block main %}<img alt="Un gatto" src="{{ x }}"><p class="lead">{{ _("Detto bene") }} Detto male</p>'
        '{{ button("Premi qui", "second") }}{{ button(_("Premi"), "danger") }}<style>p{a:b}</style>{% endblock %}'
    )
    assert templates.loose_texts(source) == ["Un gatto", "Detto male", "Premi qui"]


@pytest.mark.parametrize("language", [code for code in i18n.LANGUAGES if code != i18n.DEFAULT])
def test_a_language_is_complete(language: str) -> None:
    found = translations.problems(language)
    assert not found, "\n".join(found)


def test_a_language_with_holes_is_found() -> None:
    entry = polib.POEntry
    entries = [
        ("a.po", entry(msgid="Entra", msgstr="Sign in")),
        ("b.po", entry(msgid="Entra", msgstr="Enter")),
        ("b.po", entry(msgid="Mai detto", msgstr="Never said")),
        ("b.po", entry(msgid="Vuoto", msgstr="")),
        ("b.po", entry(msgid="Ti resta %(money)s", msgstr="%(sum)s left")),
    ]
    assert list(translations.compare({"Entra", "Manca", "Vuoto", "Ti resta %(money)s"}, entries)) == [
        "missing: Manca",
        "left over in b.po: Mai detto",
        "translated 2 times: Entra",
        "not finished in b.po: Vuoto",
        "a place that the source does not fill, in b.po: Ti resta %(money)s",
    ]
    assert "Dove abiti?" in translations.said()


@pytest.mark.slow
def test_no_page_says_what_we_do_not_say(walked: Walked) -> None:
    assert [(page.path, found) for page in walked.pages if (found := forbidden(page))] == []


@pytest.mark.slow
def test_every_text_is_plain(walked: Walked) -> None:
    """Each alone: 60 on citizens' pages, 80 where something is decided; what is refused 80 everywhere."""
    pages = [page for page in walked.pages if page.language == i18n.DEFAULT]
    read = [page for page in pages if not page.route.startswith(rules.NOT_FOR_CITIZENS)]
    for name, size in sorted({(page.route, reading.length(page)) for page in read if page.status == 200}):
        if size < reading.SHORT_PAGE:
            print(f"short: {name}, {size} words")
    found = {text for page in read for text in reading.texts(page)}
    ours = {text for page in read if page.route in KEY for text in reading.texts(page)} - _with(
        found, walked.of_providers
    )
    refused = {text for page in pages for text in reading.complaints(page)}
    print(f"{len(found)} texts on {len(read)} pages, {len(ours)} of key screens, {len(refused)} refusals")
    assert reading.hard(found, reading.PLAIN, walked.names) == []
    assert reading.hard(ours | refused, reading.VERY_PLAIN, walked.names) == []


def _with(texts: set[str], parts: list[str]) -> set[str]:
    return {text for text in texts if any(part in text for part in parts)}


@pytest.mark.parametrize("key", [*SENTENCES, *RULES])
def test_every_refusal_is_plain(key: str) -> None:
    said = {**SENTENCES, **RULES}[key](lambda text: text)
    assert reading.hard([PLACE.sub("", said)], reading.VERY_PLAIN) == []


@pytest.mark.parametrize("status", [403, 404, 405, 413, 422, 429, 500, 503])
def test_every_error_page_is_plain(status: int) -> None:
    page = ErrorPage.of(status, Here(language=i18n.DEFAULT, now=NOON, path="/"))
    assert reading.hard([page.title, page.what, page.todo], reading.VERY_PLAIN) == []


def forbidden(page: Page) -> list[str]:
    return re.findall(rf"\b(?:{FORBIDDEN[page.language]})\b", page.visible_text, re.IGNORECASE)


def test_hard_and_forbidden_words_are_found() -> None:
    hard = "L'amministrazione procedente comunicherà successivamente all'interessato l'accoglimento dell'istanza"
    plain = "Vieni al centro quando vuoi, anche senza telefonare prima."
    told = f"<main><p>Ogni utente legge.</p><p>{plain}</p><ul><li>{hard}<br>{plain}</ul><p>Bar {hard} 0331 00</main>"
    page = Page("/", 200, Visitor().client.headers, told)
    assert forbidden(page) == ["utente"]
    assert reading.texts(page) == ["Ogni utente legge.", plain, hard, plain, f"Bar {hard} 0331 00"]
    found = reading.hard(reading.texts(page), reading.PLAIN)
    assert [text.partition(": ")[2] for text in found] == [hard, f"Bar {hard} 0331 00"]
    assert reading.hard([f"Vieni da {hard}"], reading.PLAIN, names=[hard]) == []
    alert = f'<main><div role="alert"><ul><li>Il tuo nome: {plain}</ul></div>'
    assert reading.complaints(Page("/", 422, page.headers, alert)) == [plain]
