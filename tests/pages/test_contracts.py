"""What one place of the house promises another: pages and templates, refusals and sentences, nouns and their files."""

import ast
import importlib
import warnings
from dataclasses import fields
from pathlib import Path

import pytest
from jinja2 import nodes

from app.domain import errors
from app.domain.errors import Refusal
from app.views import Page, environment
from app.views.refusal import SENTENCES
from tests.pages import templates

# What every template has, whatever its page (app/views/__init__.py, draw).
FOR_ALL = {"here", "url", "form_keys", "phone_hours", "kind"}
IF_WANTED = {"form", "refusal", "title"}
NO_PAGES = {"__init__", "formatting", "phone_hours", "refusal"}  # views without an address of their own
LONGEST_TEMPLATE, LONGEST_FILE, LONGEST_FUNCTION, LONG_FUNCTION = 60, 400, 50, 25


def pages() -> list[type[Page]]:
    for path in templates.files("app/views", ".py"):
        importlib.import_module(".".join(path.with_suffix("").parts).removesuffix(".__init__"))
    return sorted(_below(Page), key=lambda page: page.__qualname__)


def _below(parent: type[Page]) -> list[type[Page]]:
    found = [one for child in parent.__subclasses__() for one in (child, *_below(child))]
    return [page for page in found if page.__module__.startswith("app.") and hasattr(page, "template")]


def differences(page: type[Page], needed: set[str]) -> set[str]:
    """Fields that the template does not draw, and variables that the page does not give."""
    return {field.name for field in fields(page)} - IF_WANTED ^ needed - IF_WANTED - FOR_ALL


@pytest.mark.parametrize("drawn", pages(), ids=lambda drawn: drawn.__qualname__)
def test_a_page_is_what_its_template_draws(drawn: type[Page]) -> None:
    assert differences(drawn, templates.needs(drawn.template)) == set()


@pytest.mark.parametrize("name", templates.names())
def test_every_template_compiles(name: str) -> None:
    environment("it").get_template(name)


def test_every_template_is_used() -> None:
    used = {name for page in pages() for name in templates.leads_to(page.template)}
    told = {text for path in templates.files("app/views", ".py") for text in _strings(path.read_text())}
    assert set(templates.names()) - used - told == set()


def test_every_refusal_has_a_sentence() -> None:
    assert set(SENTENCES) == {refusal.__new__(refusal).key for refusal in _leaves(Refusal)}


def _leaves(parent: type[Refusal]) -> list[type[Refusal]]:
    children = [child for child in parent.__subclasses__() if child.__module__ == errors.__name__]
    return [leaf for child in children for leaf in _leaves(child)] if children else [parent]


def test_every_noun_has_its_files() -> None:
    absent = [missing for path in templates.files("app/routes", ".py") for missing in absent_of(path.stem)]
    assert absent == []


def absent_of(noun: str) -> list[str]:
    """What a noun with routes lacks: its view, what draws it, and its tests."""
    if noun in ("__init__", "manifest", "security"):  # no pages
        return []
    drawn = [f"templates/{noun}", f"templates/{noun}.html"]
    tests = [path for path in templates.files("tests", f"test_{noun}.py")]
    wanted = {f"app/views/{noun}.py": Path(f"app/views/{noun}.py").exists(), drawn[0]: _any_exists(drawn)}
    return [name for name, is_there in {**wanted, f"a tests/**/test_{noun}.py": bool(tests)}.items() if not is_there]


def _any_exists(names: list[str]) -> bool:
    return any(Path(name).exists() for name in names)


def test_translations_are_named_like_nouns() -> None:
    nouns = {path.stem for path in templates.files("app/views", ".py") + templates.files("app/edge", ".py")}
    nouns |= {path.stem for path in Path("templates").iterdir()}
    assert {path.stem for path in templates.files("app/locale", ".po")} <= nouns


def test_files_stay_small() -> None:
    pieces = [(path, LONGEST_TEMPLATE) for path in templates.files("templates", ".html")]
    pieces += [(path, LONGEST_FILE) for folder in ("app", "tests") for path in templates.files(folder, ".py")]
    assert [f"{path}: {count}" for path, most in pieces if (count := len(path.read_text().splitlines())) > most] == []


@pytest.mark.slow
def test_functions_stay_short() -> None:
    files = [path for folder in ("app", "tests") for path in templates.files(folder, ".py")]
    sizes = {f"{path}:{name}": size for path in files for name, size in function_sizes(path.read_text()).items()}
    if long := sorted(f"{name} ({size})" for name, size in sizes.items() if size > LONG_FUNCTION):
        warnings.warn(f"{len(long)} functions over {LONG_FUNCTION} lines: {', '.join(long)}", stacklevel=1)
    assert [f"{name}: {size}" for name, size in sizes.items() if size > LONGEST_FUNCTION] == []


def function_sizes(source: str) -> dict[str, int]:
    found = [n for n in ast.walk(ast.parse(source)) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)]
    return {
        f"{function.lineno} {function.name}": (function.end_lineno or 0) - function.lineno + 1 for function in found
    }


def _strings(source: str) -> set[str]:
    constants = [found for found in ast.walk(ast.parse(source)) if isinstance(found, ast.Constant)]
    return {found.value for found in constants if isinstance(found.value, str)}


def test_the_contracts_can_break() -> None:
    tree = environment("it").parse(
        "{% from 'x' import m %}{% set a = 1 %}{% for b in c %}{{ m(a, b, d, _('e')) }}{% endfor %}"
    )
    assert isinstance(tree, nodes.Template)
    assert templates.variables(tree) - {"m"} == {"c", "d"}
    some = next(page for page in pages() if page.template == "error/show.html")
    given = {field.name for field in fields(some)}
    assert differences(some, given | {"here"}) == set()
    assert differences(some, given - {"what"} | {"else"}) == {"what", "else"}
    assert absent_of("nothing_of_that_name") != []
    assert function_sizes("def f():\n" + "    x = 1\n" * 60) == {"1 f": 61}
