"""Compiled templates outlive a process, and none that is old or spoilt is ever drawn."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from jinja2 import nodes

from app.config import settings
from app.views import compiled
from app.views.environment import _Folded, environment

PIECE = "sample.html"


Reads = Callable[..., list[str]]


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    told = replace(settings(), data=tmp_path)
    monkeypatch.setattr(compiled, "settings", lambda: told)
    return tmp_path / "templates"


@pytest.fixture
def reads(kept: Path, monkeypatch: pytest.MonkeyPatch) -> Reads:
    """The names of what a new process compiles to draw the piece."""
    names: list[str] = []
    compiles = _Folded._generate

    def noted(made: _Folded, source: nodes.Template, name: str, filename: str, defer_init: bool) -> str:
        names.append(name)
        return compiles(made, source, name, filename, defer_init)

    def read(language: str = "it") -> list[str]:
        names.clear()
        environment.__wrapped__(language).get_template(PIECE)
        return list(names)

    monkeypatch.setattr(_Folded, "_generate", noted)
    return read


def test_a_second_process_compiles_nothing(reads: Reads) -> None:
    assert reads() == [PIECE]
    assert reads() == []


def test_each_language_has_its_own(reads: Reads) -> None:
    reads("it")
    assert reads("en") == [PIECE]
    assert reads("it") == []


def test_another_release_compiles_anew(reads: Reads, monkeypatch: pytest.MonkeyPatch) -> None:
    reads()
    monkeypatch.setattr(compiled, "release", lambda: "another")
    assert reads() == [PIECE]
    assert reads() == []


@pytest.mark.parametrize("left", [0, 20, 60, 200])
def test_what_a_power_cut_left_is_compiled_anew(reads: Reads, kept: Path, left: int) -> None:
    reads()
    for file in kept.iterdir():
        file.write_bytes(file.read_bytes()[:left])
    assert reads() == [PIECE]
    assert reads() == []


def test_without_a_data_folder_pages_are_drawn_all_the_same(reads: Reads, kept: Path) -> None:
    kept.parent.rmdir()
    assert reads() == [PIECE]
    assert reads() == [PIECE]
    assert not kept.parent.exists()


def test_a_text_that_changed_is_another_release(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compiled, "ROOT", tmp_path)
    hashes = set()
    for text in ("Prenota", "Prenoti"):
        (tmp_path / "templates").mkdir(exist_ok=True)
        (tmp_path / "templates" / "page.html").write_text(text)
        hashes.add(compiled.release.__wrapped__())
    assert len(hashes) == 2


def test_another_version_of_the_template_library_is_another_release(monkeypatch: pytest.MonkeyPatch) -> None:
    hashes = set()
    for number in ("3.1.6", "3.1.7"):
        monkeypatch.setattr(compiled, "version", {"jinja2": number}.__getitem__)
        hashes.add(compiled.release.__wrapped__())
    assert len(hashes) == 2
