"""Every status that can leave the house is really made, in every language, and its answer looked at like any other."""

import pytest

from app import database, i18n
from app.views.start import StartPage
from tests.pages import canary, rules
from tests.visitor import OWN_PAGE, Page, Visitor

pytestmark = pytest.mark.anyio
PREFIXES = ["" if code == i18n.DEFAULT else f"/{code}" for code in i18n.LANGUAGES]
STATUSES = {200, 303, 304, 403, 404, 405, 413, 422, 429, 500, 503}


async def test_each_status_is_made_and_looked_at(citizen: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    made = [
        page for prefix in PREFIXES for page in [*await _answers(citizen, prefix), await _too_often(citizen, prefix)]
    ]
    for error in (ZeroDivisionError("ours"), database.Busy()):
        made += [await _broken(citizen, prefix, monkeypatch, error) for prefix in PREFIXES]
    assert {page.status for page in made} == STATUSES
    wrong = {(page.status, page.path): found for page in made if (found := _problems(page))}
    assert wrong == {}
    silent = [(page.status, page.path) for page in made if page.status >= 400 and not page.is_html]
    assert silent == [], "a refusal without a page"


def _problems(page: Page) -> list[str]:
    return rules.problems(page) + canary.leaks(page)


async def _answers(citizen: Visitor, prefix: str) -> list[Page]:
    """What needs nothing broken: the visitor has looked at each already, and fails by itself."""
    found = await citizen.get(f"{prefix}/tradate/servizi")
    form = {"_key": "k"}
    return [
        found,
        await citizen.get(f"{prefix}/?comune=Tradate"),
        await citizen.get(f"{prefix}/tradate/servizi", if_none_match=found.headers["etag"]),
        await citizen.post(f"{prefix}/tradate/entra", form, sec_fetch_site="cross-site"),
        await citizen.get(f"{prefix}/tradate/niente"),
        await citizen.post(f"{prefix}/tradate/servizi", form),
        await citizen.post(f"{prefix}/tradate/entra", {"card": "x" * 70_000}),
        await citizen.post(f"{prefix}/tradate/entra", form),
    ]


async def _too_often(citizen: Visitor, prefix: str) -> Page:
    for _ in range(40):
        page = await citizen.post(f"{prefix}/tradate/codice", {"_key": "k", "code": "ABCD2345", "fact": "123"})
        if page.status == 429:
            break
    return page


async def _broken(citizen: Visitor, prefix: str, monkeypatch: pytest.MonkeyPatch, error: Exception) -> Page:
    """The client itself asks: for the visitor no mistake of the server is ever fine."""

    async def load(*_: object) -> StartPage:
        raise error

    monkeypatch.setattr(StartPage, "load", load)
    return Page.of(await citizen.client.get(f"{prefix}/", headers=OWN_PAGE))
