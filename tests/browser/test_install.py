"""A browser takes each territory for an application: nothing that it asks for is missing."""

import json
from typing import Any

import pytest
from playwright.sync_api import BrowserContext

from tests.browser.conftest import Site

pytestmark = pytest.mark.browser
ASIDE = {"in-incognito"}  # every context of a test is


@pytest.mark.parametrize("path", ["/tradate", "/en/tradate", "/biella", "/tradate/sul-telefono"])
def test_it_can_be_installed(site: Site, phone: BrowserContext, path: str) -> None:
    page = phone.new_page()
    page.goto(path, wait_until="load")
    told = phone.new_cdp_session(page)
    found: dict[str, Any] = told.send("Page.getAppManifest")
    missing = told.send("Page.getInstallabilityErrors")["installabilityErrors"]
    prefix, slug = ("/en" if path.startswith("/en/") else ""), path.removeprefix("/en").split("/")[1]
    assert found["errors"] == []
    assert json.loads(found["data"])["start_url"] == f"{prefix}/{slug}"
    assert told.send("Page.getAppId")["appId"] == f"{site.origin}/{slug}"
    assert {one["errorId"] for one in missing} - ASIDE == set()
