"""A real browser fetches the shell once, and what it then unpacks is the page, letter by letter."""

from collections.abc import Callable

import httpx
import pytest
from playwright.sync_api import Page

from tests.browser.conftest import Site

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("language", ["", "/en"])
def test_the_second_page_travels_by_the_dictionary(site: Site, open_as: Callable[[str], Page], language: str) -> None:
    page = open_as("owner")
    with page.expect_response(lambda answer: "use-as-dictionary" in answer.headers) as fetched:
        page.goto(f"{language}/tradate")
    assert fetched.value.status == 200
    for path in (f"{language}/tradate/servizi", f"{language}/tradate/come-funziona", f"{language}/tradate/io"):
        page.wait_for_timeout(200)  # Chromium writes down what it fetched when it has nothing better to do
        answer = page.goto(path)
        assert answer and answer.header_value("content-encoding") == "dcz", path
        if path.endswith("/come-funziona"):  # where no hour stands
            assert answer.text() == httpx.get(site.origin + path, trust_env=False).text
        assert page.locator("h1").count() == 1
    assert page.locator("header form").count() == 1  # signed in


@pytest.mark.parametrize(
    ("actor", "path", "is_used"), [("anonymous", "/tradate", False), ("desk", "/tradate/sportello", True)]
)
def test_htmx_is_fetched_only_where_a_page_uses_it(
    open_as: Callable[[str], Page], actor: str, path: str, is_used: bool
) -> None:
    page = open_as(actor)
    fetched: list[str] = []
    page.on("request", lambda request: fetched.append(request.url))
    page.goto(path, wait_until="networkidle")
    assert any("htmx" in url for url in fetched) == is_used, fetched
    assert any("/static/page." in url for url in fetched)


def test_what_is_not_seen_at_first_dresses_the_page_all_the_same(open_as: Callable[[str], Page]) -> None:
    """The rest of the sheets holds nobody up, and nothing is fetched twice."""
    page = open_as("anonymous")
    fetched: list[str] = []
    page.on("request", lambda request: fetched.append(request.url))
    page.goto("/tradate", wait_until="networkidle")
    padding = page.locator("footer").evaluate("footer => getComputedStyle(footer).paddingBlockStart")
    assert padding == "24px" and len(set(fetched)) == len(fetched)


LINE = "Object.defineProperty(navigator, 'connection', { value: %s })"
TOO_LITTLE = {
    "an engine of before 2022": "delete Array.prototype.at",
    "a line of the second generation": LINE % "{ effectiveType: '2g' }",
    "who saves data": LINE % "{ saveData: true }",
}


@pytest.mark.parametrize("what", TOO_LITTLE)
def test_htmx_is_left_out_where_it_could_not_run_or_costs_too_much(open_as: Callable[[str], Page], what: str) -> None:
    """The page then works by its forms, as without any script."""
    page = open_as("desk")
    page.add_init_script(TOO_LITTLE[what])
    fetched: list[str] = []
    page.on("request", lambda request: fetched.append(request.url))
    page.goto("/tradate/sportello", wait_until="networkidle")
    assert not any("htmx" in url for url in fetched) and any("/static/page." in url for url in fetched)
    with page.expect_navigation():
        page.evaluate("() => document.querySelector('main [data-hx-post]').requestSubmit()")  # nobody was chosen
    assert page.locator("h1").count() == 1 and page.locator("main #problem").count() == 1
