"""The council's statements against the DfE's real files: the known answers of the register."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from pipelines.release.claims_json import claims_document
from pipelines.release.reader import connect, current_release

pytestmark = pytest.mark.real

VERDICTS = {
    "C10": "confirmed",
    "C18": "out_of_date",
    "C19": "different_bases",
    "C20": "confirmed",
    "C21": "not_borne_out",
}
# Council and England in the same January and the same edition, as the DfE prints them.
LIKE_FOR_LIKE = [
    ("2022-01", 29.7, 40.5),
    ("2023-01", 30.6, 41.3),
    ("2024-01", 32.1, 43.3),
    ("2025-01", 32.8, 43.6),
    ("2025-01", 32.8, 43.8),
    ("2026-01", 35.1, 45.5),
]


@pytest.fixture(scope="module")
def claims(real_workspace: Path) -> dict[str, dict[str, Any]]:
    """The claims of the release of the real files, by id."""
    release = current_release(real_workspace)
    assert release is not None
    connection = connect(release.public_path)
    try:
        document = claims_document(connection, release.id)
    finally:
        connection.close()
    return {claim["id"]: claim for claim in document["claims"]}


def _pairs(claim: dict[str, Any], since: str) -> list[tuple[str, float, float]]:
    """(period, council, England), one for each reading, from a period on."""
    rows = [row for row in claim["like_for_like"] if row["period"] >= since]
    return [
        (council["period"], council["value"], england["value"])
        for council, england in zip(rows[::2], rows[1::2], strict=True)
        if (council["la_code"], england["area_code"]) == ("860", "E92000001")
    ]


def _cells(claim: dict[str, Any]) -> set[tuple[str, str, str, float]]:
    return {
        (row["kpi"], row["la_code"] or "England", row["period"], row["value"])
        for row in claim["evidence"]
    }


def test_every_statement_has_the_verdict_that_the_data_gives(
    claims: dict[str, dict[str, Any]],
) -> None:
    assert len(claims) == 21
    found = {name: claim["verdict"] for name, claim in claims.items()}
    assert found == {name: VERDICTS.get(name, "not_testable") for name in claims}


def test_what_cannot_be_tested_says_what_it_needs(claims: dict[str, dict[str, Any]]) -> None:
    untested = [claim for claim in claims.values() if claim["verdict"] == "not_testable"]
    assert untested
    assert all(claim["needs"] for claim in untested)
    assert all(not claim["needs"] for name, claim in claims.items() if name in VERDICTS)


def test_the_two_shares_come_from_different_januaries(claims: dict[str, dict[str, Any]]) -> None:
    claim = claims["C19"]
    assert ("mainstream_share", "860", "2023-01", 30.6) in _cells(claim)
    assert ("mainstream_share", "England", "2022-01", 40.5) in _cells(claim)
    assert '30.6% in January 2023. "40.5%"' in claim["reason"]
    assert "40.5% in January 2022" in claim["reason"]
    assert "43.8% in January 2025 (43.6% before revision)" in claim["reason"]


def test_like_for_like_pairs_are_of_one_january_and_one_edition(
    claims: dict[str, dict[str, Any]],
) -> None:
    assert _pairs(claims["C19"], "2022-01") == LIKE_FOR_LIKE


def test_plans_almost_doubled_from_2014_to_2022(claims: dict[str, dict[str, Any]]) -> None:
    claim = claims["C10"]
    assert ("plans_maintained", "860", "2014-01", 3341) in _cells(claim)
    assert ("plans_maintained", "860", "2022-01", 6437) in _cells(claim)
    assert "1.93 times" in claim["reason"]
    assert "England's, 2.00 times" in claim["reason"]


def test_8300_plans_lie_between_two_januaries(claims: dict[str, dict[str, Any]]) -> None:
    passed = "passed between January 2024 (7,490) and January 2025 (8,461)"
    assert passed in claims["C18"]["reason"]


def test_not_every_plan_due_a_review_has_one_recorded(
    claims: dict[str, dict[str, Any]],
) -> None:
    assert "92.2% in 2024 (6,574 of 7,131)" in claims["C21"]["reason"]


def test_a_share_is_context_and_not_a_verdict_where_children_are_counted(
    claims: dict[str, dict[str, Any]],
) -> None:
    assert "22.9% from January 2018 to January 2023 (9.6% to 11.8%)" in claims["C12"]["reason"]
    assert "31.3% from January 2018 to January 2024 (9.6% to 12.6%)" in claims["C17"]["reason"]
    assert "16.3% in January 2023, which bears it out" in claims["C13"]["reason"]


def test_evidence_leads_back_to_a_file_and_a_row(claims: dict[str, dict[str, Any]]) -> None:
    rows = [row for claim in claims.values() for row in claim["evidence"]]
    assert len(rows) > len(VERDICTS)
    assert all(row["file_id"] and row["row_number"] and row["vintage"] for row in rows)
