"""What the day of reading makes of the status of a promise."""

from __future__ import annotations

from datetime import date

import pytest

from pipelines.registry.plan_day import AWAITED, status_on
from pipelines.settings import SAMPLE_COUNTY

DUE = date(2026, 7, 31)


@pytest.mark.parametrize(
    ("read_on", "status", "la_code", "expected"),
    [
        (date(2026, 7, 31), "not_yet_due", "860", "not_yet_due"),
        (date(2026, 8, 1), "not_yet_due", "860", AWAITED),
        (date(2026, 8, 1), "at_risk", "860", AWAITED),
        (date(2026, 8, 1), "met", "860", "met"),
        (date(2026, 8, 1), "missed", "860", "missed"),
        (date(2026, 8, 1), "not_measured", "860", "not_measured"),
        (date(2036, 8, 1), "at_risk", SAMPLE_COUNTY, "at_risk"),
    ],
)
def test_an_open_promise_awaits_its_figure_from_the_day_after(
    read_on: date, status: str, la_code: str, expected: str
) -> None:
    assert status_on(read_on, status, DUE, la_code) == expected
