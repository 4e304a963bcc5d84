"""What a browser says of a page: axe, keyboard, width, and what went wrong while loading."""

from collections.abc import Iterator
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

PHONE, DESKTOP = {"width": 320, "height": 640}, {"width": 1280, "height": 800}
STRICT = {
    "resultTypes": ["violations"],
    "rules": {"color-contrast-enhanced": {"enabled": True}, "target-size": {"enabled": True}},
}

# Radios of one group are one stop of the keyboard; a hidden button that only catches Enter is none.
CONTROLS = """() => {
  const all = [...document.querySelectorAll(
    "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']")];
  const seen = all.filter((one) => one.checkVisibility() && !one.disabled && !one.matches(".hidden[tabindex='-1']"));
  const stop = (one) => one.type === "radio" ? `radio ${one.name}` :
    `${seen.indexOf(one)} ${one.outerHTML.slice(0, 90)}`;
  window.stopOf = (one) => seen.includes(one) ? stop(one) : "";
  return [...new Set(seen.map(stop))];
}"""
FOCUS = """() => {
  const one = document.activeElement, style = getComputedStyle(one), box = one.getBoundingClientRect();
  const ringed = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
  const inView = box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
  return [window.stopOf(one), ringed, inView];
}"""
SIDEWAYS = "() => document.scrollingElement.scrollWidth - document.scrollingElement.clientWidth"
TWICE_THE_TEXT = "() => { document.documentElement.style.fontSize = '200%' }"


# What moved while the page was built, as shares of the window (web.dev/cls); nothing was pressed yet.
SHIFTS = """() => new Promise((told) => {
  const said = (one) => one.value.toFixed(4) + one.sources.map((source) => " " +
    (source.node && (source.node.outerHTML || source.node.textContent) || "?").slice(0, 90)).join(";");
  const all = [];
  new PerformanceObserver((list) => all.push(...list.getEntries().map(said)))
    .observe({ type: "layout-shift", buffered: true });
  requestAnimationFrame(() => setTimeout(() => told(all), 50));
})"""
# Where the person has chosen the colours, backgrounds are gone: a button or a field is known by its edge.
EDGELESS = """() => [...document.querySelectorAll(".button, input:not([type=hidden]), select, textarea")]
  .filter((one) => one.checkVisibility() && one.getBoundingClientRect().width > 1)
  .filter((one) => !["checkbox", "radio"].includes(one.type))
  .filter((one) => { const style = getComputedStyle(one);
    return !["Top", "Bottom"].every((side) => parseFloat(style[`border${side}Width`]) >= 1
      && style[`border${side}Style`] !== "none"); })
  .map((one) => one.outerHTML.slice(0, 90))"""
MOVING = """() => [...document.querySelectorAll("*")].filter((one) => {
  const style = getComputedStyle(one);
  return [style.transitionDuration, style.animationDuration].join().split(",").some((time) => parseFloat(time) > 0.01);
}).map((one) => one.outerHTML.slice(0, 90))"""


class Listener:
    """Notes errors in scripts, refused styles, failed requests and requests to anybody else."""

    def __init__(self, page: Page, origin: str) -> None:
        self.heard: list[str] = []
        page.on("pageerror", lambda error: self.heard.append(f"script: {error}"))
        page.on("console", lambda said: self.heard.append(f"console: {said.text}") if said.type == "error" else None)
        page.on("requestfailed", lambda failed: self.heard.append(f"failed: {failed.url}"))
        page.on("request", lambda asked: None if _is_ours(asked.url, origin) else self.heard.append(f"to {asked.url}"))


def _is_ours(url: str, origin: str) -> bool:
    return url.startswith((origin, "data:", "blob:"))


def problems(page: Page) -> Iterator[str]:
    """At 320 and 1280 px; the page is left narrow, with twice the text."""
    for size in (DESKTOP, PHONE):
        page.set_viewport_size(size)  # type: ignore[arg-type]
        yield from (f"{size['width']} px: {problem}" for problem in (*axe(page), *sideways(page)))
    yield from keyboard(page)
    yield from wishes(page)
    page.evaluate(TWICE_THE_TEXT)
    yield from (f"twice the text: {problem}" for problem in sideways(page))


def still(page: Page) -> Iterator[str]:
    """Asked before anything else: what is pressed or made wider may move."""
    yield from (f"moves while it is built: {shift}" for shift in page.evaluate(SHIFTS))


def wishes(page: Page) -> Iterator[str]:
    """Colours and stillness that the person set for every site."""
    page.emulate_media(forced_colors="active", reduced_motion="reduce")
    yield from (f"forced colours: no edge round {control}" for control in page.evaluate(EDGELESS))
    yield from (f"reduced motion: moves: {element}" for element in page.evaluate(MOVING))
    page.emulate_media(forced_colors="none", reduced_motion="no-preference")


def axe(page: Page) -> Iterator[str]:
    found: list[dict[str, Any]] = Axe().run(page, options=STRICT).response["violations"]
    for violation in found:
        where = "; ".join(node["html"][:160] for node in violation["nodes"][:3])
        yield f"axe {violation['id']}: {violation['help']}: {where}"


def sideways(page: Page) -> Iterator[str]:
    if (more := page.evaluate(SIDEWAYS)) > 0:
        yield f"scrolls {more} px sideways"


def keyboard(page: Page) -> Iterator[str]:
    """Tab reaches every control, each with a ring round it, inside the window."""
    left = set(page.evaluate(CONTROLS))
    for _ in range(len(left) + 3):
        page.keyboard.press("Tab")
        stop, is_ringed, is_in_view = page.evaluate(FOCUS)
        if stop in left and not (is_ringed and is_in_view):
            yield f"focus cannot be seen on {stop}"
        left.discard(stop)
    yield from (f"the keyboard does not reach {stop}" for stop in sorted(left))
