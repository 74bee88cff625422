"""The door on the real files: every row and cell accounted for, every declared defect found."""

from __future__ import annotations

import csv
import json
import zipfile
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from pipelines.ingest import ees, strict_csv
from pipelines.ingest.door import Receipt, ingest
from pipelines.registry.sources import sources
from pipelines.settings import PROJECT_ROOT, Settings

pytestmark = pytest.mark.real

ZIP_2025 = "ees/education-health-and-care-plans_2025.zip"
ZIP_2022 = "ees/education-health-and-care-plans_2022.zip"
FILES = (
    ZIP_2025,
    ZIP_2022,
    "ees/2026-extract",
    "reference/lait_sen_measures_long.csv.gz",
    "reference/ons_mid-year_population_estimates_2012_to_2024.csv",
    "reference/sn_model_2025_wide.csv",
    "reference/acceptable_las.csv",
    "reference/acceptable_lads.csv",
    "geo/staffordshire_districts.geojson",
)
ROWS_2025 = {
    "annual_reviews": 13_290,
    "assessments": 12_847,
    "caseload": 25_339,
    "ceased_plans": 21_164,
    "newplans": 17_859,
    "personal_budgets": 22_955,
    "requests": 13_169,
    "residential_settings": 23_117,
    "sen_need_newplans": 9_768,
    "sen_needs_caseload": 13_939,
    "timeliness_20_week": 12_211,
    "work_based_placements": 9_917,
}
ROWS_2022 = {
    "sen2_age_caseload": 11_814,
    "sen2_age_new_plans": 11_814,
    "sen2_estab_caseload": 68_624,
    "sen2_estab_new_plans": 68_624,
    "sen2_mi": 1_294,
    "sen2_wbp_residential_dmo": 970,
}
KEY = (
    "source, vintage, dataset, indicator, period_kind, time_period, geographic_level, la_code, "
    "region_code, breakdown_topic, breakdown"
)


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return Settings(workspace=tmp_path_factory.mktemp("real ingest"))


@pytest.fixture(scope="module")
def receipts(workspace: Settings, real_data: Path) -> list[Receipt]:
    return ingest([real_data / name for name in FILES], workspace)


@pytest.fixture(scope="module")
def landed(workspace: Settings, receipts: list[Receipt]) -> Iterator[duckdb.DuckDBPyConnection]:
    """Views on landing/, and `figure`: each cell with the row it stands in."""
    assert receipts
    connection = duckdb.connect()
    for table in ("received_file", "published_row", "published_cell", "finding", "neighbour"):
        paths = [str(path) for path in (workspace.landing / table).glob("*.parquet")]
        connection.read_parquet(paths, union_by_name=True).create_view(table)
    connection.execute(
        "create view figure as select published_row.*, indicator, value_text from published_cell "
        "inner join published_row using (file_id, row_number)"
    )
    yield connection
    connection.close()


def by_kind(receipts: list[Receipt], archive: str) -> dict[str, Receipt]:
    name = Path(archive).name
    return {item.kind or item.file_name: item for item in receipts if item.archive_name == name}


def number(connection: duckdb.DuckDBPyConnection, question: str, *values: object) -> int:
    (count,) = connection.execute(question, values).fetchone() or (0,)
    return int(count)


def test_every_file_of_2025_lands_with_all_its_rows(receipts: list[Receipt]) -> None:
    found = by_kind(receipts, ZIP_2025)
    assert {kind: found[kind].row_count_in for kind in ROWS_2025} == ROWS_2025
    assert sum(ROWS_2025.values()) == 195_575
    assert {found[kind].vintage for kind in ROWS_2025} == {"2025"}
    assert found["medical_officers"].row_count_accepted == 1_064
    assert found["tribunal_appeals"].row_count_accepted == 158
    assert found["tribunal_appeals"].row_count_quarantined == 1
    assert found["not data"].file_name == "data-guidance.txt"
    assert len(found) == len(ROWS_2025) + 3


