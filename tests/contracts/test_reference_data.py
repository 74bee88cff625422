"""What must be true of data/reference and data/councils by themselves, without the published files.

Comparison with the publishers' files belongs in tests/real/test_reference_data_real.py.
"""

from __future__ import annotations

import csv
import datetime as dt
import re
from collections import Counter
from pathlib import Path

import pytest
import yaml

DATA = Path(__file__).resolve().parents[2] / "data"
REFERENCE = DATA / "reference"

Row = dict[str, str]

# Column order is part of the contract: staging reads by name, people read from the left.
COLUMNS = {
    "authority": [
        "la_code",
        "authority_name",
        "region_code",
        "valid_from",
        "valid_to",
        "succeeded_by",
        "source",
    ],
    "gss_code": ["la_code", "gss_code", "is_current", "first_seen", "last_seen", "source"],
    "region": [
        "region_code",
        "region_name",
        "region_kind",
        "parent_code",
        "country_code",
        "lait_number",
        "source",
    ],
    "district": ["lad_code", "district_name", "la_code", "source"],
    "neighbour": ["la_code", "neighbour_la_code", "position", "closeness", "model", "source"],
    "establishment_type": [
        "establishment_type_code",
        "establishment_type",
        "placement_setting",
        "placement_group",
        "is_unusual_for_send",
        "open_question",
        "source",
    ],
    "headline_figures": [
        "source",
        "vintage",
        "dataset",
        "indicator",
        "period_kind",
        "time_period",
        "time_identifier",
        "geographic_level",
        "region_code",
        "gss_code",
        "la_code",
        "area_name",
        "breakdown_topic",
        "breakdown",
        "value_text",
        "publication",
        "note",
    ],
}
KEYS = {
    "authority": ["la_code"],
    "gss_code": ["gss_code"],
    "region": ["region_code"],
    "district": ["lad_code"],
    "neighbour": ["la_code", "neighbour_la_code", "model"],
    "establishment_type": ["establishment_type_code"],
    "headline_figures": [
        "source",
        "vintage",
        "dataset",
        "indicator",
        "time_period",
        "geographic_level",
        "region_code",
        "la_code",
    ],
}
ROW_COUNTS = {
    "authority": 158,
    "gss_code": 165,
    "region": 12,
    "district": 146,
    "neighbour": 1530,
    "establishment_type": 41,
    "headline_figures": 4100,
}
KIND_OF_DATASET = {
    "caseload": "stock",
    "newplans": "flow",
    "requests": "flow",
    "assessments": "flow",
    "timeliness_20_week": "flow",
    "annual_reviews": "flow",
    "ceased_plans": "flow",
}
STOCKS_OF_LAIT = {"sen_totstat", "sen_totsensup"}
SYMBOLS = {"dfe": {"x", "z", "c", "low"}, "lait": {"-", ".."}}
NUMBER = re.compile(r"-?\d+(\.\d+)?")
WEST_MIDLANDS = "E12000005"
SAMPLE = "999"


def read_table(name: str) -> list[Row]:
    with (REFERENCE / f"{name}.csv").open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle, strict=True))


def open_authorities() -> dict[str, Row]:
    return {row["la_code"]: row for row in read_table("authority") if not row["valid_to"]}


def figure(**wanted: str) -> str:
    """The one printed value that fits; fails when there is none or more than one."""
    found = [
        row["value_text"]
        for row in read_table("headline_figures")
        if all(row[column] == value for column, value in wanted.items())
    ]
    assert len(found) == 1, (wanted, found)
    return found[0]


def test_every_file_of_the_folder_is_described() -> None:
    assert {path.stem for path in REFERENCE.glob("*.csv")} == set(COLUMNS)
    readme = (REFERENCE / "README.md").read_text(encoding="utf-8")
    for name, count in ROW_COUNTS.items():
        pattern = rf"^\| `{name}\.csv` \|.*\| {count:,} \|$"
        assert re.search(pattern, readme, re.MULTILINE), name


@pytest.mark.parametrize("name", sorted(COLUMNS))
def test_table_has_its_columns_key_count_and_source(name: str) -> None:
    rows = read_table(name)
    assert len(rows) == ROW_COUNTS[name]
    assert list(rows[0]) == COLUMNS[name]
    keys = Counter(tuple(row[column] for column in KEYS[name]) for row in rows)
    assert [key for key, count in keys.items() if count > 1] == []
    for row in rows:
        assert row["source"], row
        assert all(cell == cell.strip() for cell in row.values()), row


