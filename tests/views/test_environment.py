"""What stands on a page is escaped as the library would, wherever it passes through."""

import pytest
from jinja2 import Environment, UndefinedError
from markupsafe import Markup

from app.views import environment

HOSTILE = "<b>\"E' & co</b>"
PASSES = {
    "as it is": "{{ value }}",
    "in an attribute": '<p title="{{ value }}">',
    "a macro": "{% macro said(text) %}<p>{{ text }}</p>{% endmacro %}{{ said(value) }}{{ said(said(value)) }}",
    "a call": "{% macro said() %}<p>{{ caller() }}</p>{% endmacro %}{% call said() %}{{ value }}{% endcall %}",
    "kept and said later": "{% set kept %}{{ value }}{% endset %}{{ kept }}{{ kept ~ value }}",
    "joined": "{{ ['<i>', value] | join(value) }}{{ '<hr>' ~ value }}{{ value | upper }}{{ value | length }}",
    "a row of things": "{% for one in (value, 5, 1.5, none, true) %}{{ loop.index }}{{ one }}{% endfor %}",
}


@pytest.mark.parametrize("value", [HOSTILE, Markup(HOSTILE)], ids=["typed", "ours"])
@pytest.mark.parametrize("source", PASSES.values(), ids=PASSES)
def test_it_is_drawn_as_the_library_draws_it(source: str, value: str) -> None:
    expected = Environment(autoescape=True).from_string(source).render(value=value)
    assert environment("it").from_string(source).render(value=value) == expected


def test_what_a_page_was_not_given_is_never_left_out() -> None:
    with pytest.raises(UndefinedError):
        environment("it").from_string("{{ forgotten }}").render()
