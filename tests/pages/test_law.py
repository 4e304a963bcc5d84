"""House rules that no linter knows (the import law stands in pyproject.toml)."""

import ast
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.pages import templates

CLOCKS = {"app/domain/clock.py", "app/database.py"}  # the runner of migrations stamps its own rows
READERS = {"now", "today", "utcnow"}
READS = {"read_form", "json", "body"}
Law = Callable[[str, str], Iterator[str]]


def no_safe(path: str, source: str) -> Iterator[str]:
    """Markup is made where it is drawn from parts, never declared safe afterwards."""
    if path.endswith(".html"):
        yield from (f"{path}: {found}" for found in re.findall(r"\|\s*safe\b", source))


def markup_in_its_place(path: str, source: str) -> Iterator[str]:
    if path.endswith(".py") and not path.startswith(("app/views/", "app/edge/")) and "Markup" in _names(source):
        yield f"{path}: Markup"


def one_clock(path: str, source: str) -> Iterator[str]:
    if path.endswith(".py") and path not in CLOCKS:
        for call in _calls(source):
            if isinstance(call.func, ast.Attribute) and call.func.attr in READERS and _is_time(call.func.value):
                yield f"{path}:{call.lineno}: reads the clock itself"


def posts_read_their_form(path: str, source: str) -> Iterator[str]:
    if not path.startswith("app/routes/"):
        return
    for function in ast.walk(ast.parse(source)):
        if not isinstance(function, ast.AsyncFunctionDef) or not _is_post(function):
            continue
        if not READS & _names(function):
            yield f"{path}:{function.lineno}: {function.name} never reads its form"


LAWS: list[Law] = [no_safe, markup_in_its_place, one_clock, posts_read_their_form]


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.__name__)
def test_law(law: Law) -> None:
    files = templates.files("app", ".py") + templates.files("templates", ".html")
    assert [broken for path in files for broken in law(str(path), path.read_text())] == []


BROKEN = [
    (no_safe, "templates/x.html", "{{ words | safe }}"),
    (markup_in_its_place, "app/domain/x.py", "from markupsafe import Markup"),
    (one_clock, "app/views/x.py", "from datetime import datetime\nnow = datetime.now(UTC)"),
    (one_clock, "app/domain/x.py", "day = date.today()"),
    (posts_read_their_form, "app/routes/x.py", "@post('/x')\nasync def create(self, request):\n    return 1"),
]


@pytest.mark.parametrize(("law", "path", "source"), BROKEN)
def test_a_broken_law_is_found(law: Law, path: str, source: str) -> None:
    assert len(list(law(path, source))) == 1


def test_what_keeps_the_law_is_not_found() -> None:
    read = "@post('/x')\nasync def create(self, request):\n    form = await request.read_form()"
    assert list(posts_read_their_form("app/routes/x.py", read)) == []
    assert list(one_clock("app/views/x.py", "now = here.now")) == []
    assert list(no_safe("templates/x.html", "{{ words|upper }} safe")) == []


def test_the_checks_walk_the_real_house() -> None:
    assert Path("app/main.py") in templates.files("app", ".py")
    assert Path("templates/base.html") in templates.files("templates", ".html")


def _names(source: str | ast.AST) -> set[str]:
    tree = ast.parse(source) if isinstance(source, str) else source
    names = {found.id for found in ast.walk(tree) if isinstance(found, ast.Name)}
    names |= {found.attr for found in ast.walk(tree) if isinstance(found, ast.Attribute)}
    return names | {found.name for found in ast.walk(tree) if isinstance(found, ast.alias)}


def _calls(source: str) -> list[ast.Call]:
    return [found for found in ast.walk(ast.parse(source)) if isinstance(found, ast.Call)]


def _is_time(value: ast.expr) -> bool:
    name = value.attr if isinstance(value, ast.Attribute) else value.id if isinstance(value, ast.Name) else ""
    return name in ("datetime", "date")


def _is_post(function: ast.AsyncFunctionDef) -> bool:
    return any(
        isinstance(d, ast.Call) and isinstance(d.func, ast.Name) and d.func.id == "post"
        for d in function.decorator_list
    )
