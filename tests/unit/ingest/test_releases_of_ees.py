"""The layouts of 2022, 2025 and 2026: one indicator, whatever the release calls it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from pipelines.ingest.door import Receipt
from pipelines.registry.sources import sources
from pipelines.settings import PROJECT_ROOT
from tests.unit.ingest.conftest import KEYS, STAFFORDSHIRE, Row, csv_bytes, spec

TakeIn = Callable[..., Receipt]
Landed = Callable[[str], list[dict[str, Any]]]


def wide(kind: str, layout: str, topic: str, period: str = "2024", **values: str) -> Row:
    """A whole row of Staffordshire in a wide file of a layout."""
    level, region, region_name, gss, code = STAFFORDSHIRE
    identifier = "Academic year" if len(period) == 6 else "Calendar year"
    keys = (period, identifier, level, "E92000001", "England", region, region_name, gss, code)
    named = dict(zip(KEYS, (*keys, "Staffordshire", topic, topic), strict=True))
    return named | dict.fromkeys(spec(kind).columns_of(layout), "1") | values


def long_2022(period: str = "2022", **values: str) -> Row:
    """A row of Staffordshire in the layout of 2022."""
    level, region, region_name, gss, code = STAFFORDSHIRE
    keys = (period, "Calendar year", level, "E92000001", "England", region, region_name, gss, code)
    return dict(zip(KEYS[:10], (*keys, "Staffordshire"), strict=True)) | values


def cells(landed: Landed) -> dict[tuple[str, str], str]:
    """(dataset, indicator) -> text, of a file whose cells are all of one area and breakdown."""
    dataset = {item["file_id"]: item["dataset"] for item in landed("received_file")}
    return {
        (dataset[item["file_id"]], item["indicator"]): item["value_text"]
        for item in landed("published_cell")
    }


@pytest.mark.parametrize(
    "kind",
    [kind for kind, item in sources(PROJECT_ROOT).ees.files.items() if item.shape == "breakdown"],
)
def test_every_wide_layout_is_recognised_and_complete(kind: str, take_in: TakeIn) -> None:
    for layout in spec(kind).layouts:
        newest = int(layout)
        is_stock = spec(kind).period_kind == "stock"
        period = f"{newest - 1}{newest % 100}" if is_stock else str(newest - 1)
        receipt = take_in(csv_bytes([wide(kind, layout, "All EHC plans", period)]))
        assert (receipt.kind, receipt.dataset) == (kind, spec(kind).dataset)
        assert receipt.vintage == layout
        named = {"unknown_column", "missing_column", "unseen_label", "unusual_period"}
        assert not named & {item.rule for item in receipt.findings}


def test_the_need_files_are_told_apart_by_the_kind_of_period(take_in: TakeIn) -> None:
    stock = take_in(csv_bytes([wide("sen_needs_caseload", "2025", "All EHC plans", "202425")]))
    flow = take_in(csv_bytes([wide("sen_need_newplans", "2025", "All EHC plans", "2024")]))
    assert (stock.kind, flow.kind) == ("sen_needs_caseload", "sen_need_newplans")


def test_a_topic_label_tells_the_release_where_columns_do_not(take_in: TakeIn) -> None:
    old = wide("requests", "2025", "All requests for EHC needs assessments", "2023")
    new = wide("requests", "2026", "All requests for an EHC needs assessment", "2023")
    assert take_in(csv_bytes([old])).vintage == "2025"
    assert take_in(csv_bytes([new])).vintage == "2026"


def test_renamed_columns_keep_one_name(take_in: TakeIn, landed: Landed) -> None:
    take_in(csv_bytes([wide("newplans", "2026", "All new EHC plans", "2025", await_prov="7")]))
    assert cells(landed)["newplans", "await_prov_2022"] == "7"
    assert ("newplans", "await_prov") not in cells(landed)


def test_a_school_years_stamp_on_a_calendar_year_is_corrected(
    take_in: TakeIn, landed: Landed
) -> None:
    stamped = wide("sen_need_newplans", "2025", "All EHC plans", "2024", time_period="202425")
    receipt = take_in(csv_bytes([stamped]))
    assert [item.rule for item in receipt.findings] == ["period_stamp"]
    assert receipt.vintage == "2025"
    assert [item["time_period"] for item in landed("published_row")] == ["2024"]


def test_a_stamp_that_names_no_school_year_is_not_corrected(
    take_in: TakeIn, landed: Landed
) -> None:
    stamped = wide("sen_need_newplans", "2025", "All EHC plans", "2024", time_period="202428")
    plain = wide("sen_need_newplans", "2025", "All EHC plans", "2024")
    receipt = take_in(csv_bytes([stamped, plain]))
    (told,) = [item for item in receipt.findings if item.rule == "period_stamp"]
    assert "not applied" in told.remedy
    assert [item["time_period"] for item in landed("published_row")] == ["2024"]
    (aside,) = landed("quarantined_row")
    assert (aside["row_number"], aside["reason"]) == (2, "its time_period is not a year")


def test_a_january_of_no_school_year_is_put_aside(take_in: TakeIn, landed: Landed) -> None:
    years = ("202425", "202428", "2024")
    take_in(csv_bytes([wide("caseload", "2025", "All EHC plans", year) for year in years]))
    assert [item["time_period"] for item in landed("published_row")] == ["202425", "2024"]
    (aside,) = landed("quarantined_row")
    assert "school year" in aside["reason"]


def test_the_whole_is_the_whole_in_both_columns(take_in: TakeIn, landed: Landed) -> None:
    """A row that says so in one column only would stop every later build."""
    labels = [("All EHC plans", "Odd"), ("Sex", "All"), ("Moon phase", "All")]
    rows = [
        wide("caseload", "2025", topic, "202425", breakdown=breakdown)
        for topic, breakdown in labels
    ]
    receipt = take_in(csv_bytes(rows))
    assert [item.rule for item in receipt.findings] == ["unseen_label"] * 3
    stored = [(item["breakdown_topic"], item["breakdown"]) for item in landed("published_row")]
    assert stored == [
        ("All EHC plans", "Odd"),
        ("Sex", "Sex: All"),
        ("Moon phase", "Moon phase: All"),
    ]


def annual_reviews(first: str, second: str) -> bytes:
    """A file with review_meeting_prior_24 twice."""
    given = wide("annual_reviews", "2025", "All annual reviews", review_meeting_prior_24=first)
    head, line = csv_bytes([given]).decode().splitlines()
    return f"{head},review_meeting_prior_24\r\n{line},{second}\r\n".encode()


def test_the_declared_repetition_is_merged_while_both_are_equal(
    take_in: TakeIn, landed: Landed
) -> None:
    receipt = take_in(annual_reviews("5", "5"))
    (told,) = [item for item in receipt.findings if item.rule == "repeated_column"]
    assert (told.severity, told.column_name) == ("info", "review_meeting_prior_24")
    assert cells(landed)["annual_reviews", "review_meeting_prior_24"] == "5"


def test_the_declared_repetition_is_not_merged_once_they_differ(
    take_in: TakeIn, landed: Landed
) -> None:
    receipt = take_in(annual_reviews("5", "6"))
    (told,) = [item for item in receipt.findings if item.rule == "repeated_column"]
    assert "not applied" in told.remedy
    named = {item.column_name for item in receipt.findings if item.rule == "unknown_column"}
    assert named == {"review_meeting_prior_24_2"}


def test_a_negative_count_stays_and_is_told(take_in: TakeIn, landed: Landed) -> None:
    given = wide("annual_reviews", "2025", "All annual reviews", review_decision_outstanding="-94")
    receipt = take_in(csv_bytes([given]))
    (told,) = [item for item in receipt.findings if item.rule == "negative_reviews_outstanding"]
    assert (told.row_count, told.first_row_number) == (1, 2)
    assert "rows 1,717" in told.message
    assert "rows 1, whole authorities 1" in told.message
    assert cells(landed)["annual_reviews", "review_decision_outstanding"] == "-94"


ESTAB = ("total_st", "total_st_pc", "total_ehc", "total_ehc_pc", "total_all", "total_all_pc")


YORKSHIRE = [
    "370",
    "371",
    "372",
    "373",
    "380",
    "381",
    "382",
    "383",
    "384",
    "810",
    "811",
    "812",
    "813",
    "815",
    "816",
]


def new_plans_2022(codes: list[str], value: str) -> bytes:
    """The whole-authority rows of new plans in 2022, each with the same total."""
    rows = [
        wide("newplans", "2025", "New EHC plans", "2022", old_la_code=code, new_ehc_plans=value)
        for code in codes
    ]
    return csv_bytes(rows)


def test_a_total_that_is_the_regions_is_withdrawn_and_its_neighbours_stay(
    take_in: TakeIn, landed: Landed
) -> None:
    receipt = take_in(new_plans_2022([*YORKSHIRE, "860"], "6078"))
    texts = [
        cell["value_text"]
        for cell in landed("published_cell")
        if cell["indicator"] == "new_ehc_plans"
    ]
    assert texts == ["x"] * 15 + ["6078"]
    (told,) = [item for item in receipt.findings if item.rule == "new_plans_of_the_region_2022"]
    assert (told.row_count, told.severity) == (15, "warning")


def test_it_is_not_withdrawn_once_the_publisher_has_mended_some(
    take_in: TakeIn, landed: Landed
) -> None:
    receipt = take_in(new_plans_2022(YORKSHIRE[:14], "6078"))
    assert "x" not in {cell["value_text"] for cell in landed("published_cell")}
    (told,) = [item for item in receipt.findings if item.rule == "new_plans_of_the_region_2022"]
    assert "not applied" in told.remedy


def estab(group: str, kind: str, *figures: str) -> Row:
    named = {"establishment_type": kind, "establishment_group": group}
    return long_2022(**named) | dict(zip(ESTAB, figures, strict=True))


def test_2022_settings_become_indicators_of_the_whole(take_in: TakeIn, landed: Landed) -> None:
    rows = [
        estab("Total", "Total", "z", "z", "6437", "100", "6437", "100"),
        estab("Mainstream school", "Total", "z", "z", "1910", "29.67", "1910", "29.6722"),
        estab("Special school", "Special - LA maintained", "1", "0.1", "2", "0.2", "3", "0.3"),
        estab("Special school", "Orbital school", "1", "0.1", "2", "0.2", "4", "0.4"),
    ]
    receipt = take_in(csv_bytes(rows, newline="\n"))
    assert (receipt.kind, receipt.vintage) == ("sen2_estab_caseload", "2022")
    assert receipt.row_count_accepted == 4
    found = {name: text for (_, name), text in cells(landed).items()}
    assert found["ehcplans"] == "6437"
    assert found["ehcplans_statements"] == "z"
    assert found["mainstream_total"] == "1910"
    assert found["mainstream_total_pc"] == "29.6722"
    assert found["mainstream_total_ehc_only"] == "1910"
    assert found["special_la_maintained_without_hospital_schools"] == "3"
    assert found["special_school_orbital_school"] == "4"
    assert [item.rule for item in receipt.findings] == ["unseen_label"]
    stored = landed("published_row")
    assert {(item["breakdown_topic"], item["breakdown"]) for item in stored} == {("All", "All")}
    assert {item["period_kind"] for item in stored} == {"stock"}
    assert [item["breakdown_label"] for item in stored][1:3] == ["Total", "Special - LA maintained"]


def test_2022_new_plans_have_names_of_their_own(take_in: TakeIn, landed: Landed) -> None:
    columns = spec("sen2_estab_new_plans").columns_of("2022")
    rows = [
        long_2022("2021", establishment_type="Total", establishment_group=group)
        | dict.fromkeys(columns, figure)
        for group, figure in (("Total", "634"), ("NEET", "7"))
    ]
    receipt = take_in(csv_bytes(rows))
    assert (receipt.kind, receipt.dataset, receipt.findings) == (
        "sen2_estab_new_plans",
        "newplans",
        (),
    )
    found = {name: text for (_, name), text in cells(landed).items()}
    assert found["new_ehc_plans"] == "634"
    assert found["neet_not_compared"] == "7"
    assert {item["period_kind"] for item in landed("published_row")} == {"flow"}


def test_2022_age_groups_become_breakdowns(take_in: TakeIn, landed: Landed) -> None:
    rows = [
        long_2022(characteristic_age=label) | dict(zip(ESTAB, "zz" + "1234", strict=True))
        for label in ("Total", "Under 5", "Age 5 to 10")
    ]
    take_in(csv_bytes(rows))
    stored = [(item["breakdown_topic"], item["breakdown"]) for item in landed("published_row")]
    assert stored == [("All", "All"), ("Age", "Age under 5"), ("Age", "Age 5 to 10")]
    by_row = {
        (item["row_number"], item["indicator"]): item["value_text"]
        for item in landed("published_cell")
    }
    assert by_row[3, "ehcplans"] == "3"
    assert by_row[2, "ehcplans_all_ages"] == "3"
    assert (2, "ehcplans") not in by_row


def test_2022_columns_go_to_the_data_set_they_belong_to(take_in: TakeIn, landed: Landed) -> None:
    columns = [name for part in spec("sen2_mi").parts.values() for name in part.columns]
    figures = {name: str(number) for number, name in enumerate(columns)}
    receipt = take_in(csv_bytes([long_2022("2021", **figures)]))
    assert receipt.kind == "sen2_mi"
    found = cells(landed)
    assert len(found) == len(columns)
    assert found["requests", "requests_received_in_year"] == figures["inreqehc"]
    assert found["timeliness_20_week", "pc_plans_issued_20_weeks_ex"] == figures["noexc20weekrate"]
    assert found["personal_budgets", "personal_budget"] == figures["personalbudgets"]
    stored = {item["dataset"]: item for item in landed("published_row")}
    assert (stored["requests"]["period_kind"], stored["requests"]["time_period"]) == (
        "flow",
        "2021",
    )
    budgets = stored["personal_budgets"]
    assert (budgets["period_kind"], budgets["time_period"]) == ("stock", "2022")
    assert {item["vintage"] for item in stored.values()} == {"2022"}
    file_ids = [item["file_id"] for item in landed("received_file")]
    assert len(set(file_ids)) == len(spec("sen2_mi").parts)


def test_2022_answers_are_the_words_of_2025(take_in: TakeIn, landed: Landed) -> None:
    kind = "sen2_wbp_residential_dmo"
    columns = [name for part in spec(kind).parts.values() for name in part.columns]
    receipt = take_in(
        csv_bytes(
            [
                long_2022()
                | dict.fromkeys(columns, "1")
                | {"dmo": "Y", "dco": "R", "dmodcofunction": "N"}
            ]
        )
    )
    assert receipt.findings == ()
    found = cells(landed)
    assert found["medical_officers", "des_med_off"] == "Yes"
    assert found["medical_officers", "des_clin_off"] == "Recruiting"
    assert found["residential_settings", "res_3851"] == "1"
