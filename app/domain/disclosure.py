"""Which sums may be told: none of fewer than five people, and none that a subtraction would yield.

The threshold and the hiding of further cells follow the Handbook on Statistical Disclosure Control (Hundepool and
others, ESSnet, 2010, chapter 4); the Italian rules for statistics (Garante, 19 December 2018, article 4) ask for three
people at least, we ask for five, both of those who receive and of the purses that pay.

One list of sums (`together`): what is too small is told as one sum only, with the next larger ones until that sum is of
five people. The sums told are then a partition, so whatever is added or subtracted is a sum of whole parts.

A table with both its margins (`hidden_cells`): hidden is a whole grid of rows and columns, and a reader cannot tell
which of its cells are empty. Margins and shown cells give the sums of the grid's rows and of its columns. Any sum of
cells that follows from these is, for rows a and columns b, one where a + b is 0 or 1 in every cell of the grid: that
leaves whole rows or whole columns. So it is enough that each row and each column of the grid has five people. The same
condition leaves a way to shift cents from any small cell to others, so no cell follows from amounts not being negative.

Totals of the fund itself are its accounts and are always told.
"""

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet

LEAST = 5
People = AbstractSet[tuple[int, int]]  # who received, and whose purse paid
Cell = tuple[str, str]


def size(people: People) -> int:
    """A family whose one purse paid for five children is one."""
    return min(len({receiver for receiver, _ in people}), len({owner for _, owner in people}))


def is_small(people: People) -> bool:
    """Nobody is not a small group."""
    return 0 < size(people) < LEAST


def together(groups: Mapping[str, People]) -> frozenset[str]:
    """The labels that are told as one sum only; all of them where even that is of too few."""
    hidden = {label for label, people in groups.items() if is_small(people)}
    others = sorted((size(people), label) for label, people in groups.items() if people and label not in hidden)
    for _, label in others:
        if not is_small(_union(groups[each] for each in hidden)):
            break
        hidden.add(label)
    return frozenset(hidden)


def hidden_cells(cells: Mapping[Cell, People]) -> frozenset[Cell]:
    """The grid that is not told. Expects rows and columns that `together` has joined."""
    small = [cell for cell, people in cells.items() if is_small(people)]
    rows, columns = {row for row, _ in small}, {column for _, column in small}
    turned = {(column, row): people for (row, column), people in cells.items()}
    while True:
        more_columns, more_rows = _missing(cells, rows, columns), _missing(turned, columns, rows)
        if not more_columns and not more_rows:
            return frozenset((row, column) for row in rows for column in columns)
        columns |= more_columns
        rows |= more_rows


def _missing(cells: Mapping[Cell, People], rows: set[str], columns: set[str]) -> set[str]:
    """For each row that has too few people in these columns, the column with most of its people."""
    found = set[str]()
    for row in rows:
        inside = _union(people for (r, column), people in cells.items() if r == row and column in columns)
        outside = [
            (size(people), column) for (r, column), people in cells.items() if r == row and column not in columns
        ]
        if size(inside) < LEAST and outside:
            found.add(max(outside)[1])
    return found


def _union(groups: Iterable[People]) -> People:
    return {each for people in groups for each in people}
