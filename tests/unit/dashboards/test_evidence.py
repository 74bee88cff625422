"""The remarks on evidence are taken apart, and rows on unlike bases are kept apart."""

from __future__ import annotations

import pytest

from dashboards.words.evidence import Remark, remark


@pytest.mark.parametrize(
    ("note", "expected"),
    [
        (None, Remark()),
        (float("nan"), Remark()),
        ("bears it out", Remark(status="bears it out")),
        ("before revision", Remark(aside="before revision")),
        (
            "times the figure of January 2014; before the break in this series at January 2019",
            Remark(
                basis="times the figure of January 2014",
                aside="before the break in this series at January 2019",
            ),
        ),
        (
            "SEN support; change since January 2018; context only",
            Remark("SEN support", "change since January 2018", "context only"),
        ),
    ],
)
def test_a_remark_is_taken_apart(note: object, expected: Remark) -> None:
    assert remark(note) == expected


def test_rows_are_of_one_kind_when_only_the_date_of_the_base_differs() -> None:
    assert remark("change since January 2016").kind == remark("change since January 2017").kind
    assert remark("SEN support").kind != remark("Education, health and care plan").kind
    assert remark("change since January 2016").kind != remark(None).kind
