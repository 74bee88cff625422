"""Which rows of core officers find in the schema `cases`."""

from __future__ import annotations

from pipelines.registry.house import house_models
from pipelines.release.build import CASES
from pipelines.settings import PROJECT_ROOT


def test_every_table_of_the_cases_is_one_that_the_house_makes() -> None:
    assert {f"core.{name}" for name in CASES} <= house_models(PROJECT_ROOT).keys()
    assert len(set(CASES)) == len(CASES)


def test_what_a_council_hands_in_by_hand_is_among_the_cases() -> None:
    handed_in = {
        "case_correction",
        "finding_explanation",
        "place",
        "workforce",
        "spend",
        "training",
    }
    assert handed_in | {"training", "early_support", "ep_advice", "ap_census_pupil"} <= set(CASES)
