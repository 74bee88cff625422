"""Declared defects of the published files: looked for, counted, and corrected only as declared.

data/reference/corrections.yml says which; this module has one small function for each way of
looking. A defect that is no longer there is not corrected, and a finding says so.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pipelines.ingest.parcel import Finding
from pipelines.ingest.words import counted
from pipelines.registry.sources import Correction

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa

NUMBER = r"^-?[0-9]+(\.[0-9]+)?$"
WHOLE = "All"


@dataclass(frozen=True)
class Frame:
    """What a check may look at: the accepted rows of one file.

    Attributes:
        row_numbers: shape (n,), as a spreadsheet numbers them.
        columns: figure columns as text, by the indicator they mean.
        la_code: three digits, null for regions and the nation.
        period: time_period as stored.
        topic: stored breakdown topic.
    """

    row_numbers: np.ndarray
    columns: Mapping[str, pa.Array]
    la_code: pa.Array
    period: pa.Array
    topic: pa.Array

    def numbers(self, indicator: str) -> np.ndarray:
        """The column as numbers, NaN where a symbol stands."""
        import pyarrow as pa
        import pyarrow.compute as pc

        text = self.columns[indicator]
        only = pc.if_else(
            pc.match_substring_regex(text, NUMBER), text, pa.scalar(None, pa.string())
        )
        numbers: np.ndarray = only.cast(pa.float64()).to_numpy(zero_copy_only=False)
        return numbers

    def equals(self, column: pa.Array, *values: str) -> np.ndarray:
        """Where a text column is one of the values."""
        import pyarrow as pa
        import pyarrow.compute as pc

        found = pc.is_in(column, value_set=pa.array(values, column.type))
        mask: np.ndarray = found.to_numpy(zero_copy_only=False)
        return mask


@dataclass(frozen=True)
class Found:
    """Rows that show a defect, and further counts that a declaration may expect.

    Attributes:
        row_numbers: of the rows, shape (row_count,), where a correction needs them.
    """

    row_count: int
    first_row_number: int | None = None
    counts: Mapping[str, int] | None = None
    row_numbers: np.ndarray | None = None

    def count(self, name: str) -> int:
        """The count of that name; `rows` is the number of rows."""
        return self.row_count if name == "rows" else (self.counts or {}).get(name, -1)


def is_as_expected(correction: Correction, found: Found) -> bool:
    """Whether the file shows the defect exactly as declared."""
    return all(found.count(name) == count for name, count in correction.expect.items())


def finding(correction: Correction, found: Found) -> Finding | None:
    """What to tell the reader; None where a defect without expectation is not there."""
    if found.row_count == 0 and not correction.expect:
        return None
    if is_as_expected(correction, found):
        return _as_declared(correction, found)
    return Finding(
        rule=correction.id,
        severity="warning" if found.row_count else "info",
        message=f"{correction.what} Declared with {_words(correction)}; this file shows "
        f"{_shown(correction, found)}: mended by the publisher, revised, or part of a release.",
        remedy=_not_applied(correction),
        column_name=_column(correction),
        row_count=found.row_count,
        first_row_number=found.first_row_number,
    )


def look_for(correction: Correction, frame: Frame) -> Found | None:
    """The rows that show a defect; None where the file cannot be asked.

    A defect of named areas and periods is not looked for in a file that has none of them.
    """
    look = LOOKS.get(correction.check)
    if look is None or not _has_columns(correction, frame) or not _has_places(correction, frame):
        return None
    return look(frame, correction.arguments)


def _has_places(correction: Correction, frame: Frame) -> bool:
    """Whether one row is of a named area and a named period, where the declaration names any."""
    import numpy as np

    named = correction.arguments
    periods = named.get("periods") or [named[name] for name in ("period",) if name in named]
    places = np.ones(len(frame.row_numbers), bool)
    for column, values in ((frame.la_code, named.get("la_codes")), (frame.period, periods)):
        if values:
            places &= frame.equals(column, *values)
    return not (periods or named.get("la_codes")) or bool(places.any())


def _as_declared(correction: Correction, found: Found) -> Finding:
    rows = f" {counted(found.row_count, 'row')}." if found.row_count else ""
    return Finding(
        rule=correction.id,
        severity=correction.severity,
        message=f"{correction.what}{rows} {correction.reason} ({correction.source})",
        remedy=correction.remedy,
        column_name=_column(correction),
        row_count=found.row_count,
        first_row_number=found.first_row_number,
    )


def _not_applied(correction: Correction) -> str:
    if correction.action == "none":
        return "The figures stand as published; look whether the declaration is still needed."
    return "The correction was not applied; look at the file and amend data/reference."


def _words(correction: Correction) -> str:
    return ", ".join(f"{name.replace('_', ' ')} {n:,}" for name, n in correction.expect.items())


def _shown(correction: Correction, found: Found) -> str:
    names = correction.expect
    return ", ".join(f"{name.replace('_', ' ')} {found.count(name):,}" for name in names)


def _column(correction: Correction) -> str | None:
    named = correction.arguments
    return named.get("column") or named.get("total") or named.get("indicator") or named.get("part")


def _has_columns(correction: Correction, frame: Frame) -> bool:
    named = correction.arguments
    wanted = [named.get(name) for name in ("column", "total", "whole", "part", "indicator")]
    wanted.extend(named.get("parts", ()))
    return all(name in frame.columns for name in wanted if name)


def _found(frame: Frame, mask: np.ndarray, **counts: int) -> Found:
    rows = frame.row_numbers[mask]
    return Found(int(rows.size), int(rows[0]) if rows.size else None, counts, rows)


def _negative(frame: Frame, arguments: Mapping[str, Any]) -> Found:
    mask = frame.numbers(arguments["column"]) < 0
    whole = frame.equals(frame.topic, WHOLE) & frame.la_code.is_valid().to_numpy(False)
    return _found(frame, mask, whole_authorities=int((mask & whole).sum()))


def _not_sum(frame: Frame, arguments: Mapping[str, Any]) -> Found:
    import numpy as np

    total = frame.numbers(arguments["total"])
    parts = sum(frame.numbers(name) for name in arguments["parts"])
    known = np.isfinite(total) & np.isfinite(parts)
    return _found(frame, known & (total != parts))


def _only_whole_known(frame: Frame, arguments: Mapping[str, Any]) -> Found:
    import numpy as np

    place = frame.equals(frame.la_code, *arguments["la_codes"])
    time = frame.equals(frame.period, *arguments["periods"])
    whole, part = frame.numbers(arguments["whole"]), frame.numbers(arguments["part"])
    return _found(frame, place & time & np.isfinite(whole) & ~np.isfinite(part))


def _value_is(frame: Frame, arguments: Mapping[str, Any]) -> Found:
    mask = (
        frame.equals(frame.la_code, *arguments["la_codes"])
        & frame.equals(frame.period, arguments["period"])
        & frame.equals(frame.topic, WHOLE)
        & frame.equals(frame.columns[arguments["indicator"]], arguments["value"])
    )
    return _found(frame, mask)


def _columns_present(frame: Frame, arguments: Mapping[str, Any]) -> Found:
    return Found(0, None, {"columns": sum(name in frame.columns for name in arguments["columns"])})


LOOKS: dict[str, Callable[[Frame, Mapping[str, Any]], Found]] = {
    "negative": _negative,
    "not_sum": _not_sum,
    "only_whole_known": _only_whole_known,
    "value_is": _value_is,
    "columns_present": _columns_present,
}
