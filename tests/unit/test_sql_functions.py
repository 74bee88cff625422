"""The functions of sql/functions: exact rounding, periods, symbols."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from fractions import Fraction

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.settings import PROJECT_ROOT


@pytest.fixture(scope="module")
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    """An empty database with our functions."""
    with duckdb.connect() as opened:
        opened.execute((PROJECT_ROOT / "sql" / "functions" / "duckdb.sql").read_text())
        yield opened


def half_up(value: Fraction, decimals: int) -> Fraction:
    """Half up, away from zero, in exact arithmetic."""
    scaled = abs(value) * 10**decimals
    whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    return Fraction(whole if value >= 0 else -whole, 10**decimals)


counts = st.integers(min_value=-2_000_000, max_value=2_000_000)


@given(numerator=counts, denominator=counts.filter(bool), decimals=st.integers(0, 4))
def test_a_ratio_is_rounded_half_up_exactly(
    connection: duckdb.DuckDBPyConnection, numerator: int, denominator: int, decimals: int
) -> None:
    ratio = Fraction(numerator, denominator)
    if abs(ratio) > 10**8:
        return
    (got,) = connection.execute(
        "select rounded_ratio(?::decimal(18,6), ?::decimal(18,6), 100, ?)",
        [numerator, denominator, decimals],
    ).fetchone()
    assert Fraction(got) == half_up(ratio * 100, decimals)


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        ("rounded_ratio(2778, 8461, 100, 1)", Decimal("32.8")),
        ("rounded_ratio(191442, 473255, 100, 1)", Decimal("40.5")),
        ("rounded_ratio(1, 16, 100, 1)", Decimal("6.3")),
        ("rounded_ratio(-1, 16, 100, 1)", Decimal("-6.3")),
        ("rounded_ratio(1, 0, 100, 1)", None),
        ("rounded_ratio(null, 5, 100, 1)", None),
        ("rounded_half_up(40.4522, 1)", Decimal("40.5")),
        ("rounded_half_up(1.005, 2)", Decimal("1.01")),
        ("month_before('2025-09')", "2025-08"),
        ("month_of(date '2025-09-30')", "2025-09"),
        ("first_day_of('2025-09')", date(2025, 9, 1)),
        ("last_day_of('2024-02')", date(2024, 2, 29)),
        ("period_label('2025-R12-09', 'rolling_year')", "12 months to September 2025"),
        ("period_kind_of('2025', 'flow', false)", "flow"),
        ("period_kind_of('2025-01', 'flow', false)", "month"),
        ("period_kind_of('2025-01', 'stock', false)", "stock"),
        ("period_kind_of('2025-01', 'stock', true)", "month"),
        ("period_kind_of('2025-09', 'stock', false)", "month"),
        ("period_kind_of('2025-YTD-09', 'flow', true)", "year_to_date"),
        ("period_kind_of('2025-R12-09', 'flow', true)", "rolling_year"),
        ("setting_group('special')", "Special school"),
        ("setting_group(null)", None),
        ("school_group('123456', 'Oak School')", "Oak School (123456)"),
        ("school_group('123456', null)", "URN 123456"),
        ("school_group(null, null)", "No school"),
        ("month_before('2025-01')", "2024-12"),
        ("month_before('2025')", None),
        ("period_label('2025-09', 'month')", "September 2025"),
        ("period_label('2025-YTD-09', 'year_to_date')", "2025 to September"),
        ("published_number('57.900000000000')", Decimal("57.9")),
        ("published_number('x')", None),
        ("published_symbol('x')", "x"),
        ("published_symbol('0')", None),
        ("period_label('2025-01', 'stock')", "January 2025"),
        ("period_label('2024', 'flow')", "2024"),
        ("period_label('2024', 'mid_year')", "mid-2024"),
        ("period_before('2025-01')", "2024-01"),
        ("period_before('2024')", "2023"),
        ("period_years_before('2025-01', 3)", "2022-01"),
        ("number_in_words(1234567.5, 0, 'count')", "1,234,568"),
        ("number_in_words(-999.95, 1, 'percent')", "-1000.0%"),
        ("number_in_words(-0.04, 1, 'percent')", "0.0%"),
        ("number_in_words(2.345, 2, 'times')", "2.35 times"),
        ("number_in_words(null, 0, 'count')", None),
    ],
)
def test_worked_examples(
    connection: duckdb.DuckDBPyConnection, call: str, expected: object
) -> None:
    (got,) = connection.execute(f"select {call}").fetchone()
    assert got == expected
