"""What the page of data quality says of the files: sums of modules, hidden counts, lost rows."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pandas as pd
import pytest

from dashboards.components import received
from dashboards.queries import quality
from dashboards.queries.frozen import Key
from pipelines.release.disclosure import BASE

COLUMNS = (
    "source text, kind text, dataset text, file_name text, archive_name text, sha256 text, "
    "size_bytes bigint, vintage text, vintage_order bigint, row_count_in bigint, "
    "row_count_accepted bigint, row_count_quarantined bigint"
)
SMALL = None
Counts = tuple[int | None, int | None, int | None]


def part(source: str, kind: str, dataset: str, counts: Counts, *, file: str) -> tuple[object, ...]:
    """One row of marts.source_file; the edition stands at the end of the file's name.

    Of the council's own files neither name nor hash is there.
    """
    edition = file.split(".")[0].split("-", 1)[1]
    order = int(edition.replace("-", ""))
    own = source == "council"
    name, digest = (f"{kind} {edition}", None) if own else (file, file * 2)
    return (source, kind, dataset, name, None, digest, None, edition, order, *counts)


RETURN = [
    part("council", "sen2", "person", (635, 635, SMALL), file="sen2-2026.xml"),
    part("council", "sen2", "active_plan", (500, 490, 10), file="sen2-2026.xml"),
    part("council", "sen2", "header", (SMALL, SMALL, SMALL), file="sen2-2026.xml"),
]
CENSUS = [
    part(
        "council",
        "census",
        name,
        (100, 100, SMALL),
        file="census-2026.zip",
    )
    for name in ("school", "pupil")
]
PLACES = [part("council", "place", "place", (SMALL, SMALL, SMALL), file="place-2026.csv")]
MANY = [
    part("council", "sen2_in_year", "person", (50, 50, SMALL), file=f"extract-2025-{month:02}.zip")
    for month in range(1, received.MANY + 1)
]
CASELOAD = [part("dfe", "caseload", "caseload", (25_339, 25_338, 1), file="caseload-2025.csv")]
INDICATORS = [
    part("dfe", "sen2_mi", name, (1_294, 1_294, 0), file="sen2_mi-2022.csv")
    for name in ("requests", "assessments")
]
LOST = [part("dfe", "newplans", "newplans", (10, 8, 1), file="newplans-2024.csv")]
UNKNOWN = [part("dfe", "newplans", "newplans", (10, None, 0), file="newplans-2023.csv")]


def files_of(folder: Path, *parts: list[tuple[object, ...]]) -> pd.DataFrame:
    """The files as the page reads them, from a release of these rows."""
    path = folder / "public.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute(f"create schema marts; create table marts.source_file ({COLUMNS})")
        places = ", ".join("?" * 12)
        connection.executemany(
            f"insert into marts.source_file values ({places})",  # noqa: S608
            [row for rows in parts for row in rows],
        )
    return quality.files(Key(str(folder), "public", str(path)))


def lines_of(files: pd.DataFrame) -> dict[str, tuple[str, ...]]:
    shown = received.overview(files)
    return {row[0]: tuple(row[1:]) for row in shown[["File", *received.COUNTS]].to_numpy()}


def test_a_return_is_one_line_with_the_sum_of_its_modules(tmp_path: Path) -> None:
    lines = lines_of(files_of(tmp_path, RETURN, CENSUS, CASELOAD))
    assert lines == {
        "SEN2 return, 2026": ("1,135 [c]", "1,125 [c]", "10 [c]"),
        "School census, 2026": ("200", "200", "[c]"),
        "caseload-2025.csv": ("25,339", "25,338", "1"),
    }


def test_a_loss_in_a_protected_file_shows_in_its_line(tmp_path: Path) -> None:
    shown = lines_of(files_of(tmp_path, RETURN))["SEN2 return, 2026"]
    assert shown[0] != shown[1]


def test_a_published_file_read_for_several_data_sets_is_not_added_up(tmp_path: Path) -> None:
    files = files_of(tmp_path, INDICATORS)
    assert lines_of(files) == {"sen2_mi-2022.csv": ("1,294", "1,294", "0")}
    assert received.rows_sentence(files) == (
        "Every one of 1,294 rows in 1 file is accounted for: 1,294 accepted and 0 set aside."
    )


def test_protected_files_stay_out_of_the_sum_and_the_sentence_says_so(tmp_path: Path) -> None:
    files = files_of(tmp_path, RETURN, PLACES, CASELOAD)
    assert received.rows_sentence(files) == (
        "Every one of 25,339 rows in 1 published file is accounted for: 25,338 accepted and 1 set "
        "aside. 2 files of the council's own stay out of this sum: small numbers in them are "
        "protected."
    )
    alone = received.rows_sentence(files[files["source"] == "council"])
    assert "Every" not in alone
    assert alone.startswith("2 files of the council's own stay out")


@pytest.mark.parametrize(
    ("rows", "name"),
    [
        pytest.param(LOST, "newplans-2024.csv", id="two-rows-gone"),
        pytest.param(UNKNOWN, "newplans-2023.csv", id="count-missing"),
    ],
)
def test_a_published_file_without_an_account_is_named(
    tmp_path: Path, rows: list[tuple[object, ...]], name: str
) -> None:
    sentence = received.rows_sentence(files_of(tmp_path, CASELOAD, rows, RETURN))
    assert sentence.startswith(f"In 1 published file rows are not accounted for: {name}.")
    assert "Every one" not in sentence


def test_one_reading_of_a_file_that_loses_a_row_is_enough(tmp_path: Path) -> None:
    bad = part("dfe", "sen2_mi", "ceased_plans", (1_294, 1_290, 0), file="sen2_mi-2022.csv")
    sentence = received.rows_sentence(files_of(tmp_path, INDICATORS, [bad]))
    assert sentence == "In 1 file rows are not accounted for: sen2_mi-2022.csv."


def test_many_files_of_one_kind_fold_into_one_line_and_can_be_unfolded(tmp_path: Path) -> None:
    files = files_of(tmp_path, MANY, RETURN, CASELOAD)
    name = f"SEN2 extract within the year: {received.MANY} files"
    shown = received.overview(files)
    assert len(shown) == 3
    line = shown[shown["File"] == name].iloc[0]
    assert line["Release"] == "January 2025 to July 2025"
    assert (line["Rows in"], line["Set aside"]) == (f"{50 * received.MANY}", "[c]")
    [(heading, lines)] = received.folded(files)
    assert heading == name
    assert len(lines) == received.MANY
    assert set(lines["Rows in"]) == {"50"}
    assert len(received.to_take_away(files)) == received.MANY + 2


def test_fewer_files_of_one_kind_stand_each_in_a_line(tmp_path: Path) -> None:
    files = files_of(tmp_path, MANY[:-1])
    assert len(received.overview(files)) == received.MANY - 1
    assert received.folded(files) == []


def test_hidden_counts_are_explained_and_only_where_there_are_any(tmp_path: Path) -> None:
    files = files_of(tmp_path, RETURN, CASELOAD)
    said = " ".join(received.notes(files))
    assert f"to the nearest {BASE}" in said
    assert "[c]" in said
    assert received.notes(files[files["source"] == "dfe"]) == ()


def test_the_file_to_take_away_marks_hidden_counts_and_leaves_no_sign_of_nothing(
    tmp_path: Path,
) -> None:
    taken = received.to_take_away(files_of(tmp_path, RETURN, CASELOAD))
    assert dict(zip(taken["file_name"], taken["symbol"], strict=True)) == {
        "sen2 2026": "c",
        "caseload-2025.csv": "",
    }


def of_auditor(folder: Path, *parts: list[tuple[object, ...]]) -> pd.DataFrame:
    """The files as an auditor's page reads them, from an evidence file of these rows."""
    path, table = folder / "evidence.duckdb", "evidence.evidence.file"
    with duckdb.connect(str(path)) as connection:
        connection.execute(
            f"create schema evidence; create table evidence.evidence.file ({COLUMNS})"
        )
        places = ", ".join("?" * 12)
        connection.executemany(
            f"insert into {table} values ({places})",  # noqa: S608
            [row for rows in parts for row in rows],
        )
    return quality.files_of_evidence(Key(str(folder), "auditor", str(path)))


