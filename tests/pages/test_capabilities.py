"""docs/capabilities.md says what Vicino can do: every row once, no test that is not there, nothing done without one."""

import re
from collections.abc import Iterator
from pathlib import Path

from tests.servers import ROOT

ROWS = [f"A{number:02}" for number in range(1, 76)]
STATES = {"done", "partly", "not yet"}
LINE = re.compile(r"^\| (A\d\d) \| (.+) \| ([a-z ]+) \|(.*)\|$", re.MULTILINE)
FILE = re.compile(r"`(tests/[\w/]+\.py)`")


def wrongs(said: str, mission: list[str], root: Path) -> Iterator[str]:
    lines = LINE.findall(said)
    if [row for row, *_ in lines] != ROWS:
        yield f"the rows are not {ROWS[0]} to {ROWS[-1]}, each once"
    for row, _, state, shown in lines:
        files = FILE.findall(shown)
        own = [file for file in files if file.startswith(f"tests/mission/test_{row.lower()}_")]
        if state not in STATES:
            yield f"{row}: {state!r} is no state"
        if state == "done" and not own:
            yield f"{row} is done, but no test of tests/mission bears its number"
        if state == "partly" and not files:
            yield f"{row}: which test shows the part that is there?"
        if state == "not yet" and files:
            yield f"{row} has a test and is not yet there?"
        yield from (f"{row}: {file} is not there" for file in files if not (root / file).exists())
    yield from (f"{name} is named nowhere" for name in mission if name not in said)


def test_the_table_is_true() -> None:
    mission = [str(path.relative_to(ROOT)) for path in sorted((ROOT / "tests/mission").glob("test_a*.py"))]
    assert list(wrongs((ROOT / "docs/capabilities.md").read_text(), mission, ROOT)) == []


def test_a_table_that_lies_is_found() -> None:
    lines = [f"| {row} | Something. | not yet |  |" for row in ROWS]
    assert list(wrongs("\n".join(lines), [], ROOT)) == []
    lines[0] = "| A01 | Something. | done | `tests/mission/test_a02_rules_of_a_fund.py` |"
    lines[1] = "| A02 | Something. | partly |  |"
    lines[2] = "| A03 | Something. | nearly | `tests/never.py` |"
    lines[3] = "| A04 | Something. | not yet | `tests/pages/rules.py` |"
    found = list(wrongs("\n".join(lines[:-1]), ["tests/mission/test_a75_unnamed.py"], ROOT))
    assert [problem.split()[0] for problem in found] == [
        "the",
        "A01",
        "A02:",
        "A03:",
        "A03:",
        "A04",
        found[-1].split()[0],
    ]
    assert found[-1] == "tests/mission/test_a75_unnamed.py is named nowhere"
