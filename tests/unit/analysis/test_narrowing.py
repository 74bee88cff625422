"""What somebody can know of a hidden count is exactly what agrees with all that is printed."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.analysis.narrowing import (
    NoSolutionError,
    Row,
    System,
    blocks,
    holding,
    ranges,
    whole_ranges,
)

INFINITE = float("inf")


def system(bounds: list[tuple[float, float]], *rows: Row) -> System:
    low, high = np.array(bounds, dtype=float).T
    return System(low, high, rows)


def adds_up(total: int, *parts: int) -> Row:
    return Row((total, *parts), (1.0, *(-1.0 for _ in parts)), 0.0, 0.0)


def test_two_hidden_counts_that_make_a_public_fourteen_are_both_seven() -> None:
    found = ranges(system([(14, 14), (0, 7), (0, 7)], adds_up(0, 1, 2)), [1, 2], enough=4)
    assert list(found.low) == [7, 7]
    assert list(found.possible_values) == [1, 1]


def test_a_rounded_neighbour_leaves_a_hidden_count_its_width() -> None:
    found = ranges(
        system([(30, 30), (23, 27), (0, 7), (0, 7)], adds_up(0, 1, 2, 3)), [1, 2, 3], enough=9
    )
    assert list(found.low) == [23, 0, 0]
    assert list(found.high) == [27, 7, 7]


def test_the_search_may_stop_as_soon_as_values_enough_are_seen() -> None:
    found = ranges(system([(0, 1000), (0, INFINITE)], adds_up(0, 1)), [0, 1], enough=4)
    assert (found.possible_values >= 4).all()


def test_what_no_row_connects_is_looked_at_apart() -> None:
    of_two_tables = system([(0, 9)] * 5, adds_up(0, 1), adds_up(2, 3))
    assert [list(block) for block in blocks(of_two_tables)] == [[0, 1], [2, 3], [4]]
    assert list(ranges(of_two_tables, [4], enough=4).high) == [9]


def test_figures_that_contradict_each_other_are_an_error() -> None:
    with pytest.raises(NoSolutionError, match="contradict"):
        ranges(system([(10, 10), (0, 3), (0, 3)], adds_up(0, 1, 2)), [1], enough=4)


def test_whole_counts_can_be_known_better_than_shares_of_them() -> None:
    """Twice a count is 5 to 7: as a share of a child 2.5 to 3.5, as children 3."""
    doubled = system([(5, 7), (0, 9)], Row((0, 1), (1.0, -2.0), 0.0, 0.0))
    assert ranges(doubled, [1], enough=9).high[0] == pytest.approx(3.5)
    exact = whole_ranges(doubled, [1], enough=4)
    assert (exact.low[0], exact.high[0]) == (3, 3)


def test_the_holders_are_the_numbers_that_pin_a_count() -> None:
    """40 in all, 35 or so and a hidden one: only the rounded and the hidden one matter."""
    pinned = system([(40, 40), (33, 37), (0, 7), (0, 99)], adds_up(0, 1, 2))
    assert 1 in holding(pinned, [2])[2]
    assert 3 not in holding(pinned, [2])[2]


def test_to_withhold_a_holder_sets_the_count_free() -> None:
    tight = system([(12, 12), (10, 10), (0, 7)], adds_up(0, 1, 2))
    assert ranges(tight, [2], enough=4).possible_values[0] == 1
    loose = system([(12, 12), (0, INFINITE), (0, 7)], adds_up(0, 1, 2))
    assert ranges(loose, [2], enough=8).possible_values[0] == 8


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(0, 12), min_size=2, max_size=4), st.data())
def test_the_range_is_what_trying_every_table_gives(counts: list[int], data: st.DataObject) -> None:
    total = sum(counts)
    bounds = []
    for count in counts:
        low = data.draw(st.integers(0, count))
        bounds.append((low, data.draw(st.integers(count, 14))))
    possible = [
        table
        for table in itertools.product(*(range(low, high + 1) for low, high in bounds))
        if sum(table) == total
    ]
    asked = list(range(1, len(counts) + 1))
    found = ranges(system([(total, total), *bounds], adds_up(0, *asked)), asked, enough=99)
    assert list(found.low) == pytest.approx(
        [min(table[i] for table in possible) for i in range(len(counts))]
    )
    assert list(found.high) == pytest.approx(
        [max(table[i] for table in possible) for i in range(len(counts))]
    )


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(0, 9), min_size=2, max_size=4), st.data())
def test_whole_counts_are_what_trying_every_table_gives(
    counts: list[int], data: st.DataObject
) -> None:
    weights = [data.draw(st.integers(1, 4)) for _ in counts]
    bounds = [
        (data.draw(st.integers(0, count)), data.draw(st.integers(count, 11))) for count in counts
    ]
    total = sum(weight * count for weight, count in zip(weights, counts, strict=True))
    asked = list(range(1, len(counts) + 1))
    row = Row((0, *asked), (-1.0, *map(float, weights)), 0.0, 0.0)
    tied = system([(total, total), *bounds], row)
    possible = [
        table
        for table in itertools.product(*(range(low, high + 1) for low, high in bounds))
        if sum(weight * count for weight, count in zip(weights, table, strict=True)) == total
    ]
    spans = [max(column) - min(column) + 1 for column in zip(*possible, strict=True)]
    assert list(whole_ranges(tied, asked, enough=99).possible_values) == spans
    seen = whole_ranges(tied, asked, enough=4).possible_values
    assert [min(span, 4) for span in spans] == [min(span, 4) for span in seen]


def test_which_cells_are_safe_by_nothing_to_spare_is_seen_and_does_not_stop_the_search() -> None:
    """Twelve cells of exactly four values are no narrow ones: all are asked for."""
    apart = system([(8, 11)] * 12 + [(8, 12)], *(adds_up(i, i + 1) for i in range(0, 12, 2)))
    found = ranges(apart, list(range(13)), enough=4, spare=1, stop_after=1)
    assert list(found.unasked) == []
    assert list(found.possible_values) == [4] * 12 + [5]