def test_every_file_of_2022_lands_with_all_its_rows(receipts: list[Receipt]) -> None:
    found = by_kind(receipts, ZIP_2022)
    assert {kind: found[kind].row_count_accepted for kind in ROWS_2022} == ROWS_2022
    assert {found[kind].vintage for kind in ROWS_2022} == {"2022"}


def test_the_2026_extract_is_a_release_of_its_own(receipts: list[Receipt]) -> None:
    found = by_kind(receipts, "2026-extract")
    rows = {kind: item.row_count_accepted for kind, item in found.items()}
    assert rows == {"caseload": 15, "newplans": 3, "requests": 15, "timeliness_20_week": 11}
    assert {item.vintage for item in found.values()} == {"2026"}
    assert not [item for receipt in found.values() for item in receipt.findings]


def test_reference_files(receipts: list[Receipt]) -> None:
    found = {item.kind: item for item in receipts if item.archive_name is None}
    assert {kind: item.row_count_accepted for kind, item in found.items()} == {
        "lait": 86_360,
        "population": 2_132,
        "neighbours": 153,
        "authority_codes": 176,
        "district_codes": 350,
        "boundary": 8,
    }
    assert (found["lait"].vintage, found["population"].vintage) == ("2025", "2024")


def test_every_row_is_accounted_for(receipts: list[Receipt]) -> None:
    assert len(receipts) == 22 + 4 + 6
    for item in receipts:
        assert item.row_count_in == item.row_count_accepted + item.row_count_quarantined
        assert item.status in {"landed", "not data"}
    assert sum(item.row_count_quarantined for item in receipts) == 1


def test_nothing_of_the_real_releases_is_unknown(receipts: list[Receipt]) -> None:
    """No unknown column, no missing one, no unseen label, no cell that cannot be read."""
    rules = {item.rule for receipt in receipts for item in receipt.findings}
    strange = {"unknown_column", "missing_column", "unseen_label", "unusual_period"}
    assert not rules & (strange | {"unreadable_cell", "refused"})


def test_declared_defects_are_found_as_declared(receipts: list[Receipt]) -> None:
    found = {
        (receipt.kind, item.rule): (item.row_count, item.first_row_number)
        for receipt in receipts
        for item in receipt.findings
    }
    assert found["annual_reviews", "repeated_column"] == (13_290, None)
    assert found["annual_reviews", "negative_reviews_outstanding"] == (1_717, 43)
    assert found["annual_reviews", "negative_no_outcome"] == (182, 318)
    assert found["residential_settings", "residential_total_not_sum"] == (10, 648)
    assert found["caseload", "totals_only_2024"][0] == 2
    assert found["newplans", "new_plans_of_the_region_2022"][0] == 15
    assert found["requests", "st_helens_refusals_2021"][0] == 1
    assert found["sen2_mi", "medway_assessments_2021"][0] == 1
    assert found["tribunal_appeals", "tribunal_dash_is_nought"][0] == 33
    assert found["tribunal_appeals", "tribunal_codes_of_other_authorities"][0] == 5
    assert found["lait", "symbol_replaced"][0] == 9_112
    assert ("personal_budgets", "misspelt_org_arrangements") in found
    stale = [
        item.rule for receipt in receipts for item in receipt.findings if "Declared" in item.message
    ]
    assert not stale


def test_every_printed_cell_of_2025_is_landed_as_printed(
    landed: duckdb.DuckDBPyConnection, real_data: Path
) -> None:
    """Read again with Python's csv, cell by cell: text for text."""
    compared = 0
    with zipfile.ZipFile(real_data / ZIP_2025) as archive:
        for kind in ("timeliness_20_week", "work_based_placements", "annual_reviews"):
            text = archive.read(f"data/{kind}.csv").decode("utf-8-sig")
            header, *rows = csv.reader(text.splitlines())
            stored = landed.execute(
                "select row_number, indicator, value_text from figure "
                "where dataset = ? and vintage = '2025'",
                [kind],
            ).fetchall()
            printed = {
                (at, name.lower(), row[place])
                for at, row in enumerate(rows, start=2)
                for place, name in enumerate(header)
                if place >= 12
            }
            assert set(stored) == printed
            compared += len(stored)
    assert compared == 279_090 + 170_954 + 39_668