def test_authorities_are_153_open_and_5_abolished() -> None:
    rows = read_table("authority")
    assert len(open_authorities()) == 153
    abolished = {r["la_code"]: (r["valid_to"], r["succeeded_by"]) for r in rows if r["valid_to"]}
    assert abolished == {
        "835": ("2019-03-31", "838 839"),
        "836": ("2019-03-31", "839"),
        "837": ("2019-03-31", "839"),
        "909": ("2023-03-31", "942 943"),
        "928": ("2021-03-31", "940 941"),
    }


def test_a_successor_starts_the_day_after_and_is_open() -> None:
    authorities = {row["la_code"]: row for row in read_table("authority")}
    checked = 0
    for row in authorities.values():
        for successor in row["succeeded_by"].split():
            first = dt.date.fromisoformat(authorities[successor]["valid_from"])
            last = dt.date.fromisoformat(row["valid_to"])
            assert first - last == dt.timedelta(days=1), (row, successor)
            assert not authorities[successor]["valid_to"]
            checked += 1
    assert checked == 8


def test_codes_of_authorities_have_their_shape() -> None:
    for row in read_table("authority"):
        assert re.fullmatch(r"[2-9]\d{2}", row["la_code"]), row
        for column in ("valid_from", "valid_to"):
            assert not row[column] or dt.date.fromisoformat(row[column])
        assert bool(row["valid_to"]) == bool(row["succeeded_by"]), row
    for row in read_table("gss_code"):
        assert re.fullmatch(r"E(06|08|09|10)\d{6}", row["gss_code"]), row


def test_every_authority_stands_in_one_of_the_nine_regions() -> None:
    regions = {r["region_code"] for r in read_table("region") if r["region_kind"] == "region"}
    used = {row["region_code"] for row in read_table("authority")}
    assert regions == {f"E1200000{number}" for number in range(1, 10)}
    assert used == regions


def test_regions_form_one_tree_under_england() -> None:
    rows = {row["region_code"]: row for row in read_table("region")}
    kinds = Counter(row["region_kind"] for row in rows.values())
    assert kinds == {"nation": 1, "region": 9, "sub_region": 2}
    parent_kind = {"region": "nation", "sub_region": "region"}
    for row in rows.values():
        assert row["country_code"] == "E92000001"
        if row["region_kind"] == "nation":
            assert row["parent_code"] == ""
        else:
            assert rows[row["parent_code"]]["region_kind"] == parent_kind[row["region_kind"]]
    numbers = sorted(int(row["lait_number"]) for row in rows.values())
    assert numbers == [970, *range(980, 991)]


def test_each_authority_has_exactly_one_current_code() -> None:
    codes = read_table("gss_code")
    assert {row["is_current"] for row in codes} == {"true", "false"}
    current = Counter(row["la_code"] for row in codes if row["is_current"] == "true")
    assert current == Counter(row["la_code"] for row in read_table("authority"))
    assert {row["la_code"] for row in codes} == set(current)


@pytest.mark.parametrize(
    ("la_code", "current", "earlier"),
    [
        ("370", "E08000038", "E08000016"),
        ("373", "E08000039", "E08000019"),
        ("390", "E08000037", "E08000020"),
        ("815", "E06000065", "E10000023"),
        ("825", "E06000060", "E10000002"),
        ("929", "E06000057", "E06000048"),
        ("933", "E06000066", "E10000027"),
    ],
)
def test_an_authority_with_two_codes_has_the_newer_one(
    la_code: str, current: str, earlier: str
) -> None:
    states = {
        row["gss_code"]: row["is_current"]
        for row in read_table("gss_code")
        if row["la_code"] == la_code
    }
    assert states == {current: "true", earlier: "false"}


def test_no_other_authority_has_two_codes() -> None:
    counts = Counter(row["la_code"] for row in read_table("gss_code"))
    assert sum(counts.values()) - len(counts) == 7
    assert max(counts.values()) == 2


def test_years_seen_run_forwards_and_are_missing_together() -> None:
    unseen = set()
    for row in read_table("gss_code"):
        if not row["first_seen"]:
            assert row["last_seen"] == ""
            unseen.add(row["gss_code"])
        else:
            assert 2009 <= int(row["first_seen"]) <= int(row["last_seen"]) <= 2026, row
    assert unseen == {"E08000038", "E08000039"}


