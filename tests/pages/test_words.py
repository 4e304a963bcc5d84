"""Words: all of them in the catalogue, all translated, plain, and none that we do not say of people."""

import re

import polib
import pytest

from app import i18n
from app.domain.readability import gulpease, words_of
from app.views import TEMPLATES
from tests.matrix import Door, doors
from tests.pages import templates, translations
from tests.pages.answer import words
from tests.pages.walk import seen_by
from tests.pages.world import World
from tests.visitor import Page, Visitor

pytestmark = pytest.mark.anyio
PLAIN = 60.0
FORBIDDEN = {
    "it": r"utent[ei]|beneficiar[io]\w*|assistit[oaie]|handicappat\w+|pazient[ei]|effettu\w+|usufrui\w+|fruizion\w+",
    "en": r"users?|beneficiar(y|ies)|the disabled",
}
NOT_FOR_CITIZENS = ("desk", "check_in", "collection", "to_close", "walk_in", "call_list", "enrolment", "fund")


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


@pytest.mark.parametrize("door", [door for door in doors() if door.method == "GET"], ids=str)
async def test_a_page_says_it_plainly(door: Door, world: World, visitors: dict[str, Visitor]) -> None:
    for language in i18n.LANGUAGES:
        page = await seen_by(visitors, world, door, language=language)
        if page is not None and page.is_html:
            assert forbidden(page) == []
    page = await seen_by(visitors, world, door)
    if page is not None and page.is_html and not door.name.startswith(NOT_FOR_CITIZENS):
        assert hard_texts(page) == []


def forbidden(page: Page) -> list[str]:
    return re.findall(rf"\b(?:{FORBIDDEN[page.language]})\b", page.visible_text, re.IGNORECASE)


def hard_texts(page: Page) -> list[str]:
    """The page's running text where it is hard to read: paragraphs, answers and items of six words or more."""
    leaves = page.all("//main//*[self::p or self::dd or self::li][not(.//p or .//dd or .//li)]")
    told = [text for leaf in leaves if len(words_of(text := words(leaf))) >= 6]
    ease = gulpease("\n\n".join(told))
    return [f"{ease:.0f} of {PLAIN:.0f}", *sorted(told, key=gulpease)[:3]] if told and ease < PLAIN else []


def test_hard_and_forbidden_words_are_found() -> None:
    hard = "L'amministrazione procedente comunicherà successivamente all'interessato l'accoglimento dell'istanza"
    page = Page("/", 200, Visitor().client.headers, f"<main><p>Ogni utente legge.</p><p>{hard}</p></main>")
    assert forbidden(page) == ["utente"]
    assert hard_texts(page)[1:] == [hard]
    plain = "Vieni al centro quando vuoi, anche senza telefonare prima."
    assert hard_texts(Page("/", 200, page.headers, f"<main><p>{plain}</p></main>")) == []