COUNTED = {"person": (637, 635, 2), "header": (1, 1, 0)}
EXACT = [
    ("council", "sen2", name, "a child.xml", None, "ab" * 32, None, "2026", 2026, *counts)
    for name, counts in COUNTED.items()
]


def test_an_auditor_reads_exact_counts_and_the_hash_of_a_return_and_not_its_name(
    tmp_path: Path,
) -> None:
    files = of_auditor(tmp_path, EXACT, CASELOAD)
    line = received.overview(files, has_hashes=True).iloc[0]
    assert tuple(line) == (
        "SEN2 return, 2026",
        "Council",
        "2026",
        "638",
        "636",
        "2",
        "abababababab",
    )
    assert received.notes(files, is_exact=True) == (received.NO_NAMES,)
    assert received.rows_sentence(files, is_exact=True) == (
        "Every one of 25,977 rows in 2 files is accounted for: 25,974 accepted and 3 set aside."
    )
    assert "child" not in files.to_csv()


def test_everybody_else_is_told_that_hashes_are_the_auditors(tmp_path: Path) -> None:
    files = files_of(tmp_path, RETURN, CASELOAD)
    assert "SHA-256 begins" not in received.overview(files)
    for is_exact in (True, False):
        assert "kept for auditors" in received.notes(files, is_exact=is_exact)[0]


def test_many_returns_of_an_auditor_lead_to_their_hashes(tmp_path: Path) -> None:
    months = [(*row[:5], f"{place:02}" * 32, *row[6:]) for place, row in enumerate(MANY, start=1)]
    files = of_auditor(tmp_path, months)
    shown = received.overview(files, has_hashes=True)
    assert shown["SHA-256 begins"].iloc[0] == "listed below"
    [(_, lines)] = received.folded(files, has_hashes=True)
    assert lines["SHA-256 begins"].nunique() == received.MANY


def test_the_page_says_how_many_files_there_are_and_whose(tmp_path: Path) -> None:
    files = files_of(tmp_path, RETURN, PLACES, CASELOAD)
    assert received.files_sentence(files) == "3 files received, 2 of the council's own."
    published = files[files["source"] == "dfe"]
    assert received.files_sentence(published) == "1 file received, 0 of the council's own."
