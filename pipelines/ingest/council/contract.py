"""Each cell of a return by itself: is it there where it must be, is it of its type?

A cell that is not of its type is emptied, so that nothing which strayed into the wrong column
leaves the door. What cells say together is the rules' work (expectations/rules/council).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipelines.ingest.columns import mapped, where
from pipelines.ingest.council import cells
from pipelines.ingest.parcel import Finding
from pipelines.ingest.words import counted
from pipelines.registry.council_returns import CouncilReturns, ReturnColumn

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa

SHOWN_CODES = 8
WORDS = {
    "date": "a date: 2025-09-28 or 28/09/2025",
    "boolean": "yes or no",
    "year": "a year",
    "count": "a whole number, nought or more",
    "fte": "a share of full time such as 0.8",
    "gbp": "an amount in pounds",
    "spend_period": "a month (2025-09) or a financial year (2025-26)",
    "la3": "a three-digit council code",
    "urn": "a six-digit URN",
    "upn": "a UPN",
    "uln": "a ten-digit ULN",
    "postcode": "a postcode",
    "file_id": "a file's 16 digits",
    "post_code": "a code of at most 20 letters, digits and dashes",
    "record_rule": "the number of a rule",
}


class Contract:
    """Holds the columns of one file to their description and collects what is wrong.

    Attributes:
        findings: one for each column and fault: how many cells, the first row.
    """

    def __init__(self, row_numbers: np.ndarray, aside: frozenset[int]) -> None:
        self._row_numbers = row_numbers
        self._aside = aside
        self.findings: list[Finding] = []

    def held(
        self, item: ReturnColumn, column: pa.DictionaryArray, returns: CouncilReturns
    ) -> pa.DictionaryArray:
        """The column with what is not of its type left empty."""
        test = cells.tester(item, returns)
        wrong = where(column, lambda text: not test(text))
        self._tell(item, wrong, "unreadable_cell", f"cannot be read as {_wanted(item, returns)}")
        if item.is_required and not item.is_key:
            missing = column.is_null().to_numpy(zero_copy_only=False)
            self._tell(item, missing, "missing_cell", "should say something and says nothing")
        return mapped(column, lambda text: text if test(text) else None) if wrong.any() else column

    def _tell(self, item: ReturnColumn, mask: np.ndarray, rule: str, words: str) -> None:
        rows = [at for at in mask.nonzero()[0].tolist() if at not in self._aside]
        if not rows:
            return
        first = int(self._row_numbers[rows[0]])
        number = counted(len(rows), "cell")
        self.findings.append(
            Finding(
                rule=rule,
                severity="error",
                message=f"{item.column}: {number} {words}; the first is in row {first:,}. "
                "They are taken as empty.",
                remedy=f"Put them right in the file and ingest it again. {item.meaning}",
                column_name=item.column,
                row_count=len(rows),
                first_row_number=first,
            )
        )


def _wanted(item: ReturnColumn, returns: CouncilReturns) -> str:
    """What the column wants, in a reader's words."""
    if item.codes is None:
        return WORDS.get(item.type, item.type)
    codes = list(returns.codes[item.codes])
    more = ", ..." if len(codes) > SHOWN_CODES else ""
    return f"one of {', '.join(codes[:SHOWN_CODES])}{more}"
