"""The remarks on evidence are taken apart, and rows on unlike bases are kept apart.

The notes are those that the register's SQL wrote, not notes written for the test.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from dashboards.components.pairs import compares_groups
from dashboards.components.statement import figure_text, figures_table
from dashboards.words.evidence import Remark, remark


@pytest.fixture(scope="module")
def evidence(sample_warehouse: Path) -> pd.DataFrame:
    """Every row behind every verdict of the facts that come with the product."""
    with duckdb.connect(str(sample_warehouse), read_only=True) as connection:
        frame: pd.DataFrame = connection.execute(
            "select * replace (cast(value as double) as value) from marts.claim_evidence"
        ).df()
    return frame


def test_no_part_of_a_note_is_lost(evidence: pd.DataFrame) -> None:
    notes = set(evidence.loc[evidence["role"] != "stated", "note"].dropna())
    assert notes
    for note in notes:
        found = remark(note)
        parts = {found.subject, found.basis, found.status, found.aside} - {""}
        assert parts == set(note.split("; ")), note


def test_every_measured_row_says_whether_it_fits(evidence: pd.DataFrame) -> None:
    measured = evidence.loc[evidence["role"] == "measured", "note"].map(remark)
    assert len(measured)
    assert all(found.status for found in measured)


def test_a_change_names_its_base(evidence: pd.DataFrame) -> None:
    found = [remark(note) for note in evidence.loc[evidence["unit"] == "times", "note"].dropna()]
    of_rows = [note for note in found if note.basis]
    assert of_rows
    assert all(note.since.startswith("since January ") for note in of_rows)


def test_nothing_is_made_of_no_note() -> None:
    assert remark(None) == remark(float("nan")) == Remark()


def test_rows_are_of_one_kind_when_only_the_date_of_the_base_differs() -> None:
    assert remark("change since January 2016").kind == remark("change since January 2017").kind
    assert remark("SEN support").kind != remark("Education, health and care plan").kind
    assert remark("change since January 2016").kind != remark(None).kind


def test_a_statement_that_compares_groups_is_known_by_its_rows(evidence: pd.DataFrame) -> None:
    measured = evidence[evidence["role"] == "measured"]
    found = {str(claim): compares_groups(rows) for claim, rows in measured.groupby("claim_id")}
    assert not found["C19"]
    groups = pd.DataFrame(
        {
            "kpi": "ks2",
            "period": "2024",
            "area_code": "E10000028",
            "note": ["SEN support; bears it out", "No identified SEN; bears it out"],
        }
    )
    assert compares_groups(groups)
    assert not compares_groups(groups.head(1))


def test_a_figure_is_printed_as_the_verdict_words_print_it(
    evidence: pd.DataFrame, sample_warehouse: Path
) -> None:
    with duckdb.connect(str(sample_warehouse), read_only=True) as connection:
        reasons = dict(
            connection.execute("select claim_id, verdict_reason from marts.claim").fetchall()
        )
    measured = evidence[evidence["role"] == "measured"]
    assert len(measured)
    for row in measured.itertuples():
        if row.area_code == "E10000028":
            assert figure_text(row) in reasons[row.claim_id], row


@pytest.mark.parametrize("claim_id", ["C10", "C20"])
def test_a_figure_that_answers_two_parts_of_a_statement_stands_once(
    evidence: pd.DataFrame, claim_id: str
) -> None:
    rows = evidence[evidence["claim_id"] == claim_id]
    parts = ["note", "period", "area_name", "kpi", "value"]
    measured = rows.loc[rows["role"] == "measured", parts]
    assert measured.duplicated().any()
    table = figures_table({}, claim_id, rows)
    shown = [line for line in table.split("<tr>") if ">Measured<" in line]
    assert len(shown) == len(measured.drop_duplicates())
    assert set(Counter(shown).values()) == {1}
