"""What the templates hold, read from their source: variables, the templates they lead to, and texts."""

import re
from collections.abc import Iterator
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

from jinja2 import meta, nodes

from app import i18n
from app.views import TEMPLATES, environment

GETTEXT = {"_", "gettext", "ngettext"}
SPOKEN = {"alt", "title", "aria-label", "placeholder", "content"}
_PROSE = re.compile(r"[^\W\d_]{2,}\s+[^\W\d_]{2,}|^[A-ZÀ-Ý][^\W\d_]+|[à-ÿ]")
_EXPRESSION = re.compile(r"\{\{.*?\}\}", re.DOTALL)
_BLOCK = re.compile(r"\{%.*?%\}|\{#.*?#\}", re.DOTALL)
_ATTRIBUTE = re.compile(r'[\w-]+="[^"]*"')  # of a macro that draws a piece of a tag
_DRAWN = "0"  # stands for what an expression draws
_PROPER = {*i18n.LANGUAGES.values(), "GET", "POST", "Vicino"}


def names() -> list[str]:
    return sorted(str(path.relative_to(TEMPLATES)) for path in TEMPLATES.rglob("*.html"))


@cache
def parsed(name: str) -> nodes.Template:
    return environment(i18n.DEFAULT).parse((TEMPLATES / name).read_text(), name)


def leads_to(name: str) -> set[str]:
    """This template and all it extends, includes or imports from."""
    found, open_ones = set(), [name]
    while open_ones:
        one = open_ones.pop()
        if one not in found:
            found.add(one)
            open_ones += [other for other in meta.find_referenced_templates(parsed(one)) if other]
    return found


def variables(tree: nodes.Template) -> set[str]:
    """What a template needs from outside."""
    return set(meta.find_undeclared_variables(tree)) - set(environment(i18n.DEFAULT).globals)


def needs(name: str) -> set[str]:
    """What a page must give it: its own variables, and those of the pieces it includes, but for what it sets itself."""
    tree = parsed(name)
    needed = variables(tree) - _imported(tree) - _set(tree)
    own = {found.name for found in tree.find_all(nodes.Name) if found.ctx in ("store", "param")}
    for piece in tree.find_all(nodes.Include):
        if isinstance(piece.template, nodes.Const):
            needed |= needs(piece.template.value) - own
    for parent in tree.find_all(nodes.Extends):
        if isinstance(parent.template, nodes.Const) and parent.template.value != "base.html":
            needed |= needs(parent.template.value)
    return needed


def _imported(tree: nodes.Template) -> set[str]:
    named = [name for found in tree.find_all(nodes.FromImport) for name in found.names]
    return {name if isinstance(name, str) else name[1] for name in named}


def _set(tree: nodes.Template) -> set[str]:
    """Names that {% set %} makes: jinja2.meta takes those used in a loop for unknown."""
    targets = [one for found in tree.find_all(nodes.Assign) for one in (found.target, *found.target.iter_child_nodes())]
    return {target.name for target in targets if isinstance(target, nodes.Name)}


def loose_texts(source: str) -> list[str]:
    """Words of a template that no translator will ever see."""
    reader = _Reader()
    reader.feed(_BLOCK.sub("", _EXPRESSION.sub(_DRAWN, source)))
    constants = _loose_constants(environment(i18n.DEFAULT).parse(source))
    return reader.found + [text for text in constants if _PROSE.search(text) and text not in _PROPER]


def _loose_constants(tree: nodes.Node) -> Iterator[str]:
    """String constants outside calls of gettext."""
    for child in tree.iter_child_nodes():
        if isinstance(child, nodes.Call) and isinstance(child.node, nodes.Name) and child.node.name in GETTEXT:
            continue
        if isinstance(child, nodes.Const) and isinstance(child.value, str):
            yield child.value
        elif not isinstance(child, nodes.TemplateData):
            yield from _loose_constants(child)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.inside: list[str] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.inside.append(tag)
        spoken = [value for name, value in attributes if name in SPOKEN and value and tag != "meta"]
        self.found += [value for value in spoken if has_words(value)]

    def handle_endtag(self, tag: str) -> None:
        while tag in self.inside and self.inside.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        if data.strip() in _PROPER:
            return
        if has_words(_ATTRIBUTE.sub("", data)) and not {"style", "script", "code"} & set(self.inside[-1:]):
            self.found.append(" ".join(data.replace(_DRAWN, "").split()))


def has_words(text: str) -> bool:
    return bool(re.search(r"[^\W\d_]", text))


def files(folder: str, ending: str) -> list[Path]:
    return sorted(path for path in Path(folder).rglob(f"*{ending}") if "__pycache__" not in path.parts)
