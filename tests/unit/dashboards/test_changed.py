"""What changed since the release before is said figure by figure, and nothing is left out."""

from __future__ import annotations

import pytest

from dashboards.words.changed import Newest, line, summary
from tests.unit.dashboards.measures import measure

SHARE = measure(title="Plans in time")
OLD = Newest("2024", "2024", 35.3, 1)
NEW = Newest("2025", "2025", 22.8, 1)


@pytest.mark.parametrize(
    ("before", "now", "expected"),
    [
        (OLD, OLD, ""),
        (None, None, ""),
        (OLD, NEW, "Plans in time: 22.8% in 2025; it was 35.3% in 2024."),
        (None, NEW, "Plans in time: 22.8% in 2025; the release before had none."),
        (OLD, None, "Plans in time: no figure any more; it was 35.3% in 2024."),
        (
            OLD,
            Newest("2024", "2024", 35.4, 1),
            "Plans in time, 2024: 35.4% [r]; it was 35.3% before the revision.",
        ),
        (OLD, Newest("2024", "2024", 35.304, 1), ""),
    ],
    ids=["same", "none", "newer", "first", "gone", "revised", "below the printed decimals"],
)
def test_each_measure_says_how_its_newest_figure_differs(
    before: Newest | None, now: Newest | None, expected: str
) -> None:
    assert line(SHARE, before, now) == expected


def test_the_summary_counts_what_differs() -> None:
    assert summary(True, (), 8).startswith("No release was published before this one")
    assert summary(False, (), 8) == "No figure on the cards has changed."
    assert summary(False, ("a",), 8) == (
        "The newest figure of 1 of the 8 measures on the cards differs."
    )
    assert summary(False, ("a", "b"), 8).endswith("cards differ.")
