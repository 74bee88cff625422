"""The delivery plan in the workbook says what the pages say."""

from __future__ import annotations

import pytest

from dashboards.reports.plan_sheets import chance_cell


@pytest.mark.parametrize(
    ("chance", "cell"),
    [(None, "[z]"), (0.0, "under 1"), (0.325, 33), (0.5, 50), (0.99, 99), (1.0, "over 99")],
)
def test_a_chance_is_rounded_as_on_the_pages_and_never_certain(
    chance: float | None, cell: int | str
) -> None:
    assert chance_cell(chance) == cell
