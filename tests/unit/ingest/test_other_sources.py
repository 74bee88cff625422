"""LAIT, tribunal appeals, population, neighbours, code lists and boundaries, on small files."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from typing import Any

import pytest

from pipelines.errors import InputError
from pipelines.ingest.door import Receipt
from pipelines.settings import Settings

TakeIn = Callable[..., Receipt]
Landed = Callable[[str], list[dict[str, Any]]]

LAIT_HEAD = "Short Desc,Measure,Polarity,Years,LA and Regions,LA Number,Region,Values\n"


def by_row(landed: Landed) -> dict[int, dict[str, Any]]:
    return {item["row_number"]: item for item in landed("published_row")}


def texts(landed: Landed) -> dict[tuple[int, str], str]:
    return {
        (item["row_number"], item["indicator"]): item["value_text"]
        for item in landed("published_cell")
    }


def test_lait(take_in: TakeIn, landed: Landed) -> None:
    lines = [
        "SEN_TotStat,x,,2025,Staffordshire,860.0,West Midlands,5.4",
        "SEN_TotStat,x,,2025,England,970.0,NA,-",
        "SEN_INIT_REQ,x,,2024,South West,990.0,NA,..",
        "SEN_CASES_JAN,x,,2024,Nowhere,1.5,NA,1",
        "SEN_INIT_REQ,x,,2023,South West,990.0,NA,7.0000000000000007E-2",
    ]
    receipt = take_in(gzip.compress((LAIT_HEAD + "\n".join(lines)).encode()), "l.csv.gz")
    assert (receipt.kind, receipt.vintage, receipt.dataset) == ("lait", "2025", "lait")
    assert (receipt.row_count_in, receipt.row_count_accepted) == (5, 4)
    assert [(item.rule, item.severity, item.row_count) for item in receipt.findings] == [
        ("symbol_replaced", "info", 2),
        ("rows_put_aside", "error", 1),
    ]
    rows = by_row(landed)
    assert (rows[2]["la_code"], rows[2]["period_kind"]) == ("860", "stock")
    assert rows[3]["geographic_level"] == "National"
    assert (rows[3]["la_code"], rows[3]["region_code"]) == (None, None)
    assert (rows[4]["geographic_level"], rows[4]["region_code"]) == ("Regional", "E12000009")
    assert rows[4]["period_kind"] == "flow"
    found = texts(landed)
    assert found[2, "sen_totstat"] == "5.4"
    assert found[3, "sen_totstat"] == found[4, "sen_init_req"] == "x"
    assert float(found[6, "sen_init_req"]) == pytest.approx(0.07)
    assert [item["row_number"] for item in landed("quarantined_row")] == [5]


def test_a_lait_measure_that_is_not_declared(take_in: TakeIn, landed: Landed) -> None:
    line = "NEW_MEASURE,x,,2025,Staffordshire,860.0,West Midlands,1\n"
    receipt = take_in((LAIT_HEAD + line).encode())
    assert [item.rule for item in receipt.findings] == ["unseen_label"]
    assert by_row(landed)[2]["period_kind"] == "flow"


TRIBUNAL = """"SEND Appeal rate table 1: Appeal rate to the SEND Tribunal based on total appealable decisions1",,,,,,,,,
,,,,,,,,,
Local Authority,LA code,2023,,,2024,,,,
,,Appeals registered4,Total Appealable Decisions1,SEND Tribunal Appeal Rate2,Appeals registered4,"Total Appealable Decisions1,9",SEND Tribunal Appeal Rate2,"In development: Total Appealable Decisions1,8",In development: SEND Tribunal Appeal Rate2
WEST MIDLANDS,,,,,,,,,
Staffordshire,860,286,"8,412",3.40%,435,"9,456",4.60%,"4,806",9.10%
Stoke-on-Trent8,861, - ,"1,000",0.00%,~, .. ,..,,x
Poole5,, .. , .. , .. , .. , .. , .. ,,
"England Total4,9",,"15,615","617,776",2.50%,"22,276","689,739",3.20%,"364,912",6.10%
England total excluding suppressed,,,,,"22,082",,,,
Notes: ,,,,,,,,,
"1. A note
- of two lines",,,,,,,,,
"""  # noqa: E501


def test_tribunal(take_in: TakeIn, landed: Landed) -> None:
    receipt = take_in(TRIBUNAL.encode("utf-8-sig"))
    assert (receipt.kind, receipt.vintage) == ("tribunal_appeals", "2025")
    assert (receipt.row_count_in, receipt.row_count_accepted) == (5, 4)
    (aside,) = landed("quarantined_row")
    assert (aside["row_number"], "second total" in aside["reason"]) == (10, True)
    years = {item["file_id"]: item["file_id"][-4:] for item in landed("received_file")}
    cells = {
        (years[item["file_id"]], item["row_number"], item["indicator"]): item["value_text"]
        for item in landed("published_cell")
    }
    assert cells["2023", 6, "appealable_decisions"] == "8412"
    assert cells["2024", 6, "appeal_rate_2024_basis"] == "9.10"
    assert cells["2024", 9, "appeals_registered"] == "22276"
    assert cells["2023", 7, "appeals_registered"] == "0"
    assert cells["2024", 7, "appeals_registered"] == "~"
    assert cells["2024", 7, "appealable_decisions"] == "x"
    assert cells["2024", 7, "appeal_rate_2024_basis"] == "x"
    rows = {(years[item["file_id"]], item["row_number"]): item for item in landed("published_row")}
    assert rows["2024", 6]["time_period"] == "2024"
    assert (rows["2023", 7]["la_code"], rows["2023", 7]["area_name"]) == ("861", "Stoke-on-Trent")
    assert rows["2023", 8]["la_code"] == "836"
    assert rows["2023", 9]["geographic_level"] == "National"
    assert {item.rule for item in receipt.findings} == {
        "tribunal_codes_of_other_authorities",
        "tribunal_dash_is_nought",
        "symbol_replaced",
        "blank_cell",
        "rows_put_aside",
    }
    (told,) = [item for item in receipt.findings if item.rule == "rows_put_aside"]
    assert (told.severity, told.row_count, told.first_row_number) == ("info", 1, 10)


def test_a_tribunal_dash_beside_another_rate_is_not_nought(take_in: TakeIn, landed: Landed) -> None:
    receipt = take_in(TRIBUNAL.replace("0.00%", "0.10%").encode())
    (told,) = [item for item in receipt.findings if item.rule == "tribunal_dash_is_nought"]
    assert "not applied" in told.remedy
    assert texts(landed)[7, "appeals_registered"] in {"x", "~"}
    assert "0" not in {item["value_text"] for item in landed("published_cell")}


SWAPPED = {
    "Northamptonshire": ("892", "928"),
    "Nottingham": ("891", "892"),
    "Nottinghamshire": ("928", "891"),
    "Central Bedfordshire": ("873", "823"),
    "Cambridgeshire": ("823", "873"),
}


@pytest.mark.parametrize("missing", [None, "Nottingham"])
def test_tribunal_authorities_under_anothers_code(
    take_in: TakeIn, landed: Landed, missing: str | None
) -> None:
    lines = [
        f"{name},{code},1,2,3%,,,,,\n" for name, (code, _) in SWAPPED.items() if name != missing
    ]
    receipt = take_in(TRIBUNAL.replace("WEST MIDLANDS", "".join(lines) + "WEST MIDLANDS").encode())
    (told,) = [item for item in receipt.findings if item.rule.endswith("other_authorities")]
    stored = {item["area_name"]: item["la_code"] for item in landed("published_row")}
    printed, right = 0, 1
    column = printed if missing else right
    wanted = {name: codes[column] for name, codes in SWAPPED.items() if name != missing}
    assert {name: stored[name] for name in wanted} == wanted
    assert ("not applied" in told.remedy) == bool(missing)


def test_a_tribunal_column_that_is_not_known_refuses_the_table(take_in: TakeIn) -> None:
    with pytest.raises(InputError, match="the column 'Appeals withdrawn' under 2024"):
        take_in(
            TRIBUNAL.replace(
                "In development: SEND Tribunal Appeal Rate2", "Appeals withdrawn1"
            ).encode()
        )


def test_population(take_in: TakeIn, landed: Landed) -> None:
    head = (
        "time_period,time_identifier,geographic_level,country_code,country_name,region_code,"
        "region_name,old_la_code,new_la_code,la_name,age_group,population_estimate\n"
    )
    place = "E12000005,West Midlands,860,E10000028,Staffordshire,Children aged 0 to 17 years"
    lines = [
        f"2024,Reporting year,Local authority,E92000001,England,{place},174804",
        "2023,Reporting year,National,E92000001,England,,,,,,Children aged 0 to 17 years,12000000",
        "2024,Reporting year,National,E92000001,England,,,,,,Adults,1",
    ]
    receipt = take_in((head + "\n".join(lines)).encode())
    assert (receipt.kind, receipt.vintage) == ("population", "2024")
    assert (receipt.row_count_in, receipt.row_count_quarantined) == (3, 1)
    rows = by_row(landed)
    assert (rows[2]["la_code"], rows[2]["period_kind"], rows[2]["source"]) == (
        "860",
        "mid_year",
        "ons",
    )
    assert rows[3]["area_name"] == "England"
    assert texts(landed)[2, "population_aged_0_17"] == "174804"


def neighbour_file(codes: list[str]) -> bytes:
    pairs = [f"SN_{n},SN_{n}P" for n in range(1, 11)]
    head = "old_la_code,la_name,region_ind,region_name," + ",".join(pairs)
    lines = [
        f"{code},Somewhere,1,North," + ",".join(f"{800 + n},Close " for n in range(10))
        for code in codes
    ]
    return "\r\n".join([head, *lines]).encode("utf-8-sig")


def test_neighbours(take_in: TakeIn, landed: Landed) -> None:
    receipt = take_in(neighbour_file(["860", "942", "943", "bad"]))
    assert (receipt.kind, receipt.row_count_in, receipt.row_count_accepted) == ("neighbours", 4, 3)
    rows = [item for item in landed("neighbour") if item["la_code"] == "860"]
    assert [item["position"] for item in rows] == list(range(1, 11))
    assert (rows[0]["neighbour_la_code"], rows[0]["closeness"]) == ("800", "Close")
    assert {item["model"] for item in rows} == {"2025"}


def test_neighbours_of_no_known_model_are_refused(take_in: TakeIn) -> None:
    with pytest.raises(InputError, match="no known model"):
        take_in(neighbour_file(["860"]))


def test_code_lists(take_in: TakeIn, landed: Landed) -> None:
    authorities = take_in(b"old_la_code,new_la_code,la_name\n860,E10000028,Staffordshire\n8,z,Z\n")
    districts = take_in(b"lad_code,lad_name\nE07000192,Cannock Chase\n")
    assert (authorities.kind, authorities.row_count_quarantined) == ("authority_codes", 1)
    assert (districts.kind, districts.row_count_accepted) == ("district_codes", 1)
    assert landed("authority_code")[0]["la_name"] == "Staffordshire"
    assert landed("district_code")[0]["lad_code"] == "E07000192"


def feature(code: object = "E07000192", shape: str = "Polygon", x: float = -1.9) -> dict[str, Any]:
    ring = [[[x, 52.7], [-1.8, 52.7], [-1.8, 52.8], [x, 52.7]]]
    return {
        "type": "Feature",
        "properties": {"lad_code": code},
        "geometry": {"type": shape, "coordinates": ring},
    }


def collection(*features: dict[str, Any]) -> bytes:
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


def test_a_boundary_is_kept_as_it_came(
    take_in: TakeIn, landed: Landed, workspace: Settings
) -> None:
    raw = collection(feature(), feature("E07000193"))
    receipt = take_in(raw, "map.geojson")
    assert (receipt.kind, receipt.row_count_accepted) == ("boundary", 2)
    (file,) = landed("received_file")
    assert (file["kind"], file["source"]) == ("boundary", "council")
    assert (workspace.landing / "boundary" / f"{file['file_id']}.geojson").read_bytes() == raw


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"{", "not readable as JSON"),
        (b'{"type": "Feature"}', "no GeoJSON FeatureCollection"),
        (collection(), "is empty"),
        (collection(feature(code=None)), "feature 1 has no lad_code"),
        (collection(feature(), feature(code="Cannock")), "feature 2 has no lad_code"),
        (collection(feature(shape="Point")), "not a Polygon"),
        (collection(feature(x=400000.0)), "not longitude and latitude"),
    ],
)
def test_a_boundary_that_no_map_can_use_is_refused(take_in: TakeIn, raw: bytes, words: str) -> None:
    with pytest.raises(InputError, match=words):
        take_in(raw, "map.geojson")


def test_an_area_that_stands_twice_is_named(take_in: TakeIn) -> None:
    receipt = take_in(collection(feature(), feature()), "map.geojson")
    assert [(item.rule, "E07000192" in item.message) for item in receipt.findings] == [
        ("repeated_area", True)
    ]