def test_no_cell_stands_twice(landed: duckdb.DuckDBPyConnection) -> None:
    assert number(landed, "select count(*) from figure") == 5_267_769
    twice = f"select count(*) from (select {KEY} from figure group by all having count(*) > 1)"  # noqa: S608
    assert number(landed, twice) == 0


def test_file_and_row_number_are_a_key(landed: duckdb.DuckDBPyConnection) -> None:
    rows = number(landed, "select count(*) from published_row")
    keys = number(landed, "select count(distinct (file_id, row_number)) from published_row")
    assert rows == keys
    orphans = number(
        landed,
        "select count(*) from published_row anti join received_file using (file_id)",
    )
    assert orphans == 0


# Columns of the 2025 files that their 2022 namesakes must equal wherever both print a number. The
# statement- and plan-only variants, and what has a name of its own, are in no 2025 file.
NOT_COMPARED = {
    # No number is printed for 2019 to 2021 in the release of 2025.
    "request_not_assess_pc",
}


def test_every_2022_indicator_under_a_2025_name_equals_it(
    landed: duckdb.DuckDBPyConnection,
) -> None:
    """January 2019 to 2022 and calendar years 2019 to 2021, every authority, region and England."""
    landed.execute(
        """
        create or replace temp table compared as
        with figures as (
            select *,
                case when length(time_period) = 6 then '20' || substr(time_period, 5)
                    else time_period end as year,
                coalesce(la_code, region_code, 'England') as place,
                try_cast(value_text as decimal(18, 6)) as amount
            from figure
            where source = 'dfe' and breakdown_topic = 'All' and vintage in ('2022', '2025')
        )
        select a.dataset, a.indicator, a.value_text as old_text, b.value_text as new_text,
            a.amount as old, b.amount as new
        from figures as a
        inner join figures as b using (dataset, indicator, period_kind, year, place)
        where a.vintage = '2022' and b.vintage = '2025'
        """
    )
    pairs = landed.execute(
        """
        select dataset, indicator, count(*) filter (old is not null and new is not null),
            count(*) filter (
                case when indicator like '%pc%' then abs(old - new) > 0.0501 else old <> new end
            )
        from compared where dataset <> 'medical_officers' group by all
        """
    ).fetchall()
    assert len(pairs) == 87
    different = [pair for pair in pairs if pair[3]]
    assert not different
    empty = {indicator for _, indicator, compared, _ in pairs if not compared}
    assert empty == NOT_COMPARED
    officers = landed.execute(
        "select count(*), count(*) filter (old_text <> new_text) from compared "
        "where dataset = 'medical_officers' and old_text <> 'z'"
    ).fetchone()
    assert officers == (1_212, 0)


def test_staffordshire_of_the_specification(landed: duckdb.DuckDBPyConnection) -> None:
    def text(vintage: str, dataset: str, indicator: str, period: str) -> list[str]:
        found = landed.execute(
            "select value_text from figure where la_code = '860' and breakdown = 'All' "
            "and vintage = ? and dataset = ? and indicator = ? and time_period = ?",
            [vintage, dataset, indicator, period],
        ).fetchall()
        return [value for (value,) in found]

    assert text("2025", "caseload", "ehcplans", "202425") == ["8461"]
    assert text("2026", "caseload", "ehcplans", "202526") == ["9979"]
    assert text("2022", "caseload", "mainstream_total", "2022") == ["1910"]
    assert text("2025", "annual_reviews", "review_decision_outstanding", "2024") == ["-94"]
    assert text("2025", "tribunal_appeals", "appeals_registered", "2024") == ["435"]
    assert text("2024", "population", "population_aged_0_17", "2024") == ["174804"]
    assert [Decimal(value) for value in text("2025", "lait", "sen_totstat", "2025")] == [
        Decimal("5.4")
    ]


