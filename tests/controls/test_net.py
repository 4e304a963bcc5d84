"""Positive controls of the standing checks: a copy of the tree with one thing spoilt, and who must say so."""

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.conftest import ENGINE
from tests.servers import ROOT

TREE = ("app", "templates", "static", "service_worker", "tests", "docs", "bench", "pyproject.toml", "CONTRIBUTING.md")
FETCHES = "tests/pages/test_visitor.py::test_the_visitor_fetches_real_pages"
MATRIX = "tests/pages/test_matrix.py::test_"


@dataclass(frozen=True)
class Spoilt:
    """In `path`, `right` becomes `wrong`; `check` must then fail and say `says`."""

    path: str
    right: str
    wrong: str
    check: str
    says: str


SPOILT = {
    "a page with a picture nobody can hear": Spoilt(
        "templates/start/show.html", "<h1>", '<img src="/static/x.svg"><h1>', FETCHES, "pictures: no alt"
    ),
    "a query for each line": Spoilt(
        "app/routes/start.py",
        "        return render(request, await StartPage.load(request.here, typed))",
        "        for _ in range(50):\n            await destination('Tradate')\n"
        "        return render(request, await StartPage.load(request.here, typed))",
        FETCHES,
        "SQL statements: more than",
    ),
    "a query that reads every message there ever was": Spoilt(
        "app/domain/reminder.py",
        "    return not await trusted_once(booking_id, person_id, ledger.day(now))",
        "    await database.scalar('SELECT 1 FROM message WHERE tries = 5')\n"
        "    return not await trusted_once(booking_id, person_id, ledger.day(now))",
        "tests/domain/test_reminder_revoked.py",
        "reminder.may_hear reads all of message",
    ),
    "a list of one day that reads every booking of a territory": Spoilt(
        "app/domain/desk.py",
        '        return self._on("+b.territory_id", "+b.provider_id")',
        "        return self.condition",
        "tests/routes/test_desk_crowd.py",
        "reads all of an index as long",
    ),
    "a route without a row": Spoilt(
        "app/routes/offline.py",
        '@get(addresses.path("offline"))',
        '@get([addresses.path("offline"), addresses.path("healthz")])',
        MATRIX + "every_route_has_a_row_and_every_row_a_route",
        "",
    ),
    "a door that nobody watches": Spoilt(
        "app/routes/enrolment.py",
        "    access.require(here.actor, *access.ENROLLING",
        "    str((here.actor, *access.ENROLLING)) or access.require(here.actor, *access.ENROLLING",
        MATRIX + "route[GET enrolment]",
        "anonymous: own: got 200",
    ),
    "words outside the catalogue": Spoilt(
        "templates/start/show.html",
        "<h1>",
        "<p>Detto a nessuno</p><h1>",
        "tests/pages/test_words.py::test_a_template_says_only_what_the_catalogue_knows[start/show.html]",
        "Detto a nessuno",
    ),
    "words that English lacks": Spoilt(
        "templates/start/show.html",
        "<h1>",
        '<p>{{ _("Mai tradotto") }}</p><h1>',
        "tests/pages/test_words.py::test_a_language_is_complete",
        "missing: Mai tradotto",
    ),
    "a refusal in hard words": Spoilt(
        "app/views/refusal.py",
        '_("Il credito non basta.")',
        '_("La disponibilità residua risulta insufficiente per l\'importo complessivamente richiesto.")',
        "tests/pages/test_words.py::test_every_refusal_is_plain[credit_too_small]",
        "80: La disponibilità residua",
    ),
    "a post that never reads its form": Spoilt(
        "app/routes/sign_in.py",
        "(await request.read_form()).require_key()",
        "str(request)",
        "tests/pages/test_law.py::test_law[posts_read_their_form]",
        "never reads its form",
    ),
    "a field that no template says": Spoilt(
        "app/views/start.py",
        "    typed: str\n",
        "    typed: str\n    spare: str\n",
        "tests/pages/test_contracts.py::test_a_page_is_what_its_template_draws",
        "spare",
    ),
}


def run(check: str, root: Path) -> subprocess.CompletedProcess[str]:
    told = {**os.environ, "VICINO_TEST_ENGINE": "sqlite", "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", "-p", "no:logging", check]
    return subprocess.run(command, cwd=root, env=told, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("tree")
    for name in TREE:
        whole = ROOT / name
        if whole.is_dir():
            shutil.copytree(whole, root / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(whole, root)
    return root


@pytest.mark.slow
@pytest.mark.timeout(120)
@pytest.mark.skipif(ENGINE == "postgres", reason="the same checks as on SQLite")
@pytest.mark.parametrize("what", SPOILT)
def test_what_is_spoilt_is_found(what: str, tree: Path) -> None:
    spoilt = SPOILT[what]
    file = tree / spoilt.path
    sound = file.read_text()
    assert spoilt.right in sound, f"{spoilt.path} has changed: spoil it otherwise"
    file.write_text(sound.replace(spoilt.right, spoilt.wrong, 1))
    try:
        said = run(spoilt.check, tree)
    finally:
        file.write_text(sound)
    assert said.returncode == 1, said.stdout[-2000:] + said.stderr[-2000:]
    assert spoilt.says in said.stdout, said.stdout[-3000:]


@pytest.mark.slow
@pytest.mark.timeout(120)
@pytest.mark.skipif(ENGINE == "postgres", reason="the same checks as on SQLite")
def test_the_sound_tree_passes(tree: Path) -> None:
    """Otherwise everything above would fail for a reason of its own."""
    said = run(FETCHES, tree)
    assert said.returncode == 0, said.stdout[-2000:]
