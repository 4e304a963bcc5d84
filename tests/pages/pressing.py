"""A person before a writing form: what they type in which field, and each button they may press."""

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urljoin

from lxml import etree

from app.edge.form import KEY, TOKEN
from tests.pages.answer import route_of
from tests.pages.world import PASSWORD, PIN, World
from tests.visitor import FilledForm, Page

LEAVES = {"sign_out", "funder_sign_out", "leave_phone"}  # whoever presses these can press nothing afterwards
UNTOUCHED = {"hidden", "submit", "button", "checkbox", "radio"}


@dataclass(frozen=True)
class Press:
    """One button of one form. Two drawings of the same form are one `kind`, whatever object they are about."""

    form: FilledForm
    to: str
    chosen: tuple[tuple[str, str], ...]

    @property
    def route(self) -> str:
        return route_of(self.to)

    @property
    def kind(self) -> str:
        """The address's name, what is asked, and what the button says to the server (less the object it names)."""
        asked = sorted({name for name, _ in self.form.fields} - {KEY, TOKEN})
        said = [f"{name}={value.split()[0] if value else ''}" for name, value in self.chosen]
        fixed = [f"fai={value}" for name, value in self.form.fields if name == "fai"]
        return f"{self.route}({' '.join(asked)}) {' '.join(said + fixed)}".strip()


def presses(page: Page, world: World) -> list[Press]:
    """Every button of every writing form of the page, filled in; those that end the session come last."""
    return presses_in(page.page_with_keys, page.path, world)


def presses_in(drawn: etree._Element, shown_at: str, world: World) -> list[Press]:
    forms = drawn.xpath("//form[@method='post']")
    found = [press for form in forms for press in _presses(form, shown_at, world)]  # type: ignore[union-attr, arg-type]
    return sorted(found, key=lambda press: press.route in LEAVES)


def _presses(form: etree._Element, shown_at: str, world: World) -> Iterator[Press]:
    filled = _filled(form, world)
    for button in form.iter("button"):
        if button.get("type", "submit") == "submit":
            name = button.get("name")
            chosen = ((name, button.get("value", "")),) if name else ()
            to = urljoin(shown_at, button.get("formaction") or filled.action)
            yield Press(filled, to.partition("#")[0], chosen)


def _filled(form: etree._Element, world: World) -> FilledForm:
    """What stands there stays; empty fields are answered, nothing chosen becomes the first choice, boxes are ticked."""
    drawn = FilledForm.of(form)
    fields = dict.fromkeys(name for name, _ in drawn.fields)
    answers = {name: _answer(field, world) for name in fields for field in _empty(form, name)}
    answers |= {select.get("name", ""): _first_answer(select) for select in form.iter("select")}
    pairs = [(name, value or answers.get(name, "")) for name, value in drawn.fields]
    return FilledForm(drawn.method, drawn.action, (*pairs, *_choices(form, set(fields))))


def _empty(form: etree._Element, name: str) -> list[etree._Element]:
    fields = [field for field in form.iter("input", "textarea") if field.get("name") == name]
    return [field for field in fields if field.get("type") not in UNTOUCHED and not field.get("value")]


def _answer(field: etree._Element, world: World) -> str:
    """By what the browser's own autofill goes by, else by the name of the field."""
    label = "".join(field.xpath(f"ancestor::form//label[@for='{field.get('id')}']//text()"))  # type: ignore[arg-type]
    known = {
        "one-time-code": world.codes[0] if world.codes else "",
        "tel": "0331 000 123",
        "name": "Carla Neri",
        "street-address": "Via Roma 3, Tradate",
        "current-password": PASSWORD if field.get("name") == "password" else PIN,
        "new-password": PIN,
        "address-level2": "Gavirate",
        "email": "carla@esempio.example",
    }
    named = {
        "card": world.card,
        "code": str(world.parts.get("code", "")),
        "fact": "17/05/1980",
        "login": "desk",
        "cerca": "Owner Colombo",
        "born_on": "12/03/1990",
        "child_born_on": "12/03/2020",
        "trusted": world.another_card,
        "pin": PIN,
        "indirizzo": "Via Roma 3, Tradate",
    }
    said = known.get(field.get("autocomplete", "")) or known.get(field.get("type", ""))
    return said or ("" if "(se vuoi)" in label else named.get(field.get("name", ""), "Va bene così"))


def _first_answer(select: etree._Element) -> str:
    return next((option.get("value", "") for option in select.iter("option") if option.get("value")), "")


def _choices(form: etree._Element, chosen: set[str]) -> Iterator[tuple[str, str]]:
    """The first of each group of radios that nothing stands for yet, and every box."""
    for control in form.iter("input"):
        name, kind = control.get("name", ""), control.get("type")
        if kind in ("radio", "checkbox") and control.get("checked") is None and name not in chosen:
            yield name, control.get("value", "on")
            if kind == "radio":
                chosen.add(name)
