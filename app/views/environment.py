"""How templates are compiled: one environment a language, where what never changes is worked out once.

A text, a static address and the critical sheet are the same at every drawing of a page, so they are written into the
compiled template; what depends on the request is still called.
"""

from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template, nodes
from jinja2.compiler import CodeGenerator, Frame
from jinja2.environment import TemplateModule
from jinja2.runtime import Context, Macro
from jinja2.visitor import NodeTransformer
from markupsafe import Markup, _escape_inner, escape  # type: ignore[attr-defined]

from app import i18n
from app.edge import dictionary, headers, static
from app.views.compiled import Compiled
from app.views.formatting import as_written
from app.views.refusal import leads_to, sentence

TEMPLATES = Path(__file__).parent.parent.parent / "templates"


@cache
def environment(language: str) -> Environment:
    words = i18n.words(language)
    constants = {
        "_": words.gettext,
        "static": static.address,
        "critical_css": lambda: Markup(static.critical_css()),
        "policy": lambda: Markup(headers.policy_inside(static.critical_css())),
    }
    made = _Folded(constants, language)
    made.globals |= constants | {
        "dictionary": lambda: dictionary.address(language),  # '' while the dictionary itself is drawn
        "gettext": words.gettext,
        "ngettext": words.ngettext,
        "languages": i18n.LANGUAGES,
        "sentence": lambda refusal: sentence(refusal, words),
        "leads_to": leads_to,
    }
    made.filters["written"] = lambda text, written="it": as_written(text, language, written)
    return made


class _PlainCalls(Context):
    """Calls what templates call without asking each time whether it wants the context: only macros want something."""

    def call(self, called: Any, /, *args: Any, _block_vars: Any = None, _loop_vars: Any = None, **kwargs: Any) -> Any:
        if type(called) is Macro:
            return called(self.eval_ctx, *args, **kwargs)
        return called(*args, **kwargs)


class _Part(Template):
    """A file of macros is read once: it sees nothing of the page that uses it, and no page adds a global."""

    def _get_default_module(self, ctx: Context | None = None) -> TemplateModule:
        return super()._get_default_module()


def escaped(value: Any) -> str:
    """As `escape`, but as plain text: it is joined at once, and an object for each would be most of its cost."""
    if type(value) is str:
        return str(_escape_inner(value))
    return value if type(value) is Markup else escape(value)


class _Written(CodeGenerator):
    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: Any) -> None:
        self.write("environment.escaped(")


class _Folded(Environment):
    context_class = _PlainCalls
    template_class = _Part
    code_generator_class = _Written
    escaped = staticmethod(escaped)

    def __init__(self, constants: dict[str, Any], language: str) -> None:
        self.folding = _Folding(constants, self)
        self.read: dict[str, Template] = {}
        super().__init__(
            loader=FileSystemLoader(TEMPLATES),
            autoescape=True,
            auto_reload=False,
            undefined=StrictUndefined,
            bytecode_cache=Compiled(language),
            trim_blocks=True,
            lstrip_blocks=True,
            extensions=["jinja2.ext.i18n", "jinja2.ext.do"],
        )

    def get_template(self, name: str | Template, *_: Any, **__: Any) -> Template:
        """Read once and for all: nothing is looked up, and no lock taken, for each page that extends or imports it."""
        assert isinstance(name, str)
        if name not in self.read:
            self.read[name] = super().get_template(name)
            self.read[name].globals = dict(self.read[name].globals)  # for each drawing, quicker than a chain of maps
        return self.read[name]

    def _generate(
        self, source: nodes.Template, name: str | None, filename: str | None, defer_init: bool = False
    ) -> str:
        self.folding.visit(source)
        return super()._generate(source, name, filename, defer_init)


class _Folding(NodeTransformer):
    """Replaces a call of a constant function, where all it is told stands in the template, by what it says.

    A piece that is included is written out where it stands, so that no context is made for it.
    """

    def __init__(self, constants: dict[str, Any], environment: Environment) -> None:
        self.constants = constants
        self.environment = environment

    def visit_Include(self, include: nodes.Include) -> nodes.Node:
        assert isinstance(include.template, nodes.Const)
        piece = self.environment.parse((TEMPLATES / include.template.value).read_text(), include.template.value)
        self.generic_visit(piece)
        return nodes.Scope(piece.body, lineno=include.lineno, environment=self.environment)

    def visit_Call(self, call: nodes.Call) -> nodes.Node:
        self.generic_visit(call)
        name = call.node.name if isinstance(call.node, nodes.Name) else ""
        told = [argument.value for argument in call.args if isinstance(argument, nodes.Const)]
        if name not in self.constants or call.kwargs or len(told) != len(call.args):
            return call
        said = self.constants[name](*told)
        return nodes.MarkSafe(nodes.Const(str(said))) if isinstance(said, Markup) else nodes.Const(said)
