"""A figure is held to its bound, and one that missed ends the run with 1."""

from collections.abc import AsyncIterator

import pytest

from bench import __main__ as bench
from bench import reads
from bench.figure import Figure, exit_code, ratio

KEPT, MISSED = Figure("P1", 24_576, "B", most=24_576), Figure("P1", 24_577, "B", most=24_576)


def test_a_bound_is_kept_up_to_itself() -> None:
    assert KEPT.verdict == "kept" and MISSED.verdict == "missed"
    assert Figure("S1", 0.4, "x", least=0.4).verdict == "kept"
    assert Figure("S1", 0.399, "x", least=0.4).verdict == "missed"
    assert Figure("told", 7).verdict == "-"


def test_too_little_pressure_proves_nothing() -> None:
    idle = Figure("S2", 9, "x", least=0.5, is_pressed=False)
    assert idle.verdict == "too little pressure"
    assert exit_code([KEPT, idle]) == 1


def test_a_line_says_name_value_bound_and_verdict() -> None:
    assert str(MISSED) == "P1: 24,577 B  at most 24,576  missed"
    assert str(Figure("S1 me", 0.4213, "x", least=0.4, note="wrk")) == "S1 me: 0.421 x  at least 0.4  kept  (wrk)"


def test_a_disturbed_round_moves_no_ratio() -> None:
    assert ratio([50, 51, 1], [100, 100, 100]) == 0.5


@pytest.mark.anyio
async def test_a_missed_bound_ends_with_1(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    async def measured(*figures: Figure) -> AsyncIterator[Figure]:
        for figure in figures:
            yield figure

    monkeypatch.setattr(reads, "measure", lambda: measured(KEPT))
    assert await bench.run(["reads"]) == 0
    monkeypatch.setattr(reads, "measure", lambda: measured(KEPT, MISSED))
    assert await bench.run(["reads"]) == 1
    assert "1 kept, 1 not: P1" in capsys.readouterr().out


def test_names_stand_for_measures() -> None:
    assert bench.names(["reads", "pages", "offline"]) == ["reads", "weight", "handset", "waits", "offline"]
    assert "scale:a53" in bench.names(["scale"]) and "scale:a53" not in bench.names([])
    with pytest.raises(SystemExit, match="No such measure: nothing"):
        bench.names(["nothing"])
