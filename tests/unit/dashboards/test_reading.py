"""The note beside an on-time rate names the plans that were late already, where they are known."""

from __future__ import annotations

import pytest

from dashboards.words.reading import reading_note
from pipelines.registry.measures import Measure, measures
from pipelines.settings import PROJECT_ROOT

NOTE = "Of the {denominator} plans issued, {rest} were already late. Clearing old cases lowers it."


def test_the_parts_of_the_figure_are_filled_in() -> None:
    assert reading_note(NOTE, 280, 1227) == (
        "Of the 1,227 plans issued, 947 were already late. Clearing old cases lowers it."
    )


@pytest.mark.parametrize(("numerator", "denominator"), [(None, 1227), (280, None), (None, None)])
def test_a_sentence_about_unknown_parts_is_left_out(
    numerator: float | None, denominator: float | None
) -> None:
    assert reading_note(NOTE, numerator, denominator) == "Clearing old cases lowers it."


def test_most_measures_need_no_note() -> None:
    assert reading_note("", 1, 2) == ""


@pytest.mark.parametrize(
    "kpi", ["plans_within_20_weeks_share", "plans_within_20_weeks_excluding_exceptions_share"]
)
def test_every_on_time_rate_of_issued_plans_carries_its_note(kpi: str) -> None:
    note = measures(PROJECT_ROOT / "sql")[kpi].reading_note
    assert note
    said = reading_note(note, 280, 1227)
    assert "947 were already late" in said
    assert "can lower this share" in said
    assert "{" not in said


def test_a_gap_that_nobody_fills_is_refused() -> None:
    measure = measures(PROJECT_ROOT / "sql")["plans_within_20_weeks_share"]
    with pytest.raises(ValueError, match="not late"):
        Measure.model_validate(measure.model_dump() | {"reading_note": "{late} were late."})