def test_districts_belong_to_a_known_authority() -> None:
    rows = read_table("district")
    authorities = {row["la_code"] for row in read_table("authority")}
    code_owner = {row["gss_code"]: row["la_code"] for row in read_table("gss_code")}
    assert {row["la_code"] for row in rows} <= authorities
    own = [row for row in rows if not row["lad_code"].startswith("E07")]
    assert len(own) == 138
    assert all(code_owner[row["lad_code"]] == row["la_code"] for row in own)


def test_staffordshire_has_its_eight_districts() -> None:
    found = {
        row["lad_code"]: row["district_name"]
        for row in read_table("district")
        if row["la_code"] == "860"
    }
    assert found == {
        "E07000192": "Cannock Chase",
        "E07000193": "East Staffordshire",
        "E07000194": "Lichfield",
        "E07000195": "Newcastle-under-Lyme",
        "E07000196": "South Staffordshire",
        "E07000197": "Stafford",
        "E07000198": "Staffordshire Moorlands",
        "E07000199": "Tamworth",
    }


def test_every_open_authority_has_ten_open_neighbours_in_order() -> None:
    rows = read_table("neighbour")
    still_open = set(open_authorities())
    positions: dict[str, list[int]] = {}
    for row in rows:
        assert row["model"] == "2025"
        assert row["neighbour_la_code"] in still_open, row
        assert row["neighbour_la_code"] != row["la_code"], row
        positions.setdefault(row["la_code"], []).append(int(row["position"]))
    assert set(positions) == still_open
    assert all(found == list(range(1, 11)) for found in positions.values())
    words = Counter(row["closeness"] for row in rows)
    assert words == {
        "Extremely close": 12,
        "Very close": 820,
        "Close": 513,
        "Somewhat close": 136,
        "Not close": 49,
    }


def test_staffordshire_has_the_neighbours_of_the_2025_model() -> None:
    found = [row["neighbour_la_code"] for row in read_table("neighbour") if row["la_code"] == "860"]
    assert found == ["811", "884", "893", "815", "933", "830", "877", "891", "943", "888"]


def test_headline_areas_are_staffordshire_its_neighbours_region_and_england() -> None:
    neighbours = {r["neighbour_la_code"] for r in read_table("neighbour") if r["la_code"] == "860"}
    authorities = {row["la_code"]: row for row in read_table("authority")}
    codes = {(row["la_code"], row["gss_code"]) for row in read_table("gss_code")}
    levels: Counter[str] = Counter()
    for row in read_table("headline_figures"):
        levels[row["geographic_level"]] += 1
        if row["geographic_level"] == "Local authority":
            assert row["la_code"] in {"860", *neighbours}
            assert row["area_name"] == authorities[row["la_code"]]["authority_name"]
            assert row["region_code"] == authorities[row["la_code"]]["region_code"]
            assert row["source"] == "lait" or (row["la_code"], row["gss_code"]) in codes
        else:
            assert (row["la_code"], row["gss_code"]) == ("", "")
            place = (row["geographic_level"], row["region_code"], row["area_name"])
            assert place in {
                ("National", "", "England"),
                ("Regional", WEST_MIDLANDS, "West Midlands"),
            }
    assert set(levels) == {"National", "Regional", "Local authority"}
    assert min(levels.values()) > 300


def test_headline_datasets_kinds_and_breakdowns_are_known() -> None:
    for row in read_table("headline_figures"):
        if row["source"] == "lait":
            assert (row["dataset"], row["vintage"]) == ("lait", "2025")
            kind = "stock" if row["indicator"] in STOCKS_OF_LAIT else "flow"
        else:
            assert row["source"] == "dfe"
            assert row["vintage"] in {"2022", "2025", "2026"}
            kind = KIND_OF_DATASET[row["dataset"]]
        assert row["period_kind"] == kind, row
        assert (row["breakdown_topic"], row["breakdown"]) == ("All", "All")
        assert row["indicator"] == row["indicator"].lower()
        assert row["publication"]


