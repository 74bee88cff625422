"""The auditor's report on small numbers says what the evidence of the release says."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import duckdb
import pytest

from pipelines.release.attack.apply import forget_evidence, keep_verdict
from pipelines.release.attack.knowledge import Knowledge, write_knowledge
from pipelines.release.disclosure_report import write_disclosure_report
from pipelines.release.reader import DISCLOSURE, EVIDENCE
from tests.unit.release.test_two_releases import BEFORE, KNOWN, NOW, ORIGINS, by_the_rule, mended

ATTRIBUTE = (
    "create table evidence.disclosure_attribute as select 'annual_reviews_expected_share' as kpi, "
    "'2026' as vintage, '2025' as period, 'Ethnicity' as breakdown_topic, 'Chinese' as breakdown, "
    "cast(20 as decimal(18, 6)) as denominator"
)


def written(folder: Path) -> str:
    """The report of a release that withholds something, laid beside one before it."""
    made = mended(NOW, by_the_rule(BEFORE)[:3])
    with closing(duckdb.connect(str(folder / "build.duckdb"))) as evidence:
        forget_evidence(evidence)
        write_knowledge(evidence, Knowledge(ORIGINS, KNOWN, ()))
        keep_verdict(evidence, made, by_the_rule(BEFORE)[:3], 12.34)
        evidence.execute(ATTRIBUTE)
    (folder / "build.duckdb").rename(folder / EVIDENCE)
    write_disclosure_report(folder, "2026-01-01-abcdefgh")
    return (folder / DISCLOSURE).read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> str:
    return written(tmp_path_factory.mktemp("release"))


def table(report: str, title: str) -> list[list[str]]:
    """The rows of the table under a title."""
    part = report.split(f"## {title}\n")[1].split("\n## ")[0]
    lines = [line for line in part.splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def test_it_says_the_rule_and_how_the_attack_went(report: str) -> None:
    assert report.startswith("# Small numbers in release 2026-01-01-abcdefgh\n")
    assert "a count of 0 to 7 is hidden (c), nought included" in report
    assert "any other count goes to the nearest 5" in report
    assert "at least 4 possible values" in report
    assert "- 11 counts sought, in 1 connected set" in report
    assert "- 3 figures of the release before laid beside them" in report
    assert "- 0 counts with fewer than 4 possible values left" in report
    assert "- 12.3 seconds of one processor" in report


def test_every_withheld_cell_is_listed(report: str) -> None:
    withheld = mended(NOW, by_the_rule(BEFORE)[:3]).withheld
    assert withheld
    assert table(report, "Withheld beyond the rule") == [list(group) for group in sorted(withheld)]


def test_the_narrowest_counts_stand_with_what_anybody_can_know_of_them(report: str) -> None:
    rows = table(report, "The narrowest counts")
    assert 0 < len(rows) <= 25
    left = [int(row[8]) for row in rows]
    assert left == sorted(left)
    for row, count in zip(rows, left, strict=True):
        least, most = int(row[6]), int(row[7])
        assert most - least + 1 == count >= 4


def test_the_truth_is_never_outside_what_is_said_to_be_possible(report: str) -> None:
    true = {(made_of.kpi, made_of.breakdown): count for made_of, count in NOW.items()}
    for row in table(report, "The narrowest counts"):
        assert int(row[6]) <= true[row[3], row[5]] <= int(row[7])


def test_groups_that_are_all_in_one_category_are_flagged(report: str) -> None:
    assert table(report, "Groups that are all in one category") == [
        ["annual_reviews_expected_share", "2026", "2025", "Ethnicity", "Chinese", "20"]
    ]


def test_a_release_without_rows_of_a_council_has_none(tmp_path: Path) -> None:
    with closing(duckdb.connect(str(tmp_path / EVIDENCE))) as evidence:
        evidence.execute("create table nothing (a int)")
    write_disclosure_report(tmp_path, "2026-01-01-abcdefgh")
    assert not (tmp_path / DISCLOSURE).exists()
