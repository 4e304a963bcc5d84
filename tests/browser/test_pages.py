"""Every page in Chromium: narrow and wide, with the keyboard, with large text."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from app import addresses
from tests.browser import look
from tests.browser.conftest import Site
from tests.matrix import Door, doors
from tests.pages.walk import viewer

pytestmark = pytest.mark.browser
NO_PAGE = {"security"}  # there where somebody to write to is named
GETS = [door for door in doors() if door.method == "GET" and door.let_in and door.name not in NO_PAGE]


@pytest.mark.parametrize("door", GETS, ids=str)
def test_page(door: Door, site: Site, open_as: Callable[[str], Page]) -> None:
    page = open_as(viewer(door))
    listener = look.Listener(page, site.origin)
    path = addresses.url(door.name, **site.world.parts_of(door))
    if not is_page(page, path):
        return
    assert page.goto(path, wait_until="load")
    assert [*look.still(page), *look.problems(page)] == []
    assert listener.heard == []


def is_page(page: Page, path: str) -> bool:
    answer = page.request.get(path)
    assert answer.status == 200, f"{path}: {answer.status}"
    return "text/html" in answer.headers["content-type"]


BAD = """<!doctype html><html lang="it"><title>Brutta</title>
<style>a:focus{outline:0} .wide{width:900px}</style><main><h1>Brutta</h1>
<p style="color:#999;background:#fff">Poco contrasto</p><a href="/">Vai</a>
<button tabindex="-1">Mai</button><p class="wide">Largo</p><img src="data:,"></main></html>"""


def test_a_bad_page_is_found(open_as: Callable[[str], Page]) -> None:
    page = open_as("anonymous")
    page.set_content(BAD)
    found = "\n".join(look.problems(page))
    for problem in ("color-contrast", "image-alt", "320 px: scrolls", "twice the text: scrolls"):
        assert problem in found
    assert "focus cannot be seen on 0 <a" in found
    assert "does not reach 1 <button" in found


MOVES = """<!doctype html><html lang="it"><title>Mossa</title>
<style>.button{border:0;transition:color 2s}</style><main><p id="p">x</p><h1>Mossa</h1>
<a class="button" href="/">Vai</a>
</main></html>"""
PUSHES = "() => new Promise((done) => { p.style.height = '300px'; setTimeout(done, 200) })"


def test_what_moves_or_has_no_edge_is_found(open_as: Callable[[str], Page]) -> None:
    page = open_as("anonymous")
    page.set_content(MOVES)
    assert list(look.still(page)) == []
    page.evaluate(PUSHES)
    assert "moves while it is built" in "".join(look.still(page))
    found = "\n".join(look.wishes(page))
    assert "no edge round <a" in found
    assert "moves: <a" in found


def test_what_goes_wrong_while_loading_is_heard(site: Site, open_as: Callable[[str], Page]) -> None:
    page = open_as("anonymous")
    listener = look.Listener(page, site.origin)
    page.goto("/")
    page.evaluate("() => { document.body.innerHTML = '<p style=\"color:red\">x</p><img src=http://127.0.0.1:9/x>' }")
    page.wait_for_timeout(300)
    assert any("Content Security Policy" in said for said in listener.heard)
    page.evaluate("() => { setTimeout(() => nothing.at.all) }")
    page.wait_for_timeout(100)
    assert any(said.startswith("script:") for said in listener.heard)
