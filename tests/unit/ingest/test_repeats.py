"""Rows of one file that claim one place: put aside, named, and never built from."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from pipelines.ingest.door import Receipt
from tests.unit.ingest.conftest import Row, csv_bytes, row
from tests.unit.ingest.test_other_sources import LAIT_HEAD, TRIBUNAL
from tests.unit.ingest.test_releases_of_ees import estab

TakeIn = Callable[..., Receipt]
Landed = Callable[[str], list[dict[str, Any]]]
LAIT = "SEN_TotStat,x,,2025,Staffordshire,860.0,West Midlands,"
POPULATION = (
    "time_period,geographic_level,region_code,region_name,old_la_code,new_la_code,la_name,"
    "age_group,population_estimate\n"
)
STAFFORDSHIRE = (
    "2024,Local authority,E12000005,West Midlands,860,E10000028,Staffordshire,"
    "Children aged 0 to 17 years,"
)


def numbers(rows: list[dict[str, Any]]) -> list[int]:
    return sorted(item["row_number"] for item in rows)


def aside(receipt: Receipt) -> list[tuple[str, int, int | None, str]]:
    """(severity, rows, first row, whether the rows agree) of the findings on rows put aside."""
    return [
        (item.severity, item.row_count, item.first_row_number, _sort(item.message))
        for item in receipt.findings
        if item.rule == "rows_put_aside"
    ]


def _sort(message: str) -> str:
    return "alike" if "repeats an earlier row" in message else "conflicting"


def test_of_rows_that_are_alike_the_first_is_used(take_in: TakeIn, landed: Landed) -> None:
    receipt = take_in(csv_bytes([row(), row("202324"), row(), row()]))
    assert (receipt.row_count_accepted, receipt.row_count_quarantined) == (2, 2)
    assert aside(receipt) == [("error", 2, 4, "alike")]
    assert numbers(landed("published_row")) == [2, 3]
    assert numbers(landed("quarantined_row")) == [4, 5]
    assert {item["row_number"] for item in landed("published_cell")} == {2, 3}


def test_of_rows_that_differ_none_is_used(take_in: TakeIn, landed: Landed) -> None:
    receipt = take_in(csv_bytes([row(), row("202324"), row(), row(neet="2")]))
    assert aside(receipt) == [("error", 3, 2, "conflicting")]
    assert numbers(landed("published_row")) == [3]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"breakdown": "age 7"}, {"breakdown": "Aged 7"}),
        ({"time_period": "202425"}, {"time_period": "2025"}),
    ],
)
def test_two_labels_of_one_place_conflict(take_in: TakeIn, one: Row, other: Row) -> None:
    topic = {"breakdown_topic": "Young persons age", "breakdown": "age 7"}
    receipt = take_in(csv_bytes([row("202324"), row(**topic | one), row(**topic | other)]))
    assert aside(receipt) == [("error", 2, 3, "conflicting")]


def test_a_label_is_told_once_although_rows_are_put_aside(take_in: TakeIn) -> None:
    strange = {"breakdown_topic": "Moon phase", "breakdown": "Full"}
    receipt = take_in(csv_bytes([row(), row(), row(**strange)]))
    assert [item.rule for item in receipt.findings] == ["unseen_label", "rows_put_aside"]


def test_areas_that_share_a_region_are_no_repeats(take_in: TakeIn) -> None:
    region = {"geographic_level": "Regional", "old_la_code": "z", "region_code": "E12000005"}
    nation = {"geographic_level": "National", "old_la_code": "z", "region_code": "z"}
    rows = [row(), row(old_la_code="861"), row(**region), row(**nation)]
    assert take_in(csv_bytes(rows)).findings == ()


def test_the_long_layout_has_several_rows_of_one_area(take_in: TakeIn, landed: Landed) -> None:
    figures = ("1", "1", "1", "1", "1", "1")
    rows = [
        estab("Total", "Total", *figures),
        estab("Mainstream school", "Total", *figures),
        estab("Special school", "Total", *figures),
        estab("Special school", "Total", *figures[:-1], "2"),
    ]
    receipt = take_in(csv_bytes(rows))
    assert aside(receipt) == [("error", 2, 4, "conflicting")]
    assert numbers(landed("published_row")) == [2, 3]


@pytest.mark.parametrize(
    ("value", "sort", "left"), [("5.4", "alike", 2), ("5.5", "conflicting", 1)]
)
def test_lait(take_in: TakeIn, landed: Landed, value: str, sort: str, left: int) -> None:
    lines = [LAIT.replace("2025", "2024") + "1", LAIT + "5.4", LAIT + value]
    receipt = take_in((LAIT_HEAD + "\n".join(lines)).encode())
    assert [item[3] for item in aside(receipt)] == [sort]
    assert len(landed("published_row")) == left


def test_population(take_in: TakeIn, landed: Landed) -> None:
    lines = [STAFFORDSHIRE.replace("2024", "2023") + "1", STAFFORDSHIRE + "1", STAFFORDSHIRE + "2"]
    receipt = take_in((POPULATION + "\n".join(lines)).encode())
    assert aside(receipt) == [("error", 2, 3, "conflicting")]
    assert numbers(landed("published_row")) == [2]


def test_a_negative_population_is_not_available(take_in: TakeIn, landed: Landed) -> None:
    receipt = take_in((POPULATION + STAFFORDSHIRE + "-1").encode())
    assert [(item.rule, item.severity) for item in receipt.findings] == [
        ("negative_count", "error")
    ]
    assert [item["value_text"] for item in landed("published_cell")] == ["x"]


@pytest.mark.parametrize(
    ("value", "sort", "left"), [("286", "alike", 4), ("287", "conflicting", 3)]
)
def test_tribunal(take_in: TakeIn, landed: Landed, value: str, sort: str, left: int) -> None:
    line = next(text for text in TRIBUNAL.splitlines() if text.startswith("Staffordshire"))
    twice = TRIBUNAL.replace(line, f"{line}\n{line.replace('286', value)}")
    receipt = take_in(twice.encode())
    (told, _) = sorted(aside(receipt), key=lambda item: item[0])
    assert (told[0], told[3]) == ("error", sort)
    assert receipt.row_count_accepted == left
    assert len(landed("published_row")) == 2 * left


def test_a_negative_tribunal_figure_is_not_available(take_in: TakeIn, landed: Landed) -> None:
    receipt = take_in(TRIBUNAL.replace(",286,", ",-286,").encode())
    (told,) = [item for item in receipt.findings if item.rule == "negative_count"]
    assert (told.severity, told.row_count) == ("error", 1)
    assert "-286" not in {item["value_text"] for item in landed("published_cell")}