def test_labels_are_canonical(landed: duckdb.DuckDBPyConnection) -> None:
    topics = landed.execute("select distinct breakdown_topic from published_row").fetchall()
    assert {topic for (topic,) in topics} == {
        "All",
        "Age",
        "Age when plan started",
        "Age when plan ceased",
        "Sex",
        "Ethnicity",
        "Type of placement",
        "Years plan in place",
        "Primary need",
        "Source of request",
    }
    lower = number(
        landed, "select count(*) from published_row where breakdown similar to '(age|aged) .*'"
    )
    assert lower == 0


def test_lait_regions_and_periods(landed: duckdb.DuckDBPyConnection) -> None:
    counts = landed.execute(
        "select geographic_level, count(distinct coalesce(la_code, region_code, 'E')) "
        "from published_row where source = 'lait' group by all order by all"
    ).fetchall()
    assert counts == [("Local authority", 158), ("National", 1), ("Regional", 11)]
    stock = number(
        landed,
        "select count(distinct indicator) from figure where source = 'lait' "
        "and period_kind = 'stock'",
    )
    assert stock == 7


def test_neighbours_of_staffordshire(landed: duckdb.DuckDBPyConnection) -> None:
    codes = landed.execute(
        "select neighbour_la_code from neighbour where la_code = '860' order by position"
    ).fetchall()
    assert [code for (code,) in codes] == (
        ["811", "884", "893", "815", "933", "830", "877", "891", "943", "888"]
    )


def test_the_same_zip_again_is_passed_over(
    workspace: Settings, receipts: list[Receipt], real_data: Path
) -> None:
    again = ingest([real_data / ZIP_2025], workspace)
    assert len(receipts) > len(again) == 15
    assert {item.status for item in again} == {"already held", "not data"}
    log = (workspace.workspace / "log" / "received.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["status"] for line in log[-15:]].count("already held") == 14


def test_the_fast_and_the_careful_reader_agree(real_data: Path) -> None:
    """The same file read by pyarrow and record by record."""
    with zipfile.ZipFile(real_data / ZIP_2025) as archive:
        raw = archive.read("data/timeliness_20_week.csv")
    fast = strict_csv.read(raw)
    careful = strict_csv.read(raw + b"torn\r\n")
    assert [bad.row_number for bad in careful.quarantined] == [fast.row_count_in + 2]
    assert fast.header == careful.header
    for quick, slow in zip(fast.columns, careful.columns, strict=True):
        assert quick.equals(slow)


def test_shuffled_columns_give_the_same_cells(real_data: Path) -> None:
    known = sources(PROJECT_ROOT)
    with zipfile.ZipFile(real_data / ZIP_2025) as archive:
        table = strict_csv.read(archive.read("data/requests.csv"))
    turned = strict_csv.CsvTable(
        table.header[::-1],
        table.columns[::-1],
        table.row_numbers,
        table.quarantined,
        table.row_count_in,
    )
    straight, backward = (
        ees.read(given, "requests", known.ees, known.corrections).parts[0]
        for given in (table, turned)
    )
    assert straight.rows.equals(backward.rows)
    order = [("indicator", "ascending"), ("row_number", "ascending")]
    one, other = (
        part.cells.cast(_plain(part.cells)).sort_by(order) for part in (straight, backward)
    )
    assert one.equals(other)


def _plain(cells: object) -> object:
    """Schema with text in place of dictionaries."""
    import pyarrow as pa

    return pa.schema(
        [("row_number", pa.int64()), ("indicator", pa.string()), ("value_text", pa.string())]
    )
