"""Files for spreadsheets as they are set in Italy: semicolon, decimal comma, and a mark that says UTF-8."""

import csv
import io
from collections.abc import Iterable, Sequence
from decimal import Decimal

from app import database
from app.domain import report
from app.domain.report import OTHERS, Kind, Line
from app.edge.here import Here
from app.views.fund import category_names, month_names

MARK = "\N{ZERO WIDTH NO-BREAK SPACE}"
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\N{FULLWIDTH EQUALS SIGN}", "\N{FULLWIDTH PLUS SIGN}")


def table(rows: Iterable[Sequence[str | Decimal]]) -> bytes:
    """Text that a spreadsheet would run as a formula is made plain; amounts are Decimal."""
    written = io.StringIO()
    writer = csv.writer(written, delimiter=";", quoting=csv.QUOTE_MINIMAL, lineterminator="\r\n")
    writer.writerows([_cell(value) for value in row] for row in rows)
    return (MARK + written.getvalue()).encode()


def euros(cents: int) -> Decimal:
    return Decimal(cents).scaleb(-2)


async def fund_movements(here: Here, slug: str) -> bytes:
    """By kind, month and category: a line for each transfer would name people in groups of one."""
    own = await report.fund_of(slug, actor=here.actor)
    async with database.snapshot(is_long=True):
        moved, categories = await report.entries(own.id, now=here.now), await category_names(here)
    _ = here.words.gettext
    head = (_("Fondo"), _("Movimento"), _("Mese"), _("Categoria"), _("Euro"))
    months, kinds = month_names(moved, here), _kinds(here)
    categories |= {"": "", OTHERS: _("altre voci insieme")}
    months |= {OTHERS: _("altri mesi insieme")}
    lines = [_line(own.public_name, line, kinds, months, categories) for line in report.lines(moved)]
    return table([head, *lines])


def _kinds(here: Here) -> dict[Kind, str]:
    _ = here.words.gettext
    return {
        "paid_in": _("Versato"),
        "issued": _("Assegnato"),
        "returned": _("Tornato al fondo o restituito"),
        "held": _("Impegnato"),
        "spent": _("Pagato"),
    }


def _line(
    fund: str, line: Line, kinds: dict[Kind, str], months: dict[str, str], categories: dict[str, str]
) -> tuple[str | Decimal, ...]:
    return fund, kinds[line.kind], months[line.month], categories[line.category], euros(line.cents)


def _cell(value: str | Decimal) -> str:
    if isinstance(value, Decimal):
        return f"{value:.2f}".replace(".", ",")
    return f"'{value}" if value.startswith(FORMULA) else value