def test_headline_periods_have_the_shape_of_their_identifier() -> None:
    shapes = Counter(
        (row["source"], row["period_kind"], row["time_identifier"], len(row["time_period"]))
        for row in read_table("headline_figures")
    )
    assert shapes == {
        ("dfe", "stock", "Academic year", 6): 1782,
        ("dfe", "stock", "Calendar year", 4): 18,
        ("dfe", "flow", "Calendar year", 4): 2033,
        ("lait", "stock", "", 4): 60,
        ("lait", "flow", "", 4): 207,
    }


def test_headline_value_is_a_number_or_a_known_symbol() -> None:
    numbers = symbols = 0
    for row in read_table("headline_figures"):
        is_number = NUMBER.fullmatch(row["value_text"]) is not None
        is_symbol = row["value_text"] in SYMBOLS[row["source"]]
        assert is_number != is_symbol, row
        numbers += is_number
        symbols += is_symbol
    assert (numbers, symbols) == (3460, 640)


def test_a_headline_percentage_is_one_and_a_count_is_whole() -> None:
    shares = counts = 0
    for row in read_table("headline_figures"):
        if row["source"] != "dfe" or not NUMBER.fullmatch(row["value_text"]):
            continue
        if "pc" in row["indicator"].split("_"):
            assert 0 <= float(row["value_text"]) <= 100, row
            shares += 1
        elif not row["indicator"].startswith("avg_"):
            assert row["value_text"].isdigit(), row
            counts += 1
    assert min(shares, counts) > 1000


@pytest.mark.parametrize(
    ("expected", "wanted"),
    [
        ("3341", {"vintage": "2022", "time_period": "2014", "la_code": "860"}),
        ("6437", {"vintage": "2022", "time_period": "2022", "la_code": "860"}),
        ("8461", {"vintage": "2025", "time_period": "202425", "la_code": "860"}),
        ("9979", {"vintage": "2026", "time_period": "202526", "la_code": "860"}),
    ],
)
def test_the_plans_of_staffordshire_are_as_published(expected: str, wanted: dict[str, str]) -> None:
    assert figure(dataset="caseload", indicator="ehcplans", **wanted) == expected


@pytest.mark.parametrize(("vintage", "expected"), [("2025", "43.6"), ("2026", "43.8")])
def test_the_mainstream_share_of_england_is_held_in_both_vintages(
    vintage: str, expected: str
) -> None:
    share = figure(
        dataset="caseload",
        indicator="mainstream_total_pc",
        vintage=vintage,
        time_period="202425",
        geographic_level="National",
    )
    assert share == expected


def test_the_sample_county_is_kept_apart_from_the_facts() -> None:
    """Its codes are in tables of the same columns, and in none of the published ones."""
    for name in ("authority", "gss_code", "district"):
        with (DATA / "sample" / "reference" / f"{name}.csv").open(encoding="utf-8") as handle:
            invented = list(csv.DictReader(handle, strict=True))
        assert list(invented[0]) == COLUMNS[name]
        key = KEYS[name][0]
        assert not {row[key] for row in invented} & {row[key] for row in read_table(name)}
    text = (DATA / "councils" / SAMPLE / "settings.yml").read_text(encoding="utf-8")
    settings = yaml.safe_load(text)
    assert (settings["la_code"], settings["area_code"]) == (SAMPLE, "X99000999")
    assert settings["published_facts_of"] in open_authorities()


def test_council_settings_agree_with_the_reference_tables() -> None:
    still_open = open_authorities()
    current = {
        r["la_code"]: r["gss_code"] for r in read_table("gss_code") if r["is_current"] == "true"
    }
    folders = [path for path in (DATA / "councils").iterdir() if path.is_dir()]
    assert DATA / "councils" / "860" in folders
    # The sample county stands in no table of facts; test_the_sample_county_is_kept_apart has it.
    folders.remove(DATA / "councils" / SAMPLE)
    for folder in folders:
        settings = yaml.safe_load((folder / "settings.yml").read_text(encoding="utf-8"))
        required = {"la_code", "name", "area_code", "overview_measures"}
        assert required <= set(settings) <= {*required, "neighbour_average"}
        assert settings["la_code"] == folder.name
        assert settings["name"] == still_open[folder.name]["authority_name"]
        assert settings["area_code"] == current[folder.name]
        assert settings.get("neighbour_average", "mean") in {"mean", "median"}
        measures = settings["overview_measures"]
        assert 6 <= len(measures) == len(set(measures)) <= 8
