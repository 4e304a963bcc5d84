"""The look's own promises: small, readable by everybody, nothing a strict policy would refuse."""

import re
from itertools import product

import pytest

from app.edge.static import ROOT, STATIC, critical_css

CRITICAL = (STATIC / "css" / "critical.css").read_text()
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
SCRIPTS = sorted((STATIC / "js").glob("*.js"))
COLOURS = ["blue", *re.findall(r"\[data-colour=(\w+)\]", CRITICAL)]

# What is written on what: each pair is seen somewhere in the components.
ON_GROUNDS = list(product(("text", "quiet", "act", "bad", "good"), ("page", "sheet", "tint")))
PAIRS = [*ON_GROUNDS, ("on-act", "act"), ("white", "brand"), ("ink", "sun")]


def tokens(colour: str, *, dark: bool) -> dict[str, str]:
    """The custom properties as a browser would compute them for a territory's colour."""
    light, night = CRITICAL.split("@media screen and (prefers-color-scheme:dark)", 1)
    found: dict[str, str] = {}
    for selector, body in re.findall(r"([^{}]+)\{([^{}]*)\}", light):
        if selector.strip().endswith(":root") or selector.strip() == f"[data-colour={colour}]":
            found |= dict(re.findall(r"--([\w-]+):([^;]+)", body))
    if dark:
        found |= dict(re.findall(r"--([\w-]+):([^;}]+)", night.split("}", 1)[0]))
    return {name: found[value[6:-1]] if value.startswith("var(") else value for name, value in found.items()}


def luminance(colour: str) -> float:
    digits = colour.lstrip("#")
    digits = digits if len(digits) == 6 else "".join(d * 2 for d in digits)
    parts = [int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    red, green, blue = (p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def test_there_are_six_colours() -> None:
    assert COLOURS == ["blue", "forest", "wine", "terracotta", "plum", "slate"]


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("colour", COLOURS)
def test_every_text_has_the_highest_contrast(colour: str, dark: bool) -> None:
    palette = tokens(colour, dark=dark)
    weak = {pair: round(contrast(palette[pair[0]], palette[pair[1]]), 2) for pair in PAIRS}
    assert {pair: ratio for pair, ratio in weak.items() if ratio < 7} == {}


@pytest.mark.parametrize("dark", [False, True])
def test_edges_of_what_is_pressed_are_seen(dark: bool) -> None:
    palette = tokens("blue", dark=dark)
    assert min(contrast(palette["edge"], palette[ground]) for ground in ("page", "sheet")) >= 3


def test_the_inlined_sheet_is_small() -> None:
    assert len(critical_css().encode()) <= 6_000


def test_the_first_script_is_small() -> None:
    assert (STATIC / "js" / "boot.js").stat().st_size <= 1_024


def test_nothing_needs_an_unsafe_policy() -> None:
    refused = re.compile(r"""\s(?:style|on\w+|hx-[\w:-]+)=["']""")
    assert [str(t) for t in TEMPLATES if refused.search(t.read_text())] == []


def test_nothing_moves() -> None:
    sheets = [p.read_text() for p in (STATIC / "css").rglob("*.css")]
    assert not any(re.search(r"\b(?:animation|transition)\b", sheet) for sheet in sheets)


def test_scripts_speak_an_old_language() -> None:
    newer = re.compile(r"\?\?|\?\.[a-z(\[]|\bstatic\s*\{|#\w+\s*[=(]")
    worker = sorted((ROOT / "service_worker").glob("*.js"))
    assert [p.name for p in [*SCRIPTS, *worker] if newer.search(p.read_text())] == []
