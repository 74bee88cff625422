"""Which period a row is of, and which release and layout a file is of."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from pipelines.ingest import corrections as declared
from pipelines.ingest.columns import mapped, where
from pipelines.ingest.ees_file import OpenFile
from pipelines.registry.sources import Correction

if TYPE_CHECKING:
    import pyarrow as pa

SCHOOL_YEAR_STAMP = 6


def stored_periods(file: OpenFile) -> pa.DictionaryArray:
    """time_period as stored: a school year's stamp on a calendar year is corrected as declared."""
    period = file.text("time_period")
    for item in file.corrections.of(file.kind, None):
        if item.action == "first_year_of_stamp":
            period = _first_years(file, period, item)
    return period


def _first_years(
    file: OpenFile, period: pa.DictionaryArray, correction: Correction
) -> pa.DictionaryArray:
    wrong = where(period, lambda text: len(text) == SCHOOL_YEAR_STAMP) & where(
        file.text("time_identifier"), lambda text: text == correction.arguments["identifier"]
    )
    if not wrong.any():
        return period
    strange = where(period, lambda text: not is_school_year(text)) & wrong
    rows = file.table.row_numbers[wrong]
    found = declared.Found(
        int(wrong.sum()), int(rows[0]), {"years_not_following": int(strange.sum())}
    )
    told = declared.finding(correction, found)
    file.findings.extend([told] if told else [])
    if not declared.is_as_expected(correction, found):
        return period
    return mapped(period, lambda text: text[:4])


def is_school_year(text: str) -> bool:
    """Whether six digits name two years that follow each other, e.g. 202425."""
    return len(text) == SCHOOL_YEAR_STAMP and (int(text[2:4]) + 1) % 100 == int(text[4:6])


def end_year(text: str) -> int:
    """The year of a period: 2025 for 202425, 2024 for 2024."""
    return int(text[:2] + text[4:6]) if len(text) == SCHOOL_YEAR_STAMP else int(text)


def _newest_year(period: pa.DictionaryArray) -> int:
    return max((end_year(text) for text in period.unique().to_pylist() if text), default=0)


def _release_by_period(file: OpenFile, period: pa.DictionaryArray) -> int:
    return _newest_year(period) + file.source.years_to_release[file.spec.period_kind]


def release_of(file: OpenFile, period: pa.DictionaryArray, layout: str) -> str:
    """The release by its newest period, and never one before its layout was in use."""
    return str(max(int(layout), _release_by_period(file, period)))


def layout_of(file: OpenFile, period: pa.DictionaryArray) -> str:
    """The layout that the columns fit best; where two fit alike, by labels, then by period."""
    if len(file.spec.layouts) == 1:
        return file.spec.layouts[0]
    printed = set(file.table.position) - set(file.source.key_columns)
    printed -= set(file.source.side_columns) | set(file.spec.filter_columns)
    misfit = {
        layout: len(printed ^ set(file.spec.columns_of(layout))) for layout in file.spec.layouts
    }
    best = [layout for layout in file.spec.layouts if misfit[layout] == min(misfit.values())]
    signed = [layout for layout in best if _has_sign(file, file.spec.signs.get(layout, ()))]
    reached = [layout for layout in best if int(layout) <= _release_by_period(file, period)]
    return max(signed or reached or best[:1])


def _has_sign(file: OpenFile, labels: Sequence[str]) -> bool:
    if "breakdown_topic" not in file.table.position or not labels:
        return False
    printed = {text for text in file.text("breakdown_topic").unique().to_pylist() if text}
    return bool(printed & set(labels))
