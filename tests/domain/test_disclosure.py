"""An attacker with all that is told, and linear algebra, learns nothing about fewer than five people."""

import itertools
from collections.abc import Mapping
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.disclosure import Cell, hidden_cells, is_small, size, together

Groups = dict[str, set[tuple[int, int]]]
ROWS, COLUMNS = "abcd", "wxyz"
people = st.sets(st.integers(1, 12), max_size=9).map(lambda ids: {(i, i) for i in ids})
tables = st.integers(1, 4).flatmap(
    lambda wide: st.fixed_dictionaries({(r, c): people for r in ROWS for c in COLUMNS[:wide]})
)


def crowd(number: int, first: int = 1) -> set[tuple[int, int]]:
    return {(i, i) for i in range(first, first + number)}


def union(groups: Mapping[str, set[tuple[int, int]]], labels: frozenset[str]) -> set[tuple[int, int]]:
    return set().union(*(groups[label] for label in labels))


def test_a_small_group_takes_the_next_larger_one_along() -> None:
    groups = {"home": crowd(3), "meals": crowd(9, 20), "trips": crowd(6, 40)}
    assert together(groups) == {"home", "trips"}


def test_two_small_groups_that_are_five_people_need_no_third() -> None:
    assert together({"home": crowd(2), "meals": crowd(3, 20), "trips": crowd(6, 40)}) == {"home", "meals"}


def test_the_same_four_people_twice_are_still_four() -> None:
    assert together({"home": crowd(4), "meals": crowd(4), "trips": crowd(6)}) == {"home", "meals", "trips"}


def test_five_children_of_one_purse_are_one_family() -> None:
    assert size({(child, 99) for child in range(5)}) == 1
    assert together({"home": {(child, 99) for child in range(5)}, "meals": crowd(7)}) == {"home", "meals"}


def test_nobody_is_no_small_group() -> None:
    assert together({"home": set(), "meals": crowd(5)}) == frozenset()


def test_a_fund_of_four_people_tells_its_total_only() -> None:
    assert together({"home": crowd(2), "meals": crowd(2, 20)}) == {"home", "meals"}


@given(st.dictionaries(st.sampled_from("abcdefg"), people))
def test_every_sum_told_is_of_five_people(groups: Groups) -> None:
    hidden = together(groups)
    assert not any(is_small(found) for label, found in groups.items() if label not in hidden)
    if is_small(union(groups, hidden)):
        assert hidden == {label for label, found in groups.items() if found}


def test_one_small_cell_hides_a_grid() -> None:
    """Hiding it alone, or its row alone, would leave it to a subtraction."""
    table: dict[Cell, set[tuple[int, int]]] = {
        (r, c): crowd(8, 10 * n) for n, (r, c) in enumerate(_cells("abc", "xyz"))
    }
    table["a", "x"] = crowd(1, 500)
    hidden = hidden_cells(table)
    assert len(hidden) == 4
    assert ("a", "x") in hidden


def test_nothing_small_hides_nothing() -> None:
    assert hidden_cells({cell: crowd(5) for cell in _cells("ab", "xy")}) == frozenset()


@pytest.mark.slow
@given(tables)
def test_no_small_sum_follows_from_what_is_told(table: dict[Cell, set[tuple[int, int]]]) -> None:
    joined = _joined(table)
    if is_small(set().union(*joined.values())):
        return  # the total of so small a fund is its account
    told = Told(joined, hidden_cells(joined))
    for number in (1, 2, 3):
        for cells in itertools.combinations(joined, number):
            found: set[tuple[int, int]] = set().union(*(joined[cell] for cell in cells))
            if all(joined[cell] for cell in cells) and is_small(found):
                assert not told.gives(frozenset(cells)), (cells, joined)


def test_the_attacker_is_able() -> None:
    """With one cell hidden in a row, or a ring of cells and a bridge, he finds the small one."""
    table: dict[Cell, set[tuple[int, int]]] = {cell: crowd(9) for cell in _cells("abcd", "wxyz")}
    assert Told(table, frozenset({("a", "w")})).gives(frozenset({("a", "w")}))
    rings = {*_cells("ab", "wx"), *_cells("cd", "yz"), ("a", "y")}
    assert Told(table, frozenset(rings)).gives(frozenset({("a", "y")}))
    assert not Told(table, frozenset(_cells("ab", "wx"))).gives(frozenset({("a", "w")}))


class Told:
    """Cells not hidden and the sums of all rows and columns, as equations; `gives` asks whether a sum follows."""

    def __init__(self, table: Mapping[Cell, object], hidden: frozenset[Cell]) -> None:
        self.cells = sorted(table)
        known = [{cell} for cell in self.cells if cell not in hidden]
        rows = [{cell for cell in self.cells if cell[0] == row} for row, _ in self.cells]
        columns = [{cell for cell in self.cells if cell[1] == column} for _, column in self.cells]
        self.basis: list[tuple[int, list[Fraction]]] = []
        for each in (*known, *rows, *columns):
            self._learn(frozenset(each))

    def gives(self, cells: frozenset[Cell]) -> bool:
        return not any(self._rest(cells))

    def _learn(self, cells: frozenset[Cell]) -> None:
        rest = self._rest(cells)
        if any(rest):
            place = next(i for i, value in enumerate(rest) if value)
            self.basis.append((place, [value / rest[place] for value in rest]))

    def _rest(self, cells: frozenset[Cell]) -> list[Fraction]:
        vector = [Fraction(cell in cells) for cell in self.cells]
        for place, known in self.basis:
            if factor := vector[place]:
                vector = [value - factor * k for value, k in zip(vector, known, strict=True)]
        return vector


def _joined(table: Mapping[Cell, set[tuple[int, int]]]) -> dict[Cell, set[tuple[int, int]]]:
    """As the report does it: rows and columns that are told as one sum become one."""
    rows, columns = (together(_margin(table, side)) for side in (0, 1))
    found: dict[Cell, set[tuple[int, int]]] = {}
    for (row, column), each in table.items():
        cell = ("*" if row in rows else row, "*" if column in columns else column)
        found[cell] = found.get(cell, set()) | each
    return found


def _margin(table: Mapping[Cell, set[tuple[int, int]]], side: int) -> Groups:
    return {
        label: set().union(*(found for cell, found in table.items() if cell[side] == label))
        for label in {cell[side] for cell in table}
    }


def _cells(rows: str, columns: str) -> list[Cell]:
    return [(row, column) for row in rows for column in columns]
